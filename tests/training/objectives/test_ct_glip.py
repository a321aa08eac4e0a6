from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import torch
import torch.nn.functional as F
from pydantic import ValidationError
from tokenizers import Tokenizer

from medvlp.errors import MedVLPError
from medvlp.models.text import tokenize
from medvlp_training.evaluation.organ_scoring import organ_answers, recognition
from medvlp_training.objectives.batch import UNKNOWN, Batch, Vocabulary, join
from medvlp_training.objectives.ct_glip import CTGLIP, anatomy_loss, diagnosis_loss
from medvlp_training.objectives.objective import unit
from medvlp_training.objectives.registry import objective_class
from medvlp_training.objectives.shared.infonce import infonce


@pytest.fixture
def make(
    make_model: Callable[..., Any], vocabulary: Vocabulary, tokenizer: Tokenizer
) -> Callable[..., CTGLIP]:
    def build(double: bool = False, vocabulary: Vocabulary = vocabulary, **settings: Any) -> CTGLIP:
        model = make_model(double=double)
        torch.manual_seed(1)
        objective = CTGLIP(model, CTGLIP.Settings(size=16, **settings), vocabulary)
        objective = objective.double() if double else objective
        objective.use_tokenizer(tokenizer)
        return objective

    return build


def total(objective: CTGLIP, batch: Batch) -> torch.Tensor:
    return sum(objective(objective.encode(batch), batch).values(), torch.zeros(()))


@pytest.mark.parametrize("kind", ["XR", "CT"])
@pytest.mark.parametrize("features", ["tokens", "dense"])
def test_a_mask_of_ones_is_the_global_mean(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any, kind: str, features: str
) -> None:
    objective = make(double=True, features=features)
    batch = make_batch(kind, double=True)
    batch = change(batch, organ_masks=torch.ones_like(batch.organ_masks))
    representations = objective.encode(batch)
    organs = objective.organ_vectors(representations, batch)
    whole = objective.image_vectors(representations, batch)
    if features == "tokens":
        mean = objective.model.vision.encode_tokens(batch.images).tokens.mean(1)
    else:
        mean = objective.model.encode_images(batch.images).features.flatten(1, -2).mean(1)
    expected = unit(objective._reader(batch).projections[0](mean))
    torch.testing.assert_close(whole, expected)
    torch.testing.assert_close(organs, expected[:, None].expand_as(organs))


@pytest.mark.parametrize("kind", ["XR", "CT"])
def test_dense_pooling_is_pooling_under_the_mask_repeated_in_each_cell(
    make: Callable[..., CTGLIP], make_batch: Any, kind: str
) -> None:
    objective = make(double=True, features="dense")
    batch = make_batch(kind, double=True)
    features = objective.model.encode_images(batch.images).features
    masks = F.interpolate(batch.organ_masks, features.shape[1:-1], mode="nearest")
    weights = masks.flatten(2).double()
    expected = weights @ features.flatten(1, -2) / weights.sum(-1, keepdim=True)
    torch.testing.assert_close(objective.encode(batch)["organ_features"][:, :-1], expected)


@pytest.mark.parametrize("pooling", ["mean", "query"])
def test_a_region_is_an_organ_of_one_cell(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any, pooling: str
) -> None:
    objective = make(double=True, pooling=pooling).eval()
    batch = make_batch("XR", double=True)
    masks = torch.zeros_like(batch.organ_masks).flatten(2)
    masks[:, :, 4] = 0.3
    batch = change(batch, organ_masks=masks.reshape(batch.organ_masks.shape))
    representations = objective.encode(batch)
    regions = objective.region_vectors(representations, batch)
    organs = objective.organ_vectors(representations, batch)
    torch.testing.assert_close(organs[:, 0], regions[:, 4])


def test_a_phrase_has_the_vector_of_the_table(
    make: Callable[..., CTGLIP], tokenizer: Tokenizer
) -> None:
    objective = make()
    found = objective.phrase_vectors(*tokenize(tokenizer, objective.organ_texts.texts))
    torch.testing.assert_close(found, objective._texts(slice(None)), atol=1e-5, rtol=1e-5)


def test_without_texts_the_loss_says_what_to_do(
    make_model: Any, make_batch: Any, vocabulary: Vocabulary
) -> None:
    objective = CTGLIP(make_model(), CTGLIP.Settings(), vocabulary)
    batch = make_batch()
    with pytest.raises(MedVLPError, match="use_tokenizer"):
        objective(objective.encode(batch), batch)


def test_texts_come_back_with_a_checkpoint(
    make: Callable[..., CTGLIP], make_model: Any, make_batch: Any, vocabulary: Vocabulary
) -> None:
    trained, batch = make(), make_batch()
    restored = CTGLIP(make_model(seed=5), CTGLIP.Settings(size=16), vocabulary)
    restored.load_state_dict(trained.state_dict())
    torch.testing.assert_close(total(restored, batch), total(trained, batch))


def test_an_organ_that_is_not_usable_changes_nothing(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any
) -> None:
    objective, batch = make(), make_batch("CT")
    usable = batch.organ_usable.clone()
    usable[0, 1] = usable[2, 0] = False
    masks, phrases = batch.organ_masks.clone(), batch.organ_phrase.clone()
    one = change(batch, organ_usable=usable)
    masks[0, 1], masks[2, 0] = 1, 0
    phrases[0, 1], phrases[2, 0] = 2, -1
    other = change(one, organ_masks=masks, organ_phrase=phrases)
    torch.testing.assert_close(total(objective, one), total(objective, other))
    assert not torch.isclose(total(objective, one), total(objective, batch))


def test_an_empty_mask_counts_as_not_usable(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any
) -> None:
    objective, batch = make(), make_batch("CT")
    masks, usable = batch.organ_masks.clone(), batch.organ_usable.clone()
    masks[1, 2], usable[1, 2] = 0, False
    empty = change(batch, organ_masks=masks)
    torch.testing.assert_close(
        total(objective, empty), total(objective, change(empty, organ_usable=usable))
    )


def test_what_is_normal_is_one_text_however_it_was_said(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any
) -> None:
    objective, batch = make(), make_batch()
    normal = change(batch, organ_phrase=torch.tensor([0, 2, 4]).expand(4, -1))
    silent = change(batch, organ_phrase=torch.full((4, 3), -1))
    torch.testing.assert_close(total(objective, normal), total(objective, silent))


def test_an_unseen_abnormal_wording_is_left_out_of_the_diagnosis(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any
) -> None:
    objective, batch = make(anatomy_weight=0), make_batch()
    phrases, usable = batch.organ_phrase.clone(), batch.organ_usable.clone()
    phrases[0, 0], usable[0, 0] = -2, False
    torch.testing.assert_close(
        total(objective, change(batch, organ_phrase=phrases)),
        total(objective, change(batch, organ_usable=usable)),
    )


def test_order_of_samples_does_not_matter(make: Callable[..., CTGLIP], make_batch: Any) -> None:
    objective, batch = make(double=True), make_batch("CT", double=True)
    parts = [batch.part(slice(n, n + 1)) for n in (2, 0, 3, 1)]
    torch.testing.assert_close(total(objective, batch), total(objective, join(parts)))


@pytest.mark.parametrize("variant", ["ct_glip", "fvlm", "radar"])
@pytest.mark.parametrize("step", [0, 1])
def test_degenerate_batches_give_finite_losses_and_gradients(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any, variant: str, step: int
) -> None:
    objective = make(variant=variant)
    objective.steps.fill_(step)
    batch = make_batch("CT")
    nobody = torch.zeros(4, dtype=torch.bool)
    cases = [
        batch.part(slice(0, 1)),
        change(batch, organ_phrase=torch.full((4, 3), -1)),
        change(batch, has_report=nobody, labels=torch.full_like(batch.labels, UNKNOWN)),
        change(batch, organ_usable=torch.zeros_like(batch.organ_usable), has_report=nobody),
        change(batch, organ_masks=torch.zeros_like(batch.organ_masks)),
        change(batch, patients=("same",) * 4),
    ]
    for case in cases:
        objective.zero_grad()
        loss = total(objective, case)
        loss.backward()
        assert loss.isfinite()
        for parameter in objective.parameters():
            assert parameter.grad is None or parameter.grad.isfinite().all()


@pytest.mark.parametrize("variant", ["ct_glip", "fvlm", "radar"])
def test_without_usable_organs_organ_terms_are_exactly_zero(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any, variant: str
) -> None:
    objective, batch = make(variant=variant), make_batch()
    objective.steps.fill_(1)
    none = change(batch, organ_usable=torch.zeros_like(batch.organ_usable))
    assert total(objective, none) == 0
    total(objective, none).backward()


def test_a_vocabulary_without_organs_gives_zero(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any
) -> None:
    objective, batch = make(vocabulary=Vocabulary()), make_batch()
    bare = change(
        batch,
        organ_masks=batch.organ_masks[:, :0],
        organ_usable=batch.organ_usable[:, :0],
        organ_phrase=batch.organ_phrase[:, :0],
    )
    assert total(objective, bare) == 0
    assert objective.image_vectors(objective.encode(bare), bare).shape == (4, 16)


@pytest.mark.parametrize("features", ["tokens", "dense"])
def test_gradients_reach_the_image_encoder_and_both_heads_but_no_text_encoder(
    make: Callable[..., CTGLIP], make_batch: Any, features: str
) -> None:
    objective = make(features=features)
    total(objective, make_batch("CT")).backward()
    assert objective.model.vision.tokeniser_3d.stem.weight.grad.abs().sum() > 0
    assert objective.text_head.weight.grad.abs().sum() > 0
    assert objective.temperature.log_scale.grad.abs() > 0
    decoder = objective.model.vision.decoder_3d.from_tokens.weight.grad
    assert (decoder is not None) == (features == "dense")
    for parameter in (*objective.model.text.parameters(), *objective.frozen_text.parameters()):
        assert parameter.grad is None


def test_training_the_models_text_tower_moves_no_text(make: Callable[..., CTGLIP]) -> None:
    objective = make()
    ids, mask = torch.tensor([[2, 9, 8, 3]]), torch.ones(1, 4, dtype=torch.int64)
    before = objective.phrase_vectors(ids, mask)
    with torch.no_grad():
        for parameter in objective.model.text.parameters():
            parameter.add_(1.0)
    torch.testing.assert_close(objective.phrase_vectors(ids, mask), before)


def test_encode_replayed_gives_the_same_numbers(
    make: Callable[..., CTGLIP], make_batch: Any
) -> None:
    objective, batch = make(variant="radar").train(), make_batch("CT")
    first, second = objective.encode(batch), objective.encode(batch)
    assert set(first) == {"organ_features", "report_features"}
    for key in first:
        torch.testing.assert_close(first[key], second[key], rtol=0, atol=0)
    row = objective.encode(batch.part(slice(2, 3)))
    torch.testing.assert_close(first["organ_features"][2:3], row["organ_features"])


def test_negatives_of_the_dictionary_are_drawn_anew_at_each_step_and_once_within_it(
    make: Callable[..., CTGLIP], make_batch: Any, vocabulary: Vocabulary
) -> None:
    batch = make_batch()
    assert total(make(negatives=1), batch) > total(make(negatives=0), batch)
    words = ("Steatosis.", "Cirrhosis.", "Abscess.", "Haemangioma.", "Metastases.", "Trauma.")
    more = replace(
        vocabulary,
        phrases=vocabulary.phrases + words,
        phrase_organs=vocabulary.phrase_organs + ("liver",) * 6,
        phrase_abnormal=vocabulary.phrase_abnormal + (True,) * 6,
        phrase_counts=vocabulary.phrase_counts + (1,) * 6,
    )
    objective = make(vocabulary=more, negatives=2)
    losses = set()
    for _ in range(4):
        assert total(objective, batch) == total(objective, batch)
        losses.add(total(objective, batch).item())
        objective.after_step(0.0)
    assert len(losses) > 1


def test_an_organ_that_is_nowhere_abnormal_is_skipped_by_fvlm(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any
) -> None:
    objective, batch = make(variant="fvlm"), make_batch()
    phrases = torch.tensor([0, 2, 4]).expand(4, -1).clone()
    assert total(objective, change(batch, organ_phrase=phrases)) == 0
    phrases[0, 0] = 1
    liver = torch.tensor([True, False, False]).expand(4, -1)
    abnormal = change(batch, organ_phrase=phrases)
    loss = total(objective, abnormal)
    assert loss > 0
    torch.testing.assert_close(loss, total(objective, change(abnormal, organ_usable=liver)))


def test_radar_takes_turns(make: Callable[..., CTGLIP], make_batch: Any) -> None:
    objective, batch = make(variant="radar"), make_batch()
    even = objective(objective.encode(batch), batch)
    assert even["diagnosis"] == 0
    assert even["whole_image"] > 0
    objective.after_step(0.1)
    odd = objective(objective.encode(batch), batch)
    assert odd["diagnosis"] > 0
    assert odd["whole_image"] == 0


def test_a_setting_that_is_given_wins_over_its_variants() -> None:
    settings = CTGLIP.Settings(variant="fvlm", pooling="mean")
    assert (settings.pooling, settings.needs_abnormal) == ("mean", True)
    with pytest.raises(ValidationError, match="variant"):
        CTGLIP.Settings(variant="clip")
    with pytest.raises(ValidationError, match="poolin"):
        CTGLIP.Settings(poolin="mean")


def test_anatomy_loss_by_hand() -> None:
    features = torch.eye(2, dtype=torch.float64)
    texts = torch.eye(2, dtype=torch.float64)
    one_each = anatomy_loss(features, torch.tensor([0, 1]), texts, 2.0)
    assert one_each.item() == pytest.approx(torch.log1p(torch.tensor(-2.0).exp()).item())
    # Two livers: each text-to-image softmax shares its target between them.
    livers = anatomy_loss(features[:1].repeat(2, 1), torch.tensor([0, 0]), texts, 2.0)
    assert livers.item() == pytest.approx((one_each.item() + torch.tensor(2.0).log().item()) / 2)


def test_diagnosis_loss_with_its_own_text_as_the_only_truth_is_infonce() -> None:
    torch.manual_seed(0)
    features, texts = F.normalize(torch.randn(2, 5, 7, dtype=torch.float64), dim=-1)
    nothing = torch.zeros(5, 5, dtype=torch.bool)
    found = diagnosis_loss(features, texts, texts[:0], torch.eye(5), nothing, 10.0)
    torch.testing.assert_close(found, infonce(features, texts, 10.0))


def test_an_excluded_text_of_the_dictionary_is_as_if_never_drawn() -> None:
    torch.manual_seed(0)
    features, texts, drawn = F.normalize(torch.randn(3, 4, 7, dtype=torch.float64), dim=-1)
    excluded = torch.zeros(4, 8, dtype=torch.bool)
    excluded[:, 6:] = True
    few = diagnosis_loss(features, texts, drawn[:2], torch.eye(4), excluded[:, :6], 10.0)
    torch.testing.assert_close(
        diagnosis_loss(features, texts, drawn, torch.eye(4), excluded, 10.0), few
    )


def test_gradients_of_the_losses_are_right() -> None:
    torch.manual_seed(0)
    features = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    texts = torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
    drawn = torch.randn(2, 3, dtype=torch.float64, requires_grad=True)
    scale = torch.tensor(3.0, dtype=torch.float64, requires_grad=True)
    targets = torch.eye(4, dtype=torch.float64)
    targets[0, 1] = targets[1, 0] = 0.4
    excluded = torch.zeros(4, 6, dtype=torch.bool)
    excluded[2, 5] = excluded[3, 2] = excluded[2, 3] = True
    assert torch.autograd.gradcheck(
        lambda f, t, d, s: diagnosis_loss(f, t, d, targets, excluded, s),
        (features, texts, drawn, scale),
    )
    organs = torch.tensor([0, 2, 2, 1])
    assert torch.autograd.gradcheck(
        lambda f, t, s: anatomy_loss(f, organs, t, s), (features, texts, scale)
    )


def test_losses_run_in_half_precision(make: Callable[..., CTGLIP], make_batch: Any) -> None:
    objective, batch = make(variant="radar", alternate=False, anatomy_weight=1.0), make_batch("CT")
    with torch.autocast("cpu", torch.bfloat16):
        halved = objective(objective.encode(batch), batch)
    whole = objective(objective.encode(batch), batch)
    for name, term in whole.items():
        assert halved[name].dtype == torch.float32
        torch.testing.assert_close(halved[name], term, rtol=0.1, atol=0.05)


def test_a_short_training_tells_sick_organs_from_well_ones(
    make: Callable[..., CTGLIP], make_batch: Any, change: Any, tokenizer: Tokenizer
) -> None:
    objective = make()
    batch = make_batch("CT", size=4)
    phrases = torch.tensor([[0, 3, 5], [1, 2, 5], [1, 3, 4], [0, 2, 4]])
    # Each organ is a slice of cells of its own density, denser where sick.
    masks = torch.zeros_like(batch.organ_masks)
    density = torch.tensor([-0.5, 0.0, 0.5]) + 0.25 * (phrases % 2)
    images = batch.images * 0.05
    for o in range(3):
        masks[:, o, o] = 1
        images[:, :, 8 * o : 8 * o + 8] += density[:, o, None, None, None, None]
    unlabelled = torch.full_like(batch.labels, UNKNOWN)
    batch = change(batch, images=images, organ_masks=masks, organ_phrase=phrases, labels=unlabelled)
    optimiser = torch.optim.Adam((p for p in objective.parameters() if p.requires_grad), 3e-3)
    first = total(objective, batch).item()
    for _ in range(40):
        optimiser.zero_grad()
        loss = total(objective, batch)
        loss.backward()
        optimiser.step()
        objective.after_step(0.0)
    assert loss.item() < first
    organs = objective.organ_vectors(objective.encode(batch), batch)
    assert recognition(organ_answers(objective, tokenizer, [batch], ()))["all"].value == 1
    _, abnormal = objective.organ_texts.stated(phrases)
    sick = torch.einsum("bod,od->bo", organs, objective._texts(torch.tensor([10, 12, 14])))
    well = torch.einsum("bod,od->bo", organs, objective._texts(slice(6, 9)))
    assert ((sick > well) == abnormal).all()


def test_the_registry_knows_it() -> None:
    assert objective_class("ct_glip") is CTGLIP


def test_a_copy_trains_apart(make: Callable[..., CTGLIP], make_batch: Any) -> None:
    objective, batch = make(), make_batch()
    twin = copy.deepcopy(objective)
    torch.testing.assert_close(total(twin, batch), total(objective, batch))
