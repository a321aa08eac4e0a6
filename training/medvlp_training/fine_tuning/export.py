"""A finished fine-tuning run to a model folder that ``medvlp models import`` takes."""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from medvlp.errors import MedVLPError
from medvlp.grounding.calibration import Calibration
from medvlp.models.folder import write_manifest
from medvlp.models.load import load_model
from medvlp.models.unified import UnifiedModel
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.fine_tuning.calibration import (
    fit,
    mean_auroc,
    uncalibrated,
    validation_answers,
)
from medvlp_training.fine_tuning.card import card_text
from medvlp_training.fine_tuning.low_rank import merge_low_rank
from medvlp_training.fine_tuning.start import StartModel
from medvlp_training.pretraining.load import TrainedRun, load_run
from medvlp_training.pretraining.source import KINDS
from medvlp_training.samples.shard_set import ShardSet

_LOG = logging.getLogger(__name__)
COPIED = ("tokenizer.json", "preprocessing.json", "prompts.json")
MODEL, CARD, CALIBRATION = "model", "MODEL_CARD.md", "calibration.json"


@dataclass(frozen=True)
class Finished:
    """A model folder, and what was trained, how, and with what figures on the validation share."""

    folder: Path
    facts: dict[str, Any]


def export(run_folder: Path, start: StartModel, shards: ShardSet, name: str) -> Finished:
    """Write ``model/`` into the run folder, whole or not at all."""
    run = trained_run(run_folder)
    target = run_folder / MODEL
    with tempfile.TemporaryDirectory(prefix=".exporting-", dir=run_folder) as temporary:
        folder = Path(temporary) / MODEL
        parameters = _write_weights(run, start, folder)
        plain = uncalibrated(Calibration.load(start.folder / CALIBRATION), shards)
        facts = _facts(run, start, shards)
        _seal(folder, plain, facts, name, parameters)
        _LOG.info("Asking the model before and after about the held-out images.")
        answers = validation_answers(load_model(folder), shards)
        before = validation_answers(load_model(start.folder), shards)
        fitted = fit(plain, answers)
        facts["calibrated"] = sorted(fitted.concepts)
        facts["validation"] = {
            kind: {
                "answers": len(answers[kind]),
                "mean_auroc_before": mean_auroc(before.get(kind, ())),
                "mean_auroc": mean_auroc(answers[kind]),
            }
            for kind in answers
        }
        _seal(folder, fitted, facts, name, parameters)
        if target.exists():
            shutil.rmtree(target)
        folder.rename(target)
    return Finished(target, facts)


def trained_run(folder: Path) -> TrainedRun:
    """The run at its lowest validation loss; at its end if it was never validated."""
    try:
        return load_run(folder, "best")
    except MedVLPError:
        return load_run(folder, "last")


def _write_weights(run: TrainedRun, start: StartModel, folder: Path) -> int:
    """Weights in fp16, and the files that do not change; the number of weights."""
    model = cast(UnifiedModel, run.objective.model)
    merge_low_rank(model)
    parameters = sum(p.numel() for p in model.parameters())
    model.half().save_pretrained(folder)
    for file in COPIED:
        shutil.copyfile(start.folder / file, folder / file)
    return parameters


def _facts(run: TrainedRun, start: StartModel, shards: ShardSet) -> dict[str, Any]:
    """Without a path, an identity or a name of the user's."""
    config = run.config
    assert config.adaptation is not None
    images = Counter((entry.modality, entry.split) for entry in shards.entries)
    return {
        "started_from": {"name": start.info.name, "sha256": start.info.sha256},
        "objective": config.objective,
        "adaptation": config.adaptation.model_dump(exclude={"start", "fingerprint"}),
        "optimisation": config.optimisation.model_dump(mode="json"),
        "seed": config.seed,
        "step": run.step,
        "images": {
            kind: {split: images[kind, split] for split in ("train", "val")} for kind in KINDS
        },
        "patients": len(shards.patients()),
        "calibrated": [],
        "validation": {},
        "licence": start.info.licence,
    }


def _seal(
    folder: Path, calibration: Calibration, facts: dict[str, Any], name: str, parameters: int
) -> None:
    calibration.save(folder / CALIBRATION)
    write_bytes_atomically(folder / "training.json", (json.dumps(facts, indent=1) + "\n").encode())
    write_bytes_atomically(folder / CARD, card_text(name, facts).encode())
    write_manifest(
        folder,
        name=name,
        title=f"{facts['started_from']['name']}, fine-tuned",
        parameters=parameters,
        modalities=["CT", "XR"],
        licence=facts["licence"],
    )
