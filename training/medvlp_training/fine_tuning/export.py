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
from medvlp.models.backends.loading import load_published
from medvlp.models.folder import WEIGHTS, write_manifest
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
from medvlp_training.fine_tuning.published.towers import PublishedTowers
from medvlp_training.fine_tuning.start import StartModel
from medvlp_training.pretraining.load import TrainedRun, load_run
from medvlp_training.pretraining.source import KINDS
from medvlp_training.samples.shard_set import ShardSet
from medvlp_training.text.vectors import keep_text_vectors

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
        parameters = (_write_published if start.is_published else _write_unified)(
            run, start, folder
        )
        plain = uncalibrated(Calibration.load(start.folder / CALIBRATION), shards)
        facts = _facts(run, start, shards)
        manifest = {"name": name, "parameters": parameters, **_manifest(start)}
        _seal(folder, plain, facts, manifest)
        _LOG.info("Asking the model before and after about the held-out images.")
        # The licence was accepted for the model that was started from.
        load = load_published if start.is_published else load_model
        answers = validation_answers(load(folder, device="auto"), shards)
        before = validation_answers(load(start.folder, device="auto"), shards)
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
        _seal(folder, fitted, facts, manifest)
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


def _write_unified(run: TrainedRun, start: StartModel, folder: Path) -> int:
    """Weights in fp16, and the files that do not change; the number of weights."""
    model = cast(UnifiedModel, run.objective.model)
    merge_low_rank(model)
    parameters = sum(p.numel() for p in model.parameters())
    model.half().save_pretrained(folder)
    for file in COPIED:
        shutil.copyfile(start.folder / file, folder / file)
    keep_text_vectors(folder)
    return parameters


def _write_published(run: TrainedRun, start: StartModel, folder: Path) -> int:
    """Weights in fp32 under their published names, and the files that do not change."""
    from safetensors.torch import save_file

    towers = cast(PublishedTowers, run.objective.model)  # type: ignore[redundant-cast]
    merge_low_rank(towers)
    folder.mkdir()
    tensors = {n: t.contiguous().clone() for n, t in towers.network.holder.state_dict().items()}
    save_file(tensors, folder / WEIGHTS, metadata={"format": "pt"})
    for file in ("config.json", *COPIED):
        shutil.copyfile(start.folder / file, folder / file)
    return sum(tensor.numel() for tensor in tensors.values())


def _manifest(start: StartModel) -> dict[str, Any]:
    """What the new model has from the one it was made from: kinds of scan, licence, citation.

    It is nobody's on a hub: where it comes from is in ``training.json``.
    """
    info = start.info
    return {
        "title": f"{info.title or info.name}, fine-tuned",
        "modalities": list(info.modalities),
        "licence": info.licence,
        "licence_url": info.licence_url,
        "citation": info.citation,
        "must_accept": info.must_accept,
    }


def _facts(run: TrainedRun, start: StartModel, shards: ShardSet) -> dict[str, Any]:
    """Without a path, an identity or a name of the user's."""
    config = run.config
    assert config.adaptation is not None
    images = Counter((entry.modality, entry.split) for entry in shards.entries)
    return {
        "started_from": {
            "name": start.info.name,
            "sha256": start.info.sha256,
            "repository": start.info.repository,
        },
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
        "citation": start.info.citation,
    }


def _seal(
    folder: Path, calibration: Calibration, facts: dict[str, Any], manifest: dict[str, Any]
) -> None:
    calibration.save(folder / CALIBRATION)
    write_bytes_atomically(folder / "training.json", (json.dumps(facts, indent=1) + "\n").encode())
    write_bytes_atomically(folder / CARD, card_text(manifest["name"], facts).encode())
    write_manifest(folder, **manifest)
