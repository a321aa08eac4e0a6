"""Linear probe: logistic regression on frozen features."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.statistics import Estimate, auroc, auroc_estimate, bootstrap
from medvlp_training.evaluation.transfer.split import PatientSplit, rows_by_part

PENALTIES = (1e-4, 1e-3, 1e-2, 1e-1, 1.0)
"""Weights of the squared norm that the validation patients choose from."""


@dataclass(frozen=True, eq=False)
class ClassificationScores:
    """Of the test samples.

    Parameters
    ----------
    scores
        ``(n, C)`` log-odds.
    labels
        ``(n, C)``: 1 present, 0 absent, negative unknown.
    patients
        Of each sample.
    """

    scores: NDArray[np.float64]
    labels: NDArray[np.int8]
    patients: tuple[str, ...]

    def estimate(self, finding: int = 0) -> Estimate:
        """AUROC of one finding over the samples where it is known."""
        known = self.labels[:, finding] >= 0
        patients = [p for p, k in zip(self.patients, known, strict=True) if k]
        truth = self.labels[known, finding] == 1
        return auroc_estimate(list(self.scores[known, finding]), list(truth), patients)

    def macro_estimate(self) -> Estimate:
        """Mean AUROC over the findings for which there is one."""

        def mean(rows: NDArray[np.intp]) -> float:
            found = [self._auroc(rows, finding) for finding in range(self.labels.shape[1])]
            return float("nan") if np.isnan(found).all() else float(np.nanmean(found))

        return bootstrap(mean, self.patients)

    def _auroc(self, rows: NDArray[np.intp], finding: int) -> float:
        rows = rows[self.labels[rows, finding] >= 0]
        return auroc(self.scores[rows, finding], self.labels[rows, finding] == 1)


def linear_classification(
    features: Tensor,
    labels: Tensor,
    patients: Sequence[str],
    split: PatientSplit,
    share: float = 1.0,
    seed: int = 0,
) -> ClassificationScores:
    """Logistic regression of each finding, by L-BFGS, with the penalty that validates best.

    Features are standardised by the training samples. Findings share the labelled patients, not the
    weights.

    Parameters
    ----------
    features
        ``(n, H)``, such as :attr:`FrozenFeatures.summary` or the mean over the tokens.
    labels
        ``(n, C)``: 1 present, 0 absent, negative unknown and left out.
    patients
        Of each sample.
    split, share, seed
        See :mod:`~medvlp_training.evaluation.transfer.split`.

    Raises
    ------
    MedVLPError
        If the inputs do not fit together.
    """
    if features.ndim != 2 or labels.ndim != 2:
        raise MedVLPError(
            f"Linear probe: features of shape {tuple(features.shape)} and labels of shape "
            f"{tuple(labels.shape)}; expected (samples, width) and (samples, findings)."
        )
    present = (labels == 1).any(1)
    rows = rows_by_part(
        patients, split, share, seed, present, features=len(features), labels=len(labels)
    )
    x, labels = standardised(features.cpu(), rows.train).double(), labels.cpu()
    scores = [
        _best(x, labels[:, finding], rows.train, rows.validation)[rows.test]
        for finding in range(labels.shape[1])
    ]
    return ClassificationScores(
        torch.stack(scores, 1).numpy(),
        labels[rows.test].to(torch.int8).numpy(),
        tuple(patients[int(i)] for i in rows.test),
    )


def standardised(features: Tensor, rows: Tensor) -> Tensor:
    """Zero mean and unit variance along the last axis, measured on ``rows``, in float32."""
    known = features[rows].float().flatten(0, -2)
    scale = known.std(0, correction=0)
    return (features.float() - known.mean(0)) / torch.where(scale > 1e-6, scale, 1.0)


def _best(x: Tensor, y: Tensor, train: Tensor, validation: Tensor) -> Tensor:
    """Log-odds of all samples by the regression that validates best."""
    train, validation = train[y[train] >= 0], validation[y[validation] >= 0]
    if not len(train):
        return x.new_zeros(len(x))
    best, chosen = float("inf"), x.new_zeros(len(x))
    for penalty in PENALTIES:
        logits = _regression(x, train, y[train].double(), penalty)
        known = y[validation].double()
        loss = float(F.binary_cross_entropy_with_logits(logits[validation], known))
        if not len(validation) or loss < best:  # without validation labels: the strongest penalty
            best, chosen = loss, logits
    return chosen


def _regression(x: Tensor, rows: Tensor, y: Tensor, penalty: float) -> Tensor:
    weight = torch.zeros(x.shape[1] + 1, dtype=x.dtype, requires_grad=True)
    optimiser = torch.optim.LBFGS([weight], max_iter=100, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimiser.zero_grad()
        logits = x[rows] @ weight[1:] + weight[0]
        loss = F.binary_cross_entropy_with_logits(logits, y)
        loss = loss + penalty / 2 * weight[1:].square().sum()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss

    optimiser.step(closure)
    return (x @ weight[1:] + weight[0]).detach()
