"""Numbers of the unified model that do not need its weights."""

from __future__ import annotations

import torch

from medvlp.models.network import window_ct


def test_each_window_becomes_a_channel_and_clips_at_its_ends():
    hu = torch.tensor([-1200.0, -1000.0, -500.0, 40.0, 240.0, 3000.0]).reshape(1, 1, 2, 3)
    images = window_ct(hu, [(-1000, 1000), (-160, 240)])
    assert images.shape == (1, 2, 1, 2, 3)
    wide, soft = images[0].flatten(1)
    torch.testing.assert_close(wide, torch.tensor([-1.0, -1.0, -0.5, 0.04, 0.24, 1.0]))
    torch.testing.assert_close(soft, torch.tensor([-1.0, -1.0, -1.0, 0.0, 1.0, 1.0]))
    assert float(hu[0, 0, 0, 0]) == -1200  # the input stays as it is
