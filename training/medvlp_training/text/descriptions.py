"""What a concept is or looks like, in other words than its names: training only, never read in a query.

``descriptions.csv`` was written by hand, without the phrases that ``benchmarks/quality`` asks. ``{side}``
in a concept stands for left and right.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

SIDES = ("left", "right")


@cache
def descriptions() -> dict[str, tuple[str, ...]]:
    """Concept to its phrases."""
    table = resources.files("medvlp_training.text") / "descriptions.csv"
    found: dict[str, tuple[str, ...]] = {}
    with table.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            concept, phrase = row["concept"], row["phrase"]
            for side in SIDES if "{side}" in concept else ("",):
                name = concept.replace("{side}", side)
                found[name] = (*found.get(name, ()), phrase.replace("{side}", side))
    return found
