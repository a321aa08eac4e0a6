"""What every bar consists of, and how its figures are made from what was recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np

from medvlp.models.protocol import GroundingModel
from medvlp_training.evaluation.statistics import Estimate, bootstrap
from medvlp_training.evaluation.tasks.table import figure

Record = dict[str, Any]
Group = Literal[
    "unseen",
    "test",
    "validation",
    "both halves",
    "trained on",
    "simulated, unseen hosts",
    "text",
    "mixed",
]
"""Who was asked about; a figure is never of two groups.

``unseen``: held out of training. ``test``, ``validation``: the halves of these, of which the second
fitted the calibration. ``both halves``: these together, for a measure that rests on the order of one
finding's scores, which its calibration keeps. ``mixed``: one figure that the goal itself forms across groups.
"""


@dataclass(frozen=True)
class Case:
    """One scan, or one list of texts, that is asked about in one go."""

    key: str
    ask: Callable[[GroundingModel], list[Record]]


@dataclass(frozen=True)
class Goal:
    """A limit of the issue: at least or at most."""

    limit: float
    at_least: bool = True

    def met(self, value: float) -> bool | None:
        """None where the value is not defined."""
        if not np.isfinite(value):
            return None
        return value >= self.limit if self.at_least else value < self.limit

    def __str__(self) -> str:
        return f"{'at least' if self.at_least else 'under'} {self.limit:.2f}"


@dataclass(frozen=True)
class Row:
    """One figure.

    Parameters
    ----------
    measure
        What it is.
    group
        Of whom.
    patients
        How many.
    value
        Of the model.
    priors
        The same measure for ``random``, ``centre`` and ``atlas``.
    goal
        None for figures that only explain.
    note
        What to know.
    judged
        Whether the data allow to judge the goal.
    """

    measure: str
    group: Group
    patients: int
    value: Estimate
    priors: dict[str, Estimate] = field(default_factory=dict)
    goal: Goal | None = None
    note: str = ""
    judged: bool = True

    @property
    def met(self) -> bool | None:
        """Whether the goal is met; None without a goal that this group can meet."""
        if self.goal is None or not self.judged or self.group == "trained on":
            return None
        return self.goal.met(self.value.value)

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return {
            "measure": self.measure,
            "group": self.group,
            "patients": self.patients,
            "value": figure(self.value),
            "priors": {name: figure(prior) for name, prior in self.priors.items()},
            "goal": None if self.goal is None else asdict(self.goal),
            "met": self.met,
            "judged": self.judged,
            "note": self.note,
        }


class Bar(Protocol):
    """A module of this package that measures one bar."""

    TITLE: str
    FOLDERS: tuple[str, ...]
    GUARDED: bool
    """Whether the model may abstain."""

    def cases(self, data: Path, prepared: Path) -> Iterator[Case]:
        """Everything that is asked, in a fixed order."""

    def rows(self, records: Sequence[Record]) -> list[Row]:
        """Figures of what was recorded."""


def mean_of(values: Sequence[float | None], patients: Sequence[str]) -> Estimate:
    """Mean over what is defined, with its interval over patients; no interval for one patient."""
    array = np.array([np.nan if v is None else float(v) for v in values])
    known = np.flatnonzero(np.isfinite(array))
    if not len(known):
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    array, whose = array[known], [patients[int(i)] for i in known]
    return bootstrap(lambda rows: float(array[rows].mean()), whose)


def patients_of(records: Sequence[Record]) -> list[str]:
    """Whose each record is."""
    return [str(r["patient"]) for r in records]


def mean_row(
    measure: str,
    group: Group,
    records: Sequence[Record],
    key: Callable[[Record, str], float | None],
    *,
    priors: Sequence[str] = ("random", "centre", "atlas"),
    goal: Goal | None = None,
    note: str = "",
    judged: bool = True,
) -> Row:
    """Mean of ``key(record, of)`` for ``of`` = ``"model"`` and each prior."""
    whose = patients_of(records)

    def estimate(of: str) -> Estimate:
        return mean_of([key(r, of) for r in records], whose)

    found = {of: estimate(of) for of in priors}
    return Row(measure, group, len(set(whose)), estimate("model"), found, goal, note, judged)
