"""The viewer's table: ``make bench-viewer``, or ``python -m benchmarks.viewer``."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.scans import CHEST
from benchmarks.table import Row, markdown, processor_name

STARTS = 5
MIB = 2**20

WRITE = """
import sys
import SimpleITK as sitk
from benchmarks.scans import CHEST, bundled_chest, stretched
scan = stretched(bundled_chest(), CHEST)
image = sitk.GetImageFromArray(scan.array)
image.SetSpacing(scan.geometry.spacing[::-1])
sitk.WriteImage(image, sys.argv[1])
"""


def run(*command: str) -> Any:
    """JSON that a new Python prints in its last line."""
    done = subprocess.run([sys.executable, *command], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def measure() -> list[Row]:
    """One row per goal."""
    with TemporaryDirectory() as folder:
        scan = Path(folder) / "chest.nii"
        subprocess.run([sys.executable, "-c", WRITE, str(scan)], check=True)
        seen = run("-m", "benchmarks.viewer.at_work", str(scan))
    start = min(run("-m", "benchmarks.viewer.start")["seconds"] for _ in range(STARTS))
    size = " x ".join(map(str, CHEST))
    own = (seen["resident_bytes"] - seen["volume_bytes"]) / MIB
    scroll, drag, query = (seen[name] for name in ("scroll", "drag", "query"))
    return [
        _rate("scrolling, slices a second, two overlays, three panes", scroll),
        _rate("window drag, updates a second, three panes", drag),
        _time("a question asked before, from Enter until it is painted", query["median"], 0.1),
        Row(
            "a question for an organ or a finding, asked for the first time",
            f"{seen['new_query']['median'] * 1000:.0f} ms",
            "",
            None,
            "none",
            True,
        ),
        _time("longest handler while doing all this (CPU time)", seen["longest_handler"], 0.05),
        Row(
            f"memory of the window's process, {size} CT",
            f"{own:.0f} MiB",
            f"the volume: {seen['volume_bytes'] / MIB:.0f} MiB",
            None,
            "volume + 300 MB",
            own * MIB < 300e6,
        ),
        _time("start until the window answers", start, 2.0),
    ]


def _rate(work: str, seconds: dict[str, float]) -> Row:
    rate = 1.0 / seconds["median"]
    cost = f"CPU time of each: {seconds['processor'] * 1000:.1f} ms"
    return Row(work, f"{rate:.0f} a second", cost, None, "60 a second", rate >= 60.0)


def _time(work: str, seconds: float, goal: float) -> Row:
    text = f"{seconds * 1000:.0f} ms" if goal < 1 else f"{seconds:.2f} s"
    limit = f"under {goal * 1000:.0f} ms" if goal < 1 else f"under {goal:.0f} s"
    return Row(work, text, "", None, limit, seconds < goal)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="keep the table as JSON here")
    path = parser.parse_args().json
    os.environ.setdefault("LIBGL_ALWAYS_SOFTWARE", "1")
    rows = measure()
    platform = "a real window" if os.environ.get("DISPLAY") else "an offscreen window"
    print(f"{processor_name()}, {os.cpu_count()} cores, {platform}\n\n{markdown(rows)}", flush=True)
    if path is not None:
        path.write_text(json.dumps([row.__dict__ for row in rows], indent=2) + "\n")


if __name__ == "__main__":
    main()
