from __future__ import annotations

import pytest
import torch
from transformers import BertConfig, BertModel

from medvlp.models.bert import BertEncoder

SIZES = {"vocab_size": 50, "hidden_size": 24, "intermediate_size": 40}


@pytest.fixture(scope="module")
def pair() -> tuple[BertEncoder, BertModel]:
    """Ours and that of transformers with the same weights, none of them small or zero."""
    torch.manual_seed(0)
    ours = BertEncoder(**SIZES, layers=3, heads=4, max_positions=32).eval()
    for parameter in ours.parameters():
        torch.nn.init.normal_(parameter, std=0.4)
    config = BertConfig(
        **SIZES, num_hidden_layers=3, num_attention_heads=4, max_position_embeddings=32
    )
    theirs = BertModel(config, add_pooling_layer=False).eval()
    missing, unexpected = theirs.load_state_dict(ours.state_dict(), strict=False)
    assert not unexpected
    assert all(name.endswith("_ids") for name in missing)
    return ours, theirs


def run(ours: BertEncoder, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    positions = torch.arange(ids.shape[1]).expand(len(ids), -1)
    return ours(ours.embeddings.word_embeddings(ids), mask, positions)


def test_it_says_what_the_encoder_of_transformers_says(pair):
    ours, theirs = pair
    ids = torch.tensor([[2, 7, 9, 11, 3], [2, 31, 3, 0, 0]])
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    expected = theirs(input_ids=ids, attention_mask=mask).last_hidden_state
    own = mask.bool()
    torch.testing.assert_close(run(ours, ids, mask)[own], expected[own], atol=1e-5, rtol=1e-5)


def test_gradients_are_those_of_transformers_too(pair):
    ours, theirs = pair
    ids = torch.tensor([[2, 7, 9, 3]])
    mask = torch.ones_like(ids)
    weight = torch.linspace(-1, 1, 24)
    (run(ours, ids, mask) * weight).sum().backward()
    (theirs(input_ids=ids, attention_mask=mask).last_hidden_state * weight).sum().backward()
    expected = dict(theirs.named_parameters())
    for name, parameter in ours.named_parameters():
        torch.testing.assert_close(parameter.grad, expected[name].grad, atol=1e-4, rtol=1e-4)
        parameter.grad = expected[name].grad = None


def test_words_in_another_order_are_told_apart(pair):
    ours, _ = pair
    mask = torch.ones((1, 3), dtype=torch.int64)
    one = run(ours, torch.tensor([[2, 7, 9]]), mask)[:, 0]
    other = run(ours, torch.tensor([[2, 9, 7]]), mask)[:, 0]
    assert not torch.allclose(one, other, atol=1e-3)


def test_dropout_acts_while_training_only():
    torch.manual_seed(1)
    encoder = BertEncoder(**SIZES, layers=1, heads=2, max_positions=8, dropout=0.5)
    ids, mask = torch.tensor([[2, 7, 9]]), torch.ones((1, 3), dtype=torch.int64)
    assert not torch.allclose(run(encoder, ids, mask), run(encoder, ids, mask))
    encoder.eval()
    torch.testing.assert_close(run(encoder, ids, mask), run(encoder, ids, mask))
