from __future__ import annotations

import numpy as np
import pytest
import torch
from torchmetrics.functional.retrieval import retrieval_hit_rate

from medvlp_training.evaluation.metrics.retrieval import own_rank, recall_at, recall_by_chance


def test_recall_agrees_with_torchmetrics():
    similarity = np.random.default_rng(0).random((20, 20))
    names = list(range(20))
    ranks = own_rank(similarity, names, names)
    for k in (1, 5, 10):
        expected = [
            float(retrieval_hit_rate(torch.from_numpy(row), torch.arange(20) == number, top_k=k))
            for number, row in enumerate(similarity)
        ]
        assert recall_at(ranks, k).tolist() == [bool(v) for v in expected]


def test_any_report_with_the_same_text_is_right():
    similarity = np.array([[0.1, 0.9, 0.3], [0.2, 0.3, 0.9], [0.9, 0.1, 0.2]])
    ranks = own_rank(similarity, ["a", "a", "b"], ["a", "a", "b"])
    assert ranks.tolist() == [0, 1, 1]


def test_a_constant_similarity_is_never_right_first():
    ranks = own_rank(np.zeros((4, 4)), range(4), range(4))
    assert not recall_at(ranks, 1).any()
    assert ranks.tolist() == [2, 2, 2, 2]


def test_a_query_without_an_item_is_refused():
    with pytest.raises(ValueError, match="belongs"):
        own_rank(np.zeros((1, 1)), ["a"], ["b"])


def test_chance_counts_every_item_that_belongs():
    # "a" is 2 of 4 items: both of two draws miss it in 1 of 6 cases.
    assert recall_by_chance(["a", "b"], ["a", "a", "b", "c"], 2).tolist() == pytest.approx(
        [5 / 6, 1 / 2]
    )
    assert recall_by_chance(["a"], ["a", "b"], 10).tolist() == [1.0]
