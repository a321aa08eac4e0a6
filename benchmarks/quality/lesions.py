"""Where simulated lesions of the training shards lie: the position prior for findings on CT.

No training patient here has a real lesion mask on CT, so what training did see stands in.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

from benchmarks.quality.atlas import Atlas, Box, body
from medvlp_training.datasets.case import read_case

NAMES = ("pleural_effusion", "pneumothorax", "consolidation", "ground_glass_opacity", "lung_mass")
MOST = 120


@lru_cache(maxsize=1)
def lesion_atlas(prepared: Path) -> Atlas:
    """Lesions of the first simulated training cases; empty where they are not there, which is said."""
    atlas = Atlas()
    shards = prepared / "shards" / "ct"
    paths = sorted(shards.glob("case_*.safetensors"))[:MOST]
    if len(paths) < MOST:
        print(
            f"{len(paths)} of {MOST} simulated cases in {shards}: the atlas of lesions is another or missing. "
            f"Make them: python -m medvlp_training.simulation.shards --data DATA --out {shards} --cases {MOST}",
            file=sys.stderr,
        )
    for path in paths:
        case = read_case(path)
        wanted = {n: m for n, m in case.lesions.items() if n in NAMES and m.any()}
        if wanted:
            box = Box.around(body(case.volume))
            for name, mask in wanted.items():
                atlas.add(name, path.stem, mask, box)
    return atlas
