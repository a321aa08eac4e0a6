"""A DICOMweb server: studies found by QIDO-RS, fetched by WADO-RS, stored by STOW-RS."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from medvlp.errors import ServerError, UnreadableScanError
from medvlp.io.dicom.quiet import quiet_parsers
from medvlp.network.address import WebAddress
from medvlp.network.answers import IMAGE_FIELDS, SERIES_FIELDS, STUDY_FIELDS, series_of, study_of
from medvlp.network.dicomweb_http import Reply, new_session, translated
from medvlp.network.dicomweb_store import outcome
from medvlp.network.dicomweb_words import no_dicomweb
from medvlp.network.inbox import CUT_SHORT, UNREADABLE, Inbox
from medvlp.network.outbox import ready
from medvlp.network.packages import need
from medvlp.network.server import Sent, Series, Study, StudyFilter, no_such_study, refuse_unknown
from medvlp.network.uids import checked_uid, is_uid
from medvlp.network.whole import ends_early
from medvlp.progress import Progress, ignore_progress

if TYPE_CHECKING:
    from pathlib import Path

_PAGE = 1000
# As it is stored: any other answer costs the server a conversion, and may cost the image quality.
_AS_STORED = (("application/dicom", "*"),)


class DicomwebServer:
    """A server that is spoken to over HTTP.

    Parameters
    ----------
    address
        Root of the service: what comes before ``/studies``.
    timeout
        Seconds for the connection, and for every pause of an answer.

    Raises
    ------
    ServerError
        If the package is not installed, or credentials would travel unencrypted.
    """

    def __init__(self, address: WebAddress, timeout: float) -> None:
        need("dicomweb_client")
        from dicomweb_client.web import DICOMwebClient

        self.address = address
        self.timeout = timeout
        self._reply = Reply()
        self._client = DICOMwebClient(
            *(address.url, new_session(address, self._reply)),
            permissive_uid=True,  # UIDs are judged before they get here, and less strictly
            timeout=(timeout, timeout),
        )
        self._client.set_http_retry_params(retry=False)

    @property
    def name(self) -> str:
        """The URL."""
        return self.address.url

    def echo(self) -> None:
        """Ask for one study; see :class:`medvlp.network.server.Server`."""
        with translated(self.name, self.timeout):
            self._client.search_for_studies(limit=1)

    def find(self, wanted: StudyFilter) -> list[Study]:
        """QIDO-RS; see :class:`medvlp.network.server.Server`."""
        found: dict[str, Study] = {}

        def page(offset: int) -> Any:
            return self._client.search_for_studies(
                limit=max(wanted.limit, 1),
                offset=offset,
                fields=list(STUDY_FIELDS),
                search_filters=wanted.keys(),
            )

        for answer in self._pages(page, "StudyInstanceUID", most=wanted.limit):
            study = study_of(answer)
            if study is not None and wanted.admits(study):
                found.setdefault(study.uid, study)
        return list(found.values())[: wanted.limit]

    def series(self, study: str) -> list[Series]:
        """QIDO-RS of series; see :class:`medvlp.network.server.Server`."""
        uid = checked_uid(study, "study UID")

        def page(offset: int) -> Any:
            return self._client.search_for_series(
                uid, limit=_PAGE, offset=offset, fields=list(SERIES_FIELDS)
            )

        found = [series_of(answer) for answer in self._pages(page, "SeriesInstanceUID")]
        if not any(found):
            raise no_such_study(self.name)
        return [series for series in found if series is not None]

    def get(
        self, inbox: Inbox, series: Sequence[str] = (), progress: Progress = ignore_progress
    ) -> None:
        """WADO-RS; see :class:`medvlp.network.server.Server`."""
        progress(0.0, "Asking what there is")
        wanted = tuple(series)
        there = [entry.uid for entry in self.series(inbox.study)]
        refuse_unknown(self.name, wanted, there)
        images = {uid: self._images_in(inbox.study, uid) for uid in wanted or there}
        lacking = {uid: inbox.lacking(uid, images[uid]) for uid in images}
        total = sum(len(uids) for uids in lacking.values())
        for uid, missing in lacking.items():
            if images[uid] and not missing:
                continue
            for image in self._fetched(inbox.study, uid, missing, len(missing) == len(images[uid])):
                _keep(image, inbox, wanted)
                progress(
                    min(inbox.answered / total, 1.0) if total else 0.0,
                    f"Image {inbox.answered} of {total or '?'}",
                )
            inbox.missing += sum(not inbox.has(uid, image) for image in missing)

    def send(self, paths: Sequence[Path], progress: Progress = ignore_progress) -> list[Sent]:
        """STOW-RS, one file a request; see :class:`medvlp.network.server.Server`."""
        results = []
        for number, path in enumerate(paths):
            progress(number / len(paths), f"File {number + 1} of {len(paths)}")
            try:
                dataset = ready(path)
            except UnreadableScanError as error:
                results.append(Sent(path, False, str(error)))
                continue
            results.append(self._store(path, dataset))
        return results

    def _store(self, path: Path, dataset: Any) -> Sent:
        from requests.exceptions import RequestException

        self._reply.forget()
        with translated(self.name, self.timeout, but=self._reply.judges_the_file), quiet_parsers():
            try:
                self._client.store_instances([dataset])
            except RequestException:
                raise
            except Exception:  # whatever pydicom meets in the file, or in the answer
                if not self._reply.status:
                    return Sent(path, False, "it could not be encoded")
        if self._reply.is_foreign:
            raise ServerError(no_dicomweb(self.name))
        return outcome(path, self._reply)

    def _images_in(self, study: str, series: str) -> list[str]:
        def page(offset: int) -> Any:
            return self._client.search_for_instances(
                study, series, limit=_PAGE, offset=offset, fields=list(IMAGE_FIELDS)
            )

        uids = (str(a.get("SOPInstanceUID", "")) for a in self._pages(page, "SOPInstanceUID"))
        return [uid for uid in uids if is_uid(uid)]

    def _pages(
        self, page: Callable[[int], Any], key: str, most: int | None = None
    ) -> Iterable[Any]:
        """Answers of a query, page after page until one brings nothing new.

        Servers cap their pages, and some take no notice of the offset.
        """
        from pydicom.dataset import Dataset

        found: dict[str, Any] = {}
        while most is None or len(found) < most:
            with translated(self.name, self.timeout), quiet_parsers():
                answers = [Dataset.from_json(item) for item in page(len(found))]
                new = {str(a.get(key, "")): a for a in answers} if answers else {}
            fresh = {uid: answer for uid, answer in new.items() if uid not in found}
            if not fresh:
                break
            found.update(fresh)
        return found.values()

    def _fetched(self, study: str, series: str, missing: list[str], whole: bool) -> Iterable[Any]:
        """A whole series as one stream, or images one by one."""
        if whole:
            with translated(self.name, self.timeout), quiet_parsers():
                for image in self._client.iter_series(study, series, media_types=_AS_STORED):
                    yield image
            return
        for uid in missing:
            with translated(self.name, self.timeout), quiet_parsers():
                image = self._client.retrieve_instance(study, series, uid, media_types=_AS_STORED)
            yield image


def _keep(image: Any, inbox: Inbox, wanted: tuple[str, ...]) -> None:
    """Hand an image over as it came: values that were not touched are written as they were read."""
    # Judged here: once it is written anew, its lengths are right whatever is missing.
    if ends_early(image):
        inbox.turn_away(CUT_SHORT)
        return
    file = BytesIO()
    try:
        image.save_as(file)
    except Exception:  # pydicom raises whatever the values make it raise
        inbox.turn_away(UNREADABLE)
        return
    inbox.add(file.getvalue(), wanted)
