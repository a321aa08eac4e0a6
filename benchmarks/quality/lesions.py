"""Where simulated lesions of the training shards lie: the position prior for findings on CT.

No training patient here has a real lesion mask on CT, so what training did see stands in.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from benchmarks.quality.atlas import Atlas, Box, body
from medvlp_training.datasets.case import read_case

NAMES = ("pleural_effusion", "pneumothorax", "consolidation", "ground_glass_opacity", "lung_mass")
MOST = 120


@lru_cache(maxsize=1)
def lesion_atlas(prepared: Path) -> Atlas:
    """Lesions of simulated training cases; empty where the shards are not there."""
    atlas = Atlas()
    for path in sorted((prepared / "shards" / "ct").glob("case_*.safetensors"))[:MOST]:
        case = read_case(path)
        wanted = {n: m for n, m in case.lesions.items() if n in NAMES and m.any()}
        if wanted:
            box = Box.around(body(case.volume))
            for name, mask in wanted.items():
                atlas.add(name, path.stem, mask, box)
    return atlas
