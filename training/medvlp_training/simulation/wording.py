"""Words that follow from where and how large a lesion really is."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Mask, Side

_LOBE_WORDS = {
    "lung_upper_lobe_left": "left upper lobe",
    "lung_lower_lobe_left": "left lower lobe",
    "lung_upper_lobe_right": "right upper lobe",
    "lung_middle_lobe_right": "right middle lobe",
    "lung_lower_lobe_right": "right lower lobe",
}


def choose(rng: np.random.Generator, options: tuple[str, ...]) -> str:
    """One of several phrasings."""
    return options[int(rng.integers(len(options)))]


def grade(value: float, steps: tuple[tuple[float, str], ...]) -> str:
    """First word whose limit exceeds ``value``; the last word otherwise."""
    for limit, word in steps:
        if value < limit:
            return word
    return steps[-1][1]


def article(phrase: str) -> str:
    """``"a small"``, ``"an apical"``."""
    return f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}"


def lung_location(canvas: Canvas, mask: Mask, side: Side) -> str:
    """Lobe (where the host has lobes) or zone of a lesion: ``"left lower lobe"``."""
    lobes = canvas.lobes(side)
    overlaps = {name: int((mask & lobe).sum()) for name, lobe in lobes.items()}
    if overlaps and max(overlaps.values()) > 0:
        return _LOBE_WORDS[max(overlaps, key=lambda n: overlaps[n])]
    lung = canvas.lung(side)
    levels = np.flatnonzero(lung.any(axis=(1, 2)))
    height = float(np.mean(np.nonzero(mask)[0])) if mask.any() else float(levels.mean())
    fraction = (height - levels[0]) / max(1, levels[-1] - levels[0])
    zone = "lower" if fraction < 1 / 3 else "mid" if fraction < 2 / 3 else "upper"
    return f"{side} {zone} zone" if canvas.rng.random() < 0.5 else f"{side} {zone} lung"


def millimetres(value: float, rng: np.random.Generator) -> str:
    """``"12 mm"`` or ``"1.2 cm"``."""
    if value >= 10 and rng.random() < 0.5:
        return f"{value / 10:.1f} cm"
    return f"{round(value)} mm"
