from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from medvlp.models.text import ABSENT
from medvlp_training.objectives.clip import ClipSettings


def test_the_loss_is_cross_entropy_over_scaled_cosines(make_objective, make_batch):
    objective, batch = make_objective("clip", double=True), make_batch(size=5, double=True)
    representations = objective.encode(batch)
    images = representations["image_summary"] @ objective.image_projection.weight.T
    mask = batch.attention_mask[..., None]
    mean = (representations["text_tokens"] * mask).sum(1) / mask.sum(1)
    texts = mean @ objective.text_projection.weight.T
    logits = F.cosine_similarity(images[:, None], texts[None], dim=2) / 0.07
    own = torch.arange(5)
    expected = (F.cross_entropy(logits, own) + F.cross_entropy(logits.T, own)) / 2
    terms = objective(representations, batch)
    assert list(terms) == ["contrastive"]
    assert torch.allclose(terms["contrastive"], expected)


def test_samples_without_a_report_change_nothing(make_objective, make_batch, change):
    objective, batch = make_objective("clip", double=True), make_batch(size=5, double=True)
    representations = objective.encode(batch)
    told = torch.tensor([True, False, True, True, False])
    some = {name: value[told] for name, value in representations.items()}
    part = change(
        batch,
        attention_mask=batch.attention_mask[told],
        has_report=batch.has_report[told],
        patients=tuple(p for p, kept in zip(batch.patients, told, strict=True) if kept),
    )
    with_others = objective(representations, change(batch, has_report=told))
    assert torch.allclose(with_others["contrastive"], objective(some, part)["contrastive"])


def test_two_images_of_one_patient_are_not_each_others_negatives(
    make_objective, make_batch, change
):
    objective, batch = make_objective("clip"), make_batch(size=2)
    representations = objective.encode(batch)
    assert objective(representations, batch)["contrastive"] > 0
    one = change(batch, patients=("same", "same"))
    assert objective(representations, one)["contrastive"] == 0


def test_gradients_reach_encoders_heads_and_temperature(make_objective, make_batch):
    objective, batch = make_objective("clip"), make_batch()
    objective(objective.encode(batch), batch)["contrastive"].backward()
    learnt = {name for name, p in objective.named_parameters() if p.grad is not None}
    assert {"image_projection.weight", "text_projection.weight"} <= learnt
    assert "temperature.log_scale" in learnt
    assert any(name.startswith("model.vision.layers") for name in learnt)
    assert any(name.startswith("model.text.bert") for name in learnt)
    assert objective.model.text.prompts.grad[0].abs().sum() > 0


def test_a_phrase_is_read_as_a_report(make_objective, make_batch):
    objective, batch = make_objective("clip", double=True), make_batch(double=True)
    tokens = objective.encode(batch)["text_tokens"]
    reports = objective.project(objective.pool(tokens, batch.attention_mask))
    phrases = objective.phrase_vectors(batch.input_ids, batch.attention_mask)
    assert torch.allclose(phrases, reports)
    absent = objective.phrase_vectors(batch.input_ids, batch.attention_mask, ABSENT)
    assert not torch.allclose(absent, reports)


def test_pooling_reads_the_first_token_or_all_but_padding(make_objective, make_batch):
    tokens, mask = torch.randn(1, 3, 32), torch.tensor([[1, 1, 0]])
    mean, first = make_objective("clip"), make_objective("clip", text_pooling="cls")
    assert torch.allclose(mean.pool(tokens, mask), tokens[:, :2].mean(1))
    assert torch.equal(first.pool(tokens, mask), tokens[:, 0])


def test_regions_and_image_go_through_one_head(make_objective, make_batch):
    objective, batch = make_objective("clip"), make_batch("CT")
    representations = objective.encode(batch)
    regions = objective.region_vectors(representations, batch)
    assert regions.shape == (4, batch.organ_masks[0, 0].numel(), 512)
    as_image = {"image_summary": representations["image_tokens"][:, 3]}
    assert torch.allclose(regions[:, 3], objective.image_vectors(as_image, batch), atol=1e-6)
    assert torch.allclose(regions.norm(dim=2), torch.ones(regions.shape[:2]))


def test_the_temperature_is_clipped_after_a_step(make_objective):
    objective = make_objective("clip")
    with torch.no_grad():
        objective.temperature.log_scale.fill_(20.0)
    objective.after_step(0.5)
    assert objective.temperature().item() == pytest.approx(100, rel=1e-5)


def test_training_ranks_the_right_report_first(make_objective, make_batch):
    objective, batch = make_objective("clip", size=16).train(), make_batch(size=4)
    optimiser = torch.optim.AdamW(objective.parameters(), lr=3e-3)
    losses = []
    for _ in range(20):
        loss = objective(objective.encode(batch), batch)["contrastive"]
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]
    images = objective.image_vectors(objective.encode(batch), batch)
    texts = objective.phrase_vectors(batch.input_ids, batch.attention_mask)
    assert torch.equal((images @ texts.T).argmax(1), torch.arange(4))


def test_settings_refuse_what_they_do_not_know():
    with pytest.raises(ValueError, match="tau"):
        ClipSettings(tau=0.1)
    with pytest.raises(ValueError, match="temperature"):
        ClipSettings(temperature=0)
