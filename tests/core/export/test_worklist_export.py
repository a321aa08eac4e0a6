import csv
import json

import pytest

from medvlp.errors import WorklistError
from medvlp.export.worklist import COLUMNS, DecidedScan, worklist_bytes

SCANS = (
    DecidedScan(
        1, "b/chest.dcm", "", "XR", "c0ffee", "accepted", "", "2026-01-02", 0.75, "", False
    ),
    DecidedScan(2, "a", "f00d", "CT", "", "new", "=1+1; ask", "", None, "The file is empty.", True),
)


def text_of(name):
    return worklist_bytes(name, SCANS, worklist="films", query="nodule", model="small@1").decode()


def test_csv_has_the_documented_columns_and_no_formula():
    rows = list(csv.reader(text_of("out.csv").splitlines()))
    assert tuple(rows[0]) == (*COLUMNS, "query")
    first, second = (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
    assert (first["scan"], first["status"], first["probability"]) == (
        "b/chest.dcm",
        "accepted",
        "0.75",
    )
    assert second["note"] == "'=1+1; ask"
    assert (second["probability"], second["reason"]) == ("", "The file is empty.")
    assert {first["query"], second["query"]} == {"nodule"}


def test_json_says_what_it_is_and_for_what():
    report = json.loads(text_of("out.json"))
    assert report["schema"] == "medvlp/worklist/1"
    assert report["notice"] == "Research use only. Not for clinical decisions."
    assert (report["worklist"], report["query"], report["model"]) == ("films", "nodule", "small@1")
    assert report["scans"][1]["probability"] is None
    assert report["scans"][1]["note"] == "=1+1; ask"
    assert set(report["scans"][0]) == set(COLUMNS)


def test_another_ending_is_refused():
    with pytest.raises(WorklistError, match=r"out\.xlsx.*\.csv or \.json; found \.xlsx"):
        text_of("folder/out.xlsx")
