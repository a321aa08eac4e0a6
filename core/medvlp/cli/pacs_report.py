"""What ``medvlp pacs`` prints: JSON for programs, tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

    from medvlp.network.inbox import Inbox
    from medvlp.network.server import Sent, Series, Study


def found(server: str, studies: Sequence[Study], show_names: bool) -> dict[str, Any]:
    """Studies; patients only where they were asked for."""
    rows = []
    for study in studies:
        row: dict[str, Any] = {
            "date": study.date,
            "modalities": list(study.modalities),
            "description": study.description,
            "series": study.n_series,
            "images": study.n_images,
            "study_uid": study.uid,
        }
        rows.append(row | {"patient": study.patient} if show_names else row)
    return {"schema": "medvlp/pacs-find/1", "server": server, "studies": rows}


def series_found(server: str, study: str, series: Sequence[Series]) -> dict[str, Any]:
    """The series of one study."""
    rows = [
        {
            "number": entry.number,
            "modality": entry.modality,
            "description": entry.description,
            "images": entry.n_images,
            "series_uid": entry.uid,
        }
        for entry in sorted(series, key=lambda entry: (entry.number is None, entry.number or 0))
    ]
    return {
        "schema": "medvlp/pacs-series/1",
        "server": server,
        "study_uid": study,
        "series": rows,
    }


def fetched(server: str, inbox: Inbox) -> dict[str, Any]:
    """What arrived, series by series, and what did not."""
    series = sorted({*inbox.received, *(uid for uid, count in inbox.present.items() if count)})
    return {
        "schema": "medvlp/pacs-get/1",
        "server": server,
        "out": str(inbox.folder),
        "series": [
            {
                "series_uid": uid,
                "folder": str(inbox.folder / uid),
                "received": inbox.received[uid],
                "already_there": inbox.present[uid],
            }
            for uid in series
        ],
        "refused": [{"reason": why, "images": count} for why, count in inbox.refused.items()],
        "missing": inbox.missing,
    }


def sent(server: str, results: Sequence[Sent]) -> dict[str, Any]:
    """One entry per file, in the order in which they were sent."""
    return {
        "schema": "medvlp/pacs-send/1",
        "server": server,
        "stored": sum(result.stored for result in results),
        "refused": sum(not result.stored for result in results),
        "files": [
            {"path": str(result.path), "stored": result.stored, "reason": result.reason}
            for result in results
        ],
    }


def studies_table(report: dict[str, Any], show_names: bool) -> Table:
    """One row per study."""
    from medvlp.export.table import plain_table

    columns = ("date", "modality", "description", "series", "images", "study UID")
    rows = [
        (
            study["date"],
            " ".join(study["modalities"]),
            study["description"],
            _number(study["series"]),
            _number(study["images"]),
            study["study_uid"],
            *((study["patient"],) if show_names else ()),
        )
        for study in report["studies"]
    ]
    return plain_table((*columns, *(("patient",) if show_names else ())), rows)


def series_table(report: dict[str, Any]) -> Table:
    """One row per series."""
    from medvlp.export.table import plain_table

    rows = [
        (
            _number(series["number"]),
            series["modality"],
            series["description"],
            _number(series["images"]),
            series["series_uid"],
        )
        for series in report["series"]
    ]
    return plain_table(("number", "modality", "description", "images", "series UID"), rows)


def fetched_table(report: dict[str, Any]) -> Table:
    """One row per series."""
    from medvlp.export.table import plain_table

    rows = [
        (series["received"], series["already_there"], series["folder"])
        for series in report["series"]
    ]
    return plain_table(("received", "there before", "folder"), rows)


def sent_table(report: dict[str, Any]) -> Table:
    """One row per file."""
    from medvlp.export.table import plain_table

    rows = [
        ("stored" if file["stored"] else "refused", file["path"], file["reason"])
        for file in report["files"]
    ]
    return plain_table(("state", "file", "reason"), rows)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
