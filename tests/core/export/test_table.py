from __future__ import annotations

import csv
import io

from medvlp.export.table import CSV_COLUMNS, score_csv


def organ(name: str, *findings: dict) -> dict:
    return {
        "organ": name,
        "present": True,
        "truncated": None,
        "volume_ml": 12.5,
        "findings": list(findings),
    }


def rows(*organs: dict) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(score_csv({"organs": organs}))))


def test_every_finding_is_a_line_and_an_organ_without_findings_one_too() -> None:
    found = {
        "finding": "nodule",
        "probability": 0.25,
        "peak": {"index": [1, 2, 3], "mm": [4, 5, 6]},
    }
    table = rows(organ("lung_left", found, found), organ("spleen"))
    assert [row["organ"] for row in table] == ["lung_left", "lung_left", "spleen"]
    assert tuple(table[0]) == CSV_COLUMNS
    assert [table[0][c] for c in CSV_COLUMNS[4:]] == [
        "nodule",
        "0.25",
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
    ]
    assert table[2]["finding"] == ""


def test_an_image_has_rows_and_columns_but_no_slice() -> None:
    found = {"finding": "nodule", "probability": None, "peak": {"index": [7, 8], "mm": None}}
    (row,) = rows(organ("lung_left", found))
    assert (row["peak_slice"], row["peak_row"], row["peak_column"]) == ("", "7", "8")
    assert (row["probability"], row["peak_x_mm"]) == ("", "")


def test_a_spreadsheet_does_not_run_a_finding_as_a_formula() -> None:
    found = {"finding": '=HYPERLINK("http://x")', "probability": 0.5, "peak": None}
    (row,) = rows(organ("lung_left", found))
    assert row["finding"].startswith("'=")
