"""X-ray masks and boxes with the position priors that training patients give."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.quality.atlas import Atlas, Box, Mask
from medvlp_training.datasets.splits import is_held_out
from medvlp_training.evaluation.cases import FRONTAL, jsrt_items, nih_items, read_mask

LUNGS = ("lung_left", "lung_right")


@dataclass(frozen=True)
class Film:
    """A film with masks of the lungs by side."""

    path: Path
    patient: str
    source: str
    masks: dict[str, Mask]


def films_with_lungs(data: Path, held_out: bool) -> Iterator[Film]:
    """JSRT, and the frontal films of the COVID collection that have a lung mask."""
    for item in jsrt_items(data):
        if is_held_out(item.patient) == held_out:
            masks = {name: read_mask(item.masks[name]) for name in LUNGS}
            yield Film(item.path, item.patient, "JSRT", masks)
    folder = data / "cxr_covid"
    with open(folder / "metadata.csv", newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            known = row["lung_mask"] and row["view"] in FRONTAL
            if known and is_held_out(row["patientid"]) == held_out:
                path = folder / "images" / row["file"]
                lungs = _as_large(folder / "lung_masks" / row["lung_mask"], path)
                yield Film(path, row["patientid"], "COVID collection", by_side(lungs))


def _as_large(mask: Path, film: Path) -> Mask:
    """The mask on the film's pixels."""
    with Image.open(film) as image:
        size = image.size
    with Image.open(mask) as image:
        return np.asarray(image.convert("L").resize(size, Image.Resampling.NEAREST)) > 127


def by_side(lungs: Mask) -> dict[str, Mask]:
    """The patient's left lung is on the right of the film; they meet at the mean column of both."""
    columns = np.arange(lungs.shape[1])
    middle = float((lungs.sum(0) * columns).sum() / max(int(lungs.sum()), 1))
    return {"lung_left": lungs & (columns > middle), "lung_right": lungs & (columns <= middle)}


@lru_cache(maxsize=1)
def lung_atlas(data: Path) -> Atlas:
    """Lungs of the training patients, relative to the film."""
    atlas = Atlas()
    for film in films_with_lungs(data, held_out=False):
        for name, mask in film.masks.items():
            atlas.add(name, film.patient, mask, Box.whole(mask.shape))
    return atlas


@lru_cache(maxsize=1)
def box_atlas(data: Path) -> Atlas:
    """Boxes of the training patients' lesions, relative to the film."""
    atlas = Atlas()
    for item in (*jsrt_items(data), *nih_items(data)):
        if item.seen and item.boxes:
            with Image.open(item.path) as image:
                columns, rows = image.size
            for name, boxes in item.boxes.items():
                mask = np.zeros((rows, columns), dtype=bool)
                for x, y, w, h in boxes:
                    mask[round(y) : round(y + h) + 1, round(x) : round(x + w) + 1] = True
                atlas.add(name, item.patient, mask, Box.whole(mask.shape))
    return atlas
