"""The table of "where": pointing game and Dice per concept, patients seen and unseen apart."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from medvlp.models.protocol import GroundingModel
from medvlp_training.evaluation.cases import (
    ct_with_masks,
    ct_with_tumour_boxes,
    jsrt_items,
    nih_items,
)
from medvlp_training.evaluation.several import Question
from medvlp_training.evaluation.statistics import Estimate, mean_estimate
from medvlp_training.evaluation.tasks.progress import tracked
from medvlp_training.evaluation.where import Hit, ct_hits, xr_hits

Row = tuple[str, str, Sequence[Hit]]
SEVERAL = ("lung_left", "lung_right", "lungs", "spinal_cord", "lung_mass", "lymphadenopathy")


def _line(title: str, hits: Sequence[Hit]) -> str:
    patients = [h.patient for h in hits]
    pointing = mean_estimate([h.hit for h in hits], patients)
    dice = _dice(hits)
    centre = np.mean([h.centre_hit for h in hits])
    chance = np.mean([h.random_hit for h in hits])
    return (
        f"| {title} | {len(set(patients))} | {len(hits)} | {pointing} | {dice or '-'} | "
        f"{centre:.2f} | {chance:.2f} |"
    )


def _dice(hits: Sequence[Hit]) -> Estimate | None:
    """Mean Dice of what has a mask; None if all are boxes."""
    known = [h for h in hits if not np.isnan(h.dice)]
    return mean_estimate([h.dice for h in known], [h.patient for h in known]) if known else None


def _figures(hits: Sequence[Hit]) -> dict[str, object]:
    patients = [h.patient for h in hits]
    pointing: Estimate = mean_estimate([h.hit for h in hits], patients)
    dice = _dice(hits)
    return {
        "patients": len(set(patients)),
        "questions": len(hits),
        "pointing": pointing.to_dict(),
        "dice": dice.to_dict() if dice else None,
        "centre": round(float(np.mean([h.centre_hit for h in hits])), 4),
        "random": round(float(np.mean([h.random_hit for h in hits])), 4),
    }


def _rows(ct: Sequence[Hit], xr: Sequence[Hit]) -> list[tuple[str, list[Hit]]]:
    rows = [
        (f"CT, unseen: {name}", [h for h in ct if not h.seen and h.concept == name])
        for name in SEVERAL
    ]
    rows += [
        (f"CT, trained on: all of {source}", [h for h in ct if h.source == source])
        for source in sorted({h.source for h in ct if h.seen})
    ]
    unseen = [h for h in xr if not h.seen]
    rows += [
        (f"X-ray, unseen: {name}", [h for h in unseen if h.concept == name])
        for name in sorted({h.concept for h in unseen})
    ]
    return [(title, hits) for title, hits in rows if hits]


def _hits(model: GroundingModel, data: Path) -> tuple[list[Hit], list[Hit]]:
    """Of CT and of X-rays of patients that training did not see, as far as the model takes them."""
    ct: list[Hit] = []
    if "CT" in model.modalities:
        ct = [*ct_hits(model, ct_with_masks(data)), *ct_hits(model, ct_with_tumour_boxes(data))]
    if "XR" not in model.modalities:
        return ct, []
    items = [i for i in (*jsrt_items(data), *nih_items(data)) if not i.seen]
    return ct, xr_hits(model, tracked(items, f"{model.name}: X-ray"))


def evaluate_grounding(model: GroundingModel, data: Path) -> tuple[str, dict[str, object]]:
    """Table and figures. The centre of the body and a random point of it are the baselines."""
    ct, xr = _hits(model, data)
    rows = _rows(ct, xr)
    head = [
        "| question | patients | n | peak inside (95 % CI) | Dice (95 % CI) | centre | random |",
        "|---|---|---|---|---|---|---|",
    ]
    table = "\n".join(head + [_line(title, hits) for title, hits in rows])
    per_organ = {f"{h.source}: {h.concept}": [h.hit, round(h.dice, 3)] for h in ct}
    return table, {"rows": {t: _figures(h) for t, h in rows}, "ct": per_organ}


def grounding_questions(model: GroundingModel, data: Path) -> list[Question]:
    """The same questions one by one, to be compared with those of another model."""
    ct, xr = _hits(model, data)
    number = {id(hit): str(n) for hits in (ct, xr) for n, hit in enumerate(hits)}
    asked = []
    for title, hits in _rows(ct, xr):
        for hit in hits:
            key = (title, number[id(hit)], hit.source, hit.patient)
            baselines = {"centre": float(hit.centre_hit), "random": hit.random_hit}
            inside = float(hit.hit)
            asked.append(
                Question(title, "peak inside", key, hit.patient, inside, baselines=baselines)
            )
            if not np.isnan(hit.dice):
                asked.append(Question(title, "Dice", key, hit.patient, hit.dice))
    return asked
