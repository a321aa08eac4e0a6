"""Pictures of points for a reader who does not know what was asked: ``python -m benchmarks.quality.reading_sheets``.

Writes ``sheet_NN.png`` and ``points.csv`` (number, scan, millimetres, an empty column for what the reader
sees). With ``--keep`` the filled table joins ``ct_readings.csv``.
"""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from benchmarks.quality.atlas import WITHIN_MM
from benchmarks.quality.ct_organs import organ_masks
from benchmarks.quality.ct_read import COLUMNS, READINGS, fields_of_view, peaks, read_at
from medvlp.io.open import open_scan
from medvlp.models.load import load_model
from medvlp.scan import Scan
from medvlp_training.evaluation.cases import ct_with_masks

TILES = 10
SIZE = 300
WIDE_MM, NEAR_MM = 320.0, 100.0
SOFT, NEAR, LUNG = (40.0, 400.0), (60.0, 640.0), (-300.0, 1700.0)
SEED = 20


@dataclass(frozen=True)
class Point:
    """A place in a scan, LPS millimetres."""

    scan: str
    mm: tuple[float, ...]


def unread_peaks(data: Path, model_name: str | None) -> Iterator[Point]:
    """Peaks of every organ in the field of view that nobody has read."""
    model = load_model(model_name)
    for field in fields_of_view():
        for peak in peaks(model, data, field).values():
            if read_at(field.scan, peak) is None:
                yield Point(field.scan, peak)


def controls(data: Path, count: int, rng: np.random.Generator) -> list[Point]:
    """Random points of random organs of scans with masks."""
    found: list[Point] = []
    items = [item for item in ct_with_masks(data) if len(organ_masks(item)) > 1]
    for number in range(count):
        item = items[number % len(items)]
        masks = organ_masks(item)
        voxels = np.argwhere(masks[sorted(masks)[int(rng.integers(len(masks)))]])
        place = item.geometry.index_to_world(voxels[int(rng.integers(len(voxels)))].astype(float))
        found.append(Point(str(item.path.relative_to(data)), tuple(float(v) for v in place)))
    return found


@lru_cache(maxsize=8)
def _scan(path: Path) -> Scan:
    return open_scan(path)


def _plane(
    scan: Scan,
    centre: NDArray[np.float64],
    axes: tuple[int, int],
    signs: tuple[int, int],
    width: float,
) -> NDArray[np.float32]:
    """A square cut through a point along two axes of the patient, ``SIZE`` pixels, nearest voxels."""
    steps = (np.arange(SIZE) - (SIZE - 1) / 2) * width / SIZE
    grid = np.tile(centre, (SIZE, SIZE, 1))
    grid[..., axes[0]] += signs[0] * steps[:, None]
    grid[..., axes[1]] += signs[1] * steps[None, :]
    index = np.round(scan.geometry.world_to_index(grid.reshape(-1, 3))).astype(int)
    shape = np.array(scan.array.shape)
    inside = ((index >= 0) & (index < shape)).all(axis=1)
    cut = np.full(len(index), -1024, dtype=np.float32)
    cut[inside] = np.asarray(scan.array)[tuple(index[inside].T)]
    return cut.reshape(SIZE, SIZE)


def _picture(cut: NDArray[np.float32], window: tuple[float, float], width: float) -> Image.Image:
    low = window[0] - window[1] / 2
    grey = np.clip((cut - low) / window[1] * 255, 0, 255).astype(np.uint8)
    picture = Image.fromarray(grey).convert("RGB")
    draw = ImageDraw.Draw(picture)
    middle, radius = (SIZE - 1) / 2, WITHIN_MM * SIZE / width
    draw.ellipse(
        (middle - radius, middle - radius, middle + radius, middle + radius), outline=(255, 220, 0)
    )
    for a, b in ((-3 * radius - 8, -radius), (radius, 3 * radius + 8)):
        draw.line((middle + a, middle, middle + b, middle), fill=(255, 220, 0))
        draw.line((middle, middle + a, middle, middle + b), fill=(255, 220, 0))
    return picture


def tile(data: Path, point: Point, number: int) -> Image.Image:
    """Axial wide and near, coronal, sagittal; the patient's right on the left, front left on the sagittal."""
    scan = _scan(data / point.scan)
    centre = np.array(point.mm)
    views = (
        ((1, 0), (1, 1), WIDE_MM, SOFT),
        ((1, 0), (1, 1), NEAR_MM, NEAR),
        ((2, 0), (-1, 1), WIDE_MM, SOFT),
        ((2, 1), (-1, 1), WIDE_MM, LUNG),
    )
    out = Image.new("RGB", (4 * SIZE, SIZE))
    for i, (axes, signs, width, window) in enumerate(views):
        cut = _plane(scan, centre, axes, signs, width)
        out.paste(_picture(cut, window, width), (i * SIZE, 0))
    ImageDraw.Draw(out).text((6, 4), str(number), fill=(0, 255, 255), font_size=22)
    return out


def write_sheets(data: Path, points: Sequence[Point], out: Path) -> None:
    """Pictures of ``TILES`` points each, and the table to fill in."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / "points.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("number", *COLUMNS))
        for number, point in enumerate(points):
            writer.writerow((number, point.scan, *(f"{v:.1f}" for v in point.mm), ""))
    for first in range(0, len(points), TILES):
        some = points[first : first + TILES]
        sheet = Image.new("RGB", (8 * SIZE, SIZE * -(-len(some) // 2)))
        for i, point in enumerate(some):
            sheet.paste(tile(data, point, first + i), (4 * SIZE * (i % 2), SIZE * (i // 2)))
        sheet.save(out / f"sheet_{first // TILES:02d}.png")


def keep(table: Path) -> int:
    """Append what was read to the readings; returns how many."""
    with table.open(encoding="utf-8", newline="") as file:
        read = [row for row in csv.DictReader(file) if row["structures"].strip()]
    with READINGS.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([row[c] for c in COLUMNS] for row in read)
    return len(read)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality.reading_sheets", description=__doc__
    )
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("MEDVLP_DATA", "../shared/data"))
    )
    parser.add_argument("--model", help="name or folder; the default model if omitted")
    parser.add_argument("--controls", type=int, default=40, help="points with a known answer")
    parser.add_argument("--out", type=Path, default=Path("runs/reading"))
    parser.add_argument("--keep", action="store_true", help="take the filled points.csv of --out")
    given = parser.parse_args()
    if given.keep:
        print(f"{keep(given.out / 'points.csv')} readings kept in {READINGS}")
        return
    rng = np.random.default_rng(SEED)
    points = [*unread_peaks(given.data, given.model), *controls(given.data, given.controls, rng)]
    shuffled = [points[int(i)] for i in rng.permutation(len(points))]
    write_sheets(given.data, shuffled, given.out)
    print(f"{len(shuffled)} points on {-(-len(shuffled) // TILES)} sheets in {given.out}")


if __name__ == "__main__":
    main()
