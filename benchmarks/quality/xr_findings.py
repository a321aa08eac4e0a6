"""NIH X-rays: effusion and any abnormality within each view, and how true the probabilities are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.quality.bar import Case, Goal, Group, Record, Row, mean_of, patients_of
from medvlp.io.open import open_scan
from medvlp.models.protocol import GroundingModel
from medvlp_training.datasets.sources import NIH_LABELS
from medvlp_training.evaluation.asking import ask, query_text
from medvlp_training.evaluation.cases import XRItem, nih_items
from medvlp_training.evaluation.splits import is_test, is_validation
from medvlp_training.evaluation.statistics import (
    Estimate,
    auroc_estimate,
    bootstrap,
    expected_calibration_error,
)

TITLE = "Findings on X-ray: whether, and calibration"
FOLDERS = ("cxr_nih",)
GUARDED = False
EFFUSION = "pleural_effusion"
ANY = "any abnormality"
GOALS = {EFFUSION: Goal(0.75), ANY: Goal(0.70)}
ERROR = Goal(0.08, at_least=False)
FEWEST = 5


def cases(data: Path, prepared: Path) -> Iterator[Case]:
    """Every held-out film."""
    for item in nih_items(data):
        if not item.seen:
            yield Case(item.path.name, lambda model, item=item: [_asked(model, item)])  # type: ignore[misc]


def _asked(model: GroundingModel, item: XRItem) -> Record:
    """No word of the lexicon means any abnormality on an X-ray, so it is the most probable finding."""
    names = list(dict.fromkeys(NIH_LABELS.values()))
    maps = ask(
        model, model.encode(open_scan(item.path), cache=False), [query_text(n) for n in names]
    )
    said = {n: m.probability for n, m in zip(names, maps, strict=True) if m.probability is not None}
    return {
        "patient": item.patient,
        "view": item.view,
        "part": "test"
        if is_test(item.patient)
        else "validation"
        if is_validation(item.patient)
        else "",
        "present": sorted(item.present),
        "probability": said | {ANY: max(said.values(), default=0.0)},
    }


def rows(records: Sequence[Record]) -> list[Row]:
    """The half that calibration did not see, then the half that it did; effusions of both at last.

    Few films have an effusion in either half. The calibration of one finding keeps the order of its
    scores (the one weight of pooled scores, for all findings, apart), so that its AUROC may be taken
    over both; that of the most probable one may not.
    """
    found = []
    groups: tuple[Group, ...] = ("test", "validation")
    for group in groups:
        own = [r for r in records if r["part"] == group]
        for name, goal in GOALS.items():
            found += _by_view(name, group, own, goal)
        if own:
            found.append(_calibration(group, own))
    both = [r for r in records if r["part"] in groups]
    return found + _by_view(EFFUSION, "both halves", both, GOALS[EFFUSION])


def _by_view(name: str, group: Group, records: Sequence[Record], goal: Goal) -> list[Row]:
    views = {view: [r for r in records if r["view"] == view] for view in ("PA", "AP")}
    return [_row(name, view, group, own, goal) for view, own in views.items() if own]


def _row(name: str, view: str, group: Group, own: Sequence[Record], goal: Goal) -> Row:
    truth = [bool(r["present"]) if name == ANY else name in r["present"] for r in own]
    whose = patients_of(own)
    value = auroc_estimate([r["probability"].get(name, 0.0) for r in own], truth, whose)
    few = min(sum(truth), len(truth) - sum(truth)) < FEWEST
    note = f"{sum(truth)} with, {len(truth) - sum(truth)} without" + (
        "; too few to judge" if few else ""
    )
    priors = {"random": mean_of([0.5] * len(own), whose)}
    return Row(
        f"AUROC of {name}, {view}", group, len(set(whose)), value, priors, goal, note, not few
    )


def _calibration(group: Group, own: Sequence[Record]) -> Row:
    """Every finding of every film is an answer."""
    answers = [(r, name, p) for r in own for name, p in r["probability"].items() if name != ANY]
    said = [p for _, _, p in answers]
    truth = [name in r["present"] for r, name, _ in answers]
    whose = [str(r["patient"]) for r, _, _ in answers]

    def error(values: Sequence[float]) -> Estimate:
        return bootstrap(
            lambda rows: expected_calibration_error(
                [values[i] for i in rows], [truth[i] for i in rows]
            ),
            whose,
        )

    note = (
        f"{len(answers)} answers, {np.mean(truth):.2f} of them present; that share, said each time, would have an error of 0"
        + ("; the calibration was fitted on these" if group == "validation" else "")
    )
    draws = np.random.default_rng(0).random(len(said)).tolist()
    priors = {"random": error(draws)}
    measure = "expected calibration error, all findings"
    return Row(measure, group, len(set(whose)), error(said), priors, ERROR, note)
