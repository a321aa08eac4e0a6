"""What a folder holds, found by content, however deep."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from medvlp.errors import RefusedScanError, UnreadableScanError
from medvlp.io.detect import SUPPORTED, FileFormat, detect_format
from medvlp.scan import ScanWarning

_MOST_FILES = 200_000
_LOOSE = {FileFormat.NIFTI, FileFormat.NRRD, FileFormat.META, FileFormat.PICTURE}


@dataclass(frozen=True)
class FolderContent:
    """Files by what can be done with them, each list sorted by path.

    Parameters
    ----------
    dicom
        DICOM files.
    loose
        Volumes and pictures in other formats, each a scan of its own.
    ignored
        Number of other files.
    unread
        Number of files and subfolders that could not be read.
    """

    dicom: list[Path] = field(default_factory=list)
    loose: list[tuple[Path, FileFormat]] = field(default_factory=list)
    ignored: int = 0
    unread: int = 0

    @property
    def notes(self) -> tuple[ScanWarning, ...]:
        """What the user is told of all that was found."""
        notes = []
        if self.unread:
            said = f"{self.unread} files or subfolders could not be read and were left out; check that you may."
            notes.append(ScanWarning("files-unread", said))
        beside = [p for p, kind in self.loose if kind is not FileFormat.PICTURE]
        if self.dicom and beside:
            # A picture beside DICOM files is most often a preview of them; a volume may be what was meant.
            said = (
                f"{len(beside)} volumes in other formats lie beside the DICOM files and were left out; "
                "open them by themselves."
            )
            notes.append(ScanWarning("files-beside", said))
        return tuple(notes)


def search_folder(folder: Path, name: str) -> FolderContent:
    """Look through a folder and its subfolders.

    Raises
    ------
    UnreadableScanError
        If the folder cannot be read, or holds no file that medvlp opens.
    RefusedScanError
        If it holds too many files to be one study.
    """
    unread: list[Path] = []
    paths = files_below(folder, name, unread)
    dicom: list[Path] = []
    loose: list[tuple[Path, FileFormat]] = []
    ignored = 0
    for path in paths:
        try:
            kind = detect_format(path)
        except UnreadableScanError:
            kind = FileFormat.UNKNOWN
            if not os.access(path, os.R_OK):
                unread.append(path)
                continue
        if kind is FileFormat.DICOM:
            dicom.append(path)
        elif kind in _LOOSE:
            loose.append((path, kind))
        else:
            ignored += 1
    if not dicom and not loose:
        found = "only files of other kinds" if ignored else "no file at all"
        if unread:
            found = f"{len(unread)} files or subfolders that cannot be read (check that you may)"
        raise UnreadableScanError(f"{name}: expected {SUPPORTED} here; found {found}.")
    return FolderContent(dicom, loose, ignored, len(unread))


def files_below(folder: Path, name: str, unread: list[Path] | None = None) -> list[Path]:
    """Every file of a folder and its subfolders, sorted; hidden ones are passed over.

    Parameters
    ----------
    folder
        That is looked through.
    name
        What messages call it.
    unread
        Gets the subfolders that cannot be read.

    Raises
    ------
    UnreadableScanError
        If the folder itself cannot be read.
    RefusedScanError
        If there are too many.
    """

    def note(error: OSError) -> None:
        if Path(error.filename) == folder:
            raise UnreadableScanError(
                f"{name}: the folder cannot be read ({error.strerror or error}). Check that you may."
            ) from None
        if unread is not None:
            unread.append(Path(error.filename))

    paths: list[Path] = []
    for parent, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "__MACOSX")
        paths.extend(Path(parent, f) for f in sorted(files) if not f.startswith("."))
        if len(paths) > _MOST_FILES:
            raise RefusedScanError(
                f"{name}: more than {_MOST_FILES} files; expected one study. Open a subfolder."
            )
    return paths
