"""What is under the pointer, in words. Pure functions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.heatmap import Heatmap
from medvlp.scan import Scan
from medvlp_viewer.models.heat import heat_value
from medvlp_viewer.models.planes import PlaneFrame
from medvlp_viewer.models.window import CT_PRESETS, Window
from medvlp_widgets.models.queries import describe_peak

_TITLES = {"axial": "Axial", "coronal": "Coronal", "sagittal": "Sagittal"}
_XRAY_TITLES = {"axial": "X-ray", "coronal": "X-ray, frontal", "sagittal": "X-ray, lateral"}


def pane_title(frame: PlaneFrame) -> str:
    """Name of a pane, such as ``"Axial"`` or ``"X-ray, frontal"``."""
    return (_TITLES if frame.geometry.ndim == 3 else _XRAY_TITLES)[frame.name]


def slice_lines(frame: PlaneFrame, position: int) -> tuple[str, ...]:
    """Name of the pane, number of the slice, and where the slice lies."""
    if frame.n_slices == 1:
        return (pane_title(frame),)
    middle = frame.to_world(position, (frame.shape[0] - 1) / 2, (frame.shape[1] - 1) / 2)
    axis = {"axial": 2, "coronal": 1, "sagittal": 0}[frame.name]
    letter = ("LR", "PA", "SI")[axis][0 if middle[axis] >= 0 else 1]
    return (
        f"{pane_title(frame)}  {position + 1} / {frame.n_slices}",
        f"{letter} {abs(middle[axis]):.1f} mm",
    )


def window_lines(scan: Scan, window: Window) -> tuple[str, ...]:
    """Window with the name of its preset."""
    if scan.intensity != "HU":
        return (f"W {window.width:.2f}  L {window.level:.2f}",)
    names = [preset.name for preset in CT_PRESETS if preset.window == window]
    return (f"W {window.width:.0f}  L {window.level:.0f}", *names)


def point_lines(scan: Scan, index: NDArray[np.float64], heatmap: Heatmap | None) -> tuple[str, ...]:
    """Value, heat and position of the voxel at an index; empty outside the scan."""
    if not scan.geometry.contains(index):
        return ()
    voxel = tuple(int(i) for i in np.rint(index))
    value = scan.array[voxel]
    first = f"{int(value)} HU" if scan.intensity == "HU" else f"value {float(value):.3f}"
    if heatmap is not None:
        first += f"   heat {heat_value(heatmap, index):.2f}"
    mm = tuple(scan.geometry.index_to_world(index)) if scan.geometry.units == "mm" else None
    return (first.replace("-", "\N{MINUS SIGN}"), describe_peak(mm, voxel))


def scan_line(scan: Scan) -> str:
    """Modality, size and spacing; never a name."""
    size = " × ".join(str(n) for n in scan.geometry.shape)
    spacing = scan.geometry.spacing_mm
    where = " × ".join(f"{s:.2f}" for s in spacing) + " mm" if spacing else "spacing unknown"
    kind = "CT" if scan.modality == "CT" else "X-ray"
    return f"{kind}  {size}  ·  {where}"
