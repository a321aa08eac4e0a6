"""The small protocol that makes a model usable by everything above it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from medvlp.models.encoding import Encoding
from medvlp.progress import Progress
from medvlp.scan import Scan

if TYPE_CHECKING:
    from medvlp.grounding.calibration import Calibration


@runtime_checkable
class GroundingModel(Protocol):
    """Encodes a scan once, embeds texts, and says how its similarities become probabilities.

    ``logit = logit_scale * <cell, text> + logit_bias`` is the model's own similarity in logits;
    :class:`~medvlp.grounding.calibration.Calibration` maps scan-level scores to probabilities.
    """

    @property
    def name(self) -> str:
        """Short name, such as ``"small"``."""

    @property
    def sha256(self) -> str:
        """Hash of the weights."""

    @property
    def model_id(self) -> str:
        """``name@16 digits`` of a hash of all that an encoding depends on: weights, transform."""

    @property
    def device(self) -> str:
        """Where it runs, such as ``"cpu (bf16)"``: what the status bar shows."""

    @property
    def modalities(self) -> tuple[str, ...]:
        """Subset of ``("CT", "XR")``."""

    @property
    def logit_scale(self) -> float:
        """Factor of the dense similarity."""

    @property
    def logit_bias(self) -> float:
        """Offset of the dense similarity."""

    @property
    def calibration(self) -> Calibration:
        """Scores to probabilities, thresholds of abstention."""

    def encode(
        self, scan: Scan, *, progress: Progress | None = None, cache: bool = True
    ) -> Encoding:
        """Embed a scan; through the on-disk cache unless ``cache=False``."""

    def embed_text(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """``(n, D)`` unit vectors."""
