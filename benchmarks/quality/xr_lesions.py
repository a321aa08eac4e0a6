"""Lesions on X-rays: JSRT nodules within 25 mm of their centre, peaks in the boxes of NIH films."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.quality.atlas import Box
from benchmarks.quality.bar import Case, Goal, Group, Record, Row, mean_row
from benchmarks.quality.xr_places import box_atlas
from medvlp.io.open import open_scan
from medvlp.models.protocol import GroundingModel
from medvlp_training.evaluation.asking import ask, query_text
from medvlp_training.evaluation.cases import XRItem, jsrt_items, nih_items

TITLE = "Lesions on X-ray"
FOLDERS = ("cxr_jsrt_organs", "cxr_jsrt", "cxr_nih")
GUARDED = False
NODULE = "lung_nodule"
WITHIN_MM = 25.0
JSRT_MM = 0.175 * 2048
"""Side of a JSRT film: 2048 pixels of 0.175 mm (Shiraishi et al., AJR 2000)."""
NODULES = Goal(0.35)
TIMES_CENTRE = 2.0


def cases(data: Path, prepared: Path) -> Iterator[Case]:
    """JSRT films with a nodule and NIH films with boxes; the trained-on ones, too, kept apart."""
    centres = nodule_centres(data)
    for item in jsrt_items(data):
        if item.path.stem in centres and not item.seen:
            yield Case(
                item.path.name,
                lambda model, item=item: [_nodule(model, item, centres[item.path.stem], data)],  # type: ignore[misc]
            )
    for item in nih_items(data):
        if item.boxes:
            yield Case(item.path.name, lambda model, item=item: _boxes(model, item, data))  # type: ignore[misc]


def nodule_centres(data: Path) -> dict[str, tuple[float, float]]:
    """Film to the centre of its nodule ``(row, column)`` in shares of the film."""
    with open(data / "cxr_jsrt" / "metadata.csv", newline="", encoding="utf-8") as file:
        return {
            Path(row["file"]).stem: (float(row["y2048"]) / 2048, float(row["x2048"]) / 2048)
            for row in csv.DictReader(file)
            if row["x2048"]
        }


def _nodule(model: GroundingModel, item: XRItem, centre: tuple[float, float], data: Path) -> Record:
    scan = open_scan(item.path)
    heat = ask(model, model.encode(scan, cache=False), [query_text(NODULE)])[0]
    box = Box.whole(scan.array.shape)
    points = {
        "model": heat.peak_index,
        "centre": box.centre,
        "atlas": box_atlas(data).peak(NODULE, box),
    }
    true = np.asarray(centre)

    def far(point: tuple[int, ...] | None) -> float | None:
        if point is None:
            return None
        share = (np.asarray(point) + 0.5) / np.asarray(scan.array.shape)
        return float(np.linalg.norm((share - true) * JSRT_MM))

    lines = [(np.arange(n) + 0.5) / n for n in scan.array.shape]
    rows, columns = np.meshgrid(*lines, indexing="ij")
    near = np.hypot(rows - true[0], columns - true[1]) * JSRT_MM <= WITHIN_MM
    return {
        "kind": "nodule",
        "patient": item.patient,
        "seen": item.seen,
        "concept": NODULE,
        "distance_mm": {of: far(p) for of, p in points.items()},
        "chance": float(near.mean()),
    }


def _boxes(model: GroundingModel, item: XRItem, data: Path) -> list[Record]:
    scan = open_scan(item.path)
    names = list(item.boxes)
    maps = ask(model, model.encode(scan, cache=False), [query_text(n) for n in names])
    frame, atlas = Box.whole(scan.array.shape), box_atlas(data)
    records: list[Record] = []
    for name, heat in zip(names, maps, strict=True):
        mask = np.zeros(scan.array.shape, dtype=bool)
        for x, y, w, h in item.boxes[name]:
            mask[round(y) : round(y + h) + 1, round(x) : round(x + w) + 1] = True
        points = {
            "model": heat.peak_index,
            "centre": frame.centre,
            "atlas": atlas.peak(name, frame, without=item.patient),
        }
        records.append(
            {
                "kind": "box",
                "patient": item.patient,
                "seen": item.seen,
                "concept": name,
                "hit": {of: None if p is None else bool(mask[p]) for of, p in points.items()}
                | {"random": float(mask.mean())},
            }
        )
    return records


def within(record: Record, of: str) -> float | None:
    """Whether the peak lies within 25 mm of the nodule's centre."""
    if of == "random":
        return float(record["chance"])
    distance = record["distance_mm"][of]
    if distance is None:
        return 0.0 if of == "model" else None
    return float(distance <= WITHIN_MM)


def rows(records: Sequence[Record]) -> list[Row]:
    """Nodules of held-out patients; boxes of held-out and of trained-on patients, apart."""
    nodules = [r for r in records if r["kind"] == "nodule"]
    found = [mean_row("JSRT nodules, peak within 25 mm", "unseen", nodules, within, goal=NODULES)]
    groups: tuple[tuple[Group, bool], ...] = (("unseen", False), ("trained on", True))
    for group, seen in groups:
        boxes = [r for r in records if r["kind"] == "box" and r["seen"] == seen]
        if not boxes:
            continue
        centre = float(np.mean([r["hit"]["centre"] for r in boxes]))
        goal = Goal(max(TIMES_CENTRE * centre, 0.01))
        found.append(
            mean_row("NIH boxes, peak in a box", group, boxes, lambda r, of: r["hit"][of], goal=goal,
                     note="goal: twice the centre prior")
        )  # fmt: skip
        for name in sorted({r["concept"] for r in boxes}):
            own = [r for r in boxes if r["concept"] == name]
            found.append(mean_row(f"NIH boxes, {name}", group, own, lambda r, of: r["hit"][of]))
    return found
