"""A frozen tower that remembers says what it would say, and is asked once per text."""

from __future__ import annotations

import copy

import pytest
import torch

from medvlp.models.text import ABSENT, PRESENT, TextConfig, TextTower
from medvlp_training.objectives.shared.frozen_text import TextMemory, memory_of, remember_texts
from medvlp_training.objectives.shared.text_attention import (
    record_queries_and_keys,
    summary_attention,
)

IDS = torch.tensor([[101, 7, 8, 102, 0, 0], [101, 9, 10, 11, 12, 102], [101, 7, 8, 102, 0, 0]])
MASK = (IDS > 0).long()


@pytest.fixture
def tower() -> TextTower:
    torch.manual_seed(1)
    config = TextConfig(
        vocab_size=200, hidden_size=32, layers=2, heads=2, intermediate_size=64, dim=8, n_prompts=3
    )
    return TextTower(config).requires_grad_(False)


def _own(values: torch.Tensor) -> torch.Tensor:
    return values[MASK.bool()]


def _count_rows(tower: TextTower) -> list[int]:
    counted: list[int] = []
    tower.bert.register_forward_pre_hook(lambda _, given: counted.append(len(given[0])))
    return counted


def test_it_says_what_the_tower_says_and_asks_once_per_text(tower: TextTower) -> None:
    expected = tower.hidden_states(IDS, MASK)
    remember_texts(tower)
    counted = _count_rows(tower)
    for _ in range(2):
        torch.testing.assert_close(_own(tower.hidden_states(IDS, MASK)), _own(expected))
    assert counted == [2]  # two different texts, once
    assert (tower.hidden_states(IDS, MASK)[0, 4:] == 0).all()


def test_polarity_is_part_of_the_question(tower: TextTower) -> None:
    signs = torch.tensor([PRESENT, ABSENT, ABSENT])
    expected = tower.hidden_states(IDS, MASK, signs)
    remember_texts(tower)
    tower.hidden_states(IDS, MASK)
    torch.testing.assert_close(_own(tower.hidden_states(IDS, MASK, signs)), _own(expected))


def test_prompts_of_others_are_not_remembered(tower: TextTower) -> None:
    remember_texts(tower)
    first, second = torch.zeros(3, 4, 32), torch.ones(3, 4, 32)
    answers = [tower.hidden_states(IDS, MASK, None, prompts) for prompts in (first, second)]
    assert not torch.allclose(*answers)


def test_other_weights_are_asked_anew(tower: TextTower) -> None:
    remember_texts(tower)
    before = tower.hidden_states(IDS, MASK)
    state = {
        name: value + 0.5 * torch.randn_like(value) for name, value in tower.state_dict().items()
    }
    tower.load_state_dict(state)
    after = tower.hidden_states(IDS, MASK)
    torch.testing.assert_close(_own(after), _own(TextTower.hidden_states(tower, IDS, MASK)))
    assert not torch.allclose(_own(before), _own(after))


def test_a_tower_that_is_trained_keeps_its_gradients(tower: TextTower) -> None:
    remember_texts(tower)
    tower.hidden_states(IDS, MASK)
    tower.prompts.requires_grad_(True)
    assert memory_of(tower) is None
    tower.hidden_states(IDS, MASK).sum().backward()
    assert tower.prompts.grad is not None


def test_a_copy_asks_itself(tower: TextTower) -> None:
    remember_texts(tower)
    other = copy.deepcopy(tower)
    with torch.no_grad():
        for parameter in other.bert.parameters():
            parameter.add_(0.3 * torch.randn_like(parameter))
    expected = TextTower.hidden_states(other, IDS, MASK)
    torch.testing.assert_close(other.hidden_states(IDS, MASK), expected)


def test_attention_of_a_remembered_text_is_the_tower_s(tower: TextTower) -> None:
    with record_queries_and_keys(tower) as found:
        tower.hidden_states(IDS, MASK)
    expected = summary_attention(tower, found, IDS, MASK)
    remember_texts(tower)
    tower.hidden_states(IDS[:1], MASK[:1])
    with record_queries_and_keys(tower) as found:
        tower.hidden_states(IDS, MASK)  # computes one of the three rows
    for _ in range(2):
        torch.testing.assert_close(_own(summary_attention(tower, found, IDS, MASK)), _own(expected))


def test_the_texts_asked_least_recently_go_first() -> None:
    memory, computed = TextMemory(capacity=2), []

    def compute(ids: torch.Tensor, mask: torch.Tensor, signs: torch.Tensor) -> torch.Tensor:
        computed.append(ids[:, 1].tolist())
        return ids[..., None].float()

    def ask(*words: int) -> None:
        ids = torch.tensor([[101, word, 102] for word in words])
        answer = memory("words", compute, ids, torch.ones_like(ids), None)
        assert answer[:, 1, 0].tolist() == list(words)

    ask(1)
    ask(2)
    ask(1)
    ask(3)  # 2 goes
    ask(1)
    ask(2)
    assert computed == [[1], [2], [3], [2]]


def test_two_precisions_are_two_answers(tower: TextTower) -> None:
    remember_texts(tower)
    tower.hidden_states(IDS, MASK)
    counted = _count_rows(tower)
    with torch.autocast("cpu", torch.bfloat16):
        tower.hidden_states(IDS, MASK)
    assert counted == [2]
