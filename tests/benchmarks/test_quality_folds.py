"""One patient left out: who is asked about, and what the training can have known."""

from __future__ import annotations

import pytest

from benchmarks.quality import folds
from benchmarks.quality.bars import REPORTED
from medvlp_training.engine.cli import CONFIGS
from medvlp_training.engine.config import read_config


def record(organ, distance, *, patient="a", taught=True):
    return {
        "organ": organ, "patient": patient, "seen": False, "scan": patient, "chance": 0.1,
        "distance_mm": {"model": distance, "centre": 80.0, "atlas": None}, "confused": None,
        "taught": taught, "dice": {"model": 0.4, "centre": 0.1, "atlas": None, "random": 0.2},
    }  # fmt: skip


def test_organs_that_no_other_patient_had_are_counted_apart():
    rows = {
        row.measure: row
        for row in folds.rows([record("liver", 0.0), record("rib_left_1", 90.0, taught=False)])
    }
    assert rows["peak in the organ or within 5 mm"].value.value == 1
    assert rows["peak, organs that the training had in no patient"].value.value == 0
    assert rows["peak in the organ or within 5 mm, a left out"].goal is None


def test_both_patients_count_together_and_alone():
    records = [record("liver", 0.0), record("liver", 50.0, patient="b")]
    rows = {row.measure: row for row in folds.rows(records)}
    assert rows["peak in the organ or within 5 mm"].value.value == 0.5
    assert rows["peak in the organ or within 5 mm"].met is False
    assert rows["peak in the organ or within 5 mm, b left out"].value.value == 0


def test_a_fold_names_its_patient_and_its_model():
    assert folds._fold("lidc=runs/x=y") == ("lidc", "runs/x=y")
    with pytest.raises(Exception, match="PATIENT=MODEL"):
        folds._fold("lidc")


def test_the_summary_has_every_bar_once():
    assert len(set(REPORTED)) == len(REPORTED)
    assert REPORTED[:3] == ("ct-organs", "ct-read", "ct-folds")


@pytest.mark.parametrize("patient", ["lidc", "totalseg"])
def test_a_recipe_reads_no_case_of_the_patient_it_leaves_out(patient):
    config = read_config(CONFIGS / f"fold_{patient}.json")
    assert config.xr_per_step == 0
    for pattern in config.ct_cases:
        name = pattern.rsplit("/", 1)[1]
        assert not name.startswith(patient)
        # A simulated case may lie in any host; only phantoms are nobody.
        assert "prepared/" in pattern or name.startswith("phantom-")
