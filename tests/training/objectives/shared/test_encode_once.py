from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import torch

from medvlp.models.unified import UnifiedModel
from medvlp_training.objectives.shared.encode_once import encode_once
from medvlp_training.objectives.shared.frozen_text import remember_texts


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> Callable[[UnifiedModel], list[int]]:
    def counting(model: UnifiedModel) -> list[int]:
        runs: list[int] = []
        model.vision.layers[0].register_forward_hook(lambda *_: runs.append(1))
        model.text.bert.register_forward_hook(lambda *_: runs.append(2))
        return runs

    return counting


def test_the_same_objects_are_encoded_once(make_model: Any, make_batch: Any, count: Any) -> None:
    model, batch = make_model(), make_batch("CT")
    runs = count(model)
    with encode_once(model):
        tokens = model.vision.encode_tokens(batch.images).tokens
        dense = model.encode_images(batch.images).features
        words = model.text.hidden_states(batch.input_ids, batch.attention_mask)
        again = model.text.hidden_states(batch.input_ids, batch.attention_mask)
    assert runs == [1, 2]
    assert words is again
    torch.testing.assert_close(tokens, model.vision.encode_tokens(batch.images).tokens)
    torch.testing.assert_close(dense, model.encode_images(batch.images).features)


def test_a_copy_of_the_input_another_grad_mode_or_a_teacher_is_encoded_for_itself(
    make_model: Any, make_batch: Any, count: Any
) -> None:
    model, batch = make_model(), make_batch()
    teacher = copy.deepcopy(model)
    runs = count(model)
    with encode_once(model):
        first = model.vision.encode_tokens(batch.images).tokens
        other = model.vision.encode_tokens(batch.images + 0.5).tokens
        with torch.no_grad():
            still = model.vision.encode_tokens(batch.images).tokens
        theirs = teacher.vision.encode_tokens(batch.images).tokens
    assert runs == [1, 1, 1]
    assert not torch.allclose(first, other)
    assert not still.requires_grad
    assert theirs is not first


def test_afterwards_and_after_an_error_nothing_is_remembered(
    make_model: Any, make_batch: Any, count: Any
) -> None:
    model, batch = make_model(), make_batch()
    runs = count(model)
    with encode_once(model):
        model.vision.encode_tokens(batch.images)
    with pytest.raises(ValueError, match="stop"), encode_once(model):
        raise ValueError("stop")
    model.vision.encode_tokens(batch.images)
    assert len(runs) == 2
    assert "tokenise" not in vars(model.vision)


def test_a_tower_that_remembers_texts_still_does_afterwards(
    make_model: Any, make_batch: Any, count: Any
) -> None:
    model, batch = make_model(), make_batch()
    remember_texts(model.text.requires_grad_(False))
    runs = count(model)
    with encode_once(model):
        model.text.hidden_states(batch.input_ids, batch.attention_mask)
    model.text.hidden_states(batch.input_ids, batch.attention_mask)
    assert runs == [2]
