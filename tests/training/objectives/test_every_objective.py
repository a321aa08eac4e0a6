"""What the engine and the evaluation take for granted of every method."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import nn

from medvlp_training.objectives.batch import UNKNOWN
from medvlp_training.objectives.registry import OBJECTIVES, objective_class


@pytest.fixture
def poor_batch(make_batch, without_reports):
    """``poor_batch(what is wrong with it, kind)``."""

    def one(kind):
        return make_batch(kind, 1)

    def all_normal(kind):
        batch = make_batch(kind, 3)
        normal = batch.organ_phrase // 2 * 2
        return replace(batch, labels=torch.zeros_like(batch.labels), organ_phrase=normal)

    def no_organs(kind):
        batch = make_batch(kind, 3)
        names = ("organ_masks", "organ_usable", "organ_phrase")
        return replace(batch, **{name: getattr(batch, name)[:, :0] for name in names})

    def no_usable_organ(kind):
        batch = make_batch(kind, 3)
        nothing = torch.zeros_like(batch.organ_masks)
        unusable = torch.zeros_like(batch.organ_usable)
        return replace(batch, organ_masks=nothing, organ_usable=unusable)

    def nothing_known(kind):
        batch = make_batch(kind, 3)
        unknown = torch.full_like(batch.labels, UNKNOWN)
        unsaid = torch.full_like(batch.organ_phrase, -1)
        return replace(batch, labels=unknown, organ_phrase=unsaid)

    def one_patient(kind):
        return replace(make_batch(kind, 3), patients=("same",) * 3)

    made = {
        "one sample": one,
        "all normal": all_normal,
        "no reports": lambda kind: without_reports(make_batch(kind, 3)),
        "one report": lambda kind: without_reports(make_batch(kind, 3), slice(1, 3)),
        "no organs": no_organs,
        "no usable organ": no_usable_organ,
        "nothing known": nothing_known,
        "nothing at all": lambda kind: without_reports(nothing_known(kind)).part(slice(1)),
        "one patient": one_patient,
    }
    return lambda wrong, kind: made[wrong](kind)


POOR = ["one sample", "all normal", "no reports", "one report", "no organs", "no usable organ",
        "nothing known", "nothing at all", "one patient"]  # fmt: skip


def assert_trains(objective: nn.Module, terms: dict[str, torch.Tensor]) -> None:
    for name, term in terms.items():
        assert term.ndim == 0, name
        assert torch.isfinite(term), name
    sum(terms.values()).backward()
    for name, parameter in objective.named_parameters():
        assert parameter.grad is None or torch.isfinite(parameter.grad).all(), name


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_a_poor_batch_gives_finite_losses_and_gradients(
    kind, make_each_objective, poor_batch, vocabulary
):
    objective = make_each_objective().train()
    without_organs = make_each_objective(
        known=replace(
            vocabulary,
            organs=(),
            phrases=(),
            phrase_organs=(),
            phrase_abnormal=(),
            phrase_counts=(),
        ),
    ).train()
    for wrong in POOR:
        batch = poor_batch(wrong, kind)
        chosen = without_organs if wrong == "no organs" else objective
        chosen.zero_grad()
        assert_trains(chosen, chosen(chosen.encode(batch), batch))


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_encoding_a_part_is_the_part_of_the_encoding(
    kind, make_each_objective, make_batch, without_reports
):
    objective = make_each_objective(double=True).train()
    batch = without_reports(make_batch(kind, 3, double=True), slice(1, 2))
    torch.manual_seed(0)
    whole = objective.encode(batch)
    again = objective.encode(batch)
    for rows in (slice(0, 1), slice(1, 3)):
        part = objective.encode(batch.part(rows))
        assert part.keys() == whole.keys()
        for key, value in whole.items():
            assert torch.equal(value, again[key]), key
            assert len(value) == 3, key
            assert torch.allclose(part[key], value[rows], atol=1e-9), key


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_half_precision_is_finite(kind, make_each_objective, make_batch):
    objective, batch = make_each_objective().train(), make_batch(kind, 3)
    with torch.autocast("cpu", torch.bfloat16):
        terms = objective(objective.encode(batch), batch)
    assert_trains(objective, terms)


def test_what_evaluation_asks_are_unit_vectors_of_two_spaces(
    make_each_objective, make_batch, tokenizer
):
    objective, batch = make_each_objective().eval(), make_batch("CT", 2)
    ids = torch.tensor([e.ids for e in tokenizer.encode_batch(["liver", "no lung nodule"])])
    with torch.no_grad():
        encoded = objective.encode(batch)
        images = objective.image_vectors(encoded, batch)
        phrases = objective.phrase_vectors(ids, (ids > 0).long())
        regions = objective.region_vectors(encoded, batch)
        named = objective.region_phrase_vectors(ids, (ids > 0).long())
    cells = batch.organ_masks[0, 0].numel()
    assert images.shape == phrases.shape == (2, images.shape[1])
    assert regions.shape == (2, cells, named.shape[1])
    for vectors in (images, phrases, regions, named):
        assert torch.allclose(vectors.norm(dim=-1), torch.ones(vectors.shape[:-1]), atol=1e-4)


@pytest.mark.parametrize("name", OBJECTIVES)
def test_a_setting_that_is_not_known_is_refused(name):
    with pytest.raises(ValueError, match="no_such_setting"):
        objective_class(name).Settings(no_such_setting=1)
