"""What is asked of a PACS or DICOMweb server, and what it answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from psygnal import Signal

from medvlp.errors import ServerAddressError
from medvlp.network.server import DEFAULT_AET, Series, Study, StudyFilter

MOST_STUDIES = 200

Phase = Literal["idle", "finding", "listing", "fetching"]


@dataclass(frozen=True)
class ServerQuery:
    """What the user typed; "" asks for nothing in particular.

    Parameters
    ----------
    address
        ``AET@host:port`` or an http(s) URL.
    aet
        Title that this computer calls itself by.
    patient_id, accession, modality, description
        Of the study.
    earliest, latest
        Days as ``2026-01-31``, both included.
    """

    address: str
    aet: str = DEFAULT_AET
    patient_id: str = ""
    accession: str = ""
    earliest: str = ""
    latest: str = ""
    modality: str = ""
    description: str = ""

    def wanted(self) -> StudyFilter:
        """The studies that are asked for.

        Raises
        ------
        ServerAddressError
            If a server could not be asked for that; the message says what is wrong.
        """
        for text in (self.patient_id, self.accession, self.modality, self.description):
            if "\\" in text or not text.isprintable():
                raise ServerAddressError(f"{text!r} holds a backslash or a control character.")
        days = _day(self.earliest), _day(self.latest)
        if all(days) and days[0] > days[1]:
            raise ServerAddressError("The first day is after the last one.")
        return StudyFilter(
            self.patient_id,
            self.accession,
            earliest=days[0],
            latest=days[1],
            modality=self.modality,
            description=self.description,
            limit=MOST_STUDIES,
        )


class ServerModel:
    """The studies of a server and what is being done.

    ``phase`` is what is under way, ``words`` and ``fraction`` how far it is, ``text`` the sentence
    about the last answer and ``is_error`` its kind. ``series`` are those of the study ``listed``
    ("": of none). ``can_fetch`` is False where nothing can be
    kept. Names of patients are hidden at every start.

    Events
    ------
    changed
        Emitted after any of it changed.
    """

    changed = Signal()

    def __init__(self) -> None:
        self.studies: tuple[Study, ...] = ()
        self.listed, self.series = "", tuple[Series, ...]()
        self.phase: Phase = "idle"
        self.words, self.fraction = "", 0.0
        self.text, self.is_error = "", False
        self.names_shown = self.can_fetch = False

    @property
    def busy(self) -> bool:
        """Whether the server is being asked or studies fetched."""
        return self.phase != "idle"

    def find(self, uid: str) -> Study | None:
        """The study with this UID."""
        return next((study for study in self.studies if study.uid == uid), None)

    def begin(self, phase: Phase) -> None:
        """Something starts; a search forgets the studies that were found before."""
        self.phase, self.words, self.fraction = phase, "", 0.0
        self.text, self.is_error = "", False
        if phase == "finding":
            self.studies = ()
        if phase != "fetching":
            self.listed, self.series = "", ()
        self.changed.emit()

    def advance(self, fraction: float, words: str) -> None:
        """Tell how far it is."""
        if (fraction, words) != (self.fraction, self.words):
            self.fraction, self.words = fraction, words
            self.changed.emit()

    def end(self, text: str = "", *, is_error: bool = False) -> None:
        """Nothing is under way any more; say how it went."""
        self.phase, self.text, self.is_error = "idle", text, is_error
        self.changed.emit()

    def set_studies(self, studies: Sequence[Study], text: str) -> None:
        """The answer to a search."""
        self.studies = tuple(studies)
        self.end(text)

    def set_series(self, study: str, series: Sequence[Series]) -> None:
        """The series of a study."""
        self.listed, self.series = study, tuple(series)
        self.end()

    def show_names(self, shown: bool) -> None:
        """Show or hide names and ids of patients."""
        self.names_shown = shown
        self.changed.emit()


def _day(text: str) -> str:
    """A day as DICOM writes it; "" for none."""
    if not text:
        return ""
    try:
        return date.fromisoformat(text).strftime("%Y%m%d")
    except ValueError:
        raise ServerAddressError(f"Expected a day as 2026-01-31; found {text!r}.") from None
