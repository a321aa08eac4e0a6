"""One encoder for X-rays, and for CT together with some of its slices, as UniMedI has it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from torch import Tensor, nn

from medvlp.models.transformer import TokenSequence, TransformerStack
from medvlp.models.vision import UnifiedVisionEncoder
from medvlp_training.objectives.shared.slice_selection import slice_sequence


@dataclass(frozen=True, eq=False)
class JointEncoder:
    """Tokenisers and transformer of a student or of a teacher.

    Parameters
    ----------
    vision
        Both tokenisers and the shared layers.
    flat_transformer
        Layers for X-rays alone; None where the shared ones serve both.
    """

    vision: UnifiedVisionEncoder
    flat_transformer: TransformerStack | None = None

    @classmethod
    def of(cls, modules: Mapping[str, nn.Module]) -> JointEncoder:
        """From modules by the names of the parameters; others are ignored."""
        own = modules.get("flat_transformer")
        return cls(
            cast(UnifiedVisionEncoder, modules["vision"]), cast("TransformerStack | None", own)
        )

    def sequence(
        self, images: Tensor, slices: Tensor | None = None, window: int = 0
    ) -> TokenSequence:
        """Tokens of the images and, after them, of the slices ``(B, k)`` of each volume."""
        own = self.vision.sequence(images)
        if slices is None:
            return own
        return own.followed_by(slice_sequence(self.vision, images, slices, window))

    def transform(self, sequence: TokenSequence) -> tuple[Tensor, Tensor]:
        """As :meth:`UnifiedVisionEncoder.transform`, through the layers of the sequence's kind."""
        return self.vision.transform(sequence, self._stack(sequence))

    def transform_with_attention(self, sequence: TokenSequence) -> tuple[Tensor, Tensor, Tensor]:
        """As :meth:`UnifiedVisionEncoder.transform_with_attention`, through the same layers."""
        return self.vision.transform_with_attention(sequence, self._stack(sequence))

    def _stack(self, sequence: TokenSequence) -> TransformerStack | None:
        return self.flat_transformer if sequence.kind == 0 else None
