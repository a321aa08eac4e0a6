"""Zero-shot classification: AUROC of each finding with each pair of prompts.

The score is the similarity with the positive prompt minus that with the negative one, as CheXzero's
softmax over the pair orders images (Tiu et al., Nature BME 2022). The learned prompts V+ and V- are
UMCL's (arXiv 2307.05920); V- says something only in methods that train it, and other models have none.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from medvlp_training.evaluation.statistics import Estimate, bootstrap
from medvlp_training.evaluation.tasks.any_model import AnyModel
from medvlp_training.evaluation.tasks.prompting import (
    FORMS,
    PromptedScores,
    prompt_hash,
    prompted_scores,
)
from medvlp_training.evaluation.tasks.subject import FEWEST, Subject
from medvlp_training.evaluation.tasks.table import (
    Figures,
    Result,
    cell,
    figure,
    markdown,
    need_rows,
)

CHANCE = 0.5


def evaluate(subject: Subject | AnyModel) -> Result:
    """One row per finding and one for their mean; chance is an AUROC of 0.50."""
    rows, figures = [], dict[str, object]()
    notes = []
    for kind in subject.kinds:
        asked = prompted_scores(subject, kind)
        areas = finding_areas(asked)
        for number, label in enumerate(asked.labels):
            truth = asked.truth[:, number]
            counts = [str(int((truth == value).sum())) for value in (1, 0)]
            rows.append([kind, label, *counts, *map(cell, areas[label]), cell(CHANCE)])
        digest = prompt_hash(asked.labels)
        found: Figures = {"prompts_sha256": digest, "chance": CHANCE, "findings": _named(areas)}
        if asked.labels:
            macro = [_estimate(asked, partial(asked.macro, form)) for form in range(len(FORMS))]
            rows.append([kind, "mean", "", "", *map(cell, macro), cell(CHANCE)])
            found["mean"] = _named({"": macro})[""]
        figures[kind] = found
        notes.append(
            f"{kind}: {len(asked.patients)} images, {len(asked.labels)} of "
            f"{len(subject.vocabulary.labels)} findings with {FEWEST} images with and without, "
            f"prompts {digest}."
        )
    need_rows(
        rows, "zero-shot", "a finding that 5 test images have and 5 have not, by their labels"
    )
    header = ["images", "finding", "with", "without", *FORMS, "chance"]
    return "\n\n".join([markdown(header, rows), *notes]), {"zero_shot": figures}


def finding_areas(asked: PromptedScores) -> dict[str, list[Estimate]]:
    """AUROC of each finding with each form of prompt; ``n`` counts positives."""
    found = {}
    for number, label in enumerate(asked.labels):
        positives = int((asked.truth[:, number] == 1).sum())
        areas = [_estimate(asked, partial(asked.area, form, number)) for form in range(len(FORMS))]
        found[label] = [replace(area, n=positives) for area in areas]
    return found


def _estimate(
    asked: PromptedScores, statistic: Callable[[NDArray[np.intp]], float]
) -> Estimate:  # fmt: skip
    return bootstrap(statistic, asked.patients)


def _named(areas: dict[str, list[Estimate]]) -> dict[str, dict[str, object]]:
    return {
        label: {form: figure(e) for form, e in zip(FORMS, estimates, strict=True)}
        for label, estimates in areas.items()
    }
