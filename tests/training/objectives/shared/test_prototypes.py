from __future__ import annotations

import math

import pytest
import torch
from torch.autograd import gradcheck

from medvlp_training.objectives.objective import unit
from medvlp_training.objectives.shared import prototypes
from medvlp_training.objectives.shared.prototypes import (
    KnowledgeCategories,
    category_loss,
    report_knowledge,
    swapped_prediction,
)


def test_views_that_agree_lose_less_than_views_that_do_not():
    scores = torch.eye(4).repeat(3, 1)
    agreeing = swapped_prediction(scores, scores, 0.2)
    assert agreeing < swapped_prediction(scores, scores.roll(1, 1), 0.2)
    # Codes are nearly hard: the loss is that of the right prototype.
    expected = -math.log(math.exp(5) / (math.exp(5) + 3))
    torch.testing.assert_close(agreeing, torch.tensor(expected), atol=1e-4, rtol=0)


def test_images_and_texts_may_change_places():
    images, texts = torch.rand(6, 3), torch.rand(6, 3)
    torch.testing.assert_close(
        swapped_prediction(images, texts, 0.2), swapped_prediction(texts, images, 0.2)
    )


def test_one_sample_has_nothing_to_spread():
    scores = torch.rand(1, 3, requires_grad=True)
    loss = swapped_prediction(scores, scores, 0.2)
    assert float(loss.detach()) == 0
    loss.backward()


def test_gradients_agree_with_finite_differences_where_codes_are_held(monkeypatch):
    codes = torch.rand(4, 3, dtype=torch.float64).softmax(1)
    monkeypatch.setattr(prototypes, "sinkhorn", lambda *_: codes)
    images = torch.rand(4, 3, dtype=torch.float64, requires_grad=True)
    texts = torch.rand(4, 3, dtype=torch.float64, requires_grad=True)
    assert gradcheck(lambda a, b: swapped_prediction(a, b, 0.2), (images, texts))
    categories = torch.tensor([0, -1, 2, 1])
    assert gradcheck(lambda a: category_loss(a, categories, 0.2), (images,))


def test_reports_without_category_count_for_nothing():
    scores = torch.rand(3, 4)
    some = category_loss(scores, torch.tensor([2, -1, 0]), 0.2)
    torch.testing.assert_close(some, category_loss(scores[[0, 2]], torch.tensor([2, 0]), 0.2))
    assert float(category_loss(scores, torch.full((3,), -1), 0.2)) == 0


def test_knowledge_of_a_report_is_the_mean_over_its_distinct_concepts():
    table = torch.tensor([[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0, 0]])
    concepts = torch.tensor([[0, 0, 0, 1, -1], [-1, -1, -1, -1, -1], [2, -1, 2, -1, -1]])
    half = 0.5**0.5
    expected = torch.tensor([[half, half, 0], [0, 0, 0], [0, 0, 1.0]])
    torch.testing.assert_close(report_knowledge(concepts, table), expected)


def clouds(seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    which = torch.randint(3, (60,), generator=generator)
    which[:3] = torch.arange(3)
    return unit(torch.eye(3, 5)[which] + 0.1 * torch.randn(60, 5, generator=generator)), which


def test_categories_find_clouds_of_vectors():
    categories = KnowledgeCategories(3, 5)
    vectors, which = clouds()
    for part in vectors.split(20):
        categories.learn(part)
    found = categories(vectors)
    assert all(found[which == n].unique().numel() == 1 for n in range(3))
    means = torch.stack([vectors[which == n].mean(0) for n in range(3)])
    torch.testing.assert_close(categories.centroids[found[:3]], means, atol=0.02, rtol=0)
    assert categories.sizes.sum() == 60


def test_a_category_is_the_mean_of_what_it_got():
    categories = KnowledgeCategories(1, 2)
    for part in (torch.tensor([[1.0, 0.0], [0.0, 1.0]]), torch.tensor([[1.0, 0.0]])):
        categories.learn(part)
    torch.testing.assert_close(categories.centroids, torch.tensor([[2 / 3, 1 / 3]]))


def test_equal_vectors_are_one_category_and_zero_is_none():
    categories = KnowledgeCategories(4, 2)
    same = torch.tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    assert categories(same).tolist() == [-1, -1, -1]
    categories.learn(same)
    assert int(categories.filled) == 1
    assert categories(same).tolist() == [0, 0, -1]


@pytest.mark.parametrize("empty", [torch.zeros(0, 5), torch.zeros(2, 5)])
def test_nothing_is_learned_from_nothing(empty):
    categories = KnowledgeCategories(3, 5)
    categories.learn(empty)
    assert int(categories.filled) == 0
    assert not categories.sizes.any()


def test_categories_go_on_where_a_saved_state_stopped():
    vectors, _ = clouds()
    whole, first = KnowledgeCategories(3, 5), KnowledgeCategories(3, 5)
    whole.learn(vectors[:30])
    first.learn(vectors[:30])
    resumed = KnowledgeCategories(3, 5)
    resumed.load_state_dict(first.state_dict())
    whole.learn(vectors[30:])
    resumed.learn(vectors[30:])
    assert torch.equal(whole.centroids, resumed.centroids)
