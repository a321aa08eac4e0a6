"""Encoding of a whole chest CT, in turns with COLIPRI's encoder on the same CPU.

COLIPRI runs in a process and an environment of its own, since it needs another torch: ``make bench-colipri``
makes it, and without it there is no ratio. It is the network alone, on a prepared 192 x 192 x 192 tensor. The
goal is about our network alone, on the same CT as it prepares it; the other rows are all that an encoding is:
cropping, resampling, the network, organ maps. In each turn ours is timed before and after one pass of theirs.

Beside them runs a product of two small matrices that stay in the cache. Where its time swings, somebody else
uses the processor's matrix unit, such as another machine on the same host, and bf16 swings with it.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import medvlp
from benchmarks.colipri.peer import Colipri, environment
from benchmarks.scans import CHEST, bundled_chest, cube, stretched
from benchmarks.table import Row, Times, report, timed
from medvlp.models.native import NativeModel
from medvlp.models.preprocessing import prepare_ct

COLIPRI_GRID = 24
TURNS = 3
AROUND = 3
"""Runs of ours before and as many after a pass of COLIPRI."""
PRODUCTS = 100
GOAL = "at least 50 x faster, grid of at least 24 x 24 x 24, in the same precision"
NO_GOAL = "none: COLIPRI's time is its network alone"
NOT_HERE = "none here: COLIPRI is not installed (make bench-colipri)"


@dataclass(frozen=True)
class Work:
    """Something to time, and whether the goal is about it."""

    name: str
    run: Callable[[], object]
    judged: bool = False


def works(model: NativeModel) -> tuple[list[Work], int]:
    """What is timed, the probe of the matrix unit last; and the smallest side of a grid."""
    sample = bundled_chest()
    small, chest = cube(sample, 192, 2.0), stretched(sample, CHEST)
    grids = [model.encode(scan, cache=False).geometry.shape for scan in (small, chest)]
    said = [f"{model.device}, grid {' x '.join(map(str, grid))}" for grid in grids]
    prepared = prepare_ct(small, model.preprocessing.ct).array
    listed = [
        Work(
            f"the network on a chest CT of 192 x 192 x 192 at 2 mm, {said[0]}",
            partial(model._forward, prepared),
            judged=True,
        ),
        Work(f"all of its encoding, {said[0]}", partial(model.encode, small, cache=False)),
        Work(
            f"all of the encoding of 300 slices of 512 x 512, {said[1]}",
            partial(model.encode, chest, cache=False),
        ),
        Work(f"{PRODUCTS} products of 512 x 512 matrices in bf16, between these runs", _products()),
    ]
    return listed, min(min(grid) for grid in grids)


def _products() -> Callable[[], None]:
    import torch

    matrix = torch.rand(512, 512).bfloat16()

    def work() -> None:
        for _ in range(PRODUCTS):
            matrix @ matrix

    return work


def measure() -> list[Row]:
    """One row for each work."""
    import torch

    model = medvlp.load_model()
    assert isinstance(model, NativeModel)
    listed, side = works(model)
    python = environment()
    if python is None:
        alone = timed(*(work.run for work in listed), repeats=9)
        return [
            Row(work.name, str(ours), "", None, NOT_HERE, True)
            for work, ours in zip(listed, alone, strict=True)
        ]
    precision = "bf16" if "bf16" in model.device else "fp32"
    with Colipri(python, torch.get_num_threads()) as colipri:
        turns = [_turn(listed, colipri, precision) for _ in range(TURNS)]
    theirs = Times(tuple(seconds for _, seconds in turns))
    peer = f"COLIPRI, 24 x 24 x 24, {precision}: {theirs}"
    return [
        _row(work, [ours[k] for ours, _ in turns], theirs, peer, side)
        for k, work in enumerate(listed)
    ]


def _turn(
    listed: list[Work], colipri: Colipri, precision: str
) -> tuple[list[tuple[float, ...]], float]:
    """Seconds of each of our works around one pass of theirs, and of that pass."""
    runs = [work.run for work in listed]
    before = timed(*runs, repeats=AROUND)
    theirs = colipri.seconds_of_one_volume(precision)
    after = timed(*runs, repeats=AROUND, warm_up=1)
    return [a.seconds + b.seconds for a, b in zip(before, after, strict=True)], theirs


def _row(work: Work, ours: list[tuple[float, ...]], theirs: Times, peer: str, side: int) -> Row:
    everything = str(Times(tuple(seconds for turn in ours for seconds in turn)))
    if "products" in work.name:
        goal = "none: says how steady the processor was"
        return Row(work.name, everything, "", None, goal, True)
    ratio = statistics.median(
        statistics.median(mine) / other for mine, other in zip(ours, theirs.seconds, strict=True)
    )
    if not work.judged:
        return Row(work.name, everything, peer, ratio, NO_GOAL, True)
    met = ratio <= 1 / 50 and side >= COLIPRI_GRID
    return Row(work.name, everything, peer, ratio, GOAL, met)


if __name__ == "__main__":
    report(measure())
