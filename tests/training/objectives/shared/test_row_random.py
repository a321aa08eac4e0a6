from __future__ import annotations

import torch

from medvlp_training.objectives.shared.row_random import row_uniform


def test_a_row_draws_the_same_wherever_it_stands():
    rows = torch.randn(4, 3, 50, 60)
    drawn = row_uniform(rows, 6, salt=3)
    torch.testing.assert_close(row_uniform(rows[2:3], 6, salt=3), drawn[2:3], rtol=0, atol=0)
    assert torch.equal(row_uniform(rows.flip(0), 6, salt=3), drawn.flip(0))


def test_other_rows_and_other_salts_draw_otherwise():
    rows = torch.randn(2, 9)
    drawn = row_uniform(rows, 6, salt=3)
    assert not torch.equal(drawn[0], drawn[1])
    assert not torch.equal(row_uniform(rows, 6, salt=4), drawn)


def test_numbers_are_uniform_and_leave_torchs_own_generator_alone():
    state = torch.get_rng_state()
    drawn = row_uniform(torch.arange(50.0).unsqueeze(1), 400, salt=0)
    assert torch.equal(torch.get_rng_state(), state)
    assert float(drawn.min()) >= 0
    assert float(drawn.max()) < 1
    counts = torch.histc(drawn, bins=10, min=0, max=1)
    assert float((counts / 2000 - 1).abs().max()) < 0.1
