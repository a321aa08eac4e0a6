"""Organs on CT of patients without masks: is the peak in the organ that was asked for, as a reader says?

The reader saw points on pictures (``reading_sheets.py``) in random order, without the question, and
wrote down the structures within 5 mm. Points inside the masks of other scans were mixed in, to
know how far the reader is to be trusted. Readings belong to points: where another model's peak
lies elsewhere, nothing is known until it is read.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.quality.atlas import WITHIN_MM, distance_mm
from benchmarks.quality.bar import Case, Goal, Record, Row, mean_row
from benchmarks.quality.ct_organs import organ_masks, twin
from medvlp.io.open import open_scan
from medvlp.models.protocol import GroundingModel
from medvlp_training.datasets.concepts import leaves
from medvlp_training.evaluation.asking import ask, query_text
from medvlp_training.evaluation.cases import ct_with_masks

TITLE = "Organs on CT, as read by eye"
FOLDERS = ("ct_weak", "ct_lungdx", "ct_thorax", "ct_covidctmd", "ct_lidc", "ct_totalseg")
GUARDED = False
POINTING = Goal(0.90)
CONFUSED = Goal(0.02, at_least=False)
SAME_POINT_MM = 2.0
FEWEST_READ = 0.9
READINGS = Path(__file__).with_name("ct_readings.csv")
FIELDS = Path(__file__).with_name("ct_fields.csv")
COLUMNS = ("scan", "x_mm", "y_mm", "z_mm", "structures")


@dataclass(frozen=True)
class FieldOfView:
    """Organs that a scan of an unseen patient shows, found by looking at it before any peak."""

    scan: str
    patient: str
    organs: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """What a reader says lies within 5 mm of a point, LPS millimetres."""

    scan: str
    point: tuple[float, float, float]
    structures: frozenset[str]


def fields_of_view() -> list[FieldOfView]:
    """Every scan that is asked about."""
    with FIELDS.open(encoding="utf-8", newline="") as file:
        return [
            FieldOfView(row["scan"], row["patient"], tuple(row["organs"].split()))
            for row in csv.DictReader(file)
        ]


@lru_cache(maxsize=1)
def readings() -> tuple[Reading, ...]:
    """Every point that was read."""
    with READINGS.open(encoding="utf-8", newline="") as file:
        return tuple(
            Reading(
                row["scan"],
                (float(row["x_mm"]), float(row["y_mm"]), float(row["z_mm"])),
                frozenset(row["structures"].split()),
            )
            for row in csv.DictReader(file)
        )


def read_at(scan: str, point: Sequence[float]) -> frozenset[str] | None:
    """Structures at a point; None if it was not read."""
    for reading in readings():
        apart = np.linalg.norm(np.subtract(reading.point, point))
        if reading.scan == scan and apart <= SAME_POINT_MM:
            return reading.structures
    return None


def means(structures: frozenset[str], organ: str) -> bool:
    """Whether one of the structures is the organ, a part of it, or what it is a part of."""
    return any(leaves(name) & leaves(organ) for name in structures)


def cases(data: Path, prepared: Path) -> Iterator[Case]:
    """Scans of unseen patients, and the points of known organs that were mixed in."""
    for field in fields_of_view():
        yield Case(field.scan, lambda model, field=field: _asked(model, data, field))  # type: ignore[misc]
    yield Case("control", lambda model: list(control_records(data)))


def peaks(model: GroundingModel, data: Path, field: FieldOfView) -> dict[str, tuple[float, ...]]:
    """Per organ in the field, LPS millimetres of its peak; organs without heat are left out."""
    scan = open_scan(data / field.scan)
    maps = ask(model, model.encode(scan, cache=False), [query_text(o) for o in field.organs])
    found = zip(field.organs, (heat.peak_mm for heat in maps), strict=True)
    return {organ: peak for organ, peak in found if peak is not None}


def _asked(model: GroundingModel, data: Path, field: FieldOfView) -> list[Record]:
    points = peaks(model, data, field)
    return [
        _record(
            field, organ, read_at(field.scan, points[organ]) if organ in points else frozenset()
        )
        for organ in field.organs
    ]


def _record(field: FieldOfView, organ: str, read: frozenset[str] | None) -> Record:
    found: Record = {
        "organ": organ,
        "patient": field.patient,
        "scan": field.scan,
        "control": False,
        "read": None,
        "hit": None,
        "confused": None,
    }
    if read is None:
        return found
    found |= {"read": sorted(read), "hit": float(means(read, organ))}
    other = twin(organ)
    if other is not None:
        found["confused"] = float(means(read, other) and not means(read, organ))
    return found


def control_records(data: Path) -> Iterator[Record]:
    """Points with a mask that were read: whether the structures named are within 5 mm of them."""
    for item in ct_with_masks(data):
        name = str(item.path.relative_to(data))
        own = [reading for reading in readings() if reading.scan == name]
        if not own or name in {field.scan for field in fields_of_view()}:
            continue
        masks = organ_masks(item)
        for reading in own:
            index = _index(item.geometry.world_to_index(np.array(reading.point)))
            near = {
                organ
                for organ, mask in masks.items()
                if (distance_mm(index, mask, item.geometry.spacing) or 0) <= WITHIN_MM
            }
            hit = any(means(reading.structures, organ) for organ in near)
            yield {
                "organ": "",
                "patient": item.patient,
                "scan": name,
                "control": True,
                "read": sorted(reading.structures),
                "hit": float(hit),
                "confused": None,
            }


def _index(values: NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(int(v) for v in np.round(values))


def rows(records: Sequence[Record]) -> list[Row]:
    """Unseen patients together and each alone; the reader on points with a known answer."""
    own = [r for r in records if not r["control"]]
    control = [r for r in records if r["control"]]
    found = [_pointing("", own)]
    sided = [r for r in own if r["confused"] is not None]
    if sided:
        found.append(
            mean_row("left and right confused", "unseen", sided, lambda r, of: r["confused"],
                     priors=(), goal=CONFUSED, judged=_mostly_read(own))
        )  # fmt: skip
    found += [
        _pointing(f", {scan}", [r for r in own if r["scan"] == scan], None)
        for scan in dict.fromkeys(r["scan"] for r in own)
    ]
    if control:
        found.append(
            mean_row("the reader on points whose organ is known", "mixed", control,
                     lambda r, of: r["hit"], priors=(), note="a mask says what is there")
        )  # fmt: skip
    return found


def _pointing(where: str, own: Sequence[Record], goal: Goal | None = POINTING) -> Row:
    unread = sum(r["hit"] is None for r in own)
    return mean_row(
        f"peak in the organ or within 5 mm{where}", "unseen", own, lambda r, of: r["hit"],
        priors=(), goal=goal, judged=_mostly_read(own),
        note=f"{unread} of {len(own)} peaks were not read" if unread else "",
    )  # fmt: skip


def _mostly_read(own: Sequence[Record]) -> bool:
    return sum(r["hit"] is not None for r in own) >= FEWEST_READ * len(own)
