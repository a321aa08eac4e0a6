"""Encoding of a whole chest CT, in turns with COLIPRI's encoder on the same CPU.

COLIPRI runs in a process and an environment of its own, since it needs another torch: ``make bench-colipri``
makes it, and without it there is no ratio. Its input is 192 x 192 x 192 voxels of 2 mm, and so is ours: read,
cropped, resampled and encoded. In each turn ours is timed before and after one pass of theirs.

Beside them runs a product of two small matrices that stay in the cache. Where its time swings, somebody else
uses the processor's matrix unit, such as another machine on the same host, and bf16 swings with it.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from functools import partial

import medvlp
from benchmarks.colipri.peer import Colipri, environment
from benchmarks.scans import CHEST, bundled_chest, cube, stretched
from benchmarks.table import Row, Times, report, timed

COLIPRI_GRID = 24
TURNS = 3
AROUND = 3
"""Runs of ours before and as many after a pass of COLIPRI."""
PRODUCTS = 100
GOAL = "at least 50 x faster, grid of at least 24 x 24 x 24, in the same precision"


def measure() -> list[Row]:
    """One row for COLIPRI's own input, one for a chest CT of 300 slices."""
    import torch

    model = medvlp.load_model()
    sample = bundled_chest()
    scans = {
        "192 x 192 x 192 at 2 mm": cube(sample, 192, 2.0),
        "300 slices of 512 x 512": stretched(sample, CHEST),
    }
    grids = [model.encode(scan, cache=False).geometry.shape for scan in scans.values()]
    works: list[Callable[[], object]] = [
        *(partial(model.encode, scan, cache=False) for scan in scans.values()),
        _products(),
    ]
    names = [
        f"encode a chest CT, {what}, {model.device}, grid {' x '.join(map(str, grid))}"
        for what, grid in zip(scans, grids, strict=True)
    ]
    python = environment()
    if python is None:
        goal = "none here: COLIPRI is not installed (make bench-colipri)"
        *times, products = timed(*works, repeats=9)
        rows = [
            Row(name, str(ours), "", None, goal, True)
            for name, ours in zip(names, times, strict=True)
        ]
        return [*rows, _matrix_unit(products)]
    precision = "bf16" if "bf16" in model.device else "fp32"
    with Colipri(python, torch.get_num_threads()) as colipri:
        turns = [_turn(works, colipri, precision) for _ in range(TURNS)]
    theirs = Times(tuple(seconds for _, seconds in turns))
    rows = [
        _row(name, [ours[k] for ours, _ in turns], theirs, precision, grid)
        for k, (name, grid) in enumerate(zip(names, grids, strict=True))
    ]
    products = Times(tuple(seconds for ours, _ in turns for seconds in ours[-1]))
    return [*rows, _matrix_unit(products)]


def _products() -> Callable[[], None]:
    """The probe of the matrix unit."""
    import torch

    matrix = torch.rand(512, 512).bfloat16()

    def work() -> None:
        for _ in range(PRODUCTS):
            matrix @ matrix

    return work


def _matrix_unit(times: Times) -> Row:
    work = f"{PRODUCTS} products of 512 x 512 matrices in bf16, between these runs"
    return Row(work, str(times), "", None, "none: says how steady the processor was", True)


def _turn(
    works: list[Callable[[], object]], colipri: Colipri, precision: str
) -> tuple[list[tuple[float, ...]], float]:
    """Seconds of each of our works around one pass of theirs, and of that pass."""
    before = timed(*works, repeats=AROUND)
    theirs = colipri.seconds_of_one_volume(precision)
    after = timed(*works, repeats=AROUND, warm_up=1)
    ours = [a.seconds + b.seconds for a, b in zip(before, after, strict=True)]
    return ours, theirs


def _row(
    name: str, ours: list[tuple[float, ...]], theirs: Times, precision: str, grid: tuple[int, ...]
) -> Row:
    ratio = statistics.median(
        statistics.median(mine) / other for mine, other in zip(ours, theirs.seconds, strict=True)
    )
    everything = Times(tuple(seconds for turn in ours for seconds in turn))
    peer = f"COLIPRI, 24 x 24 x 24, {precision}: {theirs}"
    met = ratio <= 1 / 50 and min(grid) >= COLIPRI_GRID
    return Row(name, str(everything), peer, ratio, GOAL, met)


if __name__ == "__main__":
    report(measure())
