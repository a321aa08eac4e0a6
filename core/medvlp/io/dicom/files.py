"""Parse DICOM headers: once per file, leaving pixel data on disk until it is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from medvlp.errors import UnreadableScanError
from medvlp.io.dicom.keywords import PIXELS, READ
from medvlp.progress import Progress, ignore_progress

_DEFER_BYTES = 64 * 2**10
_DEFLATED = {"1.2.840.10008.1.2.1.99"}
_GROUPED_BY = (
    *("SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "Modality", "ImageType"),
    "PhotometricInterpretation",
)
_NUMBERS = ("Rows", "Columns", "SamplesPerPixel", "NumberOfFrames", "BitsAllocated", "BitsStored")
_IMPLICIT_LITTLE, _EXPLICIT_LITTLE = "1.2.840.10008.1.2", "1.2.840.10008.1.2.1"
_EXPLICIT_BIG = "1.2.840.10008.1.2.2"


@dataclass(frozen=True, eq=False)
class ParsedFiles:
    """Data sets of the files that could be parsed, and how many could not.

    Parameters
    ----------
    datasets
        One per file; pixel data is loaded on first access.
    damaged
        Number of files that look like DICOM but cannot be parsed or lack their end.
    """

    datasets: list[Any] = field(default_factory=list)
    damaged: int = 0


def parse_files(
    paths: Sequence[Path], progress: Progress = ignore_progress, *, whole: bool = False
) -> ParsedFiles:
    """Parse many files, counting instead of raising where one is damaged.

    ``whole`` reads every attribute, as what is written about the images needs, and not only those
    that reading them needs.
    """
    datasets, damaged = [], 0
    for number, path in enumerate(paths):
        if number % 16 == 0:
            progress(number / len(paths), f"Reading header {number + 1} of {len(paths)}")
        try:
            datasets.append(parse_file(path, whole=whole))
        except UnreadableScanError:
            damaged += 1
    return ParsedFiles(datasets, damaged)


def parse_file(path: Path, *, whole: bool = False) -> Any:
    """Parse one DICOM file, with or without the Part 10 preamble; see :func:`parse_files`.

    Raises
    ------
    UnreadableScanError
        If it is no DICOM, or ends within its header.
    """
    import pydicom

    try:
        # A deflated data set has no offsets in the file that could be returned to.
        wanted = None if whole else _tags_to_read()
        dataset = pydicom.dcmread(path, _DEFER_BYTES, force=True, specific_tags=wanted)
        if _transfer_syntax(dataset) in _DEFLATED:
            dataset = pydicom.dcmread(path, force=True, specific_tags=wanted)
        is_image = _converted(dataset)
        sop_class = str(dataset.get("SOPClassUID", "") or "")
        stored_as = str(dataset.file_meta.get("MediaStorageSOPClassUID", "") or sop_class)
    except Exception as error:  # pydicom raises OSError, EOFError, ValueError, struct.error ...
        raise UnreadableScanError(
            f"{path.name}: the DICOM header is damaged or incomplete ({_short(error)}). "
            "Copy the file again."
        ) from None
    if not sop_class and "Modality" not in dataset and not is_image:
        raise UnreadableScanError(
            f"{path.name}: no DICOM data set could be read: the file is incomplete, or is not DICOM. "
            "Copy the file again."
        )
    if not any(keyword in dataset for keyword in PIXELS):
        if is_image:
            raise UnreadableScanError(
                f"{path.name}: the DICOM file is incomplete: it announces {dataset.Rows} x "
                f"{dataset.Columns} pixels and ends before them. Copy the file again."
            )
        if "Image Storage" in pydicom.uid.UID(stored_as).name:
            raise UnreadableScanError(
                f"{path.name}: the DICOM file is incomplete: it is of an image class and ends "
                "before its image. Copy the file again."
            )
    return dataset


@cache
def _tags_to_read() -> list[Any]:
    """Looked up once: pydicom would look each keyword up again for every file."""
    from pydicom.tag import Tag

    return [Tag(keyword) for keyword in READ]


def _converted(dataset: Any) -> bool:
    """Convert what tells files apart, since pydicom converts on access; is it an image?

    Raises
    ------
    ValueError, TypeError and others
        If an element cannot be converted, or is not one positive number where it should be.
    """
    for keyword in _GROUPED_BY:
        dataset.get(keyword)
    for keyword in _NUMBERS:
        value = dataset.get(keyword)
        if value not in (None, "") and not 0 < int(value) < 2**31:
            raise ValueError(f"{keyword} is {int(value)}")
    return dataset.get("Rows") is not None and dataset.get("Columns") is not None


def transfer_syntax(dataset: Any) -> str:
    """Transfer syntax UID, worked out from how the file parsed when its meta header is absent."""
    named = _transfer_syntax(dataset)
    if named:
        return named
    implicit, little = dataset.original_encoding
    if not little:
        return _EXPLICIT_BIG
    return _IMPLICIT_LITTLE if implicit else _EXPLICIT_LITTLE


def _transfer_syntax(dataset: Any) -> str:
    return str(getattr(dataset, "file_meta", {}).get("TransferSyntaxUID", "") or "")


def _short(error: Exception) -> str:
    text = str(error).splitlines()
    return text[0][:120] if text else type(error).__name__
