"""A pre-training run from configuration to checkpoints, to be read from top to bottom.

    medvlp train lovt
    accelerate launch -m medvlp_training.pretraining CONFIG

The run folder holds ``config.yaml`` as it was given, ``config.json`` completed and with its hash,
``vocabulary.json``, ``log.jsonl``, ``tensorboard/`` and ``checkpoints/``. A run can be killed at any
time; started again, it goes on from its last checkpoint and gives the losses that it would have given.
"""

from __future__ import annotations

import logging
import math
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from accelerate import Accelerator
from tqdm import tqdm

from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.objectives.objective import Objective
from medvlp_training.pretraining.checkpoint import Checkpoints, Progress
from medvlp_training.pretraining.config import PretrainingConfig, read_config
from medvlp_training.pretraining.draw import (
    Drawn,
    TrainingBatches,
    schedule_kinds,
    stream,
    validation_batches,
)
from medvlp_training.pretraining.folder import (
    CHECKPOINTS,
    VOCABULARY,
    checkpoint_tensors,
    load_checkpoint,
    open_folder,
)
from medvlp_training.pretraining.images import Augmentation
from medvlp_training.pretraining.journal import Journal
from medvlp_training.pretraining.model import build_collator, build_objective
from medvlp_training.pretraining.processes import total_over_processes
from medvlp_training.pretraining.source import Catalogue, SampleSource, catalogue
from medvlp_training.pretraining.sources import open_source
from medvlp_training.pretraining.trainer import StepReport, Trainer, make_accelerator
from medvlp_training.pretraining.vocabulary import (
    build_vocabulary,
    load_vocabulary,
    save_vocabulary,
)

_LOG = logging.getLogger(__name__)


def train(path: Path, cpu: bool = False) -> Path:
    """Run, or go on with, the pre-training that a configuration describes.

    Returns
    -------
    Path
        The run folder.
    """
    config = read_config(path)
    accelerator = make_accelerator(config.optimisation, cpu)
    run = Run(config, open_source(config.data), accelerator)
    if accelerator.is_main_process:
        write_bytes_atomically(config.out / "config.yaml", Path(path).read_bytes())
    run.train()
    return config.out


class Run:
    """State of a run.

    Parameters
    ----------
    config
        What is run.
    source
        Its samples.
    accelerator
        Its processes and device.
    """

    def __init__(
        self, config: PretrainingConfig, source: SampleSource, accelerator: Accelerator
    ) -> None:
        self.config, self.accelerator = config, accelerator
        if accelerator.is_main_process:
            open_folder(config)
        accelerator.wait_for_everyone()
        found = catalogue(source, config.data.validation_share, list(config.data.shares))
        self.vocabulary = self._vocabulary(found)
        objective = build_objective(config, self.vocabulary, start=True)
        self.training, self.validation = self._data(source, found, objective)
        period = config.optimisation.period_steps or _steps_of_a_pass(found, config)
        self.trainer = Trainer(objective, config.optimisation, accelerator, config.seed, period)
        self.checkpoints = Checkpoints(config.out / CHECKPOINTS, config.output.keep)
        self.progress = Progress()
        self._resume()

    def _vocabulary(self, found: Catalogue) -> Vocabulary:
        path = self.config.out / VOCABULARY
        if self.accelerator.is_main_process and not path.is_file():
            samples = found.training_samples()
            save_vocabulary(build_vocabulary(samples, self.config.data.min_label_count), path)
        self.accelerator.wait_for_everyone()
        return load_vocabulary(path)

    def _data(
        self, source: SampleSource, found: Catalogue, objective: Objective
    ) -> tuple[TrainingBatches, list[Any]]:
        config, data = self.config, self.config.data
        change = data.augmentation.model_dump(exclude={"sentence_swaps"})
        process, processes = self.accelerator.process_index, self.accelerator.num_processes
        training = TrainingBatches(
            source, found.train,
            build_collator(config, objective, self.vocabulary, Augmentation(**change)),
            schedule_kinds(data.shares, config.optimisation.steps),
            config.optimisation.batch_size, config.seed, process, processes,
        )  # fmt: skip
        validation = validation_batches(
            source, found.validation,
            build_collator(config, objective, self.vocabulary, None), data.shares,
            config.optimisation.batch_size, config.output.validation_batches, process, processes,
        )  # fmt: skip
        if not validation and config.output.validation_batches:
            _LOG.warning("There are no samples to validate on: no checkpoint will be the best.")
        return training, validation

    def _resume(self) -> None:
        steps = self.checkpoints.steps()
        if not steps:
            return
        step, trainer = steps[-1], self.trainer
        self.progress = self.checkpoints.progress(step)
        load_checkpoint(trainer, self.checkpoints, step)
        trainer.guard.count = self.progress.bad_steps
        _LOG.info("Going on after step %d.", step)

    def train(self) -> None:
        """Train to the last step."""
        steps, output = self.config.optimisation.steps, self.config.output
        main = self.accelerator.is_main_process
        done = self.trainer.step
        bar = tqdm(
            total=steps, initial=done, file=sys.stderr, disable=not main, unit="step",
            mininterval=1 if sys.stderr.isatty() else 30,
        )  # fmt: skip
        batches = stream(self.training, done, self.config.data.workers)
        # The main process logs for all; the others' own files say which samples they skipped.
        number = self.accelerator.process_index
        folder = self.config.out if main else self.config.out / f"process-{number}"
        with Journal(folder, done, output.tensorboard and main) as journal, bar:
            for drawn in batches:
                started = time.monotonic()
                report = self.trainer.advance(drawn.batch)
                self._note(journal, drawn, report, time.monotonic() - started)
                bar.set_postfix(loss=f"{report.loss:.4f}", refresh=False)
                bar.update()
                step = self.trainer.step
                best = step % output.validate_every == 0 and self._validate(journal)
                if best or step % output.save_every == 0 or step == steps:
                    self.save()

    def _note(self, journal: Journal, drawn: Drawn, report: StepReport, seconds: float) -> None:
        step = self.trainer.step
        values: dict[str, Any] = {name: _plain(value) for name, value in report.terms.items()}
        journal.write(step, "train", {
            "loss": _plain(report.loss), **values, "learning_rate": report.learning_rate,
            "gradient_norm": _plain(report.gradient_norm), "seconds": round(seconds, 4),
        })  # fmt: skip
        if report.faults:
            _LOG.warning("Step %d is skipped: %s not finite.", step, ", ".join(report.faults))
            journal.write(step, "skipped_step", {"faults": report.faults})
        for reason in drawn.skipped:
            _LOG.warning("Step %d: another sample is used instead of %s", step, reason)
            journal.write(step, "skipped_sample", {"reason": reason})
        skipped = total_over_processes(len(drawn.skipped), self.accelerator)
        self.progress = replace(
            self.progress, step=step, bad_steps=self.trainer.guard.count,
            skipped_samples=self.progress.skipped_samples + skipped,
        )  # fmt: skip

    def _validate(self, journal: Journal) -> bool:
        """Log the validation loss; whether it is the lowest so far."""
        if not self.validation:
            return False
        terms = self.trainer.validate(self.validation)
        loss = sum(terms.values())
        journal.write(self.trainer.step, "validation", {"loss": _plain(loss), **terms})
        lowest = self.progress.best_loss
        if not math.isfinite(loss) or (lowest is not None and loss >= lowest):
            return False
        self.progress = replace(self.progress, best_loss=loss, best_step=self.trainer.step)
        return True

    def save(self) -> None:
        """Write a checkpoint of the present step."""
        if self.accelerator.is_main_process:
            self.checkpoints.save(self.progress, checkpoint_tensors(self.trainer))
        self.accelerator.wait_for_everyone()


def _steps_of_a_pass(found: Catalogue, config: PretrainingConfig) -> int:
    """Batches that visit every training sample once."""
    count = sum(len(numbers) for numbers in found.train.values())
    return max(count // config.optimisation.batch_size, 1)


def _plain(value: float | None) -> float | str | None:
    """A number for JSON, which has no NaN and no infinity."""
    return value if value is None or math.isfinite(value) else str(value)
