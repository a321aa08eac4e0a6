"""Encoding of a whole chest CT, against COLIPRI's encoder on the same CPU.

COLIPRI's time is read from colipri/result.json (``make bench-colipri``), since it needs another
torch; the ratio is only formed if it was measured on this kind of CPU with as many threads. What it
waited for other programs is taken off its time, and not off ours.
Its input is 192 x 192 x 192 voxels of 2 mm, and so is ours: read, cropped, resampled and encoded.
"""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import medvlp
from benchmarks.scans import CHEST, bundled_chest, cube, stretched
from benchmarks.table import Row, processor_name, report, timed

COLIPRI = Path(__file__).parent / "colipri" / "result.json"
COLIPRI_GRID = 24
GOAL = "at least 50 x faster, grid of at least 24 x 24 x 24"


def colipri_seconds(dtype: str) -> tuple[float, str]:
    """COLIPRI's time on the processor in the precision that ours runs in, and a sentence about both.

    Raises
    ------
    SystemExit
        If it was not measured, or on another CPU or with another number of threads.
    """
    import torch

    if not COLIPRI.is_file():
        raise SystemExit("COLIPRI was not timed yet: make bench-colipri")
    kept = json.loads(COLIPRI.read_text())
    here = (processor_name(), torch.get_num_threads())
    if (kept["cpu"], kept["threads"]) != here:
        raise SystemExit(
            f"COLIPRI was timed on {kept['cpu']} with {kept['threads']} threads; this is {here[0]} "
            f"with {here[1]}. Time it here: make bench-colipri"
        )
    taken = {name: kept[name]["seconds"] * kept[name]["busy"] for name in ("fp32", "bf16")}
    said = ", ".join(f"{name} {value:.1f} s" for name, value in taken.items())
    return taken[dtype], f"COLIPRI, 24 x 24 x 24, its waits taken off: {said}"


def measure() -> list[Row]:
    """One row for COLIPRI's own input, one for a chest CT of 300 slices."""
    model = medvlp.load_model()
    dtype = "bf16" if "bf16" in model.device else "fp32"
    theirs, sentence = colipri_seconds(dtype)
    sample = bundled_chest()
    scans = {
        "192 x 192 x 192 at 2 mm": cube(sample, 192, 2.0),
        "300 slices of 512 x 512": stretched(sample, CHEST),
    }
    grids = [model.encode(scan, cache=False).geometry.shape for scan in scans.values()]
    works = [partial(model.encode, scan, cache=False) for scan in scans.values()]
    return [
        Row(
            f"encode a chest CT, {what}, {model.device}, grid {' x '.join(map(str, grid))}",
            str(ours),
            sentence,
            ours.median / theirs,
            f"{GOAL}, in the same precision",
            theirs / ours.median >= 50 and min(grid) >= COLIPRI_GRID,
        )
        for what, grid, ours in zip(scans, grids, timed(*works, repeats=9), strict=True)
    ]


if __name__ == "__main__":
    report(measure())
