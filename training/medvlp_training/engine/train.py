"""The training loop, to be read from top to bottom.

    medvlp train CONFIG.json

A run can be stopped at any time and goes on from its last checkpoint when started again: data are
drawn by seed and sample number, not by the state of a generator.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
import typer
from accelerate import Accelerator
from safetensors.torch import load_file, save_file

from medvlp.errors import ModelMismatchError
from medvlp.models.config import UnifiedConfig
from medvlp.models.unified import UnifiedModel
from medvlp_training.datasets.texts import TextBank
from medvlp_training.engine.average import WeightAverage
from medvlp_training.engine.config import TrainingConfig, read_config
from medvlp_training.engine.data import Sample, stream
from medvlp_training.engine.losses import losses

AVERAGE = "average.safetensors"


def learning_rate(step: int, config: TrainingConfig) -> float:
    """Linear warm-up, then a cosine to ``final_rate``."""
    if step < config.warmup:
        return config.learning_rate * (step + 1) / config.warmup
    share = (step - config.warmup) / max(config.steps - config.warmup, 1)
    cosine = 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))
    return config.learning_rate * (config.final_rate + (1 - config.final_rate) * cosine)


def build_model(config: TrainingConfig) -> UnifiedModel:
    """A model of the configured size with the trained text tower, which stays as it is."""
    from medvlp_training.text.tower import load_tower

    torch.manual_seed(config.seed)
    tower = load_tower(config.text_tower)
    text = tower.config.to_dict()
    sizes = {"embedding_size": text["dim"], "prompt_length": text["n_prompts"], "text": text}
    model = UnifiedModel(UnifiedConfig.of_size(config.size, **(sizes | config.overrides)))
    model.text.load_state_dict(tower.state_dict())
    model.text.requires_grad_(False).eval()
    return model


def take_weights(model: UnifiedModel, name_or_path: str) -> None:
    """Let a new run start where a finished model stopped.

    Raises
    ------
    ModelMismatchError
        If it is not one of ours, is of another size, or answers another text tower.
    """
    from medvlp.models.load import load_model
    from medvlp.models.native import NativeModel

    loaded = load_model(name_or_path, device="cpu")
    if not isinstance(loaded, NativeModel):
        raise ModelMismatchError(f"{name_or_path} is not one of our unified models.")
    weights = {name: value.float() for name, value in loaded.network.state_dict().items()}
    own = model.state_dict()
    if {n: v.shape for n, v in weights.items()} != {n: v.shape for n, v in own.items()}:
        raise ModelMismatchError(
            f"{name_or_path} has weights of other sizes than this run's model."
        )
    if not all(torch.equal(weights[n], v) for n, v in own.items() if n.startswith("text.")):
        raise ModelMismatchError(
            f"{name_or_path} answers another text tower than this run's. Take its own: "
            "python -m medvlp_training.text.shipped."
        )
    model.load_state_dict(weights)


SCALE_RATE = 10.0
"""The few scales and offsets of logits learn this much faster than the weights."""


def parameter_groups(model: UnifiedModel, weight_decay: float) -> list[dict[str, Any]]:
    """Weight decay for matrices and kernels only; a faster rate for scalars."""
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim > 1], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim == 1], "weight_decay": 0.0},
        {"params": [p for p in trained if p.ndim == 0], "weight_decay": 0.0, "factor": SCALE_RATE},
    ]


class Run:
    """State of a run: model, optimiser, average, streams, log."""

    def __init__(self, config: TrainingConfig) -> None:
        self.config = config
        self.accelerator = Accelerator(mixed_precision="bf16")
        self.model = build_model(config)
        if config.start_from and not self._step_file.is_file():
            take_weights(self.model, config.start_from)
        self.bank = TextBank(config.text_tower, self.accelerator.device)
        optimizer = torch.optim.AdamW(
            parameter_groups(self.model, config.weight_decay), config.learning_rate, (0.9, 0.98)
        )
        self.prepared, self.optimizer = self.accelerator.prepare(self.model, optimizer)
        self.average = WeightAverage(self.model, config.average_decay)
        self.step = 0
        self.started = time.time()
        self._resume()

    @property
    def _step_file(self) -> Path:
        """Written last: where it is, a whole checkpoint is."""
        return self.config.out / "state" / "step.json"

    def _resume(self) -> None:
        state = self.config.out / "state"
        if not self._step_file.is_file():
            return
        self.accelerator.load_state(str(state))
        self.step = int(json.loads(self._step_file.read_text())["step"])
        device = str(self.accelerator.device)
        self.average.load_state_dict(load_file(state / AVERAGE, device=device))
        typer.echo(f"Resumed at step {self.step}")

    def save(self) -> None:
        """Checkpoint everything needed to go on; the step is written last."""
        state = self.config.out / "state"
        state.mkdir(parents=True, exist_ok=True)
        self._step_file.unlink(missing_ok=True)
        self.accelerator.save_state(str(state))
        save_file(self.average.state_dict(), state / AVERAGE)
        self._step_file.write_text(json.dumps({"step": self.step}))

    def advance(self, ct: Iterator[Sample], xr: Iterator[Sample]) -> dict[str, float]:
        """One optimiser step over CT crops (one by one: shapes differ) and one batch of X-rays."""
        config = self.config
        groups = [[next(ct)] for _ in range(config.ct_per_step)]
        if config.xr_per_step:
            groups.append([next(xr) for _ in range(config.xr_per_step)])
        for group in self.optimizer.param_groups:
            group["lr"] = learning_rate(self.step, config) * group.get("factor", 1.0)
        report: dict[str, float] = {}
        for samples in groups:
            kind = "ct" if samples[0].image.ndim == 3 else "xr"
            with self.accelerator.autocast():
                terms = losses(self.model, self.bank, samples)
            total = sum(config.weights.get(name, 1.0) * value for name, value in terms.items())
            self.accelerator.backward(total)
            report |= {f"{kind}/{name}": value.item() for name, value in terms.items()}
        self.accelerator.clip_grad_norm_(self.model.parameters(), config.gradient_clip)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.step += 1
        self.average.update(self.model)
        return report


def train(config_path: Path) -> None:
    """Run, or go on with, the training that a configuration describes."""
    config = read_config(config_path)
    config.out.mkdir(parents=True, exist_ok=True)
    (config.out / "config.json").write_text(config.model_dump_json(indent=1))
    run = Run(config)
    ct = stream(config, "ct", run.step * config.ct_per_step)
    xr = stream(config, "xr", run.step * config.xr_per_step) if config.xr_per_step else iter(())
    mean: dict[str, float] = {}
    with open(config.out / "log.jsonl", "a", encoding="utf-8") as log:
        while run.step < config.steps:
            for name, value in run.advance(ct, xr).items():
                mean[name] = 0.95 * mean.get(name, value) + 0.05 * value
            if run.step % 20 == 0:
                shown = {k: round(v, 4) for k, v in sorted(mean.items())}
                entry = {"step": run.step, "seconds": round(time.time() - run.started), **shown}
                log.write(json.dumps(entry) + "\n")
                log.flush()
                typer.echo(entry)
            if run.step % config.save_every == 0 or run.step == config.steps:
                run.save()
