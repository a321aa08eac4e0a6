from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
import torch
from torch import nn

from medvlp.models.config import UnifiedConfig
from medvlp_training.objectives.objective import Objective, ObjectiveSettings, masked_mean, unit
from medvlp_training.objectives.registry import OBJECTIVES, objective_class
from medvlp_training.objectives.shared.infonce import infonce
from medvlp_training.pretraining.cached_gradients import backward, parts_of
from medvlp_training.pretraining.collate import Collator
from medvlp_training.pretraining.images import Augmentation
from medvlp_training.pretraining.model import build_model, tokenizer_of
from medvlp_training.pretraining.vocabulary import build_vocabulary


def existing_objectives() -> Iterator[str]:
    return (n for n, place in OBJECTIVES.items() if find_spec(place.split(":")[0]) is not None)


SMALL_HEADS = {"unimedi": {"prototypes": 64, "head_size": 64, "bottleneck": 16}}
"""Heads as large as the papers' take most of the time and test nothing more."""


class Noisy(Objective):
    """InfoNCE of images and texts behind a dropout: the encoding itself is random."""

    Settings = ObjectiveSettings

    def __init__(self, model, settings, vocabulary):
        super().__init__(model, settings, vocabulary)
        self.dropout = nn.Dropout(0.5)

    def encode(self, batch):
        encoded = super().encode(batch)
        return encoded | {"image_summary": self.dropout(encoded["image_summary"])}

    def forward(self, representations, batch):
        texts = masked_mean(representations["text_tokens"], batch.attention_mask)
        return {"infonce": infonce(unit(representations["image_summary"]), unit(texts), 5.0)}


@pytest.fixture
def make_batch(samples, make_config):
    vocabulary = build_vocabulary(samples)
    config = make_config()

    def make(kind: str, size: int = 3):
        collator = Collator(
            config.data, UnifiedConfig().windows, tokenizer_of(config), vocabulary, Augmentation()
        )
        chosen = [s for s in samples if s.modality == kind][:size]
        batch = collator(chosen, [np.random.default_rng(n) for n in range(size)])
        return batch.part(slice(None)), vocabulary

    return make


def doubled(batch):
    return replace(batch, images=batch.images.double(), organ_masks=batch.organ_masks.double())


@pytest.fixture
def tiny_model(make_config):
    return lambda: build_model(make_config()).double()


def gradients(objective: Objective, batch, part_size: int | None):
    objective.zero_grad()
    terms = backward(objective, batch, part_size, seeds=lambda part: 7, loss_seed=3)
    found = {n: p.grad.clone() for n, p in objective.named_parameters() if p.grad is not None}
    return terms, found


def assert_same(one, other) -> None:
    assert one.keys() == other.keys()
    for name in one:
        torch.testing.assert_close(one[name], other[name], rtol=0, atol=1e-8, msg=name)


@pytest.mark.parametrize("kind", ["CT", "XR"])
@pytest.mark.parametrize("name", list(existing_objectives()))
def test_cached_gradients_are_those_of_the_whole_batch(
    name, kind, make_batch, make_config, tiny_model
):
    batch, vocabulary = make_batch(kind)
    batch = doubled(batch)
    chosen = objective_class(name)
    settings = chosen.Settings(**SMALL_HEADS.get(name, {}))
    objective = chosen(tiny_model(), settings, vocabulary).double()
    objective.use_tokenizer(tokenizer_of(make_config()))
    objective = objective.double().train()
    buffers = {n: b.clone() for n, b in objective.named_buffers()}
    terms, whole = gradients(objective, batch, None)
    assert whole
    assert any(g.abs().max() > 1e-6 for n, g in whole.items() if n.startswith("model."))
    for part_size in (1, 2):
        for name_of_buffer, buffer in objective.named_buffers():
            buffer.data.copy_(buffers[name_of_buffer])
        cached_terms, cached = gradients(objective, batch, part_size)
        assert_same(terms, cached_terms)
        assert_same(whole, cached)


def test_random_numbers_of_a_part_are_the_same_in_both_encodings(make_batch, tiny_model):
    batch, vocabulary = make_batch("XR", 4)
    objective = Noisy(tiny_model(), ObjectiveSettings(), vocabulary).double().train()
    batch = doubled(batch)
    terms = backward(objective, batch, 2, seeds=lambda part: 11 + part)
    cached = {n: p.grad.clone() for n, p in objective.named_parameters() if p.grad is not None}
    objective.zero_grad()
    encoded = []
    for number, part in enumerate(parts_of(batch, 2)):
        torch.manual_seed(11 + number)
        encoded.append(objective.encode(part))
    joined = {n: torch.cat([part[n] for part in encoded]) for n in encoded[0]}
    direct = objective(joined, batch)
    direct["infonce"].backward()
    assert_same(terms, {n: t.detach() for n, t in direct.items()})
    assert_same({n: p.grad for n, p in objective.named_parameters() if p.grad is not None}, cached)


def test_a_loss_that_is_not_finite_leaves_no_gradients(make_batch, tiny_model):
    class Broken(Noisy):
        def forward(self, representations, batch):
            return {"bad": super().forward(representations, batch)["infonce"] * torch.nan}

    batch, vocabulary = make_batch("XR", 4)
    objective = Broken(tiny_model(), ObjectiveSettings(), vocabulary).double()
    terms = backward(objective, doubled(batch), 2)
    assert torch.isnan(terms["bad"])
    assert all(p.grad is None for p in objective.parameters())


def test_every_sample_is_in_one_part(make_batch):
    batch, _ = make_batch("CT", 5)
    parts = parts_of(batch, 2)
    assert [len(part) for part in parts] == [2, 2, 1]
    assert torch.equal(torch.cat([part.images for part in parts]), batch.images)
    assert len(parts_of(batch, None)) == 1
