from __future__ import annotations

import torch

from medvlp.models.blocks import ChannelNorm, space_to_depth
from medvlp.models.config import UnifiedConfig
from medvlp.models.vision import UnifiedVisionEncoder


def encoder() -> UnifiedVisionEncoder:
    torch.manual_seed(0)
    return UnifiedVisionEncoder(UnifiedConfig.of_size("tiny")).eval()


def test_space_to_depth_keeps_every_voxel_in_its_own_cell():
    x = torch.arange(2 * 4 * 6 * 8, dtype=torch.float32).reshape(1, 2, 4, 6, 8)
    y = space_to_depth(x, 2)
    assert y.shape == (1, 16, 2, 3, 4)
    block = x[0, :, 2:4, 4:6, 6:8].flatten()
    assert set(block.tolist()) == set(y[0, :, 1, 2, 3].tolist())


def test_ct_and_x_ray_pass_through_the_same_transformer():
    model = encoder()
    used: list[int] = []
    model.layers[0].register_forward_hook(lambda *_: used.append(1))
    ct = model(torch.randn(1, 3, 16, 24, 32))
    xr = model(torch.randn(2, 1, 96, 96))
    assert len(used) == 2
    assert ct.features.shape == (1, 8, 12, 16, 8)
    assert xr.features.shape[:3] == (2, 12, 12)
    assert ct.pooled.shape == (1, 16)


def test_embeddings_are_unit_vectors():
    model = encoder()
    output = model(torch.randn(1, 3, 16, 16, 16))
    dense = model.embed(output.features, True)
    torch.testing.assert_close(dense.norm(dim=-1), torch.ones(dense.shape[:-1]))
    torch.testing.assert_close(output.pooled.norm(dim=-1), torch.ones(1))


def test_an_embedding_does_not_depend_on_its_neighbours_in_the_batch():
    model = encoder()
    a, b = torch.randn(1, 1, 96, 96), torch.randn(1, 1, 96, 96)
    alone = model(a).features
    together = model(torch.cat([a, b])).features[:1]
    torch.testing.assert_close(alone, together, atol=1e-5, rtol=1e-4)


def test_a_mirrored_volume_gives_another_answer_than_the_mirrored_answer():
    model = encoder()
    x = torch.randn(1, 3, 16, 16, 16)
    plain = model(x).features
    mirrored = model(x.flip(-1)).features.flip(-2)
    assert (plain - mirrored).abs().max() > 1e-3


def test_channel_norm_acts_on_one_position_at_a_time():
    norm = ChannelNorm(4)
    x = torch.randn(1, 4, 5, 5)
    y = x.clone()
    y[..., 3, 3] += 10
    difference = (norm(x) - norm(y)).abs().sum(dim=1)[0]
    difference[3, 3] = 0
    assert float(difference.max()) == 0
