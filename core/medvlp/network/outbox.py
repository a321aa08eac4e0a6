"""Which files to send, and each of them ready to be sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medvlp.errors import UnreadableScanError
from medvlp.io.detect import FileFormat, detect_format
from medvlp.io.dicom.files import transfer_syntax
from medvlp.io.dicom.quiet import quiet_parsers
from medvlp.io.folder import files_below
from medvlp.network.uids import is_uid
from medvlp.network.whole import ends_early

_PREAMBLE = b"\0" * 128


@dataclass(frozen=True)
class Kind:
    """What a file holds and how: the two things that a receiver must agree to."""

    sop_class: str
    syntax: str


def files_to_send(paths: Sequence[Path]) -> list[Path]:
    """Files as they were named, and the DICOM files of folders and their subfolders.

    Raises
    ------
    UnreadableScanError
        If a path does not exist, or none holds anything to send.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found.extend(p for p in files_below(path, path.name) if _is_dicom(p))
        elif path.is_file():
            found.append(path)
        else:
            raise UnreadableScanError(f"{path}: there is no such file or folder.")
    if not found:
        named = ", ".join(str(path) for path in paths)
        raise UnreadableScanError(f"{named}: expected DICOM files to send; found none.")
    return list(dict.fromkeys(found))


def kind_of(path: Path) -> Kind:
    """Read the header of a file.

    Raises
    ------
    UnreadableScanError
        If it is not DICOM, or lacks what every receiver needs.
    """
    dataset = _parsed(path, defer_size=1024)
    return Kind(str(dataset.SOPClassUID), str(dataset.file_meta.TransferSyntaxUID))


def ready(path: Path) -> Any:
    """The whole data set of a file, with the meta header that it may lack.

    Raises
    ------
    UnreadableScanError
        As :func:`kind_of`.
    """
    return _parsed(path, defer_size=None)


def _is_dicom(path: Path) -> bool:
    try:
        return detect_format(path) is FileFormat.DICOM
    except UnreadableScanError:
        return False


def _parsed(path: Path, defer_size: int | None) -> Any:
    import pydicom

    if not _is_dicom(path):
        raise UnreadableScanError("it is no DICOM file")
    try:
        with quiet_parsers():
            dataset = pydicom.dcmread(path, defer_size=defer_size, force=True)
            uids = [str(dataset.get(k, "") or "") for k in ("SOPClassUID", "SOPInstanceUID")]
            syntax = transfer_syntax(dataset)
    except Exception:  # pydicom raises whatever the bytes make it raise
        raise UnreadableScanError("its DICOM header is damaged") from None
    if not all(is_uid(uid) for uid in uids):
        raise UnreadableScanError("it is no DICOM file, or has no SOP Instance UID")
    if ends_early(dataset):
        raise UnreadableScanError("it is incomplete: it ends before its image")
    _complete_meta(dataset, syntax)
    return dataset


def _complete_meta(dataset: Any, syntax: str) -> None:
    from pydicom.dataset import FileMetaDataset
    from pydicom.uid import UID

    if getattr(dataset, "file_meta", None) is None:
        dataset.file_meta = FileMetaDataset()
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    if not getattr(dataset, "preamble", None):
        dataset.preamble = _PREAMBLE
