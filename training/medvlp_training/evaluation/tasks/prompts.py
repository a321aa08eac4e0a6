"""Prompt sensitivity: how far the zero-shot AUROC of a finding moves with the words of the prompt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from medvlp_training.evaluation.metrics.zero_shot import TEMPLATES, prompt_sensitivity
from medvlp_training.evaluation.statistics import Estimate, bootstrap
from medvlp_training.evaluation.tasks.any_model import AnyModel
from medvlp_training.evaluation.tasks.prompting import (
    PromptedScores,
    prompt_hash,
    prompted_scores,
)
from medvlp_training.evaluation.tasks.subject import Subject
from medvlp_training.evaluation.tasks.table import (
    Result,
    cell,
    figure,
    markdown,
    need_rows,
)

MEASURES = ("deviation", "range")
HEADER = ("images", "finding", "lowest", "highest", "deviation", "range", "range of random scores")


def evaluate(subject: Subject | AnyModel) -> Result:
    """Standard deviation and range of AUROC over the templates, per finding and on average.

    The learned prompts are no template and are left out. Random scores, drawn anew for each template,
    show the spread that comes of few samples alone.
    """
    rows, figures = [], dict[str, object]()
    for kind in subject.kinds:
        asked = prompted_scores(subject, kind)
        noise = np.random.default_rng(0).standard_normal(asked.scores.shape)
        random = replace(asked, scores=noise)
        found: dict[str, object] = {"prompts_sha256": prompt_hash(asked.labels)}
        for finding, label in enumerate((*asked.labels, "mean") if asked.labels else ()):
            chosen = [finding] if label != "mean" else list(range(len(asked.labels)))
            areas = _areas(asked, chosen, np.arange(len(asked.patients)))
            spread = {m: _spread(asked, chosen, m) for m in MEASURES}
            chance = _spread(random, chosen, "range")
            means = np.mean(list(areas.values()), axis=0)
            extremes = {"lowest": float(means.min()), "highest": float(means.max())}
            shown = [cell(extremes["lowest"]), cell(extremes["highest"])]
            rows.append([kind, label, *shown, *(cell(spread[m]) for m in MEASURES), cell(chance)])
            found[label] = {
                **{name: round(value, 4) for name, value in extremes.items()},
                **{m: figure(spread[m]) for m in MEASURES},
                "range_of_random_scores": figure(chance),
            }
        figures[kind] = found
    need_rows(rows, "prompts", "a finding that 5 test images have and 5 have not, by their labels")
    return markdown(HEADER, rows), {"prompts": figures, "templates": [list(t) for t in TEMPLATES]}


def _areas(
    asked: PromptedScores, findings: list[int], rows: NDArray[np.intp]
) -> dict[str, list[float]]:
    """Finding to AUROC with each template."""
    forms = range(len(TEMPLATES))
    return {asked.labels[f]: [asked.area(form, f, rows) for form in forms] for f in findings}


def _spread(asked: PromptedScores, findings: list[int], measure: str) -> Estimate:
    def of(rows: NDArray[np.intp]) -> float:
        return prompt_sensitivity(_areas(asked, findings, rows))[measure]

    return bootstrap(of, asked.patients)
