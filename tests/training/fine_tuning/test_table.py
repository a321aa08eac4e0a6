from __future__ import annotations

import logging

import pytest

from medvlp_training.fine_tuning.table import patient_splits, read_checked
from medvlp_training.samples.errors import ManifestError


@pytest.fixture
def picture(tmp_path):
    (tmp_path / "a.png").touch()
    return "a.png"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("gone.png", "XR", "p3", "Normal."), r"row 4: column image: there is no such file"),
        (("a.png", "XR", "p3", "  "), r"row 4: the report is empty and there is no label"),
        (("a.png", "MR", "p3", "Normal."), r"row 4: modality 'MR'; expected CT or XR"),
        (("a.png", "XR", "", "Normal."), r"row 4: the column patient is empty"),
        (("", "XR", "p3", "Normal."), r"row 4: the column image is empty"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(write_table, picture, caplog, row, says):
    good = [(picture, "XR", f"p{n}", "Normal.") for n in (1, 2)]
    path = write_table([*good, row])
    with pytest.raises(ManifestError, match=says) as caught:
        read_checked(path)
    assert "1 row(s) of scans.csv cannot be used" in str(caught.value)
    assert "--skip-bad-rows" in str(caught.value)
    with caplog.at_level(logging.WARNING):
        left = read_checked(path, skip_bad_rows=True)
    assert [number for number, _ in left.rows] == [2, 3]
    assert "scans.csv, row 4 is left out" in caplog.text


def test_a_report_in_a_file_is_looked_into(write_table, picture, tmp_path):
    (tmp_path / "empty.txt").write_text("\n")
    (tmp_path / "bytes.txt").write_bytes(b"\xff\xfe")
    columns = ("image", "modality", "patient", "report_path")
    names = ("empty.txt", "bytes.txt", "none.txt")
    path = write_table([(picture, "XR", f"p{n}", name) for n, name in enumerate(names)], columns)
    with pytest.raises(ManifestError) as caught:
        read_checked(path)
    assert "row 2: the report is empty" in str(caught.value)
    assert "row 3: column report_path: the file is no UTF-8 text" in str(caught.value)
    assert "row 4: column report_path: there is no such file" in str(caught.value)


def test_a_missing_column_is_named(write_table, picture):
    with pytest.raises(ManifestError, match="has no column patient; found image, modality"):
        read_checked(write_table([(picture, "XR")], ("image", "modality")))


def test_one_patient_cannot_be_validated_on(write_table, picture):
    rows = [(picture, "XR", "only", "Normal.")] * 3
    with pytest.raises(ManifestError, match=r"rows \(2, 3, 4\) are of 1 patient"):
        read_checked(write_table(rows))


def test_two_patients_are_one_to_train_on_and_one_to_validate_on(write_table, picture):
    rows = [(picture, "XR", f"p{n}", "Normal.") for n in (1, 2)]
    assert sorted(patient_splits(read_checked(write_table(rows))).values()) == ["train", "val"]


def test_a_split_of_the_table_counts_and_one_without_validation_is_refused(write_table, picture):
    columns = ("image", "modality", "patient", "report", "split")
    rows = [(picture, "XR", f"p{n}", "Normal.", "train") for n in (1, 2)]
    manifest = read_checked(write_table(rows, columns))
    with pytest.raises(ManifestError, match=r"puts no patient into 'val' \(rows 2, 3\)"):
        patient_splits(manifest)
    rows.append((picture, "XR", "p3", "Normal.", "val"))
    chosen = patient_splits(read_checked(write_table(rows, columns)))
    assert chosen == {"p1": "train", "p2": "train", "p3": "val"}


def test_one_patient_in_five_is_held_out_for_validation(write_table, picture):
    rows = [(picture, "XR", f"p{n}", "Normal.") for n in range(200)]
    chosen = patient_splits(read_checked(write_table(rows)))
    assert set(chosen.values()) == {"train", "val"}
    assert 25 <= list(chosen.values()).count("val") <= 55
