"""The content of the PDF report: facts, answers, organs. Never a name, an id or a path.

The report is in the language of the window. What the user typed stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from medvlp import RESEARCH_NOTICE, __version__
from medvlp_widgets.models.queries import describe_peak
from medvlp_widgets.translation import translate

TITLE = "medvlp report"
_QUERY_COLUMNS = ("Query", "Answer", "Hottest spot", "Remark")
_ORGAN_COLUMNS = ("Organ", "Leading finding", "Probability", "Volume", "Remark")


@dataclass(frozen=True)
class Report:
    """Rows of words.

    Parameters
    ----------
    facts
        Label and value: scan, window, model.
    queries
        Query, answer, where, remark.
    organs
        Organ, leading finding, probability, volume, remark.
    note
        A sentence about the organ masks.
    warnings
        What the reader of the scan noticed.
    """

    facts: tuple[tuple[str, str], ...]
    queries: tuple[tuple[str, ...], ...] = ()
    organs: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    warnings: tuple[str, ...] = ()


def report_of(answers: Mapping[str, Any], view: tuple[tuple[str, str], ...] = ()) -> Report:
    """The report of :func:`medvlp.export.answers.answers_report`.

    Parameters
    ----------
    answers
        Its result.
    view
        Further facts about what the pictures show.
    """
    scan, model = answers["scan"], answers["model"]
    spacing = scan["spacing_mm"]
    facts = (
        ("Scan", "CT" if scan["modality"] == "CT" else "X-ray"),
        ("Size", " × ".join(str(n) for n in scan["shape"])),
        ("Spacing", " × ".join(f"{s:.3g}" for s in spacing) + " mm" if spacing else "not stated"),
        *view,
        ("Model", f"{model['name']}, SHA-256 {model['sha256']}"),
        ("Program", f"medvlp {__version__}"),
    )
    return Report(
        facts,
        tuple(_query(result) for result in answers["queries"]),
        tuple(_organ(organ) for organ in sorted(answers["organs"], key=_in_order)),
        answers["organ_note"] or "",
        tuple(warning["message"] for warning in scan["warnings"]),
    )


def report_html(report: Report, width: int, pictures: int) -> str:
    """The report as rich text; pictures are named ``picture:0`` and so on."""
    parts = [_part("<h1>", TITLE), _part('<p class="notice">', RESEARCH_NOTICE)]
    parts.append(_table((), report.facts))
    parts += [f'<p><img src="picture:{i}" width="{width}"></p>' for i in range(pictures)]
    parts += [_part('<p class="remark">', f"Note: {words}") for words in report.warnings]
    parts.append(_part("<h2>", "Queries"))
    if report.queries:
        parts.append(_table(_QUERY_COLUMNS, report.queries, typed=1))
    else:
        parts.append(_part("<p>", "Nothing was asked."))
    parts.append(_part("<h2>", "Organs"))
    if report.organs:
        parts.append(_table(_ORGAN_COLUMNS, report.organs))
    else:
        parts.append(_part("<p>", "The organs were not scored."))
    parts += [_part('<p class="remark">', report.note)] if report.note else []
    return f"<style>{_STYLE}</style>{''.join(parts)}"


_STYLE = """
h1 { font-size: 18pt; font-weight: 600; margin-bottom: 4px; }
h2 { font-size: 13pt; font-weight: 600; margin-top: 20px; margin-bottom: 6px; }
body, h1, h2, p, td, th { color: #171c24; }
p, td, th { font-size: 9pt; }
th { text-align: left; color: #4a5564; }
.notice { color: #8a2a00; font-weight: 600; margin-bottom: 8px; }
.remark { color: #4a5564; }
"""


def _part(opening: str, words: str) -> str:
    """An element, given by its opening tag, with words in the user's language."""
    tag = opening.strip("<>").partition(" ")[0]
    return f"{opening}{escape(translate(words))}</{tag}>"


def _table(columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], typed: int = 0) -> str:
    """A table; the first ``typed`` columns are the user's own words."""
    head = "".join(_part("<th>", name) for name in columns)
    lines = [f"<tr>{head}</tr>"] if columns else []
    for row in rows:
        cells = [f"<td>{escape(cell)}</td>" for cell in row[:typed]]
        cells += [_part("<td>", cell) for cell in row[typed:]]
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<table width="100%" cellpadding="3" cellspacing="0">{"".join(lines)}</table>'


def _query(result: Mapping[str, Any]) -> tuple[str, ...]:
    if result["abstained"]:
        return result["query"], "not sure", "", result["reason"]
    where = describe_peak(result["peak"]["mm"], result["peak"]["index"])
    return result["query"], _percent(result["probability"]), where, ""


def _organ(organ: Mapping[str, Any]) -> tuple[str, ...]:
    answered = [f for f in organ["findings"] if f["probability"] is not None]
    leading = max(answered, key=lambda f: f["probability"], default=None)
    volume = organ["volume_ml"]
    remark = "cut off by the field of view" if organ["truncated"] else ""
    return (
        organ["organ"].replace("_", " "),
        leading["finding"].replace("_", " ") if leading else "",
        _percent(leading["probability"]) if leading else "",
        "" if volume is None else f"{volume:.0f} ml",
        remark if organ["present"] else "not in the field of view",
    )


def _in_order(organ: Mapping[str, Any]) -> tuple[bool, float, str]:
    """What is in view first, the most abnormal first."""
    answered = [f["probability"] for f in organ["findings"] if f["probability"] is not None]
    return not organ["present"], -max(answered, default=-1.0), organ["organ"]


def _percent(probability: float | None) -> str:
    return "" if probability is None else f"{100 * probability:.0f} %"
