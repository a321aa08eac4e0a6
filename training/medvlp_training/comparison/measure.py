"""Every measure of one trained run on the test patients; figures per sample, so that runs can be paired.

Measures that compare samples (AUROC, Dice over all pixels) keep scores and truth instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from medvlp.grounding.lexicon import load_lexicon
from medvlp.models.text import ABSENT, PRESENT, tokenize
from medvlp_training.comparison.encoded import Encoded, Prepared, encode_samples
from medvlp_training.evaluation.metrics.localisation import (
    centre_prior,
    contrast_to_noise,
    pointing_hit,
    random_hit_chance,
)
from medvlp_training.evaluation.metrics.retrieval import own_rank
from medvlp_training.evaluation.metrics.zero_shot import TEMPLATES, pair_scores
from medvlp_training.evaluation.organ_scoring import organ_answers, organ_prompts
from medvlp_training.evaluation.transfer.classification import linear_classification
from medvlp_training.evaluation.transfer.segmentation import linear_segmentation
from medvlp_training.evaluation.transfer.split import PatientSplit
from medvlp_training.pretraining.load import TrainedRun

LEAST = 5
"""Test samples with a finding, and without, for it to be asked about."""
SHARES = (0.1, 1.0)
PROBED = {"XR": "consolidation"}
"""Lesion that the linear segmentation probe looks for: an extended one, on X-rays only."""
FINENESS = 8
"""Places along each axis of a token on which the linear segmentation is drawn."""
DEFAULT_TEMPLATE = 1


def measure(run: TrainedRun, train: Prepared, test: Prepared, modality: str) -> dict[str, Any]:
    """All measures of one kind of image.

    Parameters
    ----------
    train
        Samples of training and validation patients, for the probes.
    test
        Samples of patients that the run never saw.

    Returns
    -------
    dict
        JSON values: ``patients`` of the test samples, then one entry per measure.
    """
    seen, known = encode_samples(run, test), encode_samples(run, train)
    labels = asked_labels(seen, run.vocabulary.labels)
    return {
        "patients": list(seen.patients),
        "zero_shot": zero_shot(run, seen, labels),
        "retrieval": retrieval(seen),
        "local": local(run, seen),
        "organs": organs(run, test, labels),
        "probe": probe(run, known, seen, labels, modality),
    }


def asked_labels(seen: Encoded, names: Sequence[str]) -> list[str]:
    """Findings with enough positive and negative test samples."""
    counts = [
        ((seen.labels[:, c] == 1).sum(), (seen.labels[:, c] == 0).sum()) for c in range(len(names))
    ]
    return [
        n
        for n, (with_it, without) in zip(names, counts, strict=True)
        if min(with_it, without) >= LEAST
    ]


def phrase(run: TrainedRun, texts: Sequence[str], polarity: int = PRESENT) -> Tensor:
    """Global vectors of texts."""
    ids, mask = tokenize(run.tokenizer, texts)
    with torch.no_grad():
        return run.objective.phrase_vectors(ids, mask, polarity).float()


def _display(name: str) -> str:
    return load_lexicon().concepts[name].display


def zero_shot(run: TrainedRun, seen: Encoded, labels: Sequence[str]) -> dict[str, Any]:
    """Scores of each label with each template, and with learned prompts V+ and V-."""
    columns = [list(run.vocabulary.labels).index(name) for name in labels]
    scores: dict[str, list[list[float]]] = {}
    for number, (positive, negative) in enumerate(TEMPLATES):
        with_it = phrase(run, [positive.replace("{x}", _display(n)) for n in labels])
        without = phrase(run, [negative.replace("{x}", _display(n)) for n in labels])
        scores[str(number)] = _pairs(seen.images, with_it, without)
    names = [_display(n) for n in labels]
    learned = phrase(run, names), phrase(run, names, ABSENT)
    scores["learned"] = _pairs(seen.images, *learned)
    truth = [seen.labels[:, c].tolist() for c in columns]
    return {"labels": list(labels), "truth": truth, "scores": scores}


def _pairs(images: Tensor, with_it: Tensor, without: Tensor) -> list[list[float]]:
    found = [
        pair_scores(images.numpy(), positive, negative)
        for positive, negative in zip(with_it.numpy(), without.numpy(), strict=True)
    ]
    return [[round(float(v), 5) for v in row] for row in found]


def retrieval(seen: Encoded) -> dict[str, list[int]]:
    """Rank of the own report for each image, and of the own image for each report."""
    similarity = (seen.images @ seen.texts.T).numpy()
    return {
        "image_to_text": own_rank(similarity, seen.reports, seen.reports).tolist(),
        "text_to_image": own_rank(similarity.T, seen.reports, seen.reports).tolist(),
    }


def local(run: TrainedRun, seen: Encoded) -> list[dict[str, Any]]:
    """For each lesion of each sample: does the map of its name point at it?"""
    names = sorted({name for lesions in seen.lesions for name in lesions})
    ids, mask = tokenize(run.tokenizer, [f"There is {_display(name)}." for name in names])
    with torch.no_grad():
        vectors = run.objective.region_phrase_vectors(ids, mask).float()
    centre = centre_prior(seen.shape)
    found = []
    for number, lesions in enumerate(seen.lesions):
        valid = seen.inside[number]
        for name, truth in lesions.items():
            heat = heat_map(seen.regions[number] @ vectors[names.index(name)], seen)
            contrast = contrast_to_noise(heat, truth, valid)
            found.append({
                "sample": number,
                "finding": name,
                "hit": pointing_hit(heat, truth, valid),
                "contrast": round(contrast, 4) if np.isfinite(contrast) else None,
                "centre_hit": pointing_hit(centre, truth, valid),
                "random_hit": round(random_hit_chance(truth, valid), 5),
            })  # fmt: skip
    return found


def heat_map(similarity: Tensor, seen: Encoded) -> NDArray[np.float32]:
    """Similarities of the tokens, ``(N,)``, on the pixels or voxels of the image."""
    mode = "trilinear" if len(seen.shape) == 3 else "bilinear"
    grid = similarity.reshape(1, 1, *seen.grid)
    heat: NDArray[np.float32] = F.interpolate(grid, seen.shape, mode=mode)[0, 0].numpy()
    return heat


def organs(run: TrainedRun, test: Prepared, labels: Sequence[str]) -> dict[str, Any]:
    """Which organ is this, and is it abnormal: by the organ's vector, and by the image's."""
    prompts = [p for p in organ_prompts(run.vocabulary) if p.label in labels]
    if not prompts:
        return {}
    with torch.autocast("cpu", torch.bfloat16, enabled=run.config.optimisation.precision == "bf16"):
        answers = organ_answers(run.objective, run.tokenizer, test.batches, prompts)
    asked = [name for name in answers.asked if np.isfinite(answers.scores(name, "organ")).any()]
    rows, columns = answers.usable.nonzero()
    readings: tuple[Any, ...] = ("organ", "image")
    return {
        "count": len(run.vocabulary.organs),
        "recognised": answers.recognised[rows, columns].tolist(),
        "recognised_in": rows.tolist(),
        "labels": asked,
        "truth": [answers.truth(name).tolist() for name in asked],
        "scores": {r: [_rounded(answers.scores(name, r)) for name in asked] for r in readings},
    }


def _rounded(scores: NDArray[np.float64]) -> list[float | None]:
    return [round(float(v), 12) if np.isfinite(v) else None for v in scores]


def probe(
    run: TrainedRun, known: Encoded, seen: Encoded, labels: Sequence[str], modality: str
) -> dict[str, Any]:
    """Linear classification and linear segmentation of frozen features, by share of the patients."""
    patients = (*known.patients, *seen.patients)
    split = _split(known.patients, seen.patients)
    columns = [list(run.vocabulary.labels).index(name) for name in labels]
    truth = torch.from_numpy(np.concatenate([known.labels, seen.labels])[:, columns])
    summary = torch.cat([known.summary, seen.summary])
    tokens = torch.cat([known.tokens, seen.tokens])
    found: dict[str, Any] = {"labels": list(labels)}
    for share in SHARES:
        scored = linear_classification(summary, truth, patients, split, share, run.config.seed)
        found[f"{share:g}"] = {
            "scores": [[round(float(v), 5) for v in column] for column in scored.scores.T],
            "truth": scored.labels.T.tolist(),
        }
        if modality in PROBED:
            masks = torch.cat([coarse_masks(one, PROBED[modality]) for one in (known, seen)])
            drawn = linear_segmentation(
                tokens, seen.grid, masks, patients, split, share, run.config.seed
            )
            found[f"{share:g}"] |= {
                "lesion": PROBED[modality],
                "overlap": drawn.overlap.tolist(),
                "predicted": drawn.predicted.tolist(),
                "true": drawn.true.tolist(),
            }
    return found


def coarse_masks(one: Encoded, name: str) -> Tensor:
    """A lesion's masks, ``FINENESS`` places to a token: those it fills at least half."""
    size = [n * FINENESS for n in one.grid]
    empty: NDArray[np.bool_] = np.zeros(one.shape, dtype=bool)
    masks = torch.from_numpy(np.stack([lesions.get(name, empty) for lesions in one.lesions]))
    return F.interpolate(masks[:, None].float(), size, mode="area")[:, 0] >= 0.5


def _split(known: Sequence[str], test: Sequence[str]) -> PatientSplit:
    """One in five of the patients known from training validates the probes."""
    everyone = sorted(set(known))
    return PatientSplit(
        tuple(p for i, p in enumerate(everyone) if i % 5),
        tuple(p for i, p in enumerate(everyone) if i % 5 == 0),
        tuple(sorted(set(test))),
    )
