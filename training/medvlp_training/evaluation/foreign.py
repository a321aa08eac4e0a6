"""Does the model decline what it does not know? Scans, queries and organs outside its world."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.grounding.ground import ground
from medvlp.io.nifti import read_nifti
from medvlp.io.open import open_scan
from medvlp.models.protocol import GroundingModel
from medvlp.scan import Scan
from medvlp_training.evaluation.cases import jsrt_items, nih_items
from medvlp_training.evaluation.several import Question
from medvlp_training.evaluation.splits import is_test
from medvlp_training.evaluation.statistics import Estimate, mean_estimate
from medvlp_training.evaluation.tasks.progress import tracked
from medvlp_training.evaluation.tasks.table import cell, number_or_none

FOREIGN_QUERIES = (
    "pizza", "bicycle", "the stock market", "my grandmother", "football match", "blue whale",
    "quantum chromodynamics", "sandwich with cheese", "electric guitar", "holiday in Spain",
)  # fmt: skip
SLICES = 60


def _scan(image: NDArray[np.floating]) -> Scan:
    array = np.asarray(image, dtype=np.float32)
    low, high = float(array.min()), float(array.max())
    array = (array - low) / max(high - low, 1e-6)
    return Scan(array, Geometry.radiograph(array.shape), "XR", "normalised")  # type: ignore[arg-type]


def ct_slices(data: Path) -> Iterator[tuple[str, Scan]]:
    """Single CT slices saved as pictures, with the case of each: grey, medical, and no radiograph."""
    for path in sorted((data / "ct2d_medpix" / "images").iterdir())[:SLICES]:
        yield path.stem.partition("_")[0], open_scan(path)


def photographs() -> Iterator[tuple[str, Scan]]:
    """The photographs that scikit-image carries, with their names, where it is installed."""
    try:
        from skimage import data as pictures

        for name in ("astronaut", "camera", "coins", "cat", "coffee", "rocket", "page", "moon"):
            try:
                image = np.asarray(getattr(pictures, name)(), dtype=np.float32)
            except (OSError, AttributeError, ValueError):
                continue  # not shipped with this release, and nothing is downloaded
            yield name, _scan(image.mean(axis=2) if image.ndim == 3 else image)
    except ImportError:
        return


def brain_mr_like(data: Path) -> Scan:
    """The MR crop of the data folder, passed off as a CT."""
    raw = read_nifti(data / "ct_totalseg" / "example_mr_sm.nii.gz")
    return Scan(raw.array, raw.geometry, "CT", "HU")


def _declined(model: GroundingModel, scan: Scan, text: str) -> bool:
    return ground(model, model.encode(scan, cache=False), [text])[0].abstained


def evaluate_abstention(model: GroundingModel, data: Path) -> tuple[str, dict[str, object]]:
    """Share declined, per kind of input; the last two rows should be low.

    Intervals are over patients, cases or pictures; what was asked of one of them has none. Two models
    that look at nothing are the baselines: one that declines always, and one that tosses a coin.
    """
    rows = {
        kind: estimate
        for kind, answers in _answers(model, data).items()
        if (estimate := _share(answers)) is not None
    }
    lines = ["| input | n | declined | always declines | coin |", "|---|---|---|---|---|"]
    lines += [f"| {kind} | {e.n} | {cell(e)} | 1.00 | 0.50 |" for kind, e in rows.items()]
    figures = {
        kind: {"n": e.n, "declined": e.value, "interval": [*map(number_or_none, (e.low, e.high))]}
        for kind, e in rows.items()
    }
    return "\n".join(lines), {"abstention": figures}


def _answers(model: GroundingModel, data: Path) -> dict[str, list[tuple[str, bool]]]:
    """Per kind of input, whose it is and whether it was declined; only scans that the model takes."""

    def pictures(scans: Iterable[tuple[str, Scan]]) -> list[tuple[str, bool]]:
        return [(whose, _declined(model, scan, "left lung")) for whose, scan in scans]

    found: dict[str, list[tuple[str, bool]]] = {}
    if "XR" in model.modalities:
        found["CT slices as pictures, asked for a lung"] = pictures(ct_slices(data))
        found["photographs, asked for a lung"] = pictures(photographs())
    if "CT" in model.modalities:
        found |= _about_ct(model, data)
    if "XR" in model.modalities:
        known = [i for i in (*nih_items(data), *jsrt_items(data)) if is_test(i.patient)]
        found["real X-rays of unseen patients, asked for a lung"] = pictures(
            (i.patient, open_scan(i.path)) for i in tracked(known, f"{model.name}: X-ray")
        )
    return found


def _about_ct(model: GroundingModel, data: Path) -> dict[str, list[tuple[str, bool]]]:
    ct = model.encode(open_scan(data / "ct_totalseg" / "example_ct.nii.gz"), cache=False)

    def asked(*words: str) -> list[tuple[str, bool]]:
        return [("", found.abstained) for found in ground(model, ct, words)]

    return {
        "MR as CT, asked for the liver": [("", _declined(model, brain_mr_like(data), "liver"))],
        "foreign words on a CT": asked(*FOREIGN_QUERIES),
        "brain and thyroid on an abdominal CT": asked("brain", "thyroid gland"),
        "known words on the same CT": asked("liver", "left kidney", "urinary bladder", "sacrum"),
    }


def abstention_questions(model: GroundingModel, data: Path) -> list[Question]:
    """The same inputs one by one, to be compared with those of another model."""
    beside = {"always declines": 1.0, "coin": 0.5}
    return [
        Question(kind, "declined", (kind, str(n)), whose, float(declined), baselines=beside)
        for kind, answers in _answers(model, data).items()
        for n, (whose, declined) in enumerate(answers)
    ]


def _share(answers: list[tuple[str, bool]]) -> Estimate | None:
    """Share declined; without an interval if all are of one patient, None without answers."""
    if not answers:
        return None
    whose, declined = zip(*answers, strict=True)
    if len(set(whose)) > 1:
        return mean_estimate(declined, whose)
    return Estimate(float(np.mean(declined)), float("nan"), float("nan"), len(declined))
