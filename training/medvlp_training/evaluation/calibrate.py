"""Fit ``calibration.json`` on held-out patients: Platt's sigmoid per finding, thresholds.

    python -m medvlp_training.evaluation.calibrate --data DATA --shards SHARDS --model FOLDER

X-ray findings are fitted on the validation half of the held-out patients. CT findings are fitted on
simulated cases (``--shards``), because no real CT here has scan-level labels: their probabilities
are those of the simulation, and the model card says so. Organs share one entry, fitted on
whether their masks are in the field of view.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import typer

from medvlp.geometry import Geometry
from medvlp.grounding.calibration import Calibration, Platt
from medvlp.grounding.lexicon import load_lexicon
from medvlp.grounding.regions import organ_presence
from medvlp.models.load import load_model
from medvlp.models.protocol import GroundingModel
from medvlp.scan import Scan
from medvlp_training.datasets.case import CTCase, read_case
from medvlp_training.datasets.sources import NIH_LABELS
from medvlp_training.evaluation.asking import ask, query_text
from medvlp_training.evaluation.cases import jsrt_items, nih_items
from medvlp_training.evaluation.splits import is_validation
from medvlp_training.evaluation.whether import Answer, xr_answers

FEWEST = 4
RIDGE = 0.05
POOLED_WEIGHTS = (0.0, 0.25, 0.5, 0.75, 1.0)


def fit_platt(scores: Sequence[float], truth: Sequence[bool]) -> Platt:
    """Logistic regression on one score, with Platt's smoothed targets and a light ridge."""
    from scipy.optimize import minimize

    s = np.asarray(scores, dtype=float)
    t = np.asarray(truth, dtype=bool)
    positives, negatives = int(t.sum()), int((~t).sum())
    target = np.where(t, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    centre, spread = float(s.mean()), float(s.std()) or 1.0
    z = (s - centre) / spread

    def loss(w: np.ndarray) -> float:
        logits = np.exp(w[0]) * z + w[1]
        return float(np.mean(np.logaddexp(0, logits) - target * logits) + RIDGE * w[0] ** 2)

    slope, offset = minimize(loss, np.array([0.0, 0.0])).x
    scale = float(np.exp(slope)) / spread
    return Platt(scale=scale, offset=float(offset) - scale * centre)


def best_pooled_weight(answers: Sequence[Answer]) -> float:
    """Share of the pooled similarity with the highest mean AUROC over findings."""
    from medvlp_training.evaluation.statistics import auroc

    def mean_auroc(weight: float) -> float:
        values = []
        for concept in {a.concept for a in answers}:
            own = [a for a in answers if a.concept == concept]
            scores = np.array([(1 - weight) * a.dense + weight * a.pooled for a in own])
            truth = np.array([a.truth for a in own])
            if truth.sum() >= FEWEST and (~truth).sum() >= FEWEST:
                values.append(auroc(scores, truth))
        return float(np.mean(values))

    return max(POOLED_WEIGHTS, key=mean_auroc)


def case_scan(case: CTCase) -> Scan:
    """A training case as a scan, axes as the working grid."""
    spacing = (case.spacing_mm,) * 3
    return Scan(case.volume, Geometry.axial(case.volume.shape, spacing), "CT", "HU")


def ct_answers(
    model: GroundingModel, cases: Iterable[CTCase]
) -> tuple[list[tuple[str, float, bool]], list[tuple[float, bool]]]:
    """``(finding, score, truth)``, and ``(organ presence, truth)``, over cases."""
    concepts = load_lexicon().concepts
    findings: list[tuple[str, float, bool]] = []
    organs: list[tuple[float, bool]] = []
    for case in cases:
        encoding = model.encode(case_scan(case), cache=False)
        known = [n for n in (*case.lesions, *sorted(case.absent)) if n in concepts]
        maps = ask(model, encoding, [query_text(n) for n in known])
        findings += [
            (n, float(m.score or 0.0), n in case.lesions) for n, m in zip(known, maps, strict=True)
        ]
        for name in encoding.organs:
            if name in case.annotated:
                there = any(
                    case.names[k] == name for k in np.unique(case.organs) if k in case.names
                )
                organs.append((organ_presence(encoding, name), there))
    return findings, organs


def _entries(rows: Sequence[tuple[str, float, bool]], modality: str) -> dict[str, Platt]:
    entries = {}
    for concept in sorted({name for name, _, _ in rows}):
        scores = [s for n, s, _ in rows if n == concept]
        truth = [t for n, _, t in rows if n == concept]
        if min(sum(truth), len(truth) - sum(truth)) >= FEWEST:
            entries[f"{concept}/{modality}"] = fit_platt(scores, truth)
    if rows:
        entries[f"default/{modality}"] = fit_platt([r[1] for r in rows], [r[2] for r in rows])
    return entries


def calibrate(model: GroundingModel, data: Path, shards: Sequence[Path]) -> Calibration:
    """Fit every entry that the data allow."""
    items = [i for i in (*nih_items(data), *jsrt_items(data)) if is_validation(i.patient)]
    xr = xr_answers(model, items, list(dict.fromkeys(NIH_LABELS.values())))
    weight = best_pooled_weight(xr)
    fitted = model.calibration.model_copy(update={"pooled_weight": weight, "concepts": {}})
    mixed = [(a.concept, (1 - weight) * a.dense + weight * a.pooled, a.truth) for a in xr]
    findings, organs = ct_answers(_with(model, fitted), [read_case(p) for p in shards])
    entries = _entries(mixed, "XR") | _entries(findings, "CT")
    threshold = _presence_threshold(organs) if organs else fitted.organ_present
    return fitted.model_copy(update={"concepts": entries, "organ_present": threshold})


def _presence_threshold(organs: Sequence[tuple[float, bool]]) -> float:
    """Threshold that keeps 97 % of the organs that are there."""
    there = np.array([p for p, t in organs if t])
    return float(np.clip(np.quantile(there, 0.03), 0.05, 0.9)) if len(there) else 0.5


def _with(model: GroundingModel, calibration: Calibration) -> GroundingModel:
    model.calibration = calibration  # type: ignore[misc]
    return model


def main() -> None:
    """Command line: rewrites ``calibration.json`` and the manifest of a model folder."""
    from medvlp.models.folder import model_info
    from medvlp_training.engine.export import seal

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--shards", type=Path, required=True, help="folder of simulated CT cases")
    parser.add_argument("--model", type=Path, required=True)
    arguments = parser.parse_args()
    shards = sorted(arguments.shards.glob("case_*.safetensors"))
    info = model_info(arguments.model)
    fitted = calibrate(load_model(arguments.model), arguments.data, shards)
    fitted.save(arguments.model / "calibration.json")
    seal(arguments.model, info.name, info.parameters)
    typer.echo(f"{len(fitted.concepts)} entries, pooled weight {fitted.pooled_weight}")


if __name__ == "__main__":
    main()
