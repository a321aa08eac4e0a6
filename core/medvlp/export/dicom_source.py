"""The DICOM images that a scan was read from, found again: a scan itself keeps no identifiers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from medvlp.errors import RefusedScanError, UnreadableScanError
from medvlp.io.dicom.planes import Plane
from medvlp.scan import Scan

if TYPE_CHECKING:
    from medvlp.io.detect import FileFormat

# Type 2 attributes of the patient and study modules (PS3.3 C.7.1.1, C.7.2.1): they may be empty,
# but a derived object must carry them.
_MAY_BE_EMPTY = (
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "AccessionNumber",
    "StudyID",
    "StudyDate",
    "StudyTime",
)


def read_source(source: Path, scan: Scan) -> tuple[Plane, ...]:
    """Slices of the series that ``scan`` was read from, in order, with their data sets.

    Parameters
    ----------
    source
        The file, folder or zip that was opened.
    scan
        What came out; its provenance names the series by a hash.

    Raises
    ------
    RefusedScanError
        If the scan is an X-ray or did not come from DICOM, or its series is no longer there or has
        no frame of reference.
    """
    from medvlp.io.dicom.files import parse_files
    from medvlp.io.dicom.group import grouped
    from medvlp.io.dicom.quiet import quiet_parsers
    from medvlp.io.dicom.stack import stacked

    if not scan.is_volume:
        raise RefusedScanError(
            "A DICOM Parametric Map needs a frame of reference in the patient, and an X-ray has "
            "none. Use --format png or npy."
        )
    if scan.provenance.get("format") != "DICOM":
        raise RefusedScanError(
            f"{source.name} is not DICOM: a Parametric Map refers to the DICOM images it was made "
            "from. Use --format nifti."
        )
    with quiet_parsers(), _files(source) as paths:
        groups = grouped(parse_files(paths, whole=True).datasets, None)
        found = [g for g in groups if g.planes and g.info.id == scan.provenance.get("series")]
        if not found:
            raise RefusedScanError(f"{source.name} no longer holds the series that was opened.")
        planes = stacked(found[0].planes, strict=False).planes
    for plane in planes:
        _complete(plane)
    return planes


@contextmanager
def _files(source: Path) -> Iterator[list[Path]]:
    """DICOM files at a path, for the length of a ``with`` block."""
    from medvlp.io.archive import unpacked
    from medvlp.io.detect import FileFormat

    kind = _format(source) if source.is_file() else None
    if kind is FileFormat.ZIP:
        with unpacked(source) as folder, _files(folder) as paths:
            yield paths
    elif kind is FileFormat.DICOM:
        yield [source]
    else:
        folder = source.parent if kind is FileFormat.DICOMDIR else source
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        yield [path for path in files if _format(path) is FileFormat.DICOM]


def _format(path: Path) -> FileFormat | None:
    from medvlp.io.detect import detect_format

    try:
        return detect_format(path)
    except UnreadableScanError:
        return None


def _complete(plane: Plane) -> None:
    if not plane.dataset.get("FrameOfReferenceUID"):
        raise RefusedScanError(
            "The DICOM images name no frame of reference (FrameOfReferenceUID), so that nothing "
            "else can be placed on them. Use --format nifti."
        )
    for keyword in _MAY_BE_EMPTY:
        if keyword not in plane.dataset:
            setattr(plane.dataset, keyword, "")
