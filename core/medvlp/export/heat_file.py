"""Heat that was written as NIfTI, read back with its place in the patient."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry

MARK = "medvlp heat "
"""Begins the field ``descrip`` of the NIfTI header; the modality follows."""

_RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


def read_heat(path: Path) -> tuple[NDArray[np.float32], Geometry] | None:
    """Heat and its geometry, if :func:`medvlp.export.volumes.write_nifti` wrote the file.

    Parameters
    ----------
    path
        ``.nii`` or ``.nii.gz``.

    Returns
    -------
    tuple or None
        float32 in [0, 1], ``(slices, rows, columns)`` or ``(rows, columns)``, and its indices to LPS
        millimetres; None for every other file, damaged ones too.
    """
    import nibabel

    try:
        image = nibabel.load(path)
        if not isinstance(image, nibabel.Nifti1Image):
            return None
        mark = bytes(image.header["descrip"]).rstrip(b"\0").decode("latin-1")
        if not mark.startswith(MARK):
            return None
        values = np.asarray(image.dataobj, dtype=np.float32).transpose(2, 1, 0)
    except Exception:  # nibabel, gzip, zlib, struct and numpy each have their own
        return None
    affine = _RAS_TO_LPS @ image.affine
    affine[:3, :3] = affine[:3, 2::-1]
    units: Literal["mm", "pixel"] = "mm" if image.header.get_xyzt_units()[0] == "mm" else "pixel"
    if mark.removeprefix(MARK) == "XR":
        values = values[0]
    return np.clip(values, 0.0, 1.0), Geometry(values.shape, affine, units)
