"""Rows of a worklist from what was listed and what is remembered."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from medvlp.io.worklist import Worklist, WorklistItem
from medvlp.store.worklist_records import KnownScan, Verdict
from medvlp_widgets.models.worklist_row import WorklistRow


def rows_of(
    worklist: Worklist, known: Mapping[str, KnownScan], verdicts: Mapping[str, Verdict]
) -> list[WorklistRow]:
    """One row for each item; what is remembered of other files at the same path does not count."""
    root = Path(worklist.source).name
    return [
        _row(item, root, known.get(item.key), verdicts.get(item.key, Verdict()))
        for item in worklist.items
    ]


def with_verdict(verdict: Verdict) -> dict[str, object]:
    """Fields of a row that a verdict decides."""
    return {"status": verdict.status, "note": verdict.note, "decided_on": verdict.content}


def _row(item: WorklistItem, root: str, known: KnownScan | None, verdict: Verdict) -> WorklistRow:
    current = known is not None and known.signature == item.signature
    content = known.content if known is not None and current else ""
    return WorklistRow(
        key=item.key,
        name=_name(item, root),
        path=item.path,
        series=item.series,
        modality=item.modality or (known.modality if known is not None and current else ""),
        signature=item.signature,
        content=content,
        state="unreadable" if item.problem else "waiting",
        probability=None if item.problem else item.score,
        reason=item.problem,
        status=verdict.status,
        note=verdict.note,
        decided_on=verdict.content,
    )


def _name(item: WorklistItem, root: str) -> str:
    """Path from the worklist; for a series the description says more than its hash."""
    place = item.key.removesuffix(f"#{item.series}") if item.series else item.key
    if place == ".":
        place = root
    details = item.title or (item.series or "")
    return f"{place} · {details}" if item.series and details else place
