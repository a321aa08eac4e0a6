"""What an objective is, for the engine that trains it and the evaluation that asks it.

The work is cut in two at the encoders' output. ``encode`` runs the encoders and treats every sample
alone; ``forward`` turns what they gave into losses and may compare samples. Between the two, the
engine joins the outputs of all processes and of all gradient-cached parts, so that every loss is that
of the whole batch, however it was cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import torch
import torch.nn.functional as F
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn

from medvlp.models.network import UnifiedNetwork
from medvlp.models.text import PRESENT
from medvlp_training.objectives.batch import Batch, Vocabulary

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Representations = dict[str, Tensor]
"""Outputs of the encoders by name; the first axis is the sample."""


class ObjectiveSettings(BaseModel):
    """Base of every method's settings: unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Objective(nn.Module):
    """A pre-training method: encoders, the heads it adds, and its losses.

    Parameters
    ----------
    model
        Image encoder and text tower of any size.
    settings
        The method's own.
    vocabulary
        What indices in batches mean.
    """

    Settings: ClassVar[type[ObjectiveSettings]] = ObjectiveSettings

    def __init__(self, model: UnifiedNetwork, settings: Any, vocabulary: Vocabulary) -> None:
        super().__init__()
        self.model = model
        self.settings = settings
        self.vocabulary = vocabulary
        self.image_width = model.config.hidden_size
        self.text_width = model.text.config.hidden_size

    def use_tokenizer(self, tokenizer: Tokenizer) -> None:
        """Called once, before training or evaluation: for texts of the method's own.

        Parameters
        ----------
        tokenizer
            Of the text tower, padding batches.
        """

    def encode(self, batch: Batch) -> Representations:
        """Run the encoders, sample by sample.

        Returns
        -------
        dict
            ``image_tokens (B, N, image_width)``, ``image_summary (B, image_width)``,
            ``text_tokens (B, L, text_width)``; a method may add to these.
        """
        image = self.model.vision.encode_tokens(batch.images)
        text = self.model.text.hidden_states(batch.input_ids, batch.attention_mask)
        return {
            "image_tokens": image.tokens,
            "image_summary": image.summary,
            "text_tokens": text,
        }

    def forward(self, representations: Representations, batch: Batch) -> dict[str, Tensor]:
        """Weighted terms, whose sum is minimised."""
        raise NotImplementedError

    def after_step(self, progress: float) -> None:
        """Called after each optimiser step (teachers follow here).

        Parameters
        ----------
        progress
            Share of the training that is done, 0 to 1.
        """

    # What evaluation asks. Vectors are unit vectors; images and phrases of one pair of methods
    # (global, or local) live in one space.

    def image_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Global vector of each image, ``(B, D)``."""
        raise NotImplementedError

    def phrase_vectors(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: int = PRESENT
    ) -> Tensor:
        """Global vector of each text, ``(T, D)``; a text is a report of one sentence."""
        raise NotImplementedError

    def region_vectors(self, representations: Representations, batch: Batch) -> Tensor:
        """Vector of each image token in the space of :meth:`region_phrase_vectors`, ``(B, N, D)``."""
        raise NotImplementedError

    def region_phrase_vectors(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Vector of each text to be compared with regions, ``(T, D)``."""
        return self.phrase_vectors(input_ids, attention_mask)


def masked_mean(tokens: Tensor, mask: Tensor) -> Tensor:
    """Mean of ``(B, L, H)`` over the tokens where ``mask (B, L)`` is not 0."""
    weight = mask.unsqueeze(-1).to(tokens.dtype)
    return (tokens * weight).sum(1) / weight.sum(1).clamp(min=1)


def unit(vectors: Tensor) -> Tensor:
    """L2-normalised along the last axis, in float32 or better."""
    return F.normalize(vectors if vectors.dtype == torch.float64 else vectors.float(), dim=-1)
