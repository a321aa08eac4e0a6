"""Estimates as cells of a Markdown table and as JSON."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.statistics import Estimate

Figures = dict[str, object]
Result = tuple[str, Figures]
"""A Markdown table, and figures for JSON."""


class Figure(dict[str, object]):
    """An estimate as JSON shows it, which still knows the estimate.

    Attributes
    ----------
    estimate
        With its resamples, for comparing it with another model's.
    """

    estimate: Estimate

    def __or__(self, other: dict[str, object]) -> Figure:  # type: ignore[override]
        joined = Figure({**self, **other})
        joined.estimate = self.estimate
        return joined


def markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; without rows, its header says what would stand there."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def need_rows(rows: Sequence[object], task: str, needs: str) -> None:
    """Check that there was anything to ask.

    Raises
    ------
    MedVLPError
        If the table would be empty.
    """
    if not rows:
        raise MedVLPError(
            f"Task {task!r} found nothing to ask in the samples that were used: it needs {needs}. Name "
            "shards that hold such samples (docs/reference/evaluation.md), or allow more --patients."
        )


def cell(value: Estimate | float) -> str:
    """A figure with its interval, or a plain baseline; ``-`` where it is not defined."""
    number = value.value if isinstance(value, Estimate) else value
    if not math.isfinite(number):
        return "-"
    if isinstance(value, float):
        return f"{value:.2f}"
    return str(value)


def figure(value: Estimate) -> Figure:
    """For JSON, where what is not defined is null."""
    shown = Figure(value.to_dict())
    shown.estimate = value
    return shown


def number_or_none(value: float, digits: int = 4) -> float | int | None:
    """A finite number, rounded; None otherwise."""
    if isinstance(value, int):
        return value
    return round(float(value), digits) if math.isfinite(value) else None
