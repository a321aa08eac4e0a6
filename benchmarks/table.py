"""What every benchmark returns, how it is timed and how it is printed."""

from __future__ import annotations

import json
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Parameters
    ----------
    work
        What was done.
    measured
        How long or how much, with its unit.
    compared_with
        The peer, with its own number from the same run.
    ratio
        Ours over theirs; None where the goal is an absolute one.
    goal
        In words.
    met
        Whether it was met here.
    """

    work: str
    measured: str
    compared_with: str
    ratio: float | None
    goal: str
    met: bool


@dataclass(frozen=True)
class Times:
    """Seconds of one work, in the order of its runs."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """What the table compares."""
        return statistics.median(self.seconds)

    def over(self, peer: Times) -> float:
        """Median of the ratios to a peer timed in the same rounds: both were slowed alike in each."""
        pairs = zip(self.seconds, peer.seconds, strict=True)
        return statistics.median(ours / theirs for ours, theirs in pairs)

    def __str__(self) -> str:
        """``"0.52 s (0.50 to 0.61)"``: the median, the fastest and the slowest run."""
        values = (self.median, min(self.seconds), max(self.seconds))
        if self.median < 0.1:
            middle, low, high = (f"{1000 * value:.1f}" for value in values)
            return f"{middle} ms ({low} to {high})"
        middle, low, high = (f"{value:.2f}" for value in values)
        return f"{middle} s ({low} to {high})"


def timed(*works: Callable[[], object], repeats: int = 15, warm_up: int = 2) -> tuple[Times, ...]:
    """Wall time of each work, taken in turns, so that a busy machine slows all of them alike."""
    for _ in range(warm_up):
        for work in works:
            work()
    rounds = [[_seconds(work) for work in works] for _ in range(repeats)]
    return tuple(Times(column) for column in zip(*rounds, strict=True))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def processor_name() -> str:
    """Model name of the CPU, as the system says it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((s.split(":")[1].strip() for s in lines if s.startswith("model name")), "unknown")


def machine() -> str:
    """One line about where this ran."""
    import os

    import torch

    return (
        f"{processor_name()}, {os.cpu_count()} cores, {torch.get_num_threads()} threads, "
        f"Python {platform.python_version()}, torch {torch.__version__}"
    )


def markdown(rows: Sequence[Row]) -> str:
    """The table as it stands in the README."""
    lines = [
        "| work | measured | compared with | ratio | goal | met |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.3g} x"
        met = "yes" if row.met else "no"
        cells = (row.work, row.measured, row.compared_with, ratio, row.goal, met)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def report(rows: Sequence[Row], path: Path | None = None) -> None:
    """Print the table, and keep it as JSON if a path is given."""
    print(f"{machine()}\n\n{markdown(rows)}", flush=True)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        facts = {"machine": machine(), "rows": [asdict(row) for row in rows]}
        path.write_text(json.dumps(facts, indent=2) + "\n")
