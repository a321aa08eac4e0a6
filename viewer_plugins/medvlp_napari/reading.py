"""A scan as the data of a napari layer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.scan import Scan
from medvlp_napari.frames import AXIS_LABELS, AlignedScan, align
from medvlp_napari.layer_scan import METADATA_KEY

_SOFT_TISSUE = (40.0, 400.0)


def layer_data(scan: Scan, name: str) -> tuple[Any, dict[str, Any], str]:
    """``(array, keyword arguments, "image")`` of an axis-aligned layer.

    The layer's metadata keeps, under ``"medvlp"``: modality, intensity, the affine to LPS and the
    shape as they were in the file, whether the volume was resampled, and the reader's warnings.
    """
    aligned = align(scan)
    level, width = scan.window or (_SOFT_TISSUE if scan.modality == "CT" else (0.5, 1.0))
    notes = {
        "modality": scan.modality,
        "intensity": scan.intensity,
        "affine_lps": aligned.original.affine,
        "shape": aligned.original.shape,
        "orientation": aligned.original.orientation,
        "resampled": aligned.resampled,
        "warnings": [str(warning) for warning in scan.warnings],
    }
    arguments = _placed(aligned, name) | {
        "colormap": "gray",
        "contrast_limits": (level - width / 2, level + width / 2),
        "metadata": {METADATA_KEY: notes},
    }
    return aligned.scan.array, arguments, "image"


def heat_layer_data(
    values: NDArray[np.float32], geometry: Geometry, name: str
) -> tuple[Any, dict[str, Any], str]:
    """``(array, keyword arguments, "image")`` of heat that was saved.

    Parameters
    ----------
    values
        In [0, 1].
    geometry
        Indices of ``values`` to LPS millimetres.
    name
        Of the layer.
    """
    from medvlp_napari.drawing import heat_colormap
    from medvlp_widgets.models.overlay import OverlayModel

    overlay = OverlayModel()
    modality, intensity = ("CT", "HU") if geometry.ndim == 3 else ("XR", "normalised")
    aligned = align(Scan(values, geometry, modality, intensity))  # type: ignore[arg-type]
    arguments = _placed(aligned, name) | {
        "colormap": heat_colormap(overlay.map_name, overlay.threshold),
        "contrast_limits": (0.0, 1.0),
        "blending": "additive",
        "opacity": overlay.opacity,
        "interpolation2d": "linear",
        "metadata": {METADATA_KEY: {"role": "saved heat", "resampled": aligned.resampled}},
    }
    # Outside of a tilted volume there is air, which is no heat.
    return np.clip(aligned.scan.array, 0.0, 1.0), arguments, "image"


def _placed(aligned: AlignedScan, name: str) -> dict[str, Any]:
    """Arguments that say where a layer lies."""
    geometry = aligned.scan.geometry
    return {
        "name": name,
        "scale": aligned.scale,
        "translate": aligned.translate,
        "units": (geometry.units,) * geometry.ndim,
        "axis_labels": AXIS_LABELS[geometry.ndim],
        "rgb": False,
        "multiscale": False,
    }
