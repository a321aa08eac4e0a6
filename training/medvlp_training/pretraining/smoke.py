"""``make train-smoke``: every shipped method learns something within a minute on a CPU, or it fails.

The shipped configurations are run at the smallest size on a few simulated samples of both kinds, which
a method that learns at all learns by heart: the loss must stay finite and fall (distillation terms
must stay finite). Samples are taken from
``runs/shards`` if they are there, and are simulated from procedural anatomy otherwise.
"""

from __future__ import annotations

import argparse
import logging
import math
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from medvlp.errors import MedVLPError
from medvlp_training.engine.cli import CONFIGS
from medvlp_training.objectives.registry import OBJECTIVES
from medvlp_training.pretraining.config import PretrainingConfig, read_config
from medvlp_training.pretraining.load import load_run
from medvlp_training.pretraining.run import Run
from medvlp_training.pretraining.simulated import CaseFiles
from medvlp_training.pretraining.source import KINDS, Kind, MemorySource
from medvlp_training.pretraining.trainer import make_accelerator
from medvlp_training.samples.sample import ImageTextSample

SAMPLES = 8
STEPS = 60
WINDOW = 5
"""Steps at both ends whose mean losses are compared."""

_LOG = logging.getLogger(__name__)

_SMALL: dict[str, dict[str, Any]] = {
    "model": {"size": "tiny"},
    "text": {"tower": "random", "freeze": "none"},
    "data": {
        "shares": {"CT": 1.0, "XR": 1.0}, "validation_share": 0.0, "image_size": 64,
        "crop_voxels": (32, 24, 32), "spacing_mm": 11.0, "max_tokens": 64, "workers": 0,
        "augmentation": dict.fromkeys(("degrees", "scale", "shift", "contrast", "noise"), 0.0),
    },
    "optimisation": {
        "steps": STEPS, "batch_size": SAMPLES, "part_size": SAMPLES // 2, "learning_rate": 1e-3,
        "warmup_share": 0.05, "schedule": "cosine", "period_steps": None,
    },
    "output": {"save_every": STEPS, "validation_batches": 0, "tensorboard": False},
}  # fmt: skip


def small_config(path: Path, out: Path) -> PretrainingConfig:
    """A shipped configuration at a size that a CPU trains in a minute; its method is unchanged."""
    values = read_config(path).model_dump(mode="json")
    values["out"] = str(out)
    for section, changes in _SMALL.items():
        values[section] |= changes
    return PretrainingConfig.model_validate(values)


def gather_samples(shards: Path, scratch: Path) -> list[ImageTextSample]:
    """A few samples of each kind that have a report, from ``shards`` or simulated to ``scratch``."""
    patterns: dict[Kind, str] = {"CT": "ct/case_*.safetensors", "XR": "xr/p*_*.safetensors"}
    folder = shards if all(any(shards.glob(p)) for p in patterns.values()) else scratch
    if folder is scratch:
        from medvlp_training.pretraining.smoke_data import simulate_samples

        _LOG.info("No samples in %s: simulating some.", shards)
        simulate_samples(scratch, SAMPLES)
    chosen: list[ImageTextSample] = []
    for kind in KINDS:
        source = CaseFiles(str(folder / patterns[kind]), kind)
        found = (source.read(n) for n in range(len(source)))
        told = (sample for sample in found if sample.sentences)
        chosen += [sample for sample, _ in zip(told, range(SAMPLES), strict=False)]
    return chosen


def try_method(path: Path, samples: list[ImageTextSample], out: Path, seconds: float) -> str:
    """Train one configuration and read it back; a sentence about what happened.

    Raises
    ------
    MedVLPError
        If a loss is not finite or does not fall.
    """
    config = small_config(path, out)
    run = Run(config, MemorySource(samples), make_accelerator(config.optimisation, cpu=True))
    started = time.monotonic()
    losses: list[float] = []
    while len(losses) < STEPS and time.monotonic() - started < seconds:
        report = run.trainer.advance(run.training[len(losses)].batch)
        if report.faults or not math.isfinite(report.loss):
            raise MedVLPError(f"{path.stem}: {report.faults} not finite at step {len(losses) + 1}.")
        losses.append(_fixed_target_loss(report.terms))
    first, last = np.mean(losses[:WINDOW]), np.mean(losses[-WINDOW:])
    if len(losses) < 2 * WINDOW or last >= first:
        raise MedVLPError(
            f"{path.stem}: the loss went from {first:.4f} to {last:.4f} in {len(losses)} steps; "
            f"expected it to fall within {seconds:.0f} s."
        )
    run.save()
    load_run(out)
    spent = time.monotonic() - started
    return f"{path.stem}: {first:.3f} -> {last:.3f} in {len(losses)} steps, {spent:.0f} s"


def _fixed_target_loss(terms: Mapping[str, float]) -> float:
    """Sum of the terms whose targets do not move.

    A distillation term starts low, against a teacher that says the same of everything, and rises as
    the teacher is centred: that it is finite is all that a short run can ask of it.
    """
    return sum(value for name, value in terms.items() if "distillation" not in name)


def main(arguments: list[str] | None = None) -> int:
    """Command line; 1 if a method fails."""
    parser = argparse.ArgumentParser(prog="python -m medvlp_training.pretraining.smoke")
    parser.add_argument("methods", nargs="*", help="names of shipped configurations (default: all)")
    parser.add_argument("--shards", type=Path, default=Path("runs/shards"))
    parser.add_argument("--seconds", type=float, default=60.0, help="for each method, at most")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    names = options.methods or list(OBJECTIVES)
    failed = []
    with tempfile.TemporaryDirectory() as scratch:
        samples = gather_samples(options.shards, Path(scratch) / "samples")
        for name in names:
            try:
                out = Path(scratch) / name
                _LOG.info(try_method(CONFIGS / f"{name}.yaml", samples, out, options.seconds))
            except MedVLPError as error:
                failed.append(name)
                _LOG.error("%s", error)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
