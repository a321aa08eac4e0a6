"""Rows of a worklist from what was listed and what is remembered; lines of its export."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from medvlp.export.worklist import DecidedScan
from medvlp.io.worklist import Worklist, WorklistItem
from medvlp.store.worklist_records import KnownScan, Verdict
from medvlp_widgets.models.worklist import WorklistModel
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


def export_lines(model: WorklistModel, verdicts: Mapping[str, Verdict]) -> list[DecidedScan]:
    """All scans: those on the screen in its order, then those that are filtered out."""
    hidden = [row.key for row in model if row.key not in set(model.shown)]
    return [
        DecidedScan(
            rank=rank,
            scan=row.key.removesuffix(f"#{row.series}") if row.series else row.key,
            series=row.series or "",
            modality=row.modality,
            content=row.content,
            status=row.status,
            note=row.note,
            decided_at=verdicts.get(row.key, Verdict()).decided_at,
            probability=row.probability,
            reason=row.reason,
            changed_since=row.changed_since,
        )
        for rank, row in enumerate((model[key] for key in (*model.shown, *hidden)), 1)
    ]


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
