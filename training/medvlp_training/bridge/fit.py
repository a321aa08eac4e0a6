"""The bridge itself: a small map, fitted with both towers frozen."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from medvlp.models.backends.raddino import text_bridge
from medvlp_training.bridge.pairs import Pairs
from medvlp_training.objectives.shared.infonce import soft_infonce

LEARNING_RATE = 1e-3
WEIGHT_DECAY = 0.01
BATCH = 256
FIRST_SCALE = 1 / 0.07
"""As CLIP begins (Radford et al., arXiv:2103.00020, section 2.3)."""
HIGHEST_SCALE = 100.0
"""As CLIP clips it."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """Tensors under the names of the network, and how the fit went.

    ``found`` is the share of validation images whose own text is the nearest of all that were asked;
    ``chance`` is what a random order would find.
    """

    tensors: dict[str, Tensor]
    epoch: int
    first_loss: float
    best_loss: float
    found: float
    chance: float


def fit_bridge(
    train: Pairs, validation: Pairs, vectors: Mapping[str, Tensor], hidden: int, epochs: int, seed: int = 0
) -> Fitted:  # fmt: skip
    """Fit with InfoNCE; texts that are equal are each right for every image that has them.

    Parameters
    ----------
    train, validation
        Images of different patients.
    vectors
        Unit vectors of all texts, by our text tower.
    hidden
        Width of the middle layer; 0 for a linear map.
    epochs
        The epoch with the least validation loss is kept, the start among them.
    """
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    mean = train.features.mean(dim=0)
    text_width = len(next(iter(vectors.values())))
    bridge = text_bridge(text_width, hidden, len(mean))
    log_scale = torch.nn.Parameter(torch.tensor(math.log(FIRST_SCALE)))
    parameters = [*bridge.parameters(), log_scale]
    optimiser = torch.optim.AdamW(parameters, LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    drawn = _drawn(validation.texts, torch.Generator().manual_seed(seed))

    def loss(pairs: Pairs, rows: Tensor, texts: Sequence[str]) -> Tensor:
        images = F.normalize(pairs.features[rows] - mean, dim=-1)
        mapped = F.normalize(bridge(torch.stack([vectors[t] for t in texts])), dim=-1)
        same = _same(texts)
        scale = log_scale.exp().clamp(max=HIGHEST_SCALE)
        return soft_infonce(images, mapped, scale, same, same)

    def validation_loss() -> float:
        with torch.no_grad():
            return float(loss(validation, torch.arange(len(drawn)), drawn))

    def state() -> dict[str, Tensor]:
        kept = {f"bridge.{k}": v.detach().clone() for k, v in bridge.state_dict().items()}
        clipped = log_scale.detach().clamp(max=math.log(HIGHEST_SCALE)).clone()
        return kept | {"image_mean": mean, "logit_scale": clipped}

    first = best = validation_loss()
    best_epoch, tensors = 0, state()
    for epoch in range(1, epochs + 1):
        texts = _drawn(train.texts, generator)
        for rows in torch.randperm(len(texts), generator=generator).split(BATCH):
            optimiser.zero_grad()
            loss(train, rows, [texts[int(r)] for r in rows]).backward()
            optimiser.step()
        now = validation_loss()
        if now < best:
            best, best_epoch, tensors = now, epoch, state()
    found, chance = _ranking(tensors, validation, drawn, vectors, hidden)
    return Fitted(tensors, best_epoch, first, best, found, chance)


def _drawn(texts: Sequence[Sequence[str]], generator: torch.Generator) -> list[str]:
    """One text of each image."""
    picks = torch.rand(len(texts), generator=generator)
    return [own[int(p * len(own))] for own, p in zip(texts, picks, strict=True)]


def _same(texts: Sequence[str]) -> Tensor:
    """``(n, n)``: 1 where two texts are equal, over the number of such in the row."""
    numbers = {text: n for n, text in enumerate(dict.fromkeys(texts))}
    own = torch.tensor([numbers[text] for text in texts])
    same = (own[:, None] == own[None]).float()
    return same / same.sum(dim=1, keepdim=True)


@torch.no_grad()
def _ranking(
    tensors: Mapping[str, Tensor], pairs: Pairs, drawn: Sequence[str],
    vectors: Mapping[str, Tensor], hidden: int,
) -> tuple[float, float]:  # fmt: skip
    """Share of images whose nearest text is true of them, and of a random one."""
    asked = list(dict.fromkeys(drawn))
    mean = tensors["image_mean"]
    bridge = text_bridge(len(vectors[asked[0]]), hidden, len(mean))
    bridge.load_state_dict(
        {k.removeprefix("bridge."): v for k, v in tensors.items() if "bridge." in k}
    )
    mapped = F.normalize(bridge(torch.stack([vectors[t] for t in asked])), dim=-1)
    nearest = (F.normalize(pairs.features - mean, dim=-1) @ mapped.T).argmax(dim=1)
    true = [asked[int(n)] in own for n, own in zip(nearest, pairs.texts, strict=True)]
    chances = [sum(t in own for t in asked) / len(asked) for own in pairs.texts]
    return sum(true) / len(true), sum(chances) / len(chances)
