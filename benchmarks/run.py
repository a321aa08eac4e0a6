"""Every benchmark, one after the other, in one table: ``make bench``."""

from __future__ import annotations

import argparse
import importlib
import sys
from pathlib import Path

from benchmarks.table import Row, report

NAMES = (
    "second_query",
    "overlay_slice",
    "encode_ct",
    "open_series",
    "peak_memory",
    "help_speed",
    "whole_path",
    "on_cuda",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=NAMES, help=f"of {', '.join(NAMES)}")
    parser.add_argument("--json", type=Path, help="keep the table as JSON here")
    arguments = parser.parse_args()
    rows: list[Row] = []
    for name in arguments.names:
        print(f"{name} ...", file=sys.stderr, flush=True)
        try:
            rows += importlib.import_module(f"benchmarks.{name}").measure()
        except SystemExit as missing:
            print(f"{name}: {missing}", file=sys.stderr, flush=True)
    report(rows, arguments.json)


if __name__ == "__main__":
    main()
