from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from pydantic import ValidationError

from medvlp.errors import MedVLPError
from medvlp_training.objectives.batch import UNKNOWN, Batch
from medvlp_training.objectives.flagship import Flagship
from medvlp_training.objectives.objective import Objective
from medvlp_training.objectives.registry import objective_class
from medvlp_training.objectives.shared.organ_answers import knows_organs
from medvlp_training.pretraining.cached_gradients import backward

SMALL = (
    {"objective": "umcl", "settings": {"size": 8}},
    {
        "objective": "lovt",
        "settings": {"size": 8, "hidden": 16, "global_weight": 0.0, "frozen_text_share": None},
    },
    {"objective": "ct_glip", "settings": {"size": 8}},
)


@pytest.fixture
def make(make_objective: Any) -> Any:
    def build(*parts: Any, double: bool = False, **settings: Any) -> Flagship:
        return make_objective("flagship", 0, double, parts=parts or SMALL, **settings)

    return build


@pytest.fixture
def of_clip(make: Any) -> Any:
    def build(**part: Any) -> Flagship:
        answering = {"image_vectors_of": "clip", "region_vectors_of": "clip"}
        chosen = {"objective": "clip", "settings": {"size": 8}} | part
        return make(chosen, **answering, organ_vectors_of=None)

    return build


def total(objective: Objective, batch: Batch) -> torch.Tensor:
    return sum(objective(objective.encode(batch), batch).values(), torch.zeros(()))


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_one_part_alone_is_that_objective(
    of_clip: Any, make_objective: Any, make_batch: Any, kind: str
) -> None:
    flagship, clip, batch = of_clip(), make_objective("clip", size=8), make_batch(kind)
    representations = flagship.encode(batch)
    terms = flagship(representations, batch)
    assert set(terms) == {"clip/contrastive"}
    own = clip.encode(batch)
    torch.testing.assert_close(terms["clip/contrastive"], clip(own, batch)["contrastive"])
    for name in ("image_vectors", "region_vectors"):
        torch.testing.assert_close(
            getattr(flagship, name)(representations, batch), getattr(clip, name)(own, batch)
        )
    texts = batch.input_ids, batch.attention_mask
    for name in ("phrase_vectors", "region_phrase_vectors"):
        torch.testing.assert_close(getattr(flagship, name)(*texts), getattr(clip, name)(*texts))


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_terms_are_those_of_each_part_alone_on_the_same_model(
    make: Any, make_batch: Any, kind: str
) -> None:
    flagship, batch = make().eval(), make_batch(kind)
    terms = flagship(flagship.encode(batch), batch)
    expected = {}
    for name in flagship.parts:
        part = flagship.part(name)
        for term, value in part(part.encode(batch), batch).items():
            expected[f"{name}/{term}"] = value
    assert {"umcl/contrastive", "lovt/local_image", "ct_glip/anatomy"} <= set(terms)
    assert set(terms) == set(expected)
    for name, value in expected.items():
        torch.testing.assert_close(terms[name], value)


def test_each_encoder_runs_once(make: Any, make_batch: Any) -> None:
    flagship, batch = make(), make_batch("CT")
    runs: list[str] = []
    flagship.model.vision.layers[0].register_forward_hook(lambda *_: runs.append("image"))
    flagship.model.text.bert.register_forward_hook(lambda *_: runs.append("text"))
    representations = flagship.encode(batch)
    assert sorted(runs) == ["image", "text"]
    assert {"image_tokens", "text_tokens", "ct_glip/organ_features"} <= set(representations)
    assert "lovt/image_tokens" not in representations


def test_weights_multiply_and_a_weight_of_zero_leaves_a_term_out(
    make: Any, make_batch: Any
) -> None:
    batch = make_batch()
    whole = make()
    plain = whole(whole.encode(batch), batch)
    parts = copy.deepcopy(SMALL)
    parts[1].update(weight=0.5, terms={"local_image": 3.0})
    parts[2].update(terms={"anatomy": 0.0})
    weighted = make(*parts)
    terms = weighted(weighted.encode(batch), batch)
    assert "ct_glip/anatomy" not in terms
    torch.testing.assert_close(terms["lovt/local_image"], 1.5 * plain["lovt/local_image"])
    torch.testing.assert_close(terms["lovt/local_report"], 0.5 * plain["lovt/local_report"])
    torch.testing.assert_close(terms["ct_glip/diagnosis"], plain["ct_glip/diagnosis"])


def test_the_model_is_saved_once_and_comes_back(make: Any, make_batch: Any) -> None:
    flagship, batch = make(), make_batch()
    state = flagship.state_dict()
    assert not [name for name in state if name.startswith("parts.") and ".model." in name]
    pointers = [value.data_ptr() for value in state.values() if value.numel() > 1]
    assert len(set(pointers)) == len(pointers)
    other = make()
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.add_(0.1)
    other.load_state_dict(state)
    torch.testing.assert_close(total(other.eval(), batch), total(flagship.eval(), batch))
    for name in other.parts:
        assert other.part(name).model is other.model


def test_a_copy_has_a_model_of_its_own_that_its_parts_share(make: Any, make_batch: Any) -> None:
    flagship, batch = make().eval(), make_batch()
    twin = copy.deepcopy(flagship)
    assert twin.model is not flagship.model
    assert all(twin.part(name).model is twin.model for name in twin.parts)
    before = total(flagship, batch)
    with torch.no_grad():
        twin.model.vision.norm.weight.mul_(2)
    torch.testing.assert_close(total(flagship, batch), before)
    assert not torch.isclose(total(twin, batch), before)


def test_gradients_are_the_sum_of_the_parts(make: Any, make_batch: Any) -> None:
    flagship, batch = make(double=True).eval(), make_batch("CT", double=True)
    weight = flagship.model.vision.layers[0].qkv.weight
    (whole,) = torch.autograd.grad(total(flagship, batch), weight)
    single = [
        torch.autograd.grad(total(flagship.part(name), batch), weight)[0] for name in flagship.parts
    ]
    torch.testing.assert_close(whole, sum(single))
    assert all(gradient.abs().sum() > 0 for gradient in single)


def test_gradients_do_not_depend_on_the_parts_that_a_batch_is_encoded_in(
    make: Any, make_batch: Any
) -> None:
    batch, found = make_batch("CT", double=True), []
    for part_size in (None, 3):
        flagship = make(double=True).eval()
        backward(flagship, batch, part_size)
        found.append({n: p.grad for n, p in flagship.named_parameters() if p.grad is not None})
    assert found[0].keys() == found[1].keys()
    for name, gradient in found[0].items():
        torch.testing.assert_close(found[1][name], gradient, msg=name)


def test_after_step_reaches_every_part(make: Any) -> None:
    flagship = make()
    flagship.part("umcl").temperature.log_scale.data.fill_(50.0)
    flagship.after_step(0.5)
    assert flagship.part("ct_glip").steps == 1
    assert flagship.part("umcl").temperature() <= 100.01


def test_degenerate_batches_give_finite_losses(make: Any, make_batch: Any, change: Any) -> None:
    flagship, batch = make(), make_batch("CT")
    lone = torch.zeros_like(batch.attention_mask)
    lone[:, :2] = 1
    for case in (
        batch.part(slice(0, 1)),
        change(batch, organ_usable=torch.zeros_like(batch.organ_usable)),
        change(
            batch,
            has_report=torch.zeros(4, dtype=torch.bool),
            labels=torch.full_like(batch.labels, UNKNOWN),
            attention_mask=lone,
            sentence_of_token=torch.full_like(batch.sentence_of_token, -1),
            concept_of_token=torch.full_like(batch.concept_of_token, -1),
        ),
    ):
        loss = total(flagship, case)
        assert loss.isfinite()
        loss.backward()


def test_a_short_training_lowers_the_loss_of_every_part(make: Any, make_batch: Any) -> None:
    flagship, batch = make(), make_batch("XR")
    optimiser = torch.optim.Adam((p for p in flagship.parameters() if p.requires_grad), 3e-3)
    course = []
    for step in range(15):
        optimiser.zero_grad()
        terms = flagship(flagship.encode(batch), batch)
        sum(terms.values(), torch.zeros(())).backward()
        optimiser.step()
        flagship.after_step(step / 15)
        course.append({name: value.item() for name, value in terms.items()})
    for part in flagship.parts:
        first, last = (
            sum(value for name, value in terms.items() if name.startswith(part))
            for terms in (course[0], course[-1])
        )
        assert last < first, part


def test_two_parts_of_one_objective_have_two_names(make: Any, make_batch: Any) -> None:
    parts = [
        {"objective": "clip", "name": name, "settings": {"size": 8}} for name in ("first", "second")
    ]
    flagship = make(
        *parts, image_vectors_of="second", region_vectors_of=None, organ_vectors_of=None
    )
    batch = make_batch()
    assert set(flagship(flagship.encode(batch), batch)) == {
        "first/contrastive",
        "second/contrastive",
    }
    with pytest.raises(MedVLPError, match="region_vectors_of"):
        flagship.region_vectors(flagship.encode(batch), batch)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"parts": []}, "parts"),
        ({"parts": [{"objective": "clop"}]}, "Unknown objective"),
        ({"parts": [{"objective": "flagship"}]}, "part of itself"),
        ({"parts": [{"objective": "clip"}, {"objective": "clip"}]}, "different names"),
        ({"parts": [{"objective": "clip", "settings": {"sise": 8}}]}, "sise"),
        ({"parts": [{"objective": "clip"}]}, "image_vectors_of names 'umcl'"),
    ],
)
def test_a_wrong_composition_is_refused(settings: Any, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Flagship.Settings.model_validate(settings)


def test_a_term_that_does_not_exist_is_refused(of_clip: Any, make_batch: Any) -> None:
    flagship, batch = of_clip(terms={"local": 2.0}), make_batch()
    with pytest.raises(MedVLPError, match="no term local"):
        flagship(flagship.encode(batch), batch)


def test_organs_are_answered_for_by_their_part(make: Any, make_batch: Any, of_clip: Any) -> None:
    flagship, batch = make().eval(), make_batch("CT")
    representations = flagship.encode(batch)
    part = flagship.part("ct_glip")
    torch.testing.assert_close(
        flagship.organ_vectors(representations, batch),
        part.organ_vectors(part.encode(batch), batch),
    )
    with pytest.raises(MedVLPError, match="organ_vectors_of"):
        of_clip().organ_vectors(representations, batch)


def test_the_registry_knows_it() -> None:
    assert objective_class("flagship") is Flagship


def test_it_knows_organs_only_through_a_part_that_does(make: Any, of_clip: Any) -> None:
    assert knows_organs(make())
    assert not knows_organs(of_clip())
