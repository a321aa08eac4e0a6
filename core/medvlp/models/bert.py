"""BERT's encoder (Devlin et al., NAACL 2019), for the text tower.

The same network, names and numbers as ``transformers.BertModel`` without its pooler, and tested against it.
It stands here because importing that class takes longer than importing torch, and everyone who opens a scan
would wait for it (``docs/explanation/speed.md``).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

EPSILON = 1e-12
INITIAL_SPREAD = 0.02


class BertEncoder(nn.Module):
    """Word vectors to the last hidden state, ``(batch, length, hidden_size)`` both.

    Parameters
    ----------
    vocab_size, hidden_size, layers, heads, intermediate_size, max_positions
        As in BERT's configuration.
    dropout
        Of hidden states and of attention, while training.
    """

    def __init__(
        self,
        *,
        vocab_size: int,
        hidden_size: int,
        layers: int,
        heads: int,
        intermediate_size: int,
        max_positions: int,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.embeddings = _Embeddings(vocab_size, hidden_size, max_positions, dropout)
        self.encoder = _Encoder(
            [_Layer(hidden_size, heads, intermediate_size, dropout) for _ in range(layers)]
        )
        self.apply(_initialise)

    def forward(self, words: Tensor, attention_mask: Tensor, positions: Tensor) -> Tensor:
        """Last hidden state.

        Parameters
        ----------
        words
            ``(batch, length, hidden_size)`` of ``embeddings.word_embeddings``, or vectors in their place.
        attention_mask
            ``(batch, length)``: 0 where nothing may look.
        positions
            ``(batch, length)`` int64.
        """
        hidden = self.embeddings(words, positions)
        unseen = attention_mask[:, None, None, :] == 0
        for layer in self.encoder.layer:
            hidden = layer(hidden, unseen)
        found: Tensor = hidden
        return found


def _initialise(module: nn.Module) -> None:
    if isinstance(module, nn.Linear | nn.Embedding):
        nn.init.normal_(module.weight, std=INITIAL_SPREAD)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
    if isinstance(module, nn.Embedding) and module.padding_idx is not None:
        nn.init.zeros_(module.weight[module.padding_idx])


class _Encoder(nn.Module):
    def __init__(self, layers: list[_Layer]) -> None:
        super().__init__()
        self.layer = nn.ModuleList(layers)


class _Embeddings(nn.Module):
    def __init__(self, vocab_size: int, hidden_size: int, max_positions: int, dropout: float):
        super().__init__()
        self.word_embeddings = nn.Embedding(vocab_size, hidden_size, padding_idx=0)
        self.position_embeddings = nn.Embedding(max_positions, hidden_size)
        self.token_type_embeddings = nn.Embedding(2, hidden_size)
        self.LayerNorm = nn.LayerNorm(hidden_size, eps=EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, words: Tensor, positions: Tensor) -> Tensor:
        first_sentence = self.token_type_embeddings.weight[0]
        summed = words + first_sentence + self.position_embeddings(positions)
        found: Tensor = self.dropout(self.LayerNorm(summed))
        return found


class _Layer(nn.Module):
    def __init__(self, hidden_size: int, heads: int, intermediate_size: int, dropout: float):
        super().__init__()
        self.attention = _Attention(hidden_size, heads, dropout)
        self.intermediate = _Widening(hidden_size, intermediate_size)
        self.output = _Residual(intermediate_size, hidden_size, dropout)

    def forward(self, hidden: Tensor, unseen: Tensor) -> Tensor:
        hidden = self.attention(hidden, unseen)
        found: Tensor = self.output(self.intermediate(hidden), hidden)
        return found


class _Attention(nn.Module):
    def __init__(self, hidden_size: int, heads: int, dropout: float):
        super().__init__()
        self.self = _SelfAttention(hidden_size, heads, dropout)
        self.output = _Residual(hidden_size, hidden_size, dropout)

    def forward(self, hidden: Tensor, unseen: Tensor) -> Tensor:
        found: Tensor = self.output(self.self(hidden, unseen), hidden)
        return found


class _Widening(nn.Module):
    def __init__(self, hidden_size: int, intermediate_size: int):
        super().__init__()
        self.dense = nn.Linear(hidden_size, intermediate_size)

    def forward(self, hidden: Tensor) -> Tensor:
        return nn.functional.gelu(self.dense(hidden))


class _SelfAttention(nn.Module):
    def __init__(self, hidden_size: int, heads: int, dropout: float):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(hidden_size, hidden_size)
        self.key = nn.Linear(hidden_size, hidden_size)
        self.value = nn.Linear(hidden_size, hidden_size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, hidden: Tensor, unseen: Tensor) -> Tensor:
        query, key, value = (
            part(hidden).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        # Written out: on CPU the backward pass of the fused attention takes longer than all the rest.
        scores = query @ key.transpose(-1, -2) / query.shape[-1] ** 0.5
        scores = scores.masked_fill(unseen, torch.finfo(scores.dtype).min)
        weights = self.dropout(scores.softmax(-1).to(value.dtype))
        found: Tensor = (weights @ value).transpose(1, 2).flatten(2)
        return found


class _Residual(nn.Module):
    def __init__(self, size: int, hidden_size: int, dropout: float):
        super().__init__()
        self.dense = nn.Linear(size, hidden_size)
        self.LayerNorm = nn.LayerNorm(hidden_size, eps=EPSILON)
        self.dropout = nn.Dropout(dropout)

    def forward(self, inner: Tensor, hidden: Tensor) -> Tensor:
        found: Tensor = self.LayerNorm(self.dropout(self.dense(inner)) + hidden)
        return found
