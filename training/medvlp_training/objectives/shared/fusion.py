"""Reading a text with its image: one transformer block with cross-attention."""

from __future__ import annotations

from typing import cast

from torch import Tensor, nn


class FusionBlock(nn.Module):
    """Text tokens that have looked at the text and at the image's tokens.

    Parameters
    ----------
    text_width, image_width
        Of the tokens.
    heads
        Of both attentions.
    """

    def __init__(self, text_width: int, image_width: int, heads: int) -> None:
        super().__init__()
        self.image_projection = nn.Linear(image_width, text_width)
        self.block = nn.TransformerDecoderLayer(
            text_width, heads, 4 * text_width, 0.0, "gelu", batch_first=True, norm_first=True
        )
        self.norm = nn.LayerNorm(text_width)

    def forward(self, text_tokens: Tensor, used: Tensor, image_tokens: Tensor) -> Tensor:
        """``(P, L, text_width)`` of texts ``(P, L, text_width)`` with images ``(P, N, image_width)``.

        ``used (P, L)`` bool says which text tokens exist; at least one of each row.
        """
        fused = self.block(
            text_tokens, self.image_projection(image_tokens), tgt_key_padding_mask=~used
        )
        return cast(Tensor, self.norm(fused))
