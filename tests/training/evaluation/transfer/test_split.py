from __future__ import annotations

import pytest
import torch

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.transfer.split import (
    SHARES,
    PatientSplit,
    labelled_patients,
    rows_by_part,
    rows_of,
    split_patients,
)

PATIENTS = [f"p{i // 3}" for i in range(300)]


def test_every_patient_is_in_one_part():
    split = split_patients(PATIENTS, seed=1)
    parts = [set(split.train), set(split.validation), set(split.test)]
    assert [len(p) for p in parts] == [60, 20, 20]
    assert set.union(*parts) == set(PATIENTS)
    assert split == split_patients(PATIENTS[::-1], seed=1)
    assert split != split_patients(PATIENTS, seed=2)


def test_a_patient_in_two_parts_is_refused():
    with pytest.raises(MedVLPError, match="1 patient"):
        PatientSplit(("a", "b"), ("c",), ("b", "d"))
    with pytest.raises(MedVLPError, match="'test'"):
        PatientSplit(("a", "b"), ("c",), ())


def test_a_larger_share_holds_the_smaller():
    split = split_patients([str(i) for i in range(1000)])
    few, some, everyone = (set(labelled_patients(split, share, seed=3)) for share in SHARES)
    assert (len(few), len(some), len(everyone)) == (6, 60, 600)
    assert few < some < everyone == set(split.train)
    assert few != set(labelled_patients(split, 0.01, seed=4))


def test_the_fewest_patients_are_one_with_and_one_without_the_finding():
    split = split_patients([str(i) for i in range(100)])
    rare = split.train[17]
    few = labelled_patients(split, 0.01, with_finding=[rare, split.test[0]])
    assert len(few) == 2
    assert rare in few


@pytest.mark.parametrize("share", [0, -0.1, 1.5])
def test_a_share_outside_of_nought_and_one_is_refused(share):
    with pytest.raises(MedVLPError, match="not in"):
        labelled_patients(split_patients(PATIENTS), share)


def test_rows_are_all_samples_of_the_patients():
    assert rows_of(["a", "b", "a"], ["a"]).tolist() == [0, 2]
    split = split_patients(PATIENTS)
    rows = rows_by_part(PATIENTS, split, 1.0, 0, torch.zeros(300, dtype=torch.bool))
    assert sorted(torch.cat([rows.train, rows.validation, rows.test]).tolist()) == [*range(300)]


def test_inputs_of_different_lengths_are_refused():
    split = split_patients(PATIENTS)
    present = torch.zeros(300, dtype=torch.bool)
    with pytest.raises(MedVLPError, match="'masks' has 7 samples"):
        rows_by_part(PATIENTS, split, 1.0, 0, present, masks=7)
    absent = PatientSplit(split.train, split.validation, ("nobody",))
    with pytest.raises(MedVLPError, match="'test'"):
        rows_by_part(PATIENTS, absent, 1.0, 0, present)
