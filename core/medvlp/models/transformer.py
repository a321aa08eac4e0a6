"""The transformer that X-ray and CT tokens share: rotary positions, layers, and what a summary attends to.

Rotary positions: Su et al., arXiv 2104.09864, along each of three axes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medvlp.models.fused import apply
from medvlp.models.shape import UnifiedShape

if TYPE_CHECKING:
    from medvlp.models.config import UnifiedConfig

ROTARY_BASE = 100.0


def grid_positions(grid: Sequence[int], device: torch.device) -> Tensor:
    """Places ``(tokens, 3)`` of a grid's tokens, in tokens; an image is a volume of depth one."""
    sizes = [1] * (3 - len(grid)) + list(grid)
    axes = torch.meshgrid(*(torch.arange(n, device=device) for n in sizes), indexing="ij")
    return torch.stack([axis.flatten() for axis in axes], dim=1)


def rotary_angles(positions: Tensor, head_size: int) -> Tensor:
    """Axial rotary angles ``(..., head_size // 2)`` of places ``(..., 3)``.

    Each of the three axes turns a third of the pairs; left-over pairs are not turned.
    """
    pairs = head_size // 2
    per_axis = pairs // 3
    frequencies = ROTARY_BASE ** (
        -torch.arange(per_axis, device=positions.device) / max(per_axis, 1)
    )
    angles = (positions.unsqueeze(-1) * frequencies).flatten(-2)
    return F.pad(angles, (0, pairs - 3 * per_axis))


def rotate(x: Tensor, turns: Tensor) -> Tensor:
    """Turn feature pairs of ``(batch, tokens, ..., head_size)`` by each token's own angles.

    Parameters
    ----------
    turns
        Cosines and sines of the angles, ``(2, batch or 1, tokens, head_size // 2)``.
    """
    first, second = x.chunk(2, dim=-1)
    turns = turns.to(x.dtype)
    between = (1,) * (x.ndim - 3)
    cosine, sine = (part.reshape(*part.shape[:2], *between, -1) for part in turns)
    return torch.cat(
        [
            torch.addcmul(first * cosine, second, sine, value=-1),
            torch.addcmul(first * sine, second, cosine),
        ],
        dim=-1,
    )


@dataclass(frozen=True, eq=False)
class TokenSequence:
    """Tokens that are ready for the transformer, and where they lie.

    Parameters
    ----------
    tokens
        ``(batch, tokens, hidden)``.
    positions
        ``(tokens, 3)`` or, where samples differ, ``(batch, tokens, 3)``: in tokens along each axis of
        the volume; not only whole numbers.
    kind
        Whose summary token reads them: 0 of an X-ray, 1 of a CT.
    """

    tokens: Tensor
    positions: Tensor
    kind: int

    def _positions(self) -> Tensor:
        return self.positions.expand(len(self.tokens), -1, -1)

    def followed_by(self, other: TokenSequence) -> TokenSequence:
        """One sequence of both, read by this one's summary token."""
        tokens = torch.cat([self.tokens, other.tokens], dim=1)
        positions = torch.cat([self._positions(), other._positions()], dim=1)
        return TokenSequence(tokens, positions, self.kind)

    def only(self, chosen: Tensor) -> TokenSequence:
        """The tokens that ``chosen (batch, n)`` numbers, sample by sample; the others are gone."""
        places = chosen.unsqueeze(-1)
        tokens = self.tokens.gather(1, places.expand(-1, -1, self.tokens.shape[2]))
        positions = self._positions().gather(1, places.expand(-1, -1, 3))
        return TokenSequence(tokens, positions, self.kind)


class TransformerLayer(nn.Module):
    """Pre-norm attention with rotary positions, and an MLP."""

    def __init__(self, config: UnifiedShape | UnifiedConfig) -> None:
        super().__init__()
        size, inner = config.hidden_size, int(config.hidden_size * config.mlp_ratio)
        self.heads = config.num_attention_heads
        self.attention_norm = nn.LayerNorm(size)
        self.qkv = nn.Linear(size, 3 * size)
        self.out = nn.Linear(size, size)
        self.mlp_norm = nn.LayerNorm(size)
        self.mlp = nn.Sequential(nn.Linear(size, inner), nn.GELU(), nn.Linear(inner, size))

    def forward(self, x: Tensor, turns: Tensor) -> Tensor:
        """``(batch, tokens, hidden)`` to the same; ``turns`` are those of :func:`sequence_turns`."""
        return self._attend(x, *self._heads(x, turns))

    def with_summary_attention(self, x: Tensor, turns: Tensor) -> tuple[Tensor, Tensor]:
        """As the layer itself, and how the first token attends to the others.

        Returns
        -------
        tuple
            ``(batch, tokens, hidden)``, and ``(batch, tokens - 1)``: a softmax over all tokens but the
            first, averaged over the heads. One row of scores per head, never tokens x tokens.
        """
        query, key, value = self._heads(x, turns)
        scores = query[:, :, :1] @ key[:, :, 1:].transpose(-1, -2) / query.shape[-1] ** 0.5
        return self._attend(x, query, key, value), scores[:, :, 0].softmax(dim=-1).mean(dim=1)

    def _heads(self, x: Tensor, turns: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Queries, keys and values, each ``(batch, heads, tokens, head_size)``."""
        batch, tokens, _ = x.shape
        qkv = apply(self.qkv, self.attention_norm(x)).reshape(batch, tokens, 3, self.heads, -1)
        query, key = rotate(qkv[:, :, :2], turns).transpose(1, 3).unbind(2)
        return query, key, qkv[:, :, 2].transpose(1, 2)

    def _attend(self, x: Tensor, query: Tensor, key: Tensor, value: Tensor) -> Tensor:
        attended = F.scaled_dot_product_attention(query, key, value)
        x = x + apply(self.out, attended.transpose(1, 2).reshape(x.shape))
        widen, _, narrow = self.mlp
        return x + apply(narrow, apply(widen, self.mlp_norm(x), gelu=True))


class TransformerStack(nn.Module):
    """Layers and the normalisation after them: another encoder for the same tokens."""

    def __init__(self, layers: Iterable[nn.Module], norm: nn.Module) -> None:
        super().__init__()
        self.layers = nn.ModuleList(layers)
        self.norm = norm


def sequence_turns(positions: Tensor, head_size: int) -> Tensor:
    """Rotary turns of a class token and the tokens behind it: cosines and sines, as `rotate` takes them."""
    # The class token has no place: it is not turned.
    angles = F.pad(rotary_angles(positions, head_size), (0, 0, 1, 0))
    angles = angles if angles.ndim == 3 else angles.unsqueeze(0)
    return torch.stack([angles.cos(), angles.sin()])
