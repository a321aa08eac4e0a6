"""The DICOM images that a scan was read from, found again: a scan itself keeps no identifiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

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


@dataclass(frozen=True, eq=False)
class DicomSource:
    """What a scan was read from.

    Parameters
    ----------
    images
        The data sets, in order; patient and study are stated in each.
    planes
        The slices of a CT in ascending order; empty for an X-ray.
    """

    images: tuple[Any, ...]
    planes: tuple[Plane, ...] = ()

    @property
    def frame_of_reference(self) -> str:
        """UID of what positions are in; empty if the slices have none in common, and for an X-ray."""
        found = {str(plane.dataset.get("FrameOfReferenceUID", "")) for plane in self.planes}
        return found.pop() if len(found) == 1 else ""

    def placed_planes(self, what: str) -> tuple[Plane, ...]:
        """The slices, for objects that are placed in the patient.

        Raises
        ------
        RefusedScanError
            If this is an X-ray, or the slices have no frame of reference.
        """
        if not self.planes:
            raise _refuse_radiograph(what)
        if not self.frame_of_reference:
            raise RefusedScanError(
                "The DICOM images name no frame of reference (FrameOfReferenceUID), so that nothing "
                "else can be placed on them. Write NIfTI instead.",
                command_line="--format nifti does.",
            )
        return self.planes


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
    what = "Parametric Map"
    if not scan.is_volume:
        raise _refuse_radiograph(what)
    return read_images(source, scan, what).placed_planes(what)


def read_images(source: Path | Sequence[Path], scan: Scan, what: str) -> DicomSource:
    """The images that ``scan`` was read from, whole.

    Parameters
    ----------
    source
        The file, folder or zip that was opened, or several.
    scan
        What came out, CT or X-ray; its provenance names the series by a hash.
    what
        Kind of the object that is to refer to them, for messages.

    Raises
    ------
    RefusedScanError
        If the scan did not come from DICOM, or its series is no longer there.
    """
    from medvlp.io.dicom.files import parse_files
    from medvlp.io.dicom.group import grouped
    from medvlp.io.dicom.quiet import quiet_parsers
    from medvlp.io.dicom.stack import stacked

    sources = [source] if isinstance(source, Path) else list(source)
    name = sources[0].name
    if scan.provenance.get("format") != "DICOM":
        raise RefusedScanError(
            f"{name} is not DICOM: a {what} refers to the DICOM images it was made from. "
            "Write NIfTI or PNG instead.",
            command_line="--format nifti,png does.",
        )
    with quiet_parsers(), ExitStack() as opened:
        paths = [path for one in sources for path in opened.enter_context(_files(one))]
        groups = grouped(parse_files(paths, whole=True).datasets, scan.modality)
        found = [g for g in groups if g.info.id == scan.provenance.get("series")]
        if not found or (scan.is_volume and not found[0].planes):
            raise RefusedScanError(f"{name} no longer holds the series that was opened.")
        planes = stacked(found[0].planes, strict=False).planes if scan.is_volume else ()
        images = tuple({id(p.dataset): p.dataset for p in planes}.values()) or found[0].datasets
        for image in images:
            _complete(image)
    return DicomSource(tuple(images), planes)


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


def _complete(image: Any) -> None:
    for keyword in _MAY_BE_EMPTY:
        if keyword not in image:
            setattr(image, keyword, "")


def _refuse_radiograph(what: str) -> RefusedScanError:
    return RefusedScanError(
        f"A DICOM {what} needs a frame of reference in the patient, and an X-ray has none. Save a "
        "picture instead.",
        command_line="--format png or npy does.",
    )
