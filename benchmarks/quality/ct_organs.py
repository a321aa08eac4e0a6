"""Organs on CT: does the peak lie in the organ or within 5 mm, and on the right side? Dice of the largest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from benchmarks.quality.atlas import (
    WITHIN_MM,
    Atlas,
    Box,
    Mask,
    body,
    distance_mm,
    near_share,
    overlap,
)
from benchmarks.quality.bar import Case, Goal, Group, Record, Row, mean_row
from medvlp.grounding.heatmap import Heatmap
from medvlp.grounding.lexicon import load_lexicon
from medvlp.io.open import open_scan
from medvlp.models.protocol import GroundingModel
from medvlp.scan import Scan
from medvlp_training.evaluation.asking import ask, query_text
from medvlp_training.evaluation.cases import CTItem, ct_with_masks
from medvlp_training.evaluation.where import SMALLEST_ML

TITLE = "Organs on CT"
FOLDERS = ("ct_lidc", "ct_totalseg", "ct_thorax")
GUARDED = False
LARGEST = 12
FEWEST_ORGANS = 25
POINTING = Goal(0.90)
CONFUSED = Goal(0.02, at_least=False)
DICE = Goal(0.6)


def cases(data: Path, prepared: Path) -> Iterator[Case]:
    """Every CT with organ masks."""
    for item in ct_with_masks(data):
        if organ_masks(item):
            yield Case(item.path.name, lambda model, item=item: asked(model, item, data))  # type: ignore[misc]


def organ_masks(item: CTItem) -> dict[str, Mask]:
    """Masks of organs of the lexicon, 1 ml and more."""
    concepts = load_lexicon().concepts
    cubic_ml = float(np.prod(item.geometry.spacing)) / 1000
    return {
        name: mask
        for name, mask in item.masks.items()
        if name in concepts
        and concepts[name].kind == "organ"
        and mask.sum() * cubic_ml >= SMALLEST_ML
    }


@lru_cache(maxsize=1)
def training_atlas(data: Path) -> Atlas:
    """Organs of the training patients, relative to their bodies' boxes."""
    atlas = Atlas()
    for item in ct_with_masks(data):
        if not item.seen:
            continue
        scan = open_scan(item.path)
        box = Box.around(body(np.asarray(scan.array)), scan.geometry)
        for name, mask in organ_masks(item).items():
            atlas.add(name, item.patient, mask, box)
    return atlas


def twin(name: str) -> str | None:
    """The same organ of the other side."""
    if "left" not in name and "right" not in name:
        return None
    return name.replace("left", "#").replace("right", "left").replace("#", "right")


def asked(model: GroundingModel, item: CTItem, data: Path) -> list[Record]:
    """Every organ of a scan, asked for by name."""
    scan = open_scan(item.path)
    masks = organ_masks(item)
    maps = ask(model, model.encode(scan, cache=False), [query_text(n) for n in masks])
    inside = body(np.asarray(scan.array))
    box, atlas = Box.around(inside, scan.geometry), training_atlas(data)
    largest = sorted(masks, key=lambda n: -int(masks[n].sum()))[:LARGEST]
    records = []
    for (name, mask), heat in zip(masks.items(), maps, strict=True):
        record = _record(item, scan, name, masks, heat, inside, box, atlas)
        if name in largest:
            record["dice"] = _dices(
                heat.on(scan) > 0.5, mask, name, inside, box, atlas, item.patient
            )
        records.append(record)
    return records


def _record(
    item: CTItem,
    scan: Scan,
    name: str,
    masks: dict[str, Mask],
    heat: Heatmap,
    inside: Mask,
    box: Box,
    atlas: Atlas,
) -> Record:
    mask, spacing = masks[name], scan.geometry.spacing
    other = masks.get(twin(name) or "")
    points = {
        "model": heat.peak_index,
        "centre": box.centre,
        "atlas": atlas.peak(name, box, without=item.patient),
    }
    confused = None
    if other is not None:
        own = {of: distance_mm(p, mask, spacing) for of, p in points.items()}
        wrong = {of: distance_mm(p, other, spacing) for of, p in points.items()}
        confused = {
            of: None if own[of] is None or wrong[of] is None else float(wrong[of] < own[of])  # type: ignore[operator]
            for of in points
        }
    return {
        "organ": name,
        "patient": item.patient,
        "seen": item.seen,
        "scan": item.path.name,
        "distance_mm": {of: distance_mm(p, mask, spacing) for of, p in points.items()},
        "known_to_atlas": points["atlas"] is not None,
        "chance": near_share(mask, inside, spacing),
        "confused": confused,
    }


def _dices(
    hot: Mask, mask: Mask, name: str, inside: Mask, box: Box, atlas: Atlas, patient: str
) -> dict[str, float | None]:
    """Of the map, of the middle quarter of the body's box, of the atlas, of a random half of the body."""
    low = (box.start + 0.185 * box.size).astype(int)  # 0.63 cubed: a quarter
    high = (box.start + 0.815 * box.size).astype(int)
    middle = np.zeros(mask.shape, dtype=bool)
    middle[tuple(slice(a, b) for a, b in zip(low, high, strict=True))] = True
    known = int((mask & inside).sum())
    return {
        "model": overlap(hot, mask),
        "centre": overlap(middle, mask),
        "atlas": overlap(atlas.mask(name, box, mask.shape, without=patient), mask),
        "random": known / max(float(inside.sum()) / 2 + float(mask.sum()), 1.0),
    }


def hit(record: Record, of: str) -> float | None:
    """Whether the peak lies in the organ or within 5 mm."""
    if of == "random":
        return float(record["chance"])
    distance = record["distance_mm"][of]
    if distance is None:
        return 0.0 if of == "model" else None
    return float(distance <= WITHIN_MM)


def confusion(record: Record, of: str) -> float | None:
    """Whether the peak lies nearer to the same organ of the other side; a random point does half the time."""
    if of == "random":
        return 0.5
    found: float | None = record["confused"][of]
    return found


def rows(records: Sequence[Record]) -> list[Row]:
    """Unseen patients together; each scan that was trained on by itself."""
    parts: list[tuple[str, Group, list[Record]]] = [
        ("", "unseen", [r for r in records if not r["seen"]])
    ]
    scans = sorted({r["scan"] for r in records if r["seen"]})
    parts += [(f", {s}", "trained on", [r for r in records if r["scan"] == s]) for s in scans]
    found: list[Row] = []
    for where, group, own in parts:
        if own:
            found += _rows(where, group, own)
    return found


def _rows(where: str, group: Group, own: Sequence[Record]) -> list[Row]:
    organs = len({r["organ"] for r in own})
    few = f"only {organs} organs of {FEWEST_ORGANS} are annotated" if organs < FEWEST_ORGANS else ""
    sided = [r for r in own if r["confused"] is not None]
    large = [r for r in own if "dice" in r]
    found = [
        mean_row(
            f"peak in the organ or within 5 mm{where}",
            group,
            own,
            hit,
            goal=POINTING,
            note=few,
            judged=not few,
        )
    ]
    if sided:
        found.append(
            mean_row(
                f"left and right confused{where}",
                group,
                sided,
                confusion,
                goal=CONFUSED,
                note=few,
                judged=not few,
            )
        )
    short = f"only {len(large)} of {LARGEST}" if len(large) < LARGEST else ""
    found.append(
        mean_row(
            f"Dice of the {min(LARGEST, len(large))} largest{where}",
            group,
            large,
            lambda r, of: r["dice"][of],
            goal=DICE,
            note=short,
            judged=not short,
        )
    )
    return found
