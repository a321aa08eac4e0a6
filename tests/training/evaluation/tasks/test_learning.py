from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.tasks import probe, slices, transfer
from medvlp_training.evaluation.tasks.labelled import labelled
from medvlp_training.evaluation.tasks.marked import Marked, chosen, commonest, marked_samples
from medvlp_training.evaluation.tasks.place_prior import box_prior, mask_prior
from medvlp_training.evaluation.tasks.subject import run_subject
from medvlp_training.samples.shard_set import open_shards

SLICES = {
    "size": 16, "slices": 2, "prototypes": 16, "head_size": 16, "bottleneck": 8, "patches": 4
}  # fmt: skip


def test_samples_keep_the_shards_own_split(seeing):
    data = labelled(seeing(), "XR")
    assert [len(part) for part in (data.split.train, data.split.validation, data.split.test)] == [
        12, 12, 12
    ]  # fmt: skip
    assert data.batch.images.shape == (36, 1, 64, 64)
    assert data.patients == tuple(s.patient for s in data.samples)


def test_a_probe_stands_beside_an_untrained_encoder_and_chance(seeing):
    table, figures = probe.evaluate(seeing(), shares=(1.0,))
    assert "| model | random weights | chance |" in table
    found = figures["probe"]["XR"]["1"]
    # The square is bright: even random features show it.
    assert found["random weights"]["pleural_effusion"]["value"] > 0.9
    assert found["model"]["mean"]["n"] == 12


def test_transfer_stands_beside_an_untrained_encoder_and_a_place_prior(seeing):
    names = ("segmentation, linear", "detection, frozen")
    films = replace(seeing(), kinds=("XR",))
    table, figures = transfer.evaluate(films, shares=(1.0,), protocols=names, epochs=1)
    assert "| model | random weights | place prior |" in table
    found = figures["transfer"]["XR"]
    assert found["lesion"] == "pleural_effusion"
    # One place for every lesion, which half of the test images have: 2 * 6 / (6 + 12).
    assert found["segmentation, linear, 1"]["prior"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert set(found) == {"lesion", *(f"{name}, 1" for name in names)}


def test_the_box_prior_is_the_median_training_box(seeing):
    data = labelled(seeing(), "XR")
    boxes = [torch.zeros(0, 4)] * 36
    for number, patient in enumerate(data.patients):
        if patient in data.split.train:
            boxes[number] = torch.tensor([[0.0, 0, 10, 10]])
        if patient in data.split.test:
            boxes[number] = torch.tensor([[0.0, 0, 10, 10]])
    marked = Marked(data, "pleural_effusion", torch.zeros(36, 64, 64, dtype=torch.bool), (*boxes,))
    assert box_prior(marked).value == pytest.approx(1)
    # A box of half the width overlaps by half: found at 0.4, 0.45 and 0.5 of eight thresholds.
    halved = tuple(
        b * torch.tensor([1, 1, 1, 0.5]) if p in data.split.test else b
        for p, b in zip(data.patients, boxes, strict=True)
    )
    half = Marked(data, "pleural_effusion", marked.masks, halved)
    assert box_prior(half).value == pytest.approx(3 / 8)


def test_the_mask_prior_never_looks_at_test_masks(seeing):
    marked = marked_samples(seeing(), "XR")
    moved = marked.masks.clone()
    test = np.isin(marked.data.patients, marked.data.split.test)
    moved[test] = moved[test].flip(1)
    other = Marked(marked.data, marked.lesion, moved, marked.boxes)
    assert mask_prior(marked).value == pytest.approx(2 / 3)
    assert mask_prior(other).value == 0


def with_lesions(sample, *names):
    """The sample with a mask of each name, or with an empty one where the name ends in a dash."""
    mask = np.ones(sample.image.shape, bool)
    return replace(sample, lesions={n.rstrip("-"): mask & (not n.endswith("-")) for n in names})


def test_the_lesion_of_most_training_patients_is_taken(phantom):
    films = [phantom("XR", n) for n in range(6)]
    train = [with_lesions(films[0], "b", "c"), with_lesions(films[1], "b", "c", "a-")]
    train += [with_lesions(films[2], "c")]
    test = [with_lesions(films[3], "a", "b"), with_lesions(films[4], "c-")]
    assert commonest({"train": train, "val": [], "test": test}) == "b"
    assert commonest({"train": train, "val": [], "test": films[:1]}) is None


def test_a_lesion_that_is_named_and_not_marked_is_no_background(phantom):
    films = [phantom("XR", n, lesions={}, labels={}) for n in range(4)]
    named = replace(films[1], labels={"lung_nodule": 1})
    without = replace(films[2], labels={"lung_nodule": 0})
    marked = with_lesions(films[3], "lung_nodule")
    assert chosen([films[0], named, without, marked], "lung_nodule", None) == [without, marked]


def test_patients_with_the_lesion_and_without_take_turns(phantom):
    well = [phantom("XR", n, lesions={}, labels={"x": 0}) for n in range(0, 20, 2)]
    ill = [with_lesions(phantom("XR", n), "x") for n in range(1, 9, 2)]
    few = chosen([*well, *ill], "x", 6)
    assert sum("x" in s.lesions for s in few) == 3
    assert len(few) == 6
    assert len(chosen([*well, *ill], "x", 12)) == 12
    assert {s.patient for s in few} <= {s.patient for s in chosen([*well, *ill], "x", 9)}


def test_transfer_takes_no_more_patients_than_asked_for(seeing):
    marked = marked_samples(replace(seeing(), most_patients=4), "XR")
    assert [len(p) for p in (marked.data.split.train, marked.data.split.test)] == [4, 4]
    test = np.isin(marked.data.patients, marked.data.split.test)
    assert int(marked.masks[test].flatten(1).any(1).sum()) == 2


def test_central_slices_are_in_the_middle():
    assert slices.central_slices(5, 3).tolist() == [[12, 20, 28]]
    assert slices.central_slices(4, 2).tolist() == [[12, 20]]


def test_slices_of_a_run_are_compared_with_chance(make_run, shards):
    folder = make_run("unimedi", **SLICES)
    subject = run_subject(folder, open_shards(shards))
    table, figures = slices.evaluate(subject)
    found = figures["slices"]
    # The lesion is in the first of three depths, and two are selected.
    assert found["slices"]["chance"]["value"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["scans"]["chance"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["scans"]["central slices"]["value"] == 1
    assert found["scans"]["model"]["n"] == 6
    assert "chance" in table


def test_only_unimedi_selects_slices(seeing):
    with pytest.raises(MedVLPError, match="takes a pre-training run of UniMedI"):
        slices.evaluate(seeing())
