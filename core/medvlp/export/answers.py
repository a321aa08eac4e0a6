"""All that was answered about one scan, as JSON, as CSV, and as the rows of a report.

The JSON joins the results of ``medvlp/ground/1`` and the organs of ``medvlp/score/1``. Neither
holds a path or an identifier of the patient.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from medvlp import RESEARCH_NOTICE
from medvlp.export.csv_cells import safe_cell
from medvlp.export.reports import ground_report, score_report
from medvlp.models.protocol import GroundingModel
from medvlp.scan import Scan

if TYPE_CHECKING:
    from medvlp.grounding.heatmap import Heatmap
    from medvlp.grounding.organs import OrganTable

ANSWERS_SCHEMA = "medvlp/answers/1"
CSV_COLUMNS = (
    *("kind", "query", "organ", "finding", "probability", "abstained", "reason"),
    *("peak_x_mm", "peak_y_mm", "peak_z_mm", "peak_slice", "peak_row", "peak_column"),
    *("present", "truncated", "volume_ml"),
)


def answers_report(
    scan: Scan, model: GroundingModel, heatmaps: Sequence[Heatmap], table: OrganTable | None
) -> dict[str, Any]:
    """Answers to queries and the organ table, if there is one.

    Parameters
    ----------
    scan
        That was asked about.
    model
        That answered: name, hash and device are told.
    heatmaps
        In the order of the queries.
    table
        Of the same scan and model.
    """
    ground = ground_report(scan, model, heatmaps, [{}] * len(heatmaps), {})
    score = None if table is None else score_report(scan, model, table, {}, {})
    return {
        "schema": ANSWERS_SCHEMA,
        "notice": RESEARCH_NOTICE,
        "scan": ground["scan"],
        "model": ground["model"],
        "device": ground["device"],
        "queries": [
            {key: value for key, value in result.items() if key != "files"}
            for result in ground["results"]
        ],
        "organ_source": None if score is None else score["organ_source"],
        "organ_note": None if score is None else score["note"],
        "organs": [] if score is None else _organs(table, score["organs"]),
    }


def answers_csv(report: Mapping[str, Any]) -> str:
    """One line per query, then one per organ and finding; peaks in LPS millimetres."""
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS, lineterminator="\n")
    writer.writeheader()
    for result in report["queries"]:
        line = {"kind": "query", "query": result["query"], **_answer(result)}
        writer.writerow({key: safe_cell(value) for key, value in line.items()})
    for organ in report["organs"]:
        facts = {key: organ[key] for key in ("organ", "present", "truncated", "volume_ml")}
        for finding in organ["findings"] or [None]:
            line = {"kind": "organ", **facts}
            if finding is not None:
                line |= {"finding": finding["finding"], **_answer(finding)}
            writer.writerow({key: safe_cell(value) for key, value in line.items()})
    return text.getvalue()


def _organs(table: OrganTable | None, organs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """With the reason where a finding was not answered."""
    rows = () if table is None else table.rows
    return [
        {
            **organ,
            "findings": [
                {**told, "abstained": finding.probability is None, "reason": finding.reason}
                for told, finding in zip(organ["findings"], row.findings, strict=True)
            ],
        }
        for organ, row in zip(organs, rows, strict=True)
    ]


def _answer(result: Mapping[str, Any]) -> dict[str, object]:
    peak = result["peak"]
    index = list(peak["index"] or [None] * 3)
    index = [None] * (3 - len(index)) + index
    position = peak["mm"] or [None] * 3
    return {
        "probability": result["probability"],
        "abstained": result["abstained"],
        "reason": result["reason"],
        **dict(zip(("peak_x_mm", "peak_y_mm", "peak_z_mm"), position, strict=True)),
        **dict(zip(("peak_slice", "peak_row", "peak_column"), index, strict=True)),
    }
