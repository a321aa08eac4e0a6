from __future__ import annotations

import copy

import pytest
import torch

from medvlp_training.objectives.batch import UNKNOWN, join

TERMS = ("global", "divergence", "local", "prototype", "category", "matching", "swapping")


def degenerate(change, batch, case):
    size = len(batch)
    if case == "one":
        return batch.part(slice(0, 1))
    if case == "no reports":
        return change(batch, has_report=torch.zeros(size, dtype=torch.bool))
    if case == "one report":
        return change(batch, has_report=torch.arange(size) == 1)
    if case == "no sentences":
        return change(batch, sentence_of_token=torch.full_like(batch.sentence_of_token, -1))
    if case == "all normal":
        texts = ("input_ids", "attention_mask", "sentence_of_token", "concept_of_token")
        same = {name: getattr(batch, name)[:1].expand(size, -1) for name in texts}
        return change(batch, labels=torch.zeros_like(batch.labels), **same)
    if case == "no concepts":
        return change(batch, concept_of_token=torch.full_like(batch.concept_of_token, -1))
    if case == "one patient":
        return change(batch, patients=("same",) * size)
    if case == "no organs":
        return change(batch, organ_masks=batch.organ_masks[:, :0],
                      organ_usable=batch.organ_usable[:, :0],
                      organ_phrase=batch.organ_phrase[:, :0])  # fmt: skip
    return change(batch, labels=torch.full_like(batch.labels, UNKNOWN))


@pytest.mark.parametrize(
    ("case", "nothing"),
    [
        ("one", {"global", "prototype", "matching", "swapping"}),
        ("no reports", set(TERMS)),
        ("one report", {"global", "prototype", "matching", "swapping"}),
        ("no sentences", set(TERMS)),
        ("all normal", {"matching", "swapping"}),
        ("no concepts", {"category"}),
        ("one patient", {"global", "matching", "swapping"}),
        ("no organs", set()),
        ("unknown labels", set()),
    ],
)
def test_degenerate_batches_give_zero_or_finite_terms(
    make_mlip, make_batch, change, case, nothing, run
):
    objective = make_mlip()
    terms = run(objective, degenerate(change, make_batch("XR"), case))
    assert {name for name, term in terms.items() if float(term.detach()) == 0} - {
        "divergence"
    } == nothing - {"divergence"}
    sum(terms.values()).backward()
    for parameter in objective.parameters():
        assert parameter.grad is None or parameter.grad.isfinite().all()


@pytest.mark.parametrize("training", [True, False])
def test_samples_without_report_change_nothing(
    make_mlip, make_batch, change, run, settle, training
):
    batch = make_batch("XR", 5)
    told = change(batch, has_report=torch.tensor([True, True, False, True, True]))
    kept = join([batch.part(slice(0, 2)), batch.part(slice(3, 5))])
    # Proxies draw negatives and dropout draws views: neither would be the same twice in training.
    settings = {"divergence_dropout": 0.0, "matching_weight": 0.0, "swapping_weight": 0.0}
    objective = settle(make_mlip(**settings if training else {}), batch).train(training)
    again = copy.deepcopy(objective)
    torch.testing.assert_close(run(objective, told), run(again, kept))


def test_padding_changes_nothing(make_mlip, make_batch, change, run, settle):
    batch = make_batch("XR")
    objective = settle(make_mlip(), batch)
    pad = torch.nn.functional.pad
    longer = change(
        batch,
        input_ids=pad(batch.input_ids, (0, 4)),
        attention_mask=pad(batch.attention_mask, (0, 4)),
        sentence_of_token=pad(batch.sentence_of_token, (0, 4), value=-1),
        concept_of_token=pad(batch.concept_of_token, (0, 4), value=-1),
    )
    torch.testing.assert_close(run(objective, batch), run(objective, longer))


def test_the_order_of_samples_changes_nothing(make_mlip, make_batch, run, settle):
    batch = make_batch("XR", 4)
    objective = settle(make_mlip(swapping_weight=0), batch)
    turned = join([batch.part(slice(2, 4)), batch.part(slice(0, 2))])
    torch.testing.assert_close(run(objective, batch), run(objective, turned))


def test_all_losses_run_in_half_precision(make_mlip, make_batch, run):
    objective, batch = make_mlip(), make_batch("XR")
    with torch.autocast("cpu", torch.bfloat16):
        terms = run(objective, batch)
    assert all(term.dtype == torch.float32 and term.isfinite() for term in terms.values())
