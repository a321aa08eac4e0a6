"""Organs on CT with one patient left out: ``python -m benchmarks.quality.folds --fold PATIENT=MODEL ...``.

Each model was trained without the patient that is asked about (``medvlp train fold_lidc``,
``medvlp train fold_totalseg``), for fewer steps and on CT alone. The figures are of the recipe, not of
the default model, which saw both patients.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.quality import ct_organs
from benchmarks.quality.bar import Goal, Record, Row, mean_row
from benchmarks.quality.bars import FOLDS, REPORTED
from benchmarks.quality.run import data_version, write
from benchmarks.quality.table import summary
from medvlp.grounding.calibration import Calibration
from medvlp.models.load import find_model, load_model
from medvlp.models.protocol import GroundingModel
from medvlp_training.evaluation.cases import ct_with_masks

TITLE = "Organs on CT, one patient left out"


def known_organs(calibration: Calibration) -> frozenset[str]:
    """Concepts that the training of a fold had positive examples of, on CT."""
    return frozenset(calibration.trained.get("CT", ()))


def fold_records(model: GroundingModel, patient: str, data: Path) -> list[Record]:
    """Every organ of the patient that was left out, and whether the training had it elsewhere."""
    known = known_organs(model.calibration)
    records = [
        record
        for item in ct_with_masks(data)
        if item.patient == patient
        for record in ct_organs.asked(model, item, data)
    ]
    return [record | {"seen": False, "taught": record["organ"] in known} for record in records]


def rows(records: Sequence[Record]) -> list[Row]:
    """Both patients together, each alone, and organs that no other patient had."""
    taught = [r for r in records if r["taught"]]
    found = _rows("", taught, goals=True)
    for patient in dict.fromkeys(r["patient"] for r in taught):
        found += _rows(f", {patient} left out", [r for r in taught if r["patient"] == patient])
    foreign = [r for r in records if not r["taught"]]
    if foreign:
        found.append(
            mean_row("peak, organs that the training had in no patient", "unseen", foreign,
                     ct_organs.hit, note="names alone: what the text tower knows of their place")
        )  # fmt: skip
    return found


def _rows(where: str, own: Sequence[Record], goals: bool = False) -> list[Row]:
    def row(
        measure: str,
        records: Sequence[Record],
        key: Callable[[Record, str], float | None],
        goal: Goal,
    ) -> Row:
        return mean_row(f"{measure}{where}", "unseen", records, key, goal=goal if goals else None)

    sided = [r for r in own if r["confused"] is not None]
    large = [r for r in own if "dice" in r]
    return [
        row("peak in the organ or within 5 mm", own, ct_organs.hit, ct_organs.POINTING),
        row("left and right confused", sided, ct_organs.confusion, ct_organs.CONFUSED),
        row("Dice of the largest", large, lambda r, of: r["dice"][of], ct_organs.DICE),
    ]


def _fold(text: str) -> tuple[str, str]:
    patient, found, model = text.partition("=")
    if not found or not patient or not model:
        raise argparse.ArgumentTypeError(
            f"{text!r}: expected PATIENT=MODEL, such as lidc=runs/export/fold_lidc"
        )
    return patient, model


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality.folds", description=__doc__)
    parser.add_argument("--fold", type=_fold, action="append", required=True, dest="folds")
    parser.add_argument(
        "--data", type=Path, default=Path(os.environ.get("MEDVLP_DATA", "../shared/data"))
    )
    parser.add_argument("--of", default="small", help="the model whose tables the figures join")
    parser.add_argument("--results", type=Path, default=Path("benchmarks/quality/results"))
    given = parser.parse_args()
    records: list[Record] = []
    facts: dict[str, object] = {"data": data_version(given.data, ct_organs.FOLDERS)}
    for patient, name in given.folds:
        model = load_model(name)
        found = fold_records(model, patient, given.data)
        if not found:
            parser.error(f"no scan of {patient} with masks of organs in {given.data}")
        records += found
        facts[f"without {patient}"] = model.model_id
        print(f"{patient}: asked {len(found)} organs of {find_model(name)}", flush=True)
    print(write(FOLDS, TITLE, rows(records), facts, given.of, given.results), flush=True)
    summary(given.results, given.of, REPORTED)


if __name__ == "__main__":
    main()
