from __future__ import annotations

import pytest

from medvlp_training.samples.errors import LayoutError
from medvlp_training.samples.label_set import load_label_set

FINDINGS = tuple(load_label_set("merlin").concepts)


@pytest.fixture
def root(files, hu):
    files.text(
        "reports_final.csv",
        "study id,Findings,Split\n"
        'AC1,"Liver: Normal. Kidneys: No hydronephrosis.",train\n'
        "AC2,Ascites is seen.,val\nAC3,Ascites is seen.,test\nAC4,Ascites.,holdout\n",
    )
    values = {"hydronephrosis": 0, "gallstones": 1, "hepatic_steatosis": -1}
    cells = ",".join(str(values.get(name, -1)) for name in FINDINGS)
    files.text(
        "zero_shot_findings_disease_cls.csv", f"study id,{','.join(FINDINGS)}\nAC1,{cells}\n"
    )
    files.nifti("merlin_data/AC1.nii.gz", hu)
    files.nifti("merlin_data/AC2.nii", hu)
    return files.root


def test_volumes_come_with_findings_and_official_split(root, read):
    found, skips = read("merlin_style")
    assert {k: s.split for k, s in found.items()} == {"merlin/AC1": "train", "merlin/AC2": "val"}
    assert skips.skipped == {"image not there": 1, "annotation out of range": 1}
    assert any("Ascites" in s for s in found["merlin/AC2"].sentences)


def test_minus_one_is_not_mentioned_here_rather_than_uncertain(root, read):
    labels = read("merlin_style")[0]["merlin/AC1"].labels
    assert labels["gallstones"] == 1
    assert labels["hydronephrosis"] == 0
    assert -1 not in labels.values()
    assert "fatty_liver" not in labels


def test_a_column_of_patients_is_used(root, read, files):
    files.text(
        "reports_final.csv",
        "study id,patient,Findings,Split\nAC1,p7,Ascites is seen.,train\nAC2,p7,None seen here.,train\n",
    )
    assert {s.patient for s in read("merlin_style")[0].values()} == {"merlin/p7"}


def test_a_spreadsheet_is_read(root, read):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["study id", "Findings", "Split"])
    book.active.append(["AC1", "Ascites is seen.", "train"])
    (root / "reports_final.csv").unlink()
    book.save(root / "reports_final.xlsx")
    assert {*read("merlin_style")[0]} == {"merlin/AC1"}


def test_a_spreadsheet_without_openpyxl_says_what_to_do(root, read, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    (root / "reports_final.csv").rename(root / "reports_final.xlsx")
    with pytest.raises(LayoutError, match=r"pip install openpyxl.*reports_final\.csv"):
        read("merlin_style")


def test_another_layout_is_refused(root, read):
    (root / "merlin_data").rename(root / "data")
    with pytest.raises(LayoutError, match="there is no merlin_data"):
        read("merlin_style")
