"""What kind of file is it: judged by content first, since extensions lie and DICOM often has none."""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from medvlp.errors import UnreadableScanError

SUPPORTED = "DICOM (file, folder or zip), NIfTI, NRRD, MHA, PNG, JPEG or TIFF"

_HEAD_BYTES = 352


class FileFormat(Enum):
    """The containers that medvlp opens."""

    DICOM = "DICOM"
    DICOMDIR = "DICOMDIR"
    NIFTI = "NIfTI"
    NRRD = "NRRD"
    META = "MHA"
    PICTURE = "picture"
    ZIP = "zip"
    UNKNOWN = "unknown"


_PICTURE_MAGIC = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",
    b"II*\x00",
    b"MM\x00*",
    b"II+\x00",
    b"MM\x00+",
)
_BY_SUFFIX = {
    ".nii": FileFormat.NIFTI,
    ".nii.gz": FileFormat.NIFTI,
    ".nrrd": FileFormat.NRRD,
    ".nhdr": FileFormat.NRRD,
    ".mha": FileFormat.META,
    ".mhd": FileFormat.META,
    ".png": FileFormat.PICTURE,
    ".jpg": FileFormat.PICTURE,
    ".jpeg": FileFormat.PICTURE,
    ".tif": FileFormat.PICTURE,
    ".tiff": FileFormat.PICTURE,
    ".dcm": FileFormat.DICOM,
    ".dicom": FileFormat.DICOM,
    ".ima": FileFormat.DICOM,
    ".zip": FileFormat.ZIP,
}


def detect_format(path: Path) -> FileFormat:
    """Tell the format of a file from its first bytes, then from its name.

    Raises
    ------
    UnreadableScanError
        If the file is empty or cannot be read at all.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as error:
        raise UnreadableScanError(
            f"{path.name}: the file cannot be read ({error.strerror or error}). "
            "Check that it exists and that you may read it."
        ) from None
    if not head:
        raise UnreadableScanError(
            f"{path.name}: the file is empty (0 bytes); expected {SUPPORTED}. Copy it again."
        )
    found = _by_content(head)
    if found is FileFormat.UNKNOWN:
        found = _BY_SUFFIX.get(_suffix(path), FileFormat.UNKNOWN)
    if found is FileFormat.UNKNOWN and looks_like_bare_dicom(head):
        found = FileFormat.DICOM
    if found is FileFormat.DICOM and path.name.upper() == "DICOMDIR":
        found = FileFormat.DICOMDIR
    return found


def looks_like_bare_dicom(head: bytes) -> bool:
    """Whether bytes start like a data set without the Part 10 preamble: a low group, an even length.

    The first element of such a file is of group 0002 or 0008 in one of the two byte orders.
    """
    if len(head) < 132:
        return False
    group_little = int.from_bytes(head[0:2], "little")
    group_big = int.from_bytes(head[0:2], "big")
    if group_little not in (2, 8) and group_big not in (2, 8):
        return False
    order = "little" if group_little in (2, 8) else "big"
    element = int.from_bytes(head[2:4], order)  # type: ignore[arg-type]
    explicit = head[4:6].isalpha() and head[4:6].isupper()
    length = int.from_bytes(head[6:8] if explicit else head[4:8], order)  # type: ignore[arg-type]
    return element <= 0x0100 and length <= 1024


def _by_content(head: bytes) -> FileFormat:
    if head[128:132] == b"DICM":
        return FileFormat.DICOM
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return FileFormat.ZIP
    if head.startswith(_PICTURE_MAGIC):
        return FileFormat.PICTURE
    if head.startswith(b"NRRD000"):
        return FileFormat.NRRD
    if head[344:348] in (b"n+1\x00", b"ni1\x00") or head[4:8] == b"n+2\x00":
        return FileFormat.NIFTI
    if head.startswith((b"ObjectType", b"NDims")):
        return FileFormat.META
    return FileFormat.UNKNOWN


def _suffix(path: Path) -> str:
    name = path.name.lower()
    return ".nii.gz" if name.endswith(".nii.gz") else path.suffix.lower()
