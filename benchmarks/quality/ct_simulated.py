"""Lesions simulated in real CT that training never saw: where are they, and are they there at all?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from benchmarks.quality.atlas import Box, body
from benchmarks.quality.bar import Case, Goal, Record, Row, mean_of, mean_row, patients_of
from benchmarks.quality.lesions import lesion_atlas
from medvlp.geometry import Geometry
from medvlp.models.protocol import GroundingModel
from medvlp.scan import Scan
from medvlp_training.datasets.splits import is_held_out
from medvlp_training.evaluation.asking import ask, query_text
from medvlp_training.evaluation.statistics import (
    auroc_estimate,
    bootstrap,
    expected_calibration_error,
)
from medvlp_training.simulation.case import Request, SimulationError
from medvlp_training.simulation.hosts import WORKING_SPACING_MM, Host, read_canonical, resample
from medvlp_training.simulation.lungs import segment_lungs
from medvlp_training.simulation.simulate import simulate
from medvlp_training.simulation.variants import vary

TITLE = "Simulated lesions in unseen CT"
FOLDERS = ("ct_thorax", "ct_lungdx", "ct_covidctmd")
GUARDED = False
FINDINGS = ("pleural_effusion", "pneumothorax", "consolidation", "lung_mass")
HOSTS = {
    "LUNG1-001": ("ct_thorax/LUNG1-001_ct.nii.gz", ("lung_mass", "pleural_effusion")),
    "113_HM10395": ("ct_thorax/4DLung-113_ct.nii.gz", ("lung_mass",)),
    "imlab id003": ("ct_thorax/imlab-id003_ct.nii.gz", ()),
    "A0001": ("ct_lungdx/A0001_series1_ct.nii.gz", ("lung_mass",)),
    "P001": ("ct_covidctmd/P001_ct.nii.gz", ("consolidation",)),
    "cap001": ("ct_covidctmd/cap001_ct.nii.gz", ("consolidation",)),
}
"""Patient to a scan and the findings of its own, which are neither placed nor counted there."""
VARIANTS = 2
SMALLEST_MASS_MM = 15.0
POINTING = Goal(0.8)
PRESENT = Goal(0.9)
SEED = 20


def cases(data: Path, prepared: Path) -> Iterator[Case]:
    """Every host as it is and bent, without a lesion and with each."""
    for patient, (path, own) in HOSTS.items():
        for variant in range(VARIANTS):
            for finding in (None, *(f for f in FINDINGS if f not in own)):
                ask_it = partial(
                    _asked,
                    path=data / path,
                    patient=patient,
                    variant=variant,
                    finding=finding,
                    prepared=prepared,
                )
                yield Case(f"{patient}/{variant}/{finding or 'none'}", ask_it)


@lru_cache(maxsize=2)
def unseen_host(path: Path, patient: str, variant: int) -> Host:
    """A held-out scan at the working spacing, with its lungs; ``variant`` 0 is the scan as it is."""
    if not is_held_out(patient):
        raise SimulationError(
            f"{path}: {patient} was trained on; expected a patient that was held out."
        )
    raw, spacing = read_canonical(path)
    grey = np.clip(raw, -1024, 3071).astype(np.int16)
    volume = np.asarray(resample(grey, spacing, WORKING_SPACING_MM), dtype=np.int16)
    lungs = segment_lungs(volume, WORKING_SPACING_MM)
    host = Host(patient, patient, volume, lungs, tuple(sorted(lungs)), WORKING_SPACING_MM, ())
    rng = np.random.default_rng([SEED, variant, *patient.encode()])
    return replace(vary(host, rng), name=patient) if variant else host


def _asked(
    model: GroundingModel,
    path: Path,
    patient: str,
    variant: int,
    finding: str | None,
    prepared: Path,
) -> list[Record]:
    host = unseen_host(path, patient, variant)
    order = 0 if finding is None else 1 + FINDINGS.index(finding)
    rng = np.random.default_rng([SEED, variant, order, *patient.encode()])
    requests = [] if finding is None else [Request(finding)]
    try:
        case = simulate(host.volume, host.organs, host.spacing, requests, rng)
    except SimulationError as error:
        return [{"patient": patient, "finding": finding, "skipped": str(error)}]
    scan = Scan(case.volume, Geometry.axial(case.volume.shape, host.spacing), "CT", "HU")
    asked = [f for f in FINDINGS if f not in HOSTS[patient][1]]
    maps = ask(model, model.encode(scan, cache=False), [query_text(f) for f in asked])
    records: list[Record] = []
    for name, heat in zip(asked, maps, strict=True):
        record: Record = {
            "patient": patient, "variant": variant, "finding": name, "present": name == finding,
            "score": heat.score, "probability": heat.probability,
        }  # fmt: skip
        if name == finding:
            inside = body(case.volume)
            box, mask = Box.around(inside), case.lesions[name]
            points = {
                "model": heat.peak_index,
                "centre": box.centre,
                "atlas": lesion_atlas(prepared).peak(name, box),
            }
            record["in_mask"] = {
                of: None if p is None else bool(mask[p]) for of, p in points.items()
            }
            record["chance"] = float((mask & inside).sum() / max(int(inside.sum()), 1))
            record["longest_mm"] = float(max(Box.around(mask).size * np.asarray(host.spacing)))
        records.append(record)
    return records


def hit(record: Record, of: str) -> float | None:
    """Whether the peak lies in the lesion."""
    if of == "random":
        return float(record["chance"])
    found = record["in_mask"][of]
    return (0.0 if of == "model" else None) if found is None else float(found)


def rows(records: Sequence[Record]) -> list[Row]:
    """Pointing and AUROC of each finding and of all; calibration error of all."""
    kept = [r for r in records if "skipped" not in r]
    placed = [r for r in kept if r["present"] and _large(r)]
    found = []
    for name in FINDINGS:
        own = [r for r in placed if r["finding"] == name]
        if own:
            said = "peak in the lesion, " + name + (" over 15 mm" if name == "lung_mass" else "")
            found.append(mean_row(said, "simulated, unseen hosts", own, hit, goal=POINTING))
    for name in FINDINGS:
        own = [r for r in kept if r["finding"] == name and r["score"] is not None]
        if own:
            found.append(_area(name, own))
    found.append(_calibration(kept))
    return found


def _large(record: Record) -> bool:
    return record["finding"] != "lung_mass" or record["longest_mm"] >= SMALLEST_MASS_MM


def _area(name: str, own: Sequence[Record]) -> Row:
    whose = patients_of(own)
    value = auroc_estimate([r["score"] for r in own], [r["present"] for r in own], whose)
    priors = {"random": mean_of([0.5] * len(own), whose)}
    return Row(
        f"AUROC of {name}", "simulated, unseen hosts", len(set(whose)), value, priors, PRESENT
    )


def _calibration(kept: Sequence[Record]) -> Row:
    own = [r for r in kept if r["probability"] is not None]
    said, truth = [r["probability"] for r in own], [bool(r["present"]) for r in own]
    whose = patients_of(own)

    def error(values: Sequence[float]) -> object:
        return bootstrap(
            lambda rows: expected_calibration_error(
                [values[i] for i in rows], [truth[i] for i in rows]
            ),
            whose,
        )

    draws = np.random.default_rng(0).random(len(own)).tolist()
    note = f"of these answers {np.mean(truth):.2f} are present: the share is ours, not a clinic's"
    return Row(
        "expected calibration error of the probabilities", "simulated, unseen hosts", len(set(whose)),
        error(said), {"random": error(draws)}, None, note,  # type: ignore[arg-type,dict-item]
    )  # fmt: skip
