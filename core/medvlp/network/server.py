"""One protocol for every archive of images, whatever it speaks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from medvlp.errors import ServerError
from medvlp.network.address import DimseAddress, checked_aet, parse_address
from medvlp.progress import Progress, ignore_progress

if TYPE_CHECKING:
    from medvlp.network.inbox import Inbox

DEFAULT_AET = "MEDVLP"
DEFAULT_TIMEOUT = 30.0


@dataclass(frozen=True)
class StudyFilter:
    """Which studies are wanted; "" asks for nothing in particular.

    Parameters
    ----------
    patient_id, accession, modality, description
        As the archive has them; ``*`` and ``?`` are wildcards. A description without either is
        looked for anywhere in the text.
    earliest, latest
        Dates of the study, ``YYYYMMDD``, both included.
    limit
        Most studies to return.
    """

    patient_id: str = ""
    accession: str = ""
    earliest: str = ""
    latest: str = ""
    modality: str = ""
    description: str = ""
    limit: int = 50

    def keys(self) -> dict[str, str]:
        """DICOM matching keys by keyword, those that match everything left out."""
        dates = f"{self.earliest}-{self.latest}" if self.earliest or self.latest else ""
        text = self.description
        if text and not set("*?") & set(text):
            text = f"*{text}*"
        keys = {
            "PatientID": self.patient_id,
            "AccessionNumber": self.accession,
            "StudyDate": dates,
            "ModalitiesInStudy": self.modality.upper(),
            "StudyDescription": text,
        }
        return {keyword: value for keyword, value in keys.items() if value}

    def admits(self, study: Study) -> bool:
        """Whether a study may be shown: servers may ignore the modality, a key that is optional."""
        wanted = self.modality.upper()
        return not wanted or not study.modalities or wanted in study.modalities


@dataclass(frozen=True)
class Study:
    """One study of an archive.

    Parameters
    ----------
    uid
        Study Instance UID.
    date
        ``YYYY-MM-DD``; "" where the archive does not say.
    modalities
        Of its series.
    description
        Of the study; "" where it repeats what identifies the patient.
    n_series, n_images
        None where the archive does not count them.
    patient
        Name and id. Shown to a user who asks for it, and written nowhere.
    """

    uid: str
    date: str
    modalities: tuple[str, ...]
    description: str
    n_series: int | None
    n_images: int | None
    patient: str


@dataclass(frozen=True)
class Series:
    """One series of a study; the fields are those of :class:`Study`."""

    uid: str
    number: int | None
    modality: str
    description: str
    n_images: int | None


@dataclass(frozen=True)
class Sent:
    """What became of one file.

    Parameters
    ----------
    path
        The file.
    stored
        Whether the archive has it now.
    reason
        Why not, or what the archive changed; "" otherwise.
    """

    path: Path
    stored: bool
    reason: str = ""


class Server(Protocol):
    """An archive. Every method raises :class:`medvlp.errors.ServerError` with a sentence to show."""

    @property
    def name(self) -> str:
        """Its address, as messages and reports name it."""

    def echo(self) -> None:
        """Return if it answers and accepts this computer."""

    def find(self, wanted: StudyFilter) -> list[Study]:
        """List studies, in the archive's order."""

    def series(self, study: str) -> list[Series]:
        """List the series of the study with this UID."""

    def get(
        self, inbox: Inbox, series: Sequence[str] = (), progress: Progress = ignore_progress
    ) -> None:
        """Fetch what the inbox lacks of its study, or only the series with these UIDs."""

    def send(self, paths: Sequence[Path], progress: Progress = ignore_progress) -> list[Sent]:
        """Store DICOM files, one after the other; a refused one does not stop the others."""


def open_server(
    address: str, *, aet: str = DEFAULT_AET, timeout: float = DEFAULT_TIMEOUT
) -> Server:
    """The archive at an address. No connection is made yet.

    Parameters
    ----------
    address
        ``AET@host:port`` for DIMSE, an http or https URL for DICOMweb.
    aet
        Title that this computer calls itself by (DIMSE only).
    timeout
        Seconds without an answer after which an operation is given up.

    Raises
    ------
    ServerAddressError
        If the address or the title cannot be used.
    ServerError
        If the packages of the extra ``pacs`` are missing, or credentials would travel unencrypted.
    """
    place = parse_address(address)
    if isinstance(place, DimseAddress):
        from medvlp.network.dimse import DimseServer

        return DimseServer(place, checked_aet(aet), timeout)
    from medvlp.network.dicomweb import DicomwebServer

    return DicomwebServer(place, timeout)


def no_such_study(name: str) -> ServerError:
    """The error about a study that is not there."""
    return ServerError(
        f"{name} has no study with this UID.",
        command_line="`medvlp pacs find` lists what it has.",
    )


def refuse_unknown(name: str, wanted: tuple[str, ...], there: list[str]) -> None:
    """Refuse series that the study does not have.

    Raises
    ------
    ServerError
        If there is one.
    """
    unknown = [series for series in wanted if series not in there]
    if unknown:
        raise ServerError(
            f"{len(unknown)} of the {len(wanted)} series asked for are not in this study, which has "
            f"{len(there)}.",
            command_line="`medvlp pacs find --study` lists them.",
        )
