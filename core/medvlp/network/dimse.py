"""A DICOM node: studies found by C-FIND, fetched by C-GET, stored by C-STORE."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

from medvlp.errors import ServerError
from medvlp.network.address import DimseAddress
from medvlp.network.answers import IMAGE_FIELDS, SERIES_FIELDS, STUDY_FIELDS, series_of, study_of
from medvlp.network.dimse_contexts import FIND, VERIFICATION
from medvlp.network.dimse_words import (
    status_in_words,
    why_no_association,
    why_no_connection,
)
from medvlp.network.packages import need
from medvlp.network.server import Sent, Series, Study, StudyFilter, no_such_study
from medvlp.network.uids import checked_uid, is_uid
from medvlp.progress import Progress, ignore_progress

if TYPE_CHECKING:
    from pathlib import Path

    from medvlp.network.inbox import Inbox

_MESSAGE = 1
_PENDING = (0xFF00, 0xFF01)


class DimseServer:
    """A node that is spoken to over DIMSE.

    Parameters
    ----------
    address
        Its title, host and port.
    aet
        The title that this computer calls itself by.
    timeout
        Seconds for the connection, and for every single answer.

    Raises
    ------
    ServerError
        If pynetdicom is not installed.
    """

    def __init__(self, address: DimseAddress, aet: str, timeout: float) -> None:
        need("pynetdicom")
        self.address = address
        self.aet = aet
        self.timeout = timeout

    @property
    def name(self) -> str:
        """``AET@host:port``."""
        return str(self.address)

    def echo(self) -> None:
        """C-ECHO; see :class:`medvlp.network.server.Server`."""
        from pynetdicom import build_context

        with self.associated([build_context(VERIFICATION)]) as association:
            self.refuse(association.send_c_echo(), "C-ECHO")

    def find(self, wanted: StudyFilter) -> list[Study]:
        """C-FIND of studies; see :class:`medvlp.network.server.Server`."""
        keys = {**dict.fromkeys(STUDY_FIELDS, ""), **wanted.keys()}
        found: list[Study] = []
        with self.finding() as query, closing(query("STUDY", keys)) as answers:
            for answer in answers:
                study = study_of(answer)
                if study is not None and wanted.admits(study):
                    found.append(study)
                if len(found) >= wanted.limit:
                    break
        return found

    def series(self, study: str) -> list[Series]:
        """C-FIND of series; see :class:`medvlp.network.server.Server`."""
        uid = checked_uid(study, "study UID")
        with self.finding() as query:
            return self.series_in(query, uid)

    def get(
        self, inbox: Inbox, series: Sequence[str] = (), progress: Progress = ignore_progress
    ) -> None:
        """C-GET; see :class:`medvlp.network.server.Server`."""
        from medvlp.network.dimse_get import fetch

        fetch(self, inbox, tuple(series), progress)

    def send(self, paths: Sequence[Path], progress: Progress = ignore_progress) -> list[Sent]:
        """C-STORE; see :class:`medvlp.network.server.Server`."""
        from medvlp.network.dimse_send import store

        return store(self, paths, progress)

    @contextmanager
    def finding(self) -> Iterator[Callable[[str, dict[str, str]], Generator[Any]]]:
        """An association with ``query(level, keys)``, which gives one data set per match."""
        from pynetdicom import build_context

        with self.associated([build_context(FIND)]) as association:

            def query(level: str, keys: dict[str, str]) -> Generator[Any]:
                answers = association.send_c_find(identifier(level, keys), FIND, _MESSAGE)
                for status, answer in answers:
                    if status.get("Status") not in _PENDING:
                        self.refuse(status, "C-FIND")
                        return
                    try:
                        yield answer
                    except GeneratorExit:
                        # Enough: a node that is not told so goes on sending.
                        association.send_c_cancel(_MESSAGE, query_model=FIND)
                        deque(answers, maxlen=0)
                        raise

            yield query

    def series_in(self, query: Callable[..., Iterator[Any]], study: str) -> list[Series]:
        """The series of a study.

        Raises
        ------
        ServerError
            If there is none.
        """
        keys = {**dict.fromkeys(SERIES_FIELDS, ""), "StudyInstanceUID": study}
        found = [series_of(answer) for answer in query("SERIES", keys)]
        if not any(found):
            raise no_such_study(self.name)
        return [series for series in found if series is not None]

    def images_in(
        self, query: Callable[..., Iterator[Any]], study: str, series: str
    ) -> dict[str, str]:
        """SOP Instance UID to SOP Class UID ("" where the node does not say) of a series."""
        keys = {
            **dict.fromkeys(IMAGE_FIELDS, ""),
            **{"StudyInstanceUID": study, "SeriesInstanceUID": series},
        }
        pairs = [
            tuple(str(answer.get(keyword, "") or "") for keyword in IMAGE_FIELDS)
            for answer in query("IMAGE", keys)
        ]
        return {image: kind for image, kind in pairs if is_uid(image)}

    @contextmanager
    def associated(
        self, contexts: list[Any], roles: Sequence[Any] = (), on_store: Any = None
    ) -> Iterator[Any]:
        """An association, released at the end and aborted when something went wrong.

        Raises
        ------
        ServerError
            If it does not come about; the message says why and which titles were used.
        """
        from pynetdicom import AE, evt

        entity = AE(ae_title=self.aet)
        entity.connection_timeout = entity.acse_timeout = entity.dimse_timeout = self.timeout
        # Every wait for an answer has its own limit; between two of them there may be much to write.
        entity.network_timeout = None
        reached: list[bool] = []
        handlers: list[Any] = [(evt.EVT_CONN_OPEN, lambda event: reached.append(True))]
        if on_store is not None:
            handlers.append((evt.EVT_C_STORE, on_store))
        place = self.address
        try:
            association = entity.associate(
                *(place.host, place.port, contexts, place.aet),
                ext_neg=list(roles),
                evt_handlers=handlers,
            )
        except OSError:
            raise ServerError(why_no_connection(place, self.timeout)) from None
        if not association.is_established:
            raise why_no_association(association, bool(reached), place, self.aet, self.timeout)
        try:
            yield association
        except BaseException:
            association.abort()
            raise
        association.release()

    def refuse(self, status: Any, operation: str) -> None:
        """Raise unless a final status says that all went well.

        Raises
        ------
        ServerError
            With the status in words.
        """
        from pynetdicom.status import QR_FIND_SERVICE_CLASS_STATUS as TABLE

        code = status.get("Status")
        if code is None:
            raise self.gone(operation)
        if code != 0:
            raise ServerError(
                f"{self.name} refused the {operation}: {status_in_words(code, TABLE)}."
            )

    def gone(self, operation: str) -> ServerError:
        """The error about an answer that does not come; images that arrived before are kept."""
        return ServerError(
            f"{self.name} gave no answer to the {operation} within {self.timeout:g} s, or closed "
            "the connection. Try again: what arrived whole is kept.",
            command_line="--timeout waits longer.",
        )


def identifier(level: str, keys: dict[str, Any]) -> Any:
    """The data set of a query or of a retrieval."""
    from pydicom.dataset import Dataset

    dataset = Dataset()
    dataset.QueryRetrieveLevel = level
    if not all(str(value).isascii() for value in keys.values()):
        dataset.SpecificCharacterSet = "ISO_IR 192"
    for keyword, value in keys.items():
        setattr(dataset, keyword, value)
    return dataset
