"""How long ``medvlp --help`` takes to answer, against an empty Python."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.table import Row, report, timed

GOAL = "under 0.3 s"


def measure() -> list[Row]:
    """One row; both start a new process each time."""
    command = [str(Path(sys.executable).with_name("medvlp")), "--help"]
    empty = [sys.executable, "-c", "pass"]
    ours, python = timed(
        lambda: subprocess.run(command, check=True, capture_output=True),
        lambda: subprocess.run(empty, check=True, capture_output=True),
        repeats=9,
    )
    return [
        Row(
            "medvlp --help",
            str(ours),
            f"python -c pass: {python}",
            ours.over(python),
            GOAL,
            ours.median < 0.3,
        )
    ]


if __name__ == "__main__":
    report(measure())
