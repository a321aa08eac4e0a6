"""Steps whose loss or gradient is not finite are skipped, and too many of them stop the run."""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn

from medvlp.errors import MedVLPError


class TrainingDivergedError(MedVLPError):
    """Too many steps in a row had a loss or a gradient that is not finite."""


def faults_of(terms: Mapping[str, float], gradient_norm: float | None) -> list[str]:
    """Names of the terms that are not finite, and ``"gradient"`` if its norm is not."""
    faults = [name for name, value in terms.items() if not math.isfinite(value)]
    if gradient_norm is not None and not math.isfinite(gradient_norm):
        faults.append("gradient")
    return faults


class NonFiniteGuard:
    """Counts bad steps in a row.

    Parameters
    ----------
    limit
        Bad steps in a row that stop the run.
    count
        Those before the first call.
    """

    def __init__(self, limit: int, count: int = 0) -> None:
        self.limit, self.count = limit, count

    def good(self) -> None:
        """A step was fine."""
        self.count = 0

    def bad(self, step: int, faults: list[str]) -> None:
        """A step was skipped.

        Raises
        ------
        TrainingDivergedError
            If it is the last one that is tolerated.
        """
        self.count += 1
        if self.count >= self.limit:
            raise TrainingDivergedError(
                f"Training stopped at step {step}: {self.count} steps in a row were not finite "
                f"(last: {', '.join(faults)}). The last checkpoint is from before. Lower "
                "optimisation.learning_rate, lengthen optimisation.warmup_share, or use "
                "optimisation.precision: float32."
            )


class Buffers:
    """A copy of a module's buffers: running statistics must not keep what a bad step put into them."""

    def __init__(self, module: nn.Module) -> None:
        self._module = module
        self._values: dict[str, Tensor] = {n: b.clone() for n, b in module.named_buffers()}

    @torch.no_grad()
    def restore(self) -> None:
        """Put the copy back."""
        for name, buffer in self._module.named_buffers():
            buffer.copy_(self._values[name])
