"""COVID-CT-MD: which slices are infected, and is the normal patient the least likely to be?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.quality.atlas import CELLS, Box, body
from benchmarks.quality.bar import Case, Goal, Record, Row, mean_of
from benchmarks.quality.lesions import lesion_atlas
from medvlp.io.open import open_scan
from medvlp.models.protocol import GroundingModel
from medvlp_training.datasets.splits import is_held_out
from medvlp_training.evaluation.asking import ask, query_text
from medvlp_training.evaluation.statistics import auroc, auroc_estimate

TITLE = "Infected slices on COVID-CT-MD"
FOLDERS = ("ct_covidctmd",)
GUARDED = False
CONCEPTS = ("consolidation", "ground_glass_opacity")
SLICES = Goal(0.85)
LOWER = Goal(1.0)
PRIORS = ("centre", "atlas")


def cases(data: Path, prepared: Path) -> Iterator[Case]:
    """The three patients."""
    folder = data / "ct_covidctmd"
    for facts in json.loads((folder / "labels.json").read_text(encoding="utf-8")):
        yield Case(
            facts["id"],
            lambda model, facts=facts: [_asked(model, folder, facts, prepared)],  # type: ignore[misc]
        )


def infected(facts: Record, slices: int) -> list[bool]:
    """Of each slice of the array, feet first: the labels count from the head."""
    sick = set(facts.get("infected_slice_indices_source_order") or ())
    return [slices - 1 - k in sick for k in range(slices)]


def _asked(model: GroundingModel, folder: Path, facts: Record, prepared: Path) -> Record:
    scan = open_scan(folder / f"{facts['id']}_ct.nii.gz")
    feet_first = (
        scan.geometry.index_to_world((1, 0, 0))[2] > scan.geometry.index_to_world((0, 0, 0))[2]
    )
    maps = ask(model, model.encode(scan, cache=False), [query_text(c) for c in CONCEPTS])
    slices = scan.array.shape[0]
    truth = infected(facts, slices)
    box = Box.around(body(np.asarray(scan.array)))
    share = np.clip((np.arange(slices) - box.start[0] + 0.5) / box.size[0], 0, 0.999)
    grids = [lesion_atlas(prepared).grid(c) for c in CONCEPTS]
    along = [g.max(axis=(1, 2)) for g in grids if g is not None]
    scores = {
        "model": np.max([m.slice_scores for m in maps], axis=0),
        "centre": -np.abs(share - 0.5),
    }
    if along:
        from_feet = share if feet_first else 0.999 - share
        scores["atlas"] = np.max(along, axis=0)[(from_feet * CELLS).astype(int)]
    return {
        "patient": facts["id"],
        "seen": not is_held_out(facts["id"]),
        "diagnosis": facts["diagnosis"],
        "truth": truth if feet_first else truth[::-1],
        "scores": {of: [round(float(v), 5) for v in s] for of, s in scores.items()},
        "probability": max(m.probability or 0.0 for m in maps),
    }


def rows(records: Sequence[Record]) -> list[Row]:
    """Within each ill patient, over both, and the three patients' probabilities."""
    ill = [r for r in records if any(r["truth"])]
    well = [r for r in records if not any(r["truth"])]
    found = [_slices(f"AUROC of infected slices, {r['patient']}", [r]) for r in ill]
    found.append(_slices("AUROC of infected slices, both ill patients", ill, goal=SLICES))
    if ill and well:
        highest = max(r["probability"] for r in well)
        lower = [float(highest < r["probability"]) for r in ill]
        said = ", ".join(f"{r['patient']} {r['probability']:.2f}" for r in records)
        value = mean_of([float(all(lower))], ["all"])
        note = f"{said}; {', '.join(r['patient'] for r in well if r['seen'])} was a host of simulations"
        found.append(
            Row("normal patient's probability lower than both others'", "mixed", len(records), value,
                {"random": mean_of([1 / len(records)], ["all"])}, LOWER, note)
        )  # fmt: skip
    return found


def _slices(measure: str, own: Sequence[Record], goal: Goal | None = None) -> Row:
    """Slices are compared within a patient, patients weigh the same."""

    def area(record: Record, of: str) -> float | None:
        if of not in record["scores"]:
            return None
        scores, truth = np.array(record["scores"][of]), np.array(record["truth"])
        return auroc(scores, truth)

    whose = [r["patient"] for r in own]
    priors = {of: mean_of([area(r, of) for r in own], whose) for of in PRIORS}
    priors["random"] = mean_of([0.5] * len(own), whose)
    if len(own) == 1:
        record = own[0]
        value = auroc_estimate(
            record["scores"]["model"], record["truth"], [record["patient"]] * len(record["truth"])
        )
    else:
        value = mean_of([area(r, "model") for r in own], whose)
    return Row(measure, "unseen", len(own), value, priors, goal)
