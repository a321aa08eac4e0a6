"""One scan of many: opened, encoded and asked without touching the scan that the user looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from medvlp.progress import Progress

if TYPE_CHECKING:
    from medvlp.grounding.heatmap import Heatmap
    from medvlp.models.encoding import Encoding
    from medvlp.session import Session

_OPENING = 0.5


@dataclass(frozen=True)
class ScanAnswer:
    """Answer to one query: a probability, or the reason why there is none."""

    query: str
    probability: float | None
    reason: str = ""


@dataclass(frozen=True)
class Examination:
    """What a worklist needs to know of a scan.

    Parameters
    ----------
    scan_id
        Content hash.
    modality
        "CT" or "XR".
    model_id
        Of the model that answered.
    answers
        One for each query, in order.
    """

    scan_id: str
    modality: str
    model_id: str
    answers: tuple[ScanAnswer, ...]


def examine(
    session: Session,
    source: str,
    series: str | int | None,
    texts: Sequence[str],
    scan_id: str,
    progress: Progress,
    available_memory: int | None = None,
) -> Examination:
    """Answer queries about a scan; its encoding comes from the cache where it is there.

    Parameters
    ----------
    session
        Lends its model; the scan that it has open stays open.
    source, series
        Of the scan, as for :func:`medvlp.open_scan`.
    texts
        Queries; without any the scan is opened and encoded only.
    scan_id
        Content hash, if the files are known to be unchanged since it was taken; else "".
    progress
        May raise :class:`medvlp.Cancelled`.
    available_memory
        In bytes: a volume that would need more is refused before it is read. None reads all.
    """
    from medvlp.grounding.ground import ground

    encoding = _cached(session, scan_id) or _encoded(
        session, source, series, available_memory, progress
    )
    maps = ground(session.model, encoding, list(texts)) if texts else []
    return Examination(
        encoding.scan_id,
        encoding.modality,
        session.model.model_id,
        tuple(_answer(heatmap) for heatmap in maps),
    )


def _cached(session: Session, scan_id: str) -> Encoding | None:
    from medvlp.store.encodings import EncodingStore

    if not scan_id or not session.cache:
        return None
    return EncodingStore().get(scan_id, session.model.model_id)


def _encoded(
    session: Session,
    source: str,
    series: str | int | None,
    available_memory: int | None,
    progress: Progress,
) -> Encoding:
    from medvlp.session import Session as OneScan

    other = OneScan(session.model, session.device, session.cache)
    other.open(
        source,
        series,
        available_memory=available_memory,
        progress=lambda f, text: progress(_OPENING * f, text),
    )
    return other.encode(progress=lambda f, text: progress(_OPENING + (1 - _OPENING) * f, text))


def _answer(heatmap: Heatmap) -> ScanAnswer:
    known = None if heatmap.abstained else heatmap.probability
    return ScanAnswer(heatmap.query.text, known, heatmap.reason)
