r"""Soft targets of a contrastive loss: which pairs of a batch are no negatives, and how much.

For a similarity :math:`S_{ij} \in [0, 1]` with :math:`S_{ii} = 1`, the largest of the sources that are
switched on, the targets are one of

.. math::
    T_{ij} = \frac{S_{ij}}{\sum_j S_{ij}} \quad\text{(UniCL, arXiv 2204.03610)}
    \qquad
    T_{ij} = \mathrm{softmax}_j(S_{ij} / \tau_y) \quad\text{(MedCLIP, arXiv 2210.10163 [U])}

Sources:

* the diagonal, always, so that :math:`T_{ii} > 0`;
* same text, and normal with normal: fVLM [P];
* same patient;
* label cosine :math:`\langle y_i, y_j \rangle / (|y_i| |y_j|)`: UMCL (arXiv 2307.05920) [R];
* cosine of a slowly moving text encoder's vectors, among rows that are not normal: RADAR [P]; the
  threshold below which it counts as 0 is ours.

:math:`S` is symmetric, so the targets of both directions are the same.

Labels: an unmentioned finding counts as absent. A row is normal, and carries a bit of its own, where
some finding is known to be absent and none is present or uncertain. A row of which nothing is known,
or that is only uncertain where uncertain counts as nothing, is like itself alone. So 0/0 cannot occur.
"""

from __future__ import annotations

from typing import Literal

import torch
import torch.nn.functional as F
from pydantic import BaseModel, ConfigDict, Field
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp_training.samples.sample import ABSENT, PRESENT, UNCERTAIN

UNCERTAIN_WEIGHT = {"absent": 0.0, "half": 0.5, "present": 1.0}


class SoftTargetSettings(BaseModel):
    """What counts as alike.

    Parameters
    ----------
    labels, same_text, normal_normal
        Sources to switch on.
    text_similarity
        Cosine of two texts from which on they count as alike by it; None switches it off.
    same_patient
        Whether two samples of one patient are left out, positive (1), or judged as any other pair.
    uncertain
        Value of an uncertain label in the label cosine: 0, 0.5 or 1.
    normalise
        ``"rows"`` divides by the row's sum; ``"softmax"`` with ``label_temperature``.
    label_temperature
        :math:`\\tau_y` of the softmax.
    found
        Pairs that are alike share the target, or are left out of the softmax (at 0.5 and above).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    labels: bool = False
    same_text: bool = False
    normal_normal: bool = False
    text_similarity: float | None = Field(None, ge=0, le=1)
    same_patient: Literal["excluded", "positive", "any"] = "excluded"
    uncertain: Literal["absent", "half", "present"] = "absent"
    normalise: Literal["rows", "softmax"] = "rows"
    label_temperature: float = Field(0.1, gt=0)
    found: Literal["shared", "excluded"] = "shared"


def normal_rows(labels: Tensor) -> Tensor:
    """``(B,)`` bool: some finding is known to be absent, none is present or uncertain."""
    abnormal = (labels == PRESENT) | (labels == UNCERTAIN)
    return (labels == ABSENT).any(1) & ~abnormal.any(1)


def label_vectors(labels: Tensor, uncertain: float = 0.0) -> Tensor:
    """Multi-hot ``(B, C + 1)`` float32 of ``labels (B, C)``; the last entry says "no finding"."""
    findings = (labels == PRESENT).float() + uncertain * (labels == UNCERTAIN).float()
    return torch.cat([findings, normal_rows(labels)[:, None].float()], dim=1)


def label_cosine(labels: Tensor, uncertain: float = 0.0) -> Tensor:
    """Cosine ``(B, B)`` of the rows' label vectors; 0 for rows without any."""
    directions = F.normalize(label_vectors(labels, uncertain), dim=1)
    return (directions @ directions.T).clamp(max=1)


def same_text(input_ids: Tensor, has_report: Tensor) -> Tensor:
    """``(B, B)`` bool: both have a report and the reports are the same, token by token."""
    number = torch.unique(input_ids, dim=0, return_inverse=True)[1]
    return (number[:, None] == number) & has_report[:, None] & has_report


def text_similarity(vectors: Tensor, normal: Tensor, threshold: float) -> Tensor:
    """Cosine ``(B, B)`` of ``vectors (B, D)`` from ``threshold`` on, among rows not ``normal``."""
    directions = F.normalize(vectors.detach().float(), dim=1)
    cosine = (directions @ directions.T).clamp(0, 1)
    counted = (cosine >= threshold) & ~normal[:, None] & ~normal
    return cosine * counted


def soft_targets(
    settings: SoftTargetSettings,
    same_patient: Tensor,
    labels: Tensor | None = None,
    same_text: Tensor | None = None,
    normal: Tensor | None = None,
    text_vectors: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Targets of rows that are compared with each other, be they patients or organs.

    Parameters
    ----------
    settings
        What counts as alike.
    same_patient
        ``(n, n)`` bool, False on the diagonal.
    labels
        ``(n, C)`` of 1, 0, -1 (uncertain) and others (unknown).
    same_text
        ``(n, n)`` bool.
    normal
        ``(n,)`` bool; from the labels if omitted.
    text_vectors
        ``(n, D)`` of the slowly moving text encoder.

    Returns
    -------
    targets, excluded
        ``(n, n)`` float32, rows sum to 1; ``(n, n)`` bool, left out of every softmax.

    Raises
    ------
    MedVLPError
        If a source is switched on that the objective does not have.
    """
    if normal is None and labels is not None:
        normal = normal_rows(labels)
    eye = torch.eye(len(same_patient), device=same_patient.device)
    found = [eye]
    if settings.labels:
        found.append(label_cosine(_given(labels, "labels"), UNCERTAIN_WEIGHT[settings.uncertain]))
    if settings.same_text:
        found.append(_given(same_text, "same_text").float())
    if settings.normal_normal:
        plain = _given(normal, "normal_normal").float()
        found.append(plain[:, None] * plain)
    if settings.text_similarity is not None:
        vectors, usual = _given(text_vectors, "text_similarity"), _given(normal, "text_similarity")
        found.append(text_similarity(vectors, usual, settings.text_similarity))
    if settings.same_patient == "positive":
        found.append(same_patient.float())
    similarity = torch.stack(found).amax(0)
    excluded = same_patient & (settings.same_patient == "excluded")
    if settings.found == "excluded":
        excluded = excluded | ((similarity >= 0.5) & (eye == 0))
        similarity = eye
    return _normalise(similarity, excluded, settings), excluded


def _normalise(similarity: Tensor, excluded: Tensor, settings: SoftTargetSettings) -> Tensor:
    if settings.normalise == "softmax":
        logits = similarity / settings.label_temperature
        return logits.masked_fill(excluded, -torch.inf).softmax(1)
    kept = similarity.masked_fill(excluded, 0)
    return kept / kept.sum(1, keepdim=True)


def _given(value: Tensor | None, source: str) -> Tensor:
    if value is None:
        raise MedVLPError(
            f"Soft targets: {source} is switched on, but this objective has nothing to judge it by. "
            f"Switch targets.{source} off."
        )
    return value
