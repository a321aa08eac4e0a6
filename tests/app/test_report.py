"""The words of the PDF report."""

from __future__ import annotations

import pytest

from medvlp.errors import Cancelled
from medvlp_viewer.models.report import report_html, report_of
from medvlp_viewer.views.qt.report import pdf_of
from medvlp_widgets.translation import use_language


def answers(**changes):
    whole = {
        "scan": {"modality": "XR", "shape": [60, 50], "spacing_mm": None, "warnings": []},
        "model": {"name": "m", "sha256": "00"},
        "queries": [],
        "organs": [],
        "organ_note": None,
    }
    return whole | changes


def test_a_report_explains_what_was_not_answered_and_escapes_what_was_typed():
    unsure = {
        "query": "<b>dog</b>",
        "probability": None,
        "abstained": True,
        "reason": "Outside what this model was trained on.",
        "peak": {"index": None, "mm": None},
    }
    html = report_html(report_of(answers(queries=[unsure])), 600, 1)
    assert "<td>not sure</td>" in html
    assert "Outside what this model" in html
    assert "&lt;b&gt;dog" in html
    assert "Research use only. Not for clinical decisions." in html
    assert "not stated" in html


def test_organs_in_a_report_begin_with_the_most_abnormal():
    def organ(name, probability, present=True):
        found = {"finding": "nodule", "probability": probability}
        return {
            "organ": name,
            "present": present,
            "truncated": False,
            "volume_ml": 1.0,
            "findings": [found],
        }

    table = [
        organ("spleen", 0.1),
        organ("brain", 0.9, False),
        organ("liver", 0.7),
        organ("aorta", None),
    ]
    report = report_of(answers(organs=table))
    assert [row[0] for row in report.organs] == ["liver", "spleen", "aorta", "brain"]
    assert report.organs[3][-1] == "not in the field of view"


@pytest.fixture
def german():
    use_language("de")
    yield
    use_language("en")


def test_a_report_is_in_the_language_of_the_window_but_for_what_was_typed(german):
    asked = {
        "query": "Nothing was asked.",
        "probability": None,
        "abstained": True,
        "reason": "",
        "peak": {"index": None, "mm": None},
    }
    view = (("Heat", "threshold 0.15, opacity 0.65"),)
    html = report_html(report_of(answers(queries=[asked]), view), 600, 1)
    assert "<td>Nothing was asked.</td>" in html
    for words in (
        "Fragen",
        "Organe",
        "Die Organe wurden nicht bewertet.",
        "nicht angegeben",
        "Modell",
    ):
        assert words in html
    assert "Schwelle 0.15, Deckkraft 0.65" in html
    for english in ("Query", "Organs", "not stated", "Spacing", "Research use only"):
        assert english not in html


def test_a_report_tells_its_progress_page_by_page_and_stops_when_given_up(qt_application):
    asked = {
        "query": "lung mass",
        "probability": 0.5,
        "abstained": False,
        "reason": "",
        "peak": {"index": None, "mm": None},
    }
    report, seen = report_of(answers(queries=[asked] * 200)), []
    pdf = pdf_of(report, [], lambda fraction, words: seen.append((fraction, words)))
    assert pdf.startswith(b"%PDF")
    fractions, words = zip(*seen, strict=True)
    assert words[0] == "Laying out the pages"
    assert words[-1] == f"Page {len(seen) - 1} of {len(seen) - 1}"
    assert len(seen) > 3
    assert list(fractions) == sorted(fractions)
    assert fractions[-1] == 1.0

    def give_up(fraction, words):
        if words.startswith("Page 2"):
            raise Cancelled

    with pytest.raises(Cancelled):
        pdf_of(report, [], give_up)
