"""A heatmap on the scan's grid as a numpy array or a NIfTI volume."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medvlp.export.heat_file import MARK
from medvlp.export.staging import staged
from medvlp.geometry import Geometry
from medvlp.scan import Scan

if TYPE_CHECKING:
    from medvlp.grounding.heatmap import Heatmap

# NIfTI's world is RAS+, medvlp's is LPS+ (NIfTI-1 standard, "method 3"; DICOM PS3.3 C.7.6.2.1.1).
_LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])

# Heat is stored as int16 times this step: a quarter of the size of float32 once compressed, with an
# error (1.6e-5) far below what the map means.
_NIFTI_STEP = 1.0 / 32767
_EXACT_MM = 1e-3
"""Along one voxel."""


def write_npy(heatmap: Heatmap, scan: Scan, path: Path) -> None:
    """Write ``heatmap.on(scan)``: float32 in [0, 1], the shape of ``scan.array``."""
    heat = np.ascontiguousarray(heatmap.on(scan))
    with staged(path) as temporary, temporary.open("wb") as file:
        np.lib.format.write_array_header_1_0(file, np.lib.format.header_data_from_array_1_0(heat))
        file.write(heat.data)  # numpy's own writing does not say why it failed


def write_nifti(heatmap: Heatmap, scan: Scan, path: Path) -> None:
    """Write the map as ``.nii.gz`` with axes (column, row, slice) and the scan's exact affine.

    Values are int16 with a scale factor; every NIfTI reader gives them back in [0, 1]. The map of an
    image without pixel spacing has units "unknown" and one unit per pixel.
    """
    import nibabel

    image = nibabel.Nifti1Image(
        np.round(_columns_first(heatmap.on(scan)) / _NIFTI_STEP).astype(np.int16),
        nifti_affine(scan.geometry),
    )
    image.header.set_slope_inter(_NIFTI_STEP, 0.0)
    image.header.set_xyzt_units("mm" if scan.geometry.units == "mm" else "unknown")
    image.header["cal_max"] = 1.0
    image.header["descrip"] = f"{MARK}{scan.modality}"
    image.set_sform(image.affine, code=1)
    image.set_qform(image.affine, code=1)
    if not np.allclose(image.get_qform(), image.affine, rtol=0, atol=_EXACT_MM):
        # A qform holds turned axes, not skewed ones: a reader that prefers it would shift the map.
        image.set_qform(None, code=0)
    with staged(path) as temporary:
        nibabel.save(image, temporary)


def nifti_affine(geometry: Geometry) -> NDArray[np.float64]:
    """``(4, 4)``: (column, row, slice) indices to RAS millimetres."""
    matrix = geometry.affine.copy()
    matrix[:3, :3] = matrix[:3, 2::-1]
    return _LPS_TO_RAS @ matrix


def _columns_first(array: NDArray[np.float32]) -> NDArray[np.float32]:
    """``(slices, rows, columns)`` or ``(rows, columns)`` to ``(columns, rows, slices)``."""
    volume = array if array.ndim == 3 else array[None]
    return volume.transpose(2, 1, 0)
