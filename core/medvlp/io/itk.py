"""NRRD and MHA through SimpleITK, whose physical space is LPS millimetres already."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import numpy as np

from medvlp.errors import MedVLPError, RefusedScanError, UnreadableScanError
from medvlp.geometry import Geometry
from medvlp.io.hounsfield import to_int16
from medvlp.io.nifti import value_notes
from medvlp.io.volumes import RawVolume, check_size
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import ScanWarning

_HEADER_BYTES = 64 * 2**10
_DATA_FILE = re.compile(rb"^\s*(?:ElementDataFile\s*=|data ?file:)\s*(\S[^\r\n]*)", re.I | re.M)
_META_DATA_FILE = re.compile(rb"^ElementDataFile\s*=\s*(\S[^\r\n]*?)[ \t]*\r?\n", re.M)
_COMPRESSED_SIZE = re.compile(rb"^CompressedDataSize\s*=\s*(\d+)", re.M)
_FORMATS = {".nrrd": "NRRD", ".nhdr": "NRRD", ".mha": "MHA", ".mhd": "MHA"}
_IMAGE_IO = {"NRRD": "NrrdImageIO", "MHA": "MetaImageIO"}


def read_itk(path: Path, progress: Progress = ignore_progress) -> RawVolume:
    """Read an NRRD or MetaImage volume (or its detached header).

    Raises
    ------
    UnreadableScanError
        If the file is damaged, incomplete, or its pixels lie in a file outside its folder.
    RefusedScanError
        If it is no single grey volume, or too large.
    """
    import SimpleITK as sitk

    kind = _kind(path)
    _refuse_distant_pixels(path)
    reader = sitk.ImageFileReader()
    reader.SetImageIO(_IMAGE_IO[kind])
    reader.SetFileName(str(path))
    try:
        progress(0.0, "Reading the volume")
        reader.ReadImageInformation()
        _refuse_unsuitable(reader, path.name)
        image = reader.Execute()
        values = sitk.GetArrayViewFromImage(image)
        flat = values.copy() if values.ndim == 2 else None
        volume = values.reshape((1, *values.shape)[-3:])
        array = np.empty(volume.shape, dtype=np.int16)
        clipped, lost = to_int16(volume, array)
    except MedVLPError:
        raise
    except MemoryError:
        raise RefusedScanError(f"{path.name}: the volume does not fit into memory.") from None
    except Exception as error:  # SimpleITK raises RuntimeError with pages of C++ context
        raise UnreadableScanError(
            f"{path.name}: the {kind} file is damaged or incomplete "
            f"({_too_short(path, reader) or _reason(error)}). "
            "Copy it again."
        ) from None
    notes = (*value_notes(clipped, lost), *_orientation_note(reader, kind))
    whole = bool(np.issubdtype(values.dtype, np.integer))
    return RawVolume(array, _geometry(image, array.shape), notes, {"format": kind}, whole, flat)


def _kind(path: Path) -> str:
    with path.open("rb") as file:
        is_nrrd = file.read(4) == b"NRRD"
    return "NRRD" if is_nrrd else _FORMATS.get(path.suffix.lower(), "MHA")


def _refuse_distant_pixels(path: Path) -> None:
    """A header may name any file of the computer as its pixels; only neighbours are accepted."""
    with path.open("rb") as file:
        match = _DATA_FILE.search(file.read(_HEADER_BYTES))
    if match is None:
        return
    target = match.group(1).strip().decode("latin-1")
    if target.upper() == "LOCAL" or not re.search(r"[/\\:]|\.\.", target):
        return
    raise UnreadableScanError(
        f"{path.name}: the header names pixels outside its own folder; expected a file beside it. "
        "Put both into one folder, or save the volume as one file."
    )


def _refuse_unsuitable(reader: Any, name: str) -> None:
    if reader.GetNumberOfComponents() != 1:
        raise RefusedScanError(
            f"{name}: {reader.GetNumberOfComponents()} values per voxel (colour or vectors); "
            "expected one."
        )
    size = reader.GetSize()
    if len(size) not in (2, 3) and any(n != 1 for n in size[3:]):
        raise RefusedScanError(
            f"{name}: expected one volume, found {len(size)} dimensions "
            f"({' x '.join(str(n) for n in size)}). Save the volume that you want on its own."
        )
    columns, rows, slices = (*size, 1)[:3]
    check_size((slices, rows, columns), name)


def _geometry(image: Any, shape: tuple[int, ...]) -> Geometry:
    """Affine from array indices: ITK's own axes in reverse order."""
    n = image.GetDimension()
    direction = np.array(image.GetDirection(), dtype=np.float64).reshape(n, n)
    columns = direction * np.array(image.GetSpacing())
    matrix = np.eye(4)
    used = min(n, 3)
    matrix[:used, :used] = columns[:used, :used]
    origin = np.zeros(3)
    origin[:used] = image.GetOrigin()[:used]
    affine = np.eye(4)
    affine[:3, :3] = matrix[:3, 2::-1]
    affine[:3, 3] = origin
    return Geometry(shape, affine)


def _orientation_note(reader: Any, kind: str) -> tuple[ScanWarning, ...]:
    if kind != "NRRD" or reader.HasMetaDataKey("NRRD_space"):
        return ()
    return (
        ScanWarning(
            "orientation-unknown",
            "The file states no patient space; left, right, head and feet are guessed from the "
            "order of its axes.",
        ),
    )


def _too_short(path: Path, reader: Any) -> str:
    """How many bytes of voxels a MetaImage has and how many its header promises, where some are missing.

    ITK says "Success" of these.
    """
    with path.open("rb") as file:
        header = file.read(_HEADER_BYTES)
    named = _META_DATA_FILE.search(header)
    expected = _promised_bytes(header, reader)
    if named is None or expected is None:
        return ""
    name, start = named.group(1).decode("latin-1"), 0
    if name.upper() == "LOCAL":
        name, start = path.name, named.end()
    data = path.with_name(name)
    if not data.is_file() or (found := data.stat().st_size - start) >= expected:
        return ""
    return f"{max(found, 0):,} bytes of voxels were found, {expected:,} expected"


def _promised_bytes(header: bytes, reader: Any) -> int | None:
    import SimpleITK as sitk

    compressed = _COMPRESSED_SIZE.search(header)
    if compressed is not None:
        return int(compressed.group(1))
    try:
        one = sitk.Image([1, 1], reader.GetPixelID()).GetSizeOfPixelComponent()
        return math.prod(reader.GetSize()) * one
    except Exception:  # the header itself could not be read
        return None


def _reason(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = re.sub(r"^.*?:\s*\w+\(0x[0-9a-f]+\):\s*", "", lines[-1]) if lines else ""
    text = re.sub(r"(?:[A-Za-z]:)?[/\\]\S+", "the file", text)
    return text[:160] or type(error).__name__
