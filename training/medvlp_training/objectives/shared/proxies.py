r"""MLIP's proxy tasks: does a text belong to an image, and has a sentence of it been swapped?

MLIP (Li et al., CVPR 2024, arXiv 2402.02045) names both tasks [P]; their form here is [R]. Matching with
hard negatives sampled by similarity is ALBEF's (Li et al., NeurIPS 2021, arXiv 2107.07651) [P: ALBEF].
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medvlp_training.objectives.objective import masked_mean
from medvlp_training.objectives.shared.fusion import FusionBlock
from medvlp_training.objectives.shared.swapping import choose_swaps


class ProxyTasks(nn.Module):
    """Two binary heads on a fusion block. What is drawn is drawn with torch's generator.

    In evaluation mode nothing is drawn: the hardest negative, the first sentence, the next report.

    Parameters
    ----------
    text_width, image_width
        Of the tokens.
    heads
        Of the fusion block's attention.
    """

    def __init__(self, text_width: int, image_width: int, heads: int) -> None:
        super().__init__()
        self.fusion = FusionBlock(text_width, image_width, heads)
        self.matching_head = nn.Linear(text_width, 1)
        self.swapping_head = nn.Linear(text_width, 1)

    def matching(
        self, words: Tensor, used: Tensor, patches: Tensor, logits: Tensor, forbidden: Tensor
    ) -> Tensor:
        """ITM: each pair, its image with a hard text, its text with a hard image; from fused [CLS].

        Parameters
        ----------
        words, patches
            Tokens ``(B, L, text_width)`` and ``(B, N, image_width)``.
        used
            ``(B, L)`` bool: text tokens that exist.
        logits
            ``(B, B)``: similarity of image and text over temperature.
        forbidden
            ``(B, B)`` bool, symmetric: pairs that are no negatives.
        """
        texts = hard_negatives(logits, forbidden, self.training)
        images = hard_negatives(logits.T, forbidden, self.training)
        own = (texts >= 0).nonzero()[:, 0]
        if not len(own):
            return (words.sum() + patches.sum()) * 0
        image, text = torch.cat([own, own, images[own]]), torch.cat([own, texts[own], own])
        fused = self.fusion(words[text], used[text], patches[image])
        labels = torch.tensor([1, 0, 0], device=own.device).repeat_interleave(len(own))
        return binary_loss(self.matching_head(fused[:, 0])[:, 0], labels)

    def swapping(
        self, words: Tensor, ids: Tensor, sentences: Tensor, patches: Tensor, forbidden: Tensor
    ) -> Tensor:
        """Swap: reports as they are, and with a sentence of another report; [CLS] stays unseen.

        Parameters
        ----------
        words, patches, forbidden
            As of :meth:`matching`.
        ids, sentences
            ``(B, L)`` int64: tokens, and the sentence of each, -1 for none.
        """
        draws = torch.rand(len(ids), 3) * float(self.training)
        swaps = choose_swaps(ids, sentences, forbidden, draws)
        if not len(swaps.rows):
            return (words.sum() + patches.sum()) * 0
        tokens, used = swaps.tokens(words, sentences)
        fused = self.fusion(tokens, used, patches[swaps.rows.repeat(2)])
        labels = torch.arange(2, device=ids.device).repeat_interleave(len(swaps.rows))
        return binary_loss(self.swapping_head(masked_mean(fused, used))[:, 0], labels)


@torch.no_grad()
def hard_negatives(logits: Tensor, forbidden: Tensor, sampled: bool) -> Tensor:
    """One negative per row, ``(n,)`` int64; -1 for a row without any.

    Parameters
    ----------
    logits
        ``(n, m)``: similarity over temperature; the likelier a pair, the more often it is drawn.
    forbidden
        ``(n, m)`` bool: pairs that match.
    sampled
        Drawn with torch's generator, or the likeliest of each row.
    """
    finite = logits if logits.dtype == torch.float64 else logits.float()
    chance = finite.masked_fill(forbidden, torch.finfo(finite.dtype).min).softmax(1)
    chosen = torch.full_like(forbidden[:, 0], -1, dtype=torch.int64)
    free = ~forbidden.all(1)
    if bool(free.any()):
        rows = chance[free]
        chosen[free] = torch.multinomial(rows, 1)[:, 0] if sampled else rows.argmax(1)
    return chosen


def binary_loss(logits: Tensor, labels: Tensor) -> Tensor:
    """Mean binary cross-entropy in float32 or better."""
    finite = logits if logits.dtype == torch.float64 else logits.float()
    return F.binary_cross_entropy_with_logits(finite, labels.to(finite.dtype))
