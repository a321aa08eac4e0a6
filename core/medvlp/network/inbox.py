"""Where images from an archive arrive: checked, then written whole or not at all.

One folder per series, named by its UID, and one file per image, named by its UID: no name or
number of a patient gets into a path. A second run finds what is there and fetches the rest.
"""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Any

from medvlp.io.dicom.quiet import quiet_parsers
from medvlp.network.uids import checked_uid, is_uid
from medvlp.network.whole import ends_early
from medvlp.store.atomic import write_bytes_atomically

CUT_SHORT = "it is incomplete: it ends before its image"
UNREADABLE = "no DICOM file could be read from what the server sent"
UNUSABLE_UIDS = "its UIDs are missing or not made of digits and dots"
_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "SOPClassUID")


class Inbox:
    """The images of one study, in a folder.

    Parameters
    ----------
    folder
        Made when the first image arrives.
    study
        UID of the study; images of another one are turned away.

    Attributes
    ----------
    received, present
        Series UID to number of images: written now, and there before.
    refused
        Reason to number of images that were turned away.
    missing
        Images that the archive has and did not deliver.
    """

    def __init__(self, folder: Path, study: str) -> None:
        self.folder = Path(folder)
        self.study = checked_uid(study, "study UID")
        self.received: Counter[str] = Counter()
        self.present: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()
        self.missing = 0

    @property
    def answered(self) -> int:
        """Images that arrived in this run, kept or not."""
        return self.received.total() + self.refused.total()

    def has(self, series: str, image: str) -> bool:
        """Whether the image is in the folder; files are whole or absent, so existence is enough."""
        if not is_uid(series) or not is_uid(image):
            return False
        return self._path(series, image).is_file()

    def lacking(self, series: str, images: list[str]) -> list[str]:
        """Those of a series's images that are not in the folder; the others are counted."""
        missing = [image for image in images if not self.has(series, image)]
        self.present[series] += len(images) - len(missing)
        return missing

    def add(self, data: bytes, series: tuple[str, ...] = ()) -> bool:
        """Keep one image.

        Parameters
        ----------
        data
            A whole DICOM file.
        series
            The series that were asked for; empty for all of the study.

        Returns
        -------
        bool
            False if it was turned away: see ``refused``.

        Raises
        ------
        OSError
            If it cannot be written.
        """
        reason, image = self._judged(data, series)
        if reason:
            return self.turn_away(reason)
        path = self._path(str(image.SeriesInstanceUID), str(image.SOPInstanceUID))
        if path.is_file():
            # The archive sent more than was asked for; what is there may be open in a viewer.
            return True
        write_bytes_atomically(path, data)
        self.received[str(image.SeriesInstanceUID)] += 1
        return True

    def turn_away(self, reason: str) -> bool:
        """Count an image that is not kept; always False."""
        self.refused[reason] += 1
        return False

    def _path(self, series: str, image: str) -> Path:
        return self.folder / series / f"{image}.dcm"

    def _judged(self, data: bytes, series: tuple[str, ...]) -> tuple[str, Any]:
        """Why an image is turned away ("" if it is not), and its data set."""
        import pydicom

        try:
            with quiet_parsers():
                image = pydicom.dcmread(BytesIO(data))
                uids = [str(image.get(k, "") or "") for k in _UIDS]
                cut_short = ends_early(image)
        except Exception:  # pydicom raises whatever the bytes make it raise
            return UNREADABLE, None
        if not all(is_uid(uid) for uid in uids):
            return UNUSABLE_UIDS, None
        if uids[0] != self.study or (series and uids[1] not in series):
            return "it belongs to a study or series that was not asked for", None
        if cut_short:
            return CUT_SHORT, None
        return "", image
