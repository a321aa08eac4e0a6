"""C-GET: images come back over the association that asked for them; no port has to be open here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from medvlp.errors import ServerError
from medvlp.network.dimse_contexts import GET, contexts_to_get
from medvlp.network.dimse_words import status_in_words
from medvlp.network.inbox import UNUSABLE_UIDS, Inbox
from medvlp.network.server import refuse_unknown
from medvlp.network.uids import is_uid
from medvlp.progress import Progress

if TYPE_CHECKING:
    from medvlp.network.dimse import DimseServer

_AT_ONCE = 64
_STORED, _REFUSED = 0x0000, 0xA900
_PENDING = (0xFF00, 0xFF01)


@dataclass(frozen=True)
class Order:
    """What to fetch of one series.

    Parameters
    ----------
    series
        Its UID.
    images
        UIDs of the images that are not there yet.
    whole
        Whether that is the whole series, so that it can be asked for as such.
    """

    series: str
    images: tuple[str, ...]
    whole: bool


class _Stopped(BaseException):
    """Leaves the network library from within its handler: it would swallow an ``Exception``."""


def fetch(server: DimseServer, inbox: Inbox, wanted: tuple[str, ...], progress: Progress) -> None:
    """Fetch what an inbox lacks of its study.

    Raises
    ------
    ServerError
        If the study or a series is not there, or the node refuses.
    Cancelled
        From ``progress``; images that are complete stay.
    """
    progress(0.0, "Asking what there is")
    orders, classes = _orders(server, inbox, wanted)
    if not orders:
        return
    total = sum(len(order.images) for order in orders)
    known = all(order.images for order in orders)

    def tell() -> None:
        done = inbox.answered
        text = f"Image {done} of {total}" if known else f"Image {done}"
        progress(min(done / total, 1.0) if known else 0.0, text)

    failure: list[Exception] = []

    def on_store(event: Any) -> int:
        try:
            data = _file_of(event)
            kept = inbox.add(data, wanted) if data else inbox.turn_away(UNUSABLE_UIDS)
            tell()
        except Exception as error:
            failure.append(error)
            raise _Stopped from error
        return _STORED if kept else _REFUSED

    try:
        _retrieve(server, inbox, orders, classes, on_store)
    except _Stopped:
        raise failure[0] from None
    inbox.missing += sum(
        not inbox.has(order.series, image) for order in orders for image in order.images
    )


def _file_of(event: Any) -> bytes:
    """The bytes of a whole file; none where the message lacks the UIDs that a file begins with."""
    try:
        return bytes(event.encoded_dataset())
    except (AttributeError, ValueError):
        return b""


def _orders(
    server: DimseServer, inbox: Inbox, wanted: tuple[str, ...]
) -> tuple[list[Order], set[str]]:
    """What is lacking, series by series, and of which SOP classes it is."""
    orders: list[Order] = []
    classes: set[str] = set()
    with server.finding() as query:
        there = [series.uid for series in server.series_in(query, inbox.study)]
        refuse_unknown(server.name, wanted, there)
        for series in wanted or there:
            images = server.images_in(query, inbox.study, series)
            lacking = inbox.lacking(series, list(images))
            if images and not lacking:
                continue
            orders.append(Order(series, tuple(lacking), len(lacking) == len(images)))
            classes.update(kind for kind in images.values() if is_uid(kind))
    return orders, classes


def _retrieve(
    server: DimseServer,
    inbox: Inbox,
    orders: list[Order],
    classes: set[str],
    on_store: Callable[[Any], int],
) -> None:
    from pynetdicom import build_context, build_role

    contexts = contexts_to_get(classes)
    kinds = {context.abstract_syntax for context in contexts}
    roles = [build_role(kind, scp_role=True) for kind in kinds]
    with server.associated([build_context(GET), *contexts], roles, on_store) as association:
        if not any(c.abstract_syntax == GET for c in association.accepted_contexts):
            raise ServerError(
                f"{server.name} offers no C-GET, the only way in which medvlp fetches over DIMSE "
                "(C-MOVE would need an open port here). Have it allowed at the server, or use the "
                "server's DICOMweb address."
            )
        for order in orders:
            for keys in _requests(inbox.study, order):
                _one_request(server, association.send_c_get(keys, GET))


def _requests(study: str, order: Order) -> list[Any]:
    """One retrieval of a whole series, or several of some images each."""
    from medvlp.network.dimse import identifier

    keys = {"StudyInstanceUID": study, "SeriesInstanceUID": order.series}
    if order.whole:
        return [identifier("SERIES", keys)]
    return [
        identifier("IMAGE", {**keys, "SOPInstanceUID": list(order.images[k : k + _AT_ONCE])})
        for k in range(0, len(order.images), _AT_ONCE)
    ]


def _one_request(server: DimseServer, answers: Any) -> None:
    """Run one C-GET to its end; images that fail on the way are counted by what is missing later."""
    from pynetdicom.status import QR_GET_SERVICE_CLASS_STATUS as TABLE

    for status, _ in answers:
        code = status.get("Status")
        if code is None:
            raise server.gone("C-GET")
        if code in _PENDING:
            continue
        failed = int(status.get("NumberOfFailedSuboperations") or 0)
        if code != 0 and not failed:
            raise ServerError(f"{server.name} refused the C-GET: {status_in_words(code, TABLE)}.")
