r"""Axial slices of a CT that stand for it in two dimensions (UniMedI, arXiv 2311.14851).

[P]: with the attention :math:`v` of the teacher's class token to the patches, a slice scores
:math:`s_i = \frac{1}{N} \sum_j v_{ij}` and the best :math:`k` are taken; no gradient passes through it.
[R]: one candidate for each depth of the token grid (8 voxels), the axial slice in its middle, scored by
the 3D tokens of that depth; the slice is read in one window and enlarged four times, so that the X-ray
tokeniser's tokens cover the same squares as the CT's own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from medvlp.models.transformer import TokenSequence
from medvlp.models.vision import TOKEN_STRIDE, UnifiedVisionEncoder

DEPTH = TOKEN_STRIDE[3]
ENLARGED = TOKEN_STRIDE[2] // TOKEN_STRIDE[3]


def slice_scores(attention: Tensor, depths: int) -> Tensor:
    """Mean attention of each depth's tokens, ``(B, depths)``.

    Parameters
    ----------
    attention
        ``(B, N)`` over the CT's tokens in the order of their grid, whose first axis is the depth.
    """
    return attention.unflatten(1, (depths, -1)).mean(dim=2)


def top_depths(scores: Tensor, k: int) -> Tensor:
    """The ``k`` best of ``scores (B, depths)``, ``(B, k)`` from low to high; all if there are fewer."""
    best = scores.detach().topk(min(k, scores.shape[1]), dim=1).indices
    return best.sort(dim=1).values


def uniform_depths(batch: int, depths: int, k: int, device: torch.device) -> Tensor:
    """``k`` depths evenly spread over all, ``(B, k)``; all if there are fewer."""
    k = min(k, depths)
    chosen = ((torch.arange(k, device=device) + 0.5) * depths / k).long()
    return chosen.expand(batch, -1)


def middle_slice(depths: Tensor) -> Tensor:
    """Index of the voxel slice in the middle of each depth of the token grid."""
    return depths * DEPTH + DEPTH // 2


def axial_images(volume: Tensor, slices: Tensor, window: int) -> Tensor:
    """Slices as the X-ray tokeniser reads images, ``(B * k, 1, 4 P, 4 L)``.

    Parameters
    ----------
    volume
        ``(B, windows, S, P, L)``.
    slices
        ``(B, k)`` voxel slices.
    window
        Which channel of the volume.
    """
    channel = volume[:, window]
    rows = torch.arange(len(volume), device=volume.device).unsqueeze(1)
    images = channel[rows, slices].flatten(0, 1).unsqueeze(1)
    return F.interpolate(images, scale_factor=ENLARGED, mode="bilinear", align_corners=False)


def slice_sequence(
    vision: UnifiedVisionEncoder, volume: Tensor, slices: Tensor, window: int
) -> TokenSequence:
    """Tokens of the slices ``(B, k)`` of each volume, one after the other, each at its own place."""
    flat = vision.sequence(axial_images(volume, slices, window))
    batch, count = slices.shape
    # Tokens lie in the middle of their 8 voxels; a slice, at its own height.
    heights = (slices.to(volume.dtype) + 0.5) / DEPTH - 0.5
    positions = flat.positions.to(volume.dtype).expand(batch, count, -1, -1).clone()
    positions[..., 0] = heights.unsqueeze(-1)
    tokens = flat.tokens.unflatten(0, (batch, count)).flatten(1, 2)
    return TokenSequence(tokens, positions.flatten(1, 2), flat.kind)


@dataclass(frozen=True)
class SliceHitRate:
    """How often selected slices show a lesion, with what slices drawn at random would give.

    Parameters
    ----------
    slices, slices_by_chance
        Share of the selected slices that show a lesion.
    scans, scans_by_chance
        Share of the scans of which at least one selected slice does.
    count
        Scans with a lesion; the others count for nothing.
    """

    slices: float
    slices_by_chance: float
    scans: float
    scans_by_chance: float
    count: int


def slice_hit_rate(selected: Tensor, lesions: Tensor, reach: int = 0) -> SliceHitRate:
    """Compare selected slices with lesions. UniMedI never reports this.

    Parameters
    ----------
    selected
        ``(B, k)`` voxel slices, of the candidates :func:`middle_slice` knows.
    lesions
        ``(B, S)`` or ``(B, S, P, L)`` bool on the volume's voxels.
    reach
        A slice counts as a hit if a lesion lies within so many slices of it.

    Returns
    -------
    SliceHitRate
        NaN throughout if no scan has a lesion. Chance is a draw of k candidates without replacement.
    """
    shown = lesions.flatten(2).any(dim=2) if lesions.ndim > 2 else lesions.bool()
    kept = shown.any(dim=1)
    if not bool(kept.any()):
        return SliceHitRate(math.nan, math.nan, math.nan, math.nan, 0)
    near = F.max_pool1d(shown[kept].float().unsqueeze(1), 2 * reach + 1, 1, reach)[:, 0]
    hits = near.gather(1, selected[kept])
    candidates = near[:, middle_slice(torch.arange(near.shape[1] // DEPTH, device=near.device))]
    n, k = candidates.shape[1], selected.shape[1]
    missed = [math.comb(n - int(m), k) / math.comb(n, k) for m in candidates.sum(dim=1)]
    return SliceHitRate(
        slices=float(hits.mean()),
        slices_by_chance=float(candidates.mean()),
        scans=float(hits.amax(dim=1).mean()),
        scans_by_chance=1 - sum(missed) / len(missed),
        count=len(missed),
    )
