"""Measure bars: ``python -m benchmarks.quality [BAR ...]``; all of them by default (``make quality``).

An interrupted run goes on where it stopped, as long as model and data are the same.
"""

from __future__ import annotations

import argparse
import importlib
import os
from pathlib import Path
from typing import cast

from benchmarks.quality.bar import Bar
from benchmarks.quality.bars import BARS, REPORTED
from benchmarks.quality.run import Settings, run
from benchmarks.quality.table import summary
from medvlp.models.load import find_model, load_model


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("bars", nargs="*", default=list(BARS), help=f"of {', '.join(BARS)}")
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("MEDVLP_DATA", "../shared/data"))
    )
    parser.add_argument("--model", help="name or folder; the default model if omitted")
    parser.add_argument(
        "--prepared", type=Path, default=Path("runs"), help="holds shards/ct of the training"
    )
    parser.add_argument(
        "--answers", type=Path, default=Path("runs/quality"), help="every answer is kept here"
    )
    parser.add_argument("--results", type=Path, default=Path("benchmarks/quality/results"))
    parser.add_argument("--again", action="store_true", help="ask what was answered already, too")
    given = parser.parse_args()
    unknown = set(given.bars) - set(BARS)
    if unknown:
        parser.error(f"no such bar: {', '.join(sorted(unknown))}; there are {', '.join(BARS)}")
    if not given.data.is_dir():
        parser.error(f"{given.data} is not there: name the folder of the real scans with --data")
    model = load_model(given.model)
    folder = find_model(given.model)
    settings = Settings(given.data, given.prepared, given.answers, given.results, given.again)
    for name in given.bars:
        module = importlib.import_module(f"benchmarks.quality.{BARS[name]}")
        print(f"{name}: {run(name, cast(Bar, module), model, folder, settings)}", flush=True)
    print(summary(given.results, model.name, REPORTED), flush=True)


if __name__ == "__main__":
    main()
