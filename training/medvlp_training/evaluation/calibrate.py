"""Fit ``calibration.json``: Platt's sigmoid per finding, one for organs, thresholds.

    python -m medvlp_training.evaluation.calibrate --data DATA --cases PREPARED_CT \
        --shards SIMULATED_CT MORE_SIMULATED_CT --model FOLDER

With ``--domain-only`` only the thresholds of what counts as foreign are fitted.

* X-ray findings: the validation half of the held-out patients.
* CT findings: simulated cases, because no real CT here has scan-level labels. Their probabilities
  are those of the simulation, and the model card says so.
* What counts as foreign: a threshold per kind of image that keeps 98 of 100 validation images of
  it; where there are fewer than 50, the common threshold stays.
* Organs: whole scans and blocks of the patients with masks, so that organs are outside the field of
  view in some. These patients were trained on: presence is optimistic, and the card says so.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import typer

from medvlp.errors import MedVLPError
from medvlp.geometry import Geometry
from medvlp.grounding.calibration import Calibration, Platt
from medvlp.grounding.lexicon import load_lexicon
from medvlp.grounding.regions import organ_presence
from medvlp.io.open import open_scan
from medvlp.models.load import load_model
from medvlp.models.protocol import GroundingModel
from medvlp.scan import Scan
from medvlp_training.datasets.case import CTCase, read_case
from medvlp_training.datasets.concepts import broader
from medvlp_training.datasets.sources import NIH_LABELS
from medvlp_training.evaluation.cases import covid_films, jsrt_items, nih_items
from medvlp_training.evaluation.splits import is_validation
from medvlp_training.evaluation.statistics import auroc
from medvlp_training.evaluation.whether import Answer, answers_for, xr_answers
from medvlp_training.simulation.findings import SIMULATORS

FEWEST = 4
WIDER = frozenset({"lung_opacity", "mass"})
"""Findings with simulated kinds that get an entry of their own from these.

Fracture and device do not: their entries were sure of both in the very hosts, where nothing was simulated.
"""
PRIOR_ANSWERS = 5.0
"""Weight of the prior on a slope, in answers: the more answers there are, the less it holds the slope."""
POOLED_WEIGHTS = (0.0, 0.25, 0.5, 0.75)
ORGAN_ML = 2.0
KEPT_ORGANS = 0.03
DECLINED_IN_DOMAIN = 0.02
FEWEST_IMAGES = 50


def fit_platt(scores: Sequence[float], truth: Sequence[bool]) -> Platt:
    """Logistic regression on one score, with Platt's smoothed targets and a prior on the slope.

    The slope is the exponential of what is fitted, so that order is never turned round.
    """
    from scipy.optimize import minimize

    s = np.asarray(scores, dtype=float)
    t = np.asarray(truth, dtype=bool)
    positives, negatives = int(t.sum()), int((~t).sum())
    target = np.where(t, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    centre, spread = float(s.mean()), float(s.std()) or 1.0
    z = (s - centre) / spread

    def loss(w: np.ndarray) -> float:
        logits = np.exp(w[0]) * z + w[1]
        unlike = float(np.mean(np.logaddexp(0, logits) - target * logits))
        return unlike + PRIOR_ANSWERS / len(s) * float(w[0]) ** 2

    slope, offset = minimize(loss, np.array([0.0, 0.0])).x
    scale = float(np.exp(slope)) / spread
    return Platt(scale=scale, offset=float(offset) - scale * centre)


def mean_auroc(answers: Sequence[Answer], weight: float) -> float:
    """Mean over concepts of the AUROC of dense and pooled scores mixed by ``weight``."""
    values = []
    for concept in sorted({a.concept for a in answers}):
        own = [a for a in answers if a.concept == concept]
        scores = np.array([(1 - weight) * a.dense + weight * a.pooled for a in own])
        truth = np.array([a.truth for a in own])
        if min(truth.sum(), (~truth).sum()) >= FEWEST:
            values.append(auroc(scores, truth))
    return float(np.mean(values)) if values else 0.5


def case_scan(case: CTCase) -> Scan:
    """A training case as a scan, axes as the working grid."""
    spacing = (case.spacing_mm,) * 3
    return Scan(case.volume, Geometry.axial(case.volume.shape, spacing), "CT", "HU")


def blocks(case: CTCase) -> Iterator[CTCase]:
    """The case, and its lower, middle and upper half: organs leave the field of view."""
    yield case
    length = case.volume.shape[0]
    for first in (0, length // 4, length // 2):
        part = slice(first, first + length // 2)
        yield replace(case, volume=case.volume[part], organs=case.organs[part], lesions={})


def with_wider(truths: Mapping[str, bool], kinds: Iterable[str]) -> dict[str, bool]:
    """The findings, and those of :data:`WIDER` that they are kinds of: lung opacity beside consolidation.

    Parameters
    ----------
    truths
        Present and known absent findings.
    kinds
        All that could have been present. A wider finding is absent if each of its kinds is known
        to be, and unknown if one is unknown and none present.
    """
    wider: dict[str, list[bool | None]] = {}
    for kind in kinds:
        for name in broader(kind) & WIDER - {kind}:
            wider.setdefault(name, []).append(truths.get(kind))
    found = dict(truths)
    for name, known in wider.items():
        if True in known:
            found[name] = True
        elif None not in known:
            found[name] = found.get(name, False)
    return found


def finding_answers(model: GroundingModel, cases: Iterable[CTCase]) -> list[Answer]:
    """Findings of simulated cases, present and known absent, and what they are kinds of."""
    concepts = load_lexicon().concepts
    answers = []
    for case in cases:
        encoding = model.encode(case_scan(case), cache=False)
        named = {n: n in case.lesions for n in (*case.lesions, *sorted(case.absent))}
        truths = {n: t for n, t in with_wider(named, SIMULATORS).items() if n in concepts}
        facts = {"patient": case.patient, "seen": True, "source": "simulated", "view": "CT"}
        answers += answers_for(model, encoding, truths, **facts)  # type: ignore[arg-type]
    return answers


def organ_answers(
    model: GroundingModel, cases: Iterable[CTCase]
) -> tuple[list[Answer], list[float]]:
    """Organs in and out of the field of view; and the organ head's certainty of those that are in.

    An organ of which less than 2 ml is left counts as neither.
    """
    concepts = load_lexicon().concepts
    answers: list[Answer] = []
    certain: list[float] = []
    for case in cases:
        encoding = model.encode(case_scan(case), cache=False)
        millilitres = np.bincount(case.organs.ravel(), minlength=256) * case.spacing_mm**3 / 1000
        volume = {name: float(millilitres[k]) for k, name in case.names.items()}
        known = [n for n in sorted(case.annotated) if n in concepts]
        known = [n for n in known if volume.get(n, 0.0) == 0 or volume[n] >= ORGAN_ML]
        truths = {n: volume.get(n, 0.0) > 0 for n in known}
        facts = {"patient": case.patient, "seen": True, "source": "masks", "view": "CT"}
        answers += answers_for(model, encoding, truths, **facts)  # type: ignore[arg-type]
        certain += [organ_presence(encoding, n) for n in encoding.organs if truths.get(n)]
    return answers, certain


def finding_entries(answers: Sequence[Answer], modality: str, weight: float) -> dict[str, Platt]:
    """One entry per concept with enough of both kinds, and one for all others."""
    mixed = [(a.concept, (1 - weight) * a.dense + weight * a.pooled, a.truth) for a in answers]
    entries = {f"default/{modality}": fit_platt([m[1] for m in mixed], [m[2] for m in mixed])}
    for concept in sorted({m[0] for m in mixed}):
        scores = [s for c, s, _ in mixed if c == concept]
        truth = [t for c, _, t in mixed if c == concept]
        if min(sum(truth), len(truth) - sum(truth)) >= FEWEST:
            entries[f"{concept}/{modality}"] = fit_platt(scores, truth)
    return entries


def _organ_entries(answers: Sequence[Answer], weight: float) -> dict[str, Platt]:
    """The same entry for every organ that CT can show."""
    scores = [(1 - weight) * a.dense + weight * a.pooled for a in answers]
    shared = fit_platt(scores, [a.truth for a in answers])
    organs = [c for c in load_lexicon().concepts.values() if c.kind == "organ"]
    return {f"{c.name}/CT": shared for c in organs if "CT" in c.modalities}


def validation_images(data: Path) -> Iterator[Path]:
    """X-rays of every collection, of the patients that calibration may see."""
    for item in (*nih_items(data), *jsrt_items(data)):
        if is_validation(item.patient):
            yield item.path
    for path, patient in covid_films(data):
        if is_validation(patient):
            yield path


def domain_thresholds(certain: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """Per modality, the certainty that all but 2 in 100 of its images reach; rounded down.

    A modality with few images gets none: their quantile would be their least one.
    """
    return {
        modality: math.floor(1000 * float(np.quantile(values, DECLINED_IN_DOMAIN))) / 1000
        for modality, values in certain.items()
        if len(values) >= FEWEST_IMAGES
    }


def fit_domain(model: GroundingModel, data: Path) -> dict[str, float]:
    """Thresholds of what counts as foreign, from real validation images.

    All such images here are X-rays: simulated CT look like their hosts, which were trained on.
    """
    scans = (open_scan(path) for path in validation_images(data))
    certain = [model.encode(scan, cache=False).in_domain for scan in scans]
    return domain_thresholds({"XR": certain})


def calibrate(
    model: GroundingModel, data: Path, shards: Sequence[Path], cases: Sequence[Path]
) -> Calibration:
    """Fit every entry that the data allow."""
    items = [i for i in (*nih_items(data), *jsrt_items(data)) if is_validation(i.patient)]
    xr = xr_answers(model, items, list(dict.fromkeys(NIH_LABELS.values())))
    ct = finding_answers(model, (read_case(p) for p in shards))
    organs, certain = organ_answers(model, (b for p in cases for b in blocks(read_case(p))))
    groups = [g for g in (xr, ct, organs) if g]
    weight = max(POOLED_WEIGHTS, key=lambda w: sum(mean_auroc(g, w) for g in groups))
    entries: dict[str, Platt] = {}
    for answers, modality in ((xr, "XR"), (ct, "CT")):
        entries |= finding_entries(answers, modality, weight) if answers else {}
    entries |= _organ_entries(organs, weight) if organs else {}
    threshold = float(np.clip(np.quantile(certain, KEPT_ORGANS), 0.05, 0.9)) if certain else 0.5
    changes = {
        "pooled_weight": weight,
        "concepts": entries,
        "organ_present": threshold,
        "in_domain_by_modality": fit_domain(model, data),
    }
    return model.calibration.model_copy(update=changes)


def simulated_cases(folders: Iterable[Path]) -> list[Path]:
    """Cases of every folder.

    Raises
    ------
    MedVLPError
        If one of them has none: the calibration would rest on the others alone.
    """
    found = {folder: sorted(folder.glob("case_*.safetensors")) for folder in folders}
    for folder, cases in found.items():
        if not cases:
            raise MedVLPError(
                f"{folder} has no simulated case (case_*.safetensors). Make them with "
                "python -m medvlp_training.simulation.shards, or leave the folder out."
            )
    return [path for cases in found.values() for path in cases]


def main() -> None:
    """Command line: rewrites ``calibration.json`` and the manifest of a model folder."""
    from medvlp.models.folder import model_info
    from medvlp_training.engine.export import seal

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--shards", type=Path, nargs="+", help="folders of simulated CT cases")
    parser.add_argument("--cases", type=Path, nargs="+", help="CT with organ masks")
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--domain-only", action="store_true", help="keep everything else as it is")
    arguments = parser.parse_args()
    info, model = model_info(arguments.model), load_model(arguments.model)
    if arguments.domain_only:
        thresholds = {"in_domain_by_modality": fit_domain(model, arguments.data)}
        fitted = model.calibration.model_copy(update=thresholds)
    elif arguments.shards is None or arguments.cases is None:
        parser.error("--shards and --cases are needed, unless --domain-only is given")
    else:
        shards = simulated_cases(arguments.shards)
        fitted = calibrate(model, arguments.data, shards, arguments.cases)
    fitted.save(arguments.model / "calibration.json")
    seal(arguments.model, info.name, info.parameters)
    typer.echo(
        f"{len(fitted.concepts)} entries, pooled weight {fitted.pooled_weight}, "
        f"in-domain thresholds {fitted.in_domain_by_modality}"
    )


if __name__ == "__main__":
    main()
