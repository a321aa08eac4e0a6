"""What the viewer saves of a scan: every answer, every organ, nothing that identifies anyone."""

from __future__ import annotations

import csv
import io
import json
from types import SimpleNamespace

import numpy as np
import pytest

from medvlp.export.answers import CSV_COLUMNS, answers_csv, answers_report
from medvlp.grounding.heatmap import Peak
from medvlp.grounding.organs import OrganFinding, OrganRow, OrganTable

MODEL = SimpleNamespace(name="small", sha256="ab" * 32, device="cpu")


def table() -> OrganTable:
    profile = np.zeros(20, np.float32)
    peak = Peak((3, 4, 5), (-30.5, 20.0, -385.0), 0.7)
    found = OrganFinding("nodule", "Nodule", 0.7, peak, profile)
    unsure = OrganFinding("mass", "Mass", None, None, profile, reason="Too small.")
    rows = (
        OrganRow("lung_left", "Left lung", True, False, 2100.0, (found, unsure)),
        OrganRow("spleen", "Spleen", False, None, None),
    )
    return OrganTable(rows, "builtin", "Masks of the model.")


def lines(report) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answers_csv(report))))


def test_a_query_has_its_probability_and_its_peak_in_millimetres(axial_ct, hot_spot):
    spot = (6, 10, 20)
    report = answers_report(axial_ct, MODEL, [hot_spot(axial_ct, spot)], None)
    (line,) = lines(report)
    position = [float(line[f"peak_{axis}_mm"]) for axis in "xyz"]
    expected = axial_ct.geometry.index_to_world(spot)
    assert np.abs(np.subtract(position, expected)).max() <= 5.0  # a cell is 10 x 4 x 4 mm
    assert (line["kind"], line["query"], line["probability"]) == ("query", "lung mass", "0.8")
    assert tuple(line) == CSV_COLUMNS


def test_what_was_not_answered_says_why(axial_ct, hot_spot):
    heat = hot_spot(axial_ct, (1, 1, 1), "dog", sure=False)
    report = answers_report(axial_ct, MODEL, [heat], table())
    query, nodule, mass, spleen = lines(report)
    assert (query["abstained"], query["probability"], query["peak_x_mm"]) == ("True", "", "")
    assert "outside" in query["reason"]
    assert (nodule["organ"], nodule["finding"], nodule["peak_z_mm"]) == (
        "lung_left",
        "nodule",
        "-385.0",
    )
    assert (mass["abstained"], mass["reason"]) == ("True", "Too small.")
    assert (spleen["organ"], spleen["present"], spleen["finding"]) == ("spleen", "False", "")


def test_the_json_names_model_scan_and_notice_and_no_place_on_disk(oblique_ct, hot_spot):
    report = answers_report(oblique_ct, MODEL, [hot_spot(oblique_ct, (4, 5, 6))], table())
    again = json.loads(json.dumps(report))
    assert again["schema"] == "medvlp/answers/1"
    assert again["model"] == {"name": "small", "sha256": "ab" * 32}
    assert again["scan"]["shape"] == [18, 22, 26]
    assert again["scan"]["spacing_mm"] == pytest.approx([3.0, 1.25, 1.5])
    assert "Research use only" in again["notice"]
    assert "files" not in json.dumps(again)


def test_a_question_is_never_a_formula_in_a_spreadsheet(axial_ct, hot_spot):
    report = answers_report(axial_ct, MODEL, [hot_spot(axial_ct, (1, 1, 1), "=1+1")], None)
    assert lines(report)[0]["query"] == "'=1+1"
