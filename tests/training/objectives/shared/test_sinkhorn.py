from __future__ import annotations

import torch

from medvlp_training.objectives.shared.sinkhorn import sinkhorn


def cosines(samples: int, prototypes: int) -> torch.Tensor:
    torch.manual_seed(0)
    vectors = torch.nn.functional.normalize(torch.randn(samples, 64), dim=1)
    return vectors @ torch.nn.functional.normalize(torch.randn(prototypes, 64), dim=1).T


def test_rows_sum_to_one_and_columns_to_about_their_share():
    codes = sinkhorn(cosines(96, 6))
    torch.testing.assert_close(codes.sum(1), torch.ones(96))
    torch.testing.assert_close(codes.sum(0), torch.full((6,), 16.0), rtol=0.1, atol=0)
    even = sinkhorn(cosines(96, 6), iterations=300)
    torch.testing.assert_close(even.sum(0), torch.full((6,), 16.0), rtol=1e-3, atol=0)


def test_more_iterations_spread_more_evenly():
    shares = [sinkhorn(cosines(64, 8), iterations=n).sum(0).std() for n in (1, 3, 10)]
    assert shares[0] > shares[1] > shares[2]


def test_two_by_two_by_hand():
    # exp(s) = [[4, 1], [1, 1]]; columns 5, 2; then rows.
    scores = torch.tensor([[4.0, 1.0], [1.0, 1.0]]).log()
    first = torch.tensor([4 / 5, 1 / 2])
    second = torch.tensor([1 / 5, 1 / 2])
    expected = torch.stack([first / first.sum(), second / second.sum()])
    torch.testing.assert_close(sinkhorn(scores, epsilon=1.0, iterations=1), expected)


def test_a_constant_added_to_the_scores_of_a_prototype_is_evened_out():
    scores = cosines(32, 4)
    shifted = scores + torch.tensor([3.0, 0.0, 0.0, -2.0])
    torch.testing.assert_close(sinkhorn(scores), sinkhorn(shifted), rtol=1e-4, atol=1e-5)


def test_samples_in_another_order_get_the_same_codes():
    scores, order = cosines(20, 4), torch.randperm(20)
    torch.testing.assert_close(sinkhorn(scores[order]), sinkhorn(scores)[order])


def test_huge_scores_stay_finite_in_half_and_single_precision():
    scores = torch.tensor([[3e4, -3e4, 0.0], [3e4, 1e4, 0.0]])
    for dtype in (torch.float16, torch.float32):
        codes = sinkhorn(scores.to(dtype))
        assert codes.dtype == torch.float32
        torch.testing.assert_close(codes.sum(1), torch.ones(2))


def test_codes_carry_no_gradient():
    assert not sinkhorn(cosines(4, 3).requires_grad_()).requires_grad
