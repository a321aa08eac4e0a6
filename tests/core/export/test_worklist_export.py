import csv
import json

import pytest

from medvlp.errors import WorklistError
from medvlp.export.worklist import COLUMNS, DecidedScan, write_worklist

SCANS = (
    DecidedScan(
        1, "b/chest.dcm", "", "XR", "c0ffee", "accepted", "", "2026-01-02", 0.75, "", False
    ),
    DecidedScan(2, "a", "f00d", "CT", "", "new", "=1+1; ask", "", None, "The file is empty.", True),
)


def write(path):
    write_worklist(path, SCANS, worklist="films", query="nodule", model="small@1")
    return path.read_text(encoding="utf-8")


def test_csv_has_the_documented_columns_and_no_formula(tmp_path):
    rows = list(csv.reader(write(tmp_path / "out.csv").splitlines()))
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


def test_json_says_what_it_is_and_for_what(tmp_path):
    report = json.loads(write(tmp_path / "out.json"))
    assert report["schema"] == "medvlp/worklist/1"
    assert report["notice"] == "Research use only. Not for clinical decisions."
    assert (report["worklist"], report["query"], report["model"]) == ("films", "nodule", "small@1")
    assert report["scans"][1]["probability"] is None
    assert report["scans"][1]["note"] == "=1+1; ask"
    assert set(report["scans"][0]) == set(COLUMNS)


def test_another_ending_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(WorklistError, match=r"\.csv or \.json"):
        write(tmp_path / "out.xlsx")
    assert not list(tmp_path.iterdir())


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(WorklistError, match="Name another place"):
        write(tmp_path / "file" / "out.csv")


def test_an_older_export_is_replaced_whole(tmp_path):
    (tmp_path / "out.csv").write_text("older\n" * 1000)
    write(tmp_path / "out.csv")
    assert "older" not in (tmp_path / "out.csv").read_text()
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]
