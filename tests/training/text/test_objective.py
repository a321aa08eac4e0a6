import math

import torch
from torch.nn.functional import normalize

from medvlp_training.text.objective import (
    OUTSIDE_MARGIN,
    TEMPERATURE,
    outside_loss,
    prototype_loss,
    relation_loss,
    text_loss,
)


def test_with_identity_similarity_the_prototype_loss_is_plain_cross_entropy():
    torch.manual_seed(0)
    z, p = normalize(torch.randn(5, 8), dim=1), normalize(torch.randn(7, 8), dim=1)
    truth = torch.tensor([0, 3, 6, 3, 1])
    weights = torch.nn.functional.one_hot(truth, 7).float()
    expected = torch.nn.functional.cross_entropy(z @ p.T / TEMPERATURE, truth)
    torch.testing.assert_close(prototype_loss(z, weights, torch.eye(7), p), expected)


def test_texts_of_one_meaning_attract_and_others_repel():
    weights = torch.nn.functional.one_hot(torch.tensor([0, 0, 1, 1]), 2).float()
    apart = torch.eye(4)[[0, 0, 1, 1]]
    mixed = torch.eye(4)[[0, 1, 0, 1]]
    good = text_loss(apart, weights, torch.eye(2))
    bad = text_loss(mixed, weights, torch.eye(2))
    assert good < 0.01
    assert bad > 5.0


def test_a_text_without_partner_gives_no_loss_and_no_nan():
    z = torch.eye(3, requires_grad=True)
    loss = text_loss(z, torch.eye(3), torch.eye(3))
    loss.backward()
    assert loss == 0.0
    assert torch.isfinite(z.grad).all()


def test_two_positives_share_the_target_evenly():
    z = torch.eye(3)[[0, 0, 0]]
    loss = text_loss(z, torch.ones(3, 1), torch.eye(1))
    assert math.isclose(float(loss), math.log(2), rel_tol=1e-5)


def test_outside_texts_cost_only_above_the_margin():
    prototypes = torch.eye(8)
    below = torch.full((1, 8), OUTSIDE_MARGIN * 0.9)
    assert outside_loss(below, prototypes) == 0.0
    assert outside_loss(torch.ones(1, 8), prototypes) > 0.5


def test_relations_are_kept_under_rotation():
    torch.manual_seed(0)
    z = normalize(torch.randn(6, 4), dim=1)
    rotation = torch.linalg.qr(torch.randn(4, 4)).Q
    assert relation_loss(z @ rotation, z) < 1e-10
    assert relation_loss(z, normalize(torch.randn(6, 4), dim=1)) > 0.01
