"""One optimiser step, and the validation loss: the same for one process and for many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np
import torch
from accelerate import Accelerator
from torch import Tensor

from medvlp_training.engine.average import WeightAverage
from medvlp_training.objectives.batch import Batch
from medvlp_training.objectives.objective import Objective
from medvlp_training.pretraining.cached_gradients import backward, compute_loss
from medvlp_training.pretraining.config import OptimisationConfig
from medvlp_training.pretraining.guard import Buffers, NonFiniteGuard, faults_of
from medvlp_training.pretraining.optimiser import build_optimiser
from medvlp_training.pretraining.processes import average_gradients, total_over_processes
from medvlp_training.pretraining.schedule import learning_rate

ENCODING, LOSS, VALIDATION = 0, 1, 2
"""What random numbers are for: part of their seed."""


def numbered_seed(*numbers: int) -> int:
    """A seed for torch from any numbers, well mixed."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> 1)


def make_accelerator(config: OptimisationConfig, cpu: bool = False) -> Accelerator:
    """The processes and the device that ``accelerate launch`` or ``torchrun`` set up."""
    return Accelerator(mixed_precision="bf16" if config.precision == "bf16" else "no", cpu=cpu)


@dataclass
class StepReport:
    """What a step did.

    ``faults`` names what was not finite; the step was then skipped.
    """

    terms: dict[str, float]
    learning_rate: float
    gradient_norm: float | None
    faults: list[str] = field(default_factory=list)

    @property
    def loss(self) -> float:
        """Sum of the terms."""
        return sum(self.terms.values())


class Trainer:
    """Trains an objective, on batches that it is given.

    Parameters
    ----------
    seed
        Of the random numbers inside the objective.
    period
        Steps of a periodic schedule; see :mod:`medvlp_training.pretraining.schedule`.
    """

    def __init__(
        self, objective: Objective, config: OptimisationConfig, accelerator: Accelerator,
        seed: int, period: int = 1,
    ) -> None:  # fmt: skip
        self.accelerator = accelerator
        self.objective = objective.to(accelerator.device)
        self.config, self.seed, self.period = config, seed, period
        self.optimiser = build_optimiser(self.objective, config)
        self.average = WeightAverage(self.objective, config.average_decay)
        self.guard = NonFiniteGuard(config.max_bad_steps)
        self.step = 0

    def advance(self, batch: Batch) -> StepReport:
        """One step on this process's rows of a batch.

        Raises
        ------
        TrainingDivergedError
            If it is not finite, like too many before it.
        """
        rate = learning_rate(self.step, self.config, self.period)
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.objective.train()
        buffers = Buffers(self.objective)
        terms = self._gradients(batch.to(self.accelerator.device))
        values = {name: float(value) for name, value in terms.items()}
        norm = self._gradient_norm(faults_of(values, None))
        report = StepReport(values, rate, norm, faults_of(values, norm))
        self.step += 1
        if report.faults:
            self.optimiser.zero_grad()
            buffers.restore()
            self.guard.bad(self.step, report.faults)
            return report
        self.guard.good()
        self.optimiser.step()
        self.optimiser.zero_grad()
        self.average.update(self.objective)
        self.objective.after_step(self.step / self.config.steps)
        return report

    def _gradients(self, batch: Batch) -> dict[str, Tensor]:
        process = self.accelerator.process_index
        return backward(
            self.objective,
            batch,
            self.config.part_size,
            seeds=lambda part: numbered_seed(self.seed, self.step, ENCODING, process, part),
            loss_seed=numbered_seed(self.seed, self.step, LOSS),
            autocast=self.accelerator.autocast,
        )

    def _gradient_norm(self, faults: Sequence[str]) -> float | None:
        """Average the gradients over processes, clip them, and return their norm before that."""
        if total_over_processes(len(faults), self.accelerator):
            return None
        trained = [p for p in self.objective.parameters() if p.requires_grad]
        average_gradients(trained, self.accelerator)
        return float(torch.nn.utils.clip_grad_norm_(trained, self.config.gradient_clip))

    @contextmanager
    def averaged(self) -> Iterator[None]:
        """The averaged weights in place of the current ones, and buffers as they were, for a while."""
        buffers = Buffers(self.objective)
        current = {
            name: p.detach().clone()
            for name, p in self.objective.named_parameters()
            if name in self.average.weights
        }
        self.average.copy_to(self.objective)
        self.objective.eval()
        try:
            yield
        finally:
            self.objective.load_state_dict(current, strict=False)
            buffers.restore()
            self.objective.train()

    @torch.no_grad()
    def validate(self, batches: Sequence[Batch]) -> dict[str, float]:
        """Mean of each term over held-out batches, by the averaged weights."""
        sums: dict[str, float] = {}
        with self.averaged():
            for number, batch in enumerate(batches):
                own = batch.to(self.accelerator.device)
                torch.manual_seed(numbered_seed(self.seed, number, VALIDATION))
                with self.accelerator.autocast():
                    representations = self.objective.encode(own)
                terms = compute_loss(
                    self.objective, representations, own, self.accelerator.autocast
                )
                for name, value in terms.items():
                    sums[name] = sums.get(name, 0.0) + float(value) / len(batches)
        return sums
