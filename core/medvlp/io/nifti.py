"""NIfTI: RAS axes in (i, j, k) order become LPS in (slice, row, column) order, exactly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError, MedVLPError, RefusedScanError, UnreadableScanError
from medvlp.geometry import Geometry
from medvlp.io.hounsfield import to_int16
from medvlp.io.volumes import RawVolume, check_size
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import ScanWarning

_RAS_TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])
_REVERSE_AXES = np.array([[0, 0, 1, 0], [0, 1, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]], dtype=np.float64)
_UNIT_MM = {"meter": 1000.0, "micron": 0.001, "mm": 1.0, "unknown": 1.0}
_SLAB_BYTES = 32 * 2**20
_AFFINES_AGREE_MM = 0.1


def read_nifti(path: Path, progress: Progress = ignore_progress) -> RawVolume:
    """Read a NIfTI-1 or NIfTI-2 volume.

    The affine is the one nibabel chooses: sform if its code is set, else qform, else the header's
    zooms (then a warning says that the orientation is a guess).

    Raises
    ------
    UnreadableScanError
        If the file is damaged or incomplete.
    RefusedScanError
        If it is no single grey volume (4D, colour, complex) or too large.
    GeometryError
        If its affine is singular.
    """
    import nibabel as nib

    try:
        # One open handle: reading slab after slab then decompresses the file only once.
        image = nib.load(path, keep_file_open=True)  # type: ignore[call-arg]
        if not isinstance(image, nib.Nifti1Image):
            raise UnreadableScanError(f"{path.name}: expected NIfTI, found {type(image).__name__}.")
        shape = _volume_shape(image.shape, path.name)
        _refuse_unsuitable_type(image, path.name)
        array, notes = _read_slabs(image, shape, progress)
        flat = np.asanyarray(image.dataobj).T if len(image.shape) == 2 else None
    except MedVLPError:
        raise
    except MemoryError:
        raise RefusedScanError(f"{path.name}: the volume does not fit into memory.") from None
    except Exception as error:  # nibabel, gzip, zlib, struct and numpy each have their own
        raise UnreadableScanError(
            f"{path.name}: the NIfTI file is damaged or incomplete ({_short(error)}). Copy it again."
        ) from None
    affine, more = _lps_affine(image)
    try:
        geometry = Geometry(array.shape, affine)
    except GeometryError as error:
        raise GeometryError(
            f"{path.name}: the header does not say where the voxels lie: {error} Write the file "
            "again from its source, with an affine of numbers."
        ) from None
    whole = bool(np.issubdtype(image.get_data_dtype(), np.integer))
    return RawVolume(array, geometry, (*notes, *more), {"format": "NIfTI"}, whole, flat)


def _volume_shape(shape: tuple[int, ...], name: str) -> tuple[int, int, int]:
    kept = list(shape)
    while len(kept) > 3 and kept[-1] == 1:
        kept.pop()
    if len(kept) > 3:
        raise RefusedScanError(
            f"{name}: expected one volume, found {len(shape)} dimensions "
            f"({' x '.join(str(n) for n in shape)}). Save the volume that you want on its own."
        )
    if len(kept) < 2 or min(kept) < 1:
        raise RefusedScanError(f"{name}: expected a volume, found the shape {shape}.")
    i, j, k = (*kept, 1)[:3]
    check_size((k, j, i), name)
    return i, j, k


def _refuse_unsuitable_type(image: Any, name: str) -> None:
    dtype = image.get_data_dtype()
    if dtype.fields is not None:
        raise RefusedScanError(f"{name}: a colour volume; expected grey values.")
    if np.issubdtype(dtype, np.complexfloating):
        raise RefusedScanError(f"{name}: a volume of complex numbers; expected Hounsfield units.")


def _read_slabs(
    image: Any, shape: tuple[int, int, int], progress: Progress
) -> tuple[NDArray[np.int16], tuple[ScanWarning, ...]]:
    """Read some slices at a time, so that a float or int32 file never lies in memory as a whole."""
    i, j, k = shape
    array = np.empty((k, j, i), dtype=np.int16)
    step = max(1, _SLAB_BYTES // (8 * i * j))
    clipped = lost = 0
    trailing = (0,) * (len(image.shape) - 3)
    for start in range(0, k, step):
        progress(start / k, "Reading the volume")
        stop = min(k, start + step)
        if len(image.shape) == 2:
            slab = np.asanyarray(image.dataobj)[..., None]
        else:
            slab = np.asanyarray(
                image.dataobj[(slice(None), slice(None), slice(start, stop), *trailing)]
            )
        more_clipped, more_lost = to_int16(slab.transpose(2, 1, 0), array[start:stop])
        clipped, lost = clipped + more_clipped, lost + more_lost
    return array, value_notes(clipped, lost)


def value_notes(clipped: int, lost: int) -> tuple[ScanWarning, ...]:
    """Warnings about values that int16 Hounsfield units cannot hold."""
    notes = []
    if clipped:
        notes.append(
            ScanWarning("values-clipped", f"{clipped} voxels outside -32768 to 32767 were clipped.")
        )
    if lost:
        notes.append(
            ScanWarning("values-not-finite", f"{lost} voxels were not finite and were set to air.")
        )
    return tuple(notes)


def _lps_affine(image: Any) -> tuple[NDArray[np.float64], tuple[ScanWarning, ...]]:
    notes = []
    header = image.header
    sform, qform = int(header["sform_code"]), int(header["qform_code"])
    if not sform and not qform:
        notes.append(
            ScanWarning(
                "orientation-unknown",
                "The file states no orientation (sform and qform codes are 0); left, right, head "
                "and feet are guessed from the order of its axes.",
            )
        )
    if sform and qform:
        notes.extend(_disagreement(image))
    scale = _UNIT_MM.get(header.get_xyzt_units()[0], 1.0)
    ras = image.affine.astype(np.float64)
    if scale != 1.0:
        notes.append(
            ScanWarning("units-converted", f"Lengths were multiplied by {scale:g} to be mm.")
        )
        ras = np.diag([scale, scale, scale, 1.0]) @ ras
    return _RAS_TO_LPS @ ras @ _REVERSE_AXES, tuple(notes)


def _disagreement(image: Any) -> list[ScanWarning]:
    corners = np.array(
        [[a, b, c, 1] for a in (0, 1) for b in (0, 1) for c in (0, 1)], dtype=np.float64
    )
    corners[:, :3] *= np.array([*image.shape[:3], 1, 1][:3]) - 1
    apart = np.abs(corners @ (image.get_sform() - image.get_qform()).T).max()
    if apart <= _AFFINES_AGREE_MM:
        return []
    return [
        ScanWarning(
            "affines-disagree",
            f"The two affines of the file (sform, qform) differ by up to {apart:.2f} mm; "
            "expected the same. The sform was used.",
        )
    ]


def _short(error: Exception) -> str:
    text = str(error).splitlines()
    return text[0][:160] if text else type(error).__name__
