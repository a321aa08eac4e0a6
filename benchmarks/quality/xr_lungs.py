"""Lungs by side on X-rays that were held out: pointing and Dice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.quality.atlas import Box, Mask, overlap
from benchmarks.quality.bar import Case, Goal, Record, Row, mean_row
from benchmarks.quality.xr_places import LUNGS, Film, films_with_lungs, lung_atlas
from medvlp.io.open import open_scan
from medvlp.models.protocol import GroundingModel
from medvlp_training.evaluation.asking import ask, query_text

TITLE = "Lungs by side on X-ray"
FOLDERS = ("cxr_jsrt_organs", "cxr_covid")
GUARDED = False
POINTING = Goal(0.97)
DICE = Goal(0.8)


def cases(data: Path, prepared: Path) -> Iterator[Case]:
    """Every held-out film with lung masks."""
    for film in films_with_lungs(data, held_out=True):
        yield Case(film.path.name, lambda model, film=film: _asked(model, film, data))  # type: ignore[misc]


def _asked(model: GroundingModel, film: Film, data: Path) -> list[Record]:
    scan = open_scan(film.path)
    maps = ask(model, model.encode(scan, cache=False), [query_text(n) for n in LUNGS])
    box, atlas = Box.whole(scan.array.shape), lung_atlas(data)
    low, high = (box.index(np.full(2, share)) for share in (0.25, 0.75))
    middle: Mask = np.zeros(scan.array.shape, dtype=bool)
    middle[low[0] : high[0], low[1] : high[1]] = True
    records = []
    for name, heat in zip(LUNGS, maps, strict=True):
        mask, other = film.masks[name], film.masks[LUNGS[1 - LUNGS.index(name)]]
        points = {"model": heat.peak_index, "centre": box.centre, "atlas": atlas.peak(name, box)}
        whole = float(mask.size)
        records.append(
            {
                "patient": film.patient,
                "source": film.source,
                "organ": name,
                "hit": {of: None if p is None else bool(mask[p]) for of, p in points.items()}
                | {"random": float(mask.mean())},
                "other": {of: None if p is None else bool(other[p]) for of, p in points.items()}
                | {"random": float(other.mean())},
                "dice": {
                    "model": overlap(heat.on(scan) > 0.5, mask),
                    "centre": overlap(middle, mask),
                    "atlas": overlap(atlas.mask(name, box, mask.shape), mask),
                    "random": float(mask.sum()) / (whole / 2 + float(mask.sum())),
                },
            }
        )
    return records


def rows(records: Sequence[Record]) -> list[Row]:
    """Of each collection by itself: masks of the second are outlines of both lungs, parted here."""
    found = []
    for source in ("JSRT", "COVID collection"):
        own = [r for r in records if r["source"] == source]
        if own:
            found += [
                mean_row(f"peak in the asked lung, {source}", "unseen", own,
                         lambda r, of: r["hit"][of], goal=POINTING),
                mean_row(f"peak in the other lung, {source}", "unseen", own,
                         lambda r, of: r["other"][of]),
                mean_row(f"Dice, {source}", "unseen", own,
                         lambda r, of: r["dice"][of], goal=DICE),
            ]  # fmt: skip
    return found
