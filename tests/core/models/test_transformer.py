from __future__ import annotations

import pytest
import torch

from medvlp.models.config import UnifiedConfig
from medvlp.models.transformer import (
    TokenSequence,
    TransformerLayer,
    TransformerStack,
    grid_positions,
    rotary_angles,
    rotate,
    sequence_turns,
)
from medvlp.models.vision import UnifiedVisionEncoder

CPU = torch.device("cpu")


@pytest.fixture
def encoder() -> UnifiedVisionEncoder:
    torch.manual_seed(0)
    config = UnifiedConfig.of_size("tiny", num_hidden_layers=2)
    model = UnifiedVisionEncoder(config).eval().double()
    torch.nn.init.normal_(model.modality)
    torch.nn.init.normal_(model.summary_token)
    return model


def test_rotary_positions_make_attention_depend_on_distance_only():
    turns = sequence_turns(grid_positions((1, 1, 8), CPU), 16)[:, :, 1:]
    query, key = torch.randn(1, 1, 1, 16), torch.randn(1, 1, 1, 16)
    products = [
        float(
            (rotate(query, turns[:, :, i : i + 1]) * rotate(key, turns[:, :, i + 2 : i + 3])).sum()
        )
        for i in range(5)
    ]
    assert max(products) - min(products) < 1e-5


def test_an_image_is_a_volume_of_depth_one_to_the_positions():
    torch.testing.assert_close(grid_positions((3, 4), CPU), grid_positions((1, 3, 4), CPU))


def test_grid_positions_are_in_the_order_of_a_flattened_grid():
    places = grid_positions((2, 3, 4), CPU)
    assert places[1 * 12 + 2 * 4 + 3].tolist() == [1, 2, 3]


def test_a_place_between_two_tokens_turns_by_half_the_angle():
    whole = rotary_angles(torch.tensor([[1, 0, 0]]), 24)
    half = rotary_angles(torch.tensor([[0.5, 0, 0]]), 24)
    torch.testing.assert_close(half, whole / 2)


def test_the_class_token_is_not_turned():
    turns = sequence_turns(grid_positions((2, 2, 2), CPU), 24)
    assert turns.shape == (2, 1, 9, 12)
    x = torch.randn(1, 9, 3, 24)
    turned = (rotate(x, turns) - x).abs().amax(dim=(0, 2, 3)) > 0
    assert turned.tolist() == [False, False] + [True] * 7  # the first token lies at the origin


def test_a_pair_of_features_turns_by_the_angle_of_its_token():
    angle = torch.tensor([[0.3, -1.2], [2.0, 0.7]])
    x = torch.tensor([[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]])
    turned = rotate(x, torch.stack([angle.cos(), angle.sin()])[:, None])
    for token, pair in ((0, 0), (0, 1), (1, 0), (1, 1)):
        a, b, t = x[0, token, pair], x[0, token, pair + 2], angle[token, pair]
        assert float(turned[0, token, pair]) == pytest.approx(float(a * t.cos() - b * t.sin()))
        assert float(turned[0, token, pair + 2]) == pytest.approx(float(a * t.sin() + b * t.cos()))


def test_summary_attention_is_that_of_the_full_matrix_and_leaves_the_layer_as_it_is():
    torch.manual_seed(0)
    layer = TransformerLayer(UnifiedConfig.of_size("tiny")).double()
    x = torch.randn(2, 5, 32, dtype=torch.float64)
    turns = sequence_turns(grid_positions((1, 2, 2), CPU), 16)
    output, found = layer.with_summary_attention(x, turns)
    torch.testing.assert_close(output, layer(x, turns))
    query, key, _ = layer.qkv(layer.attention_norm(x)).reshape(2, 5, 3, 2, 16).unbind(2)
    query, key = (rotate(part, turns).transpose(1, 2) for part in (query, key))
    full = (query @ key.transpose(-1, -2) / 4).exp()[:, :, 0, 1:]
    torch.testing.assert_close(found, (full / full.sum(-1, keepdim=True)).mean(1))


def test_attention_of_the_encoder_is_the_mean_over_layers_and_sums_to_one(encoder):
    sequence = encoder.sequence(torch.randn(2, 3, 16, 16, 8, dtype=torch.float64))
    tokens, summary, attention = encoder.transform_with_attention(sequence)
    plain_tokens, plain_summary = encoder.transform(sequence)
    torch.testing.assert_close(tokens, plain_tokens)
    torch.testing.assert_close(summary, plain_summary)
    torch.testing.assert_close(attention.sum(1), torch.ones(2, dtype=torch.float64))
    of_one = []
    for kept in (0, 1):
        layers = encoder.layers if kept else encoder.layers[:1]
        of_one.append(
            encoder.transform_with_attention(sequence, TransformerStack(layers, encoder.norm))[2]
        )
    second = 2 * of_one[1] - of_one[0]
    assert (second > 0).all()
    torch.testing.assert_close(attention, of_one[1])
    assert not torch.allclose(of_one[0], attention)


def test_the_order_of_tokens_does_not_matter_only_their_places(encoder):
    sequence = encoder.sequence(torch.randn(2, 3, 16, 16, 8, dtype=torch.float64))
    order = torch.stack([torch.randperm(4), torch.randperm(4)])
    tokens, summary = encoder.transform(sequence)
    moved, same_summary = encoder.transform(sequence.only(order))
    torch.testing.assert_close(summary, same_summary)
    torch.testing.assert_close(moved, tokens.gather(1, order[..., None].expand(-1, -1, 32)))


def test_joined_sequences_hold_the_tokens_and_places_of_both():
    first = TokenSequence(torch.zeros(2, 3, 4), torch.zeros(3, 3), 1)
    second = TokenSequence(torch.ones(2, 1, 4), torch.ones(2, 1, 3), 0)
    both = first.followed_by(second)
    assert both.kind == 1
    assert both.tokens[:, :, 0].tolist() == [[0, 0, 0, 1]] * 2
    assert both.positions[:, :, 0].tolist() == [[0, 0, 0, 1]] * 2


def test_another_stack_takes_the_place_of_the_shared_layers(encoder):
    sequence = encoder.sequence(torch.randn(1, 1, 64, 64, dtype=torch.float64))
    none = TransformerStack([], torch.nn.Identity())
    tokens, _ = encoder.transform(sequence, none)
    torch.testing.assert_close(tokens, sequence.tokens)
