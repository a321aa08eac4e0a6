"""The decisions about a worklist as a file that the user named."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from medvlp.export.worklist import DecidedScan, worklist_bytes
from medvlp.store.worklist import WorklistStore
from medvlp.store.worklist_records import Verdict
from medvlp_viewer.controllers.file_writer import FileWriter
from medvlp_widgets.models.worklist import WorklistModel
from medvlp_widgets.models.worklist_row import WorklistRow


def export_decisions(
    writer: FileWriter, target: str, model: WorklistModel, store: WorklistStore, model_id: str
) -> None:
    """Write all decisions as CSV or JSON.

    Parameters
    ----------
    writer
        Reads what was decided, makes the file and writes it, beside the event loop.
    target
        Path of the file.
    model
        The rows.
    store
        Says what was decided, and when.
    model_id
        Of the model whose answers the rows show, or "".
    """
    rows = _in_order(model)
    facts = {"worklist": model.title, "query": model.query, "model": model_id}

    def make() -> bytes:
        return worklist_bytes(target, _lines(rows, store.verdicts()), **facts)

    saved = f"Decisions about {len(rows)} scans saved: {target}"
    writer.write(target, make, "Decisions", saved)


def _in_order(model: WorklistModel) -> list[WorklistRow]:
    """All rows: those on the screen in its order, then those that are filtered out."""
    shown = dict.fromkeys(model.shown)
    return [*(model[key] for key in shown), *(row for row in model if row.key not in shown)]


def _lines(rows: Sequence[WorklistRow], verdicts: Mapping[str, Verdict]) -> list[DecidedScan]:
    """Lines of the export, one for each row."""
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
        for rank, row in enumerate(rows, 1)
    ]
