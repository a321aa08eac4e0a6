from __future__ import annotations

import math

import pytest
import torch
from torch.autograd import gradcheck

from medvlp_training.objectives.shared.fusion import FusionBlock
from medvlp_training.objectives.shared.proxies import ProxyTasks, binary_loss, hard_negatives

SELF = torch.eye(3, dtype=torch.bool)


def test_the_likeliest_allowed_pair_is_the_hard_negative():
    logits = torch.tensor([[9.0, 2.0, 1.0], [5.0, 9.0, 4.0], [0.0, 3.0, 9.0]])
    assert hard_negatives(logits, SELF, sampled=False).tolist() == [1, 0, 1]
    forbidden = SELF.clone()
    forbidden[0, 1] = True
    assert hard_negatives(logits, forbidden, sampled=False).tolist() == [2, 0, 1]
    forbidden[0] = True
    assert hard_negatives(logits, forbidden, sampled=True)[0] == -1


def test_negatives_are_drawn_in_proportion_to_their_softmax():
    torch.manual_seed(0)
    logits = torch.tensor([[50.0, math.log(3.0), 0.0]]).expand(4000, 3)
    drawn = hard_negatives(logits, SELF[:1].expand(4000, 3), sampled=True)
    assert not (drawn == 0).any()
    assert abs(float((drawn == 1).float().mean()) - 0.75) < 0.03


def test_the_same_seed_draws_the_same():
    logits = torch.zeros(3, 3)
    torch.manual_seed(1)
    first = hard_negatives(logits, SELF, sampled=True)
    torch.manual_seed(1)
    assert torch.equal(first, hard_negatives(logits, SELF, sampled=True))


def test_padding_and_order_of_patches_are_not_seen():
    torch.manual_seed(0)
    block, words, patches = FusionBlock(8, 6, 2), torch.randn(2, 4, 8), torch.randn(2, 5, 6)
    used = torch.tensor([[True, True, False, False], [True] * 4])
    changed = words.clone()
    changed[0, 2:] = 9
    fused = block(words, used, patches)
    torch.testing.assert_close(fused[0, :2], block(changed, used, patches)[0, :2])
    torch.testing.assert_close(fused, block(words, used, patches.flip(1)))
    assert not torch.allclose(fused, block(words, used, patches + 1))


def test_binary_loss_by_hand_and_by_finite_differences():
    loss = binary_loss(torch.tensor([0.0, math.log(3.0)]), torch.tensor([1, 0]))
    torch.testing.assert_close(loss, torch.tensor((math.log(2) + math.log(4)) / 2))
    logits = torch.randn(4, dtype=torch.float64, requires_grad=True)
    assert gradcheck(lambda x: binary_loss(x, torch.tensor([1, 0, 0, 1])), (logits,))


def pairs(count: int = 3) -> dict[str, torch.Tensor]:
    torch.manual_seed(0)
    return {
        "words": torch.randn(count, 4, 8, requires_grad=True),
        "patches": torch.randn(count, 5, 6, requires_grad=True),
        "forbidden": torch.eye(count, dtype=torch.bool),
    }


def test_matching_compares_each_pair_with_two_wrong_ones(monkeypatch):
    tasks, given = ProxyTasks(8, 6, 2).eval(), pairs()
    asked = []
    monkeypatch.setattr(tasks.fusion, "forward", lambda w, u, p: asked.append((w, p)) or w)
    logits = torch.tensor([[9.0, 2.0, 1.0], [5.0, 9.0, 4.0], [0.0, 3.0, 9.0]])
    tasks.matching(used=torch.ones(3, 4, dtype=torch.bool), logits=logits, **given)
    words, patches = asked[0]
    assert torch.equal(words, given["words"][[0, 1, 2, 1, 0, 1, 0, 1, 2]])
    assert torch.equal(patches, given["patches"][[0, 1, 2, 0, 1, 2, 1, 2, 1]])


@pytest.mark.parametrize("task", ["matching", "swapping"])
def test_without_any_allowed_pair_there_is_nothing_to_learn(task):
    tasks, given = ProxyTasks(8, 6, 2), pairs()
    given["forbidden"] = torch.ones(3, 3, dtype=torch.bool)
    more = {
        "matching": {"used": torch.ones(3, 4, dtype=torch.bool), "logits": torch.zeros(3, 3)},
        "swapping": {"ids": torch.arange(12).view(3, 4), "sentences": torch.zeros(3, 4).long()},
    }
    loss = getattr(tasks, task)(**given, **more[task])
    assert float(loss.detach()) == 0
    loss.backward()
    assert not given["words"].grad.any()


def test_both_tasks_reach_words_and_patches():
    tasks, given = ProxyTasks(8, 6, 2), pairs()
    ids, sentences = torch.arange(12).view(3, 4), torch.tensor([[0, 0, 1, 1]] * 3)
    used = torch.ones(3, 4, dtype=torch.bool)
    for loss in (
        tasks.matching(used=used, logits=torch.zeros(3, 3), **given),
        tasks.swapping(ids=ids, sentences=sentences, **given),
    ):
        given["words"].grad = given["patches"].grad = None
        loss.backward()
        assert given["words"].grad.abs().sum() > 0
        assert given["patches"].grad.abs().sum() > 0
