"""Encoding on a graphics card against the same model on the processor beside it: the same answers, sooner?"""

from __future__ import annotations

from functools import partial

import numpy as np

import medvlp
from benchmarks.scans import CHEST, bundled_chest, stretched
from benchmarks.table import Row, report, timed
from medvlp.io.samples import get_sample

QUESTIONS = {
    "CT": ("pleural effusion", "liver", "left lung", "windpipe", "heart"),
    "XR": ("pleural effusion", "left lung", "right lung", "heart"),
}
NOISE = 0.03
"""Probability by which single cells may differ: both round to bf16, in another order."""
REPEATS = 7


def measure() -> list[Row]:
    """One row for a chest CT and one for a film.

    Raises
    ------
    SystemExit
        If there is no CUDA device.
    """
    import torch

    if not torch.cuda.is_available():
        raise SystemExit("no CUDA device here")
    card, processor = (medvlp.load_model(device=name) for name in ("cuda", "cpu"))
    film = medvlp.open_scan(get_sample("effusion-xray"))
    rows = []
    for scan, what in ((stretched(bundled_chest(), CHEST), "chest CT"), (film, "X-ray")):
        works = [partial(model.encode, scan, cache=False) for model in (card, processor)]
        ours, theirs = timed(*works, repeats=REPEATS)
        asked = list(QUESTIONS[scan.modality])
        answers = [
            medvlp.ground(model, work(), asked)
            for model, work in zip((card, processor), works, strict=True)
        ]
        apart = max(
            float(np.abs(a.on(scan).astype(float) - b.on(scan).astype(float)).max())
            for a, b in zip(*answers, strict=True)
        )
        rows.append(
            Row(
                f"encode {what}, {torch.cuda.get_device_name()}",
                str(ours),
                f"{torch.get_num_threads()} threads of its processor: {theirs}; "
                f"maps differ by {apart:.3f} at most",
                ours.over(theirs),
                f"sooner, maps within {NOISE}",
                ours.median < theirs.median and apart < NOISE,
            )
        )
    return rows


if __name__ == "__main__":
    report(measure())
