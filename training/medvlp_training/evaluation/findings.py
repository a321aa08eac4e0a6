"""The table of "whether" on X-rays: AUROC per finding and view, calibration error."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from medvlp.errors import MedVLPError
from medvlp.models.protocol import GroundingModel
from medvlp_training.datasets.sources import NIH_LABELS
from medvlp_training.evaluation.cases import XRItem, jsrt_items, nih_items
from medvlp_training.evaluation.several import Question
from medvlp_training.evaluation.splits import is_test
from medvlp_training.evaluation.statistics import (
    auroc_estimate,
    bootstrap,
    expected_calibration_error,
)
from medvlp_training.evaluation.tasks.progress import tracked
from medvlp_training.evaluation.whether import Answer, xr_answers

FEWEST = 5
CHANCE = 0.5
_SHOWN = {"nih": "{}", "jsrt": "{} (JSRT)"}


def _estimate(answers: Sequence[Answer]) -> tuple[str, dict[str, object]]:
    truth = [a.truth for a in answers]
    if sum(truth) < FEWEST or len(truth) - sum(truth) < FEWEST:
        return "-", {}
    found = auroc_estimate([a.score for a in answers], truth, [a.patient for a in answers])
    error = bootstrap(
        lambda rows: expected_calibration_error(
            [answers[i].probability for i in rows], [truth[i] for i in rows]
        ),
        [a.patient for a in answers],
    )
    return f"{found}, n={found.n}", {**found.to_dict(), "ece": error.to_dict()}


def _items(model: GroundingModel, data: Path) -> list[XRItem]:
    if "XR" not in model.modalities:
        raise MedVLPError(
            f"Task 'findings' asks about X-rays; model {model.name} takes "
            f"{' and '.join(model.modalities)}. Choose another model (medvlp models list)."
        )
    return [i for i in (*nih_items(data), *jsrt_items(data)) if is_test(i.patient)]


def evaluate_findings(model: GroundingModel, data: Path) -> tuple[str, dict[str, object]]:
    """Held-out patients that the calibration did not see either; chance is 0.50."""
    items = _items(model, data)
    doing = f"{model.name}: X-ray"
    answers = xr_answers(model, tracked(items, doing), [*NIH_LABELS.values()])
    lines = ["| finding | all | PA | AP | chance |", "|---|---|---|---|---|"]
    figures: dict[str, object] = {}
    for concept in sorted(set(NIH_LABELS.values())):
        own = [a for a in answers if a.concept == concept and a.source == "nih"]
        cells, row = [], {}
        for name, part in (
            ("all", own),
            ("PA", [a for a in own if a.view == "PA"]),
            ("AP", [a for a in own if a.view == "AP"]),
        ):
            shown, row[name] = _estimate(part)
            cells.append(shown)
        if any(row.values()):
            lines.append(f"| {concept} | {' | '.join(cells)} | {CHANCE:.2f} |")
            figures[concept] = row
    nodules = [a for a in answers if a.source == "jsrt"]
    shown, figures["lung_nodule (JSRT)"] = _estimate(nodules)
    lines.append(f"| lung_nodule (JSRT) | {shown} | {shown} | - | {CHANCE:.2f} |")
    return "\n".join(lines), {"images": len(items), "chance": CHANCE, "auroc": figures}


def findings_questions(model: GroundingModel, data: Path) -> list[Question]:
    """The same questions one by one, to be compared with those of another model."""
    items = _items(model, data)
    return [
        Question(
            _SHOWN[answer.source].format(answer.concept),
            "AUROC",
            (item.source, item.path.name, answer.concept),
            answer.patient,
            answer.score,
            answer.truth,
            {"chance": CHANCE},
        )
        for item in tracked(items, f"{model.name}: X-ray")
        for answer in xr_answers(model, [item], [*NIH_LABELS.values()])
    ]
