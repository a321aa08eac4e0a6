"""A trained run, ready to be asked: objective, vocabulary, tokenizer and preprocessing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from medvlp.errors import MedVLPError
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.objectives.objective import Objective
from medvlp_training.pretraining.checkpoint import Checkpoints
from medvlp_training.pretraining.collate import Collator
from medvlp_training.pretraining.config import PretrainingConfig
from medvlp_training.pretraining.folder import (
    CHECKPOINTS,
    VOCABULARY,
    load_averaged,
    read_run_config,
)
from medvlp_training.pretraining.model import build_collator, build_objective, tokenizer_of
from medvlp_training.pretraining.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from tokenizers import Tokenizer


@dataclass(frozen=True, eq=False)
class TrainedRun:
    """What evaluation needs of a run.

    Parameters
    ----------
    objective
        In evaluation mode, with averaged weights.
    tokenizer
        Of the text tower, padding batches: for phrases.
    collator
        Makes batches of samples as in training, without augmentation: the one way to prepare input.
    step
        Of the checkpoint.
    """

    config: PretrainingConfig
    objective: Objective
    vocabulary: Vocabulary
    tokenizer: Tokenizer
    collator: Collator
    step: int


def load_run(folder: Path, which: Literal["best", "last"] = "last") -> TrainedRun:
    """Read a run folder.

    Parameters
    ----------
    which
        Checkpoint with the lowest validation loss, or the latest.

    Raises
    ------
    MedVLPError
        If the folder is no run, has no checkpoint, or was never validated and ``which`` is best.
    """
    config = read_run_config(folder)
    checkpoints = Checkpoints(Path(folder) / CHECKPOINTS, config.output.keep)
    steps = checkpoints.steps()
    if not steps:
        raise MedVLPError(f"{folder} has no checkpoint yet: train it first, or for longer.")
    step: int | None = steps[-1]
    if which == "best":
        step = checkpoints.progress(steps[-1]).best_step
    if step is None:
        raise MedVLPError(
            f"{folder} was never validated, so no checkpoint is the best; ask for last."
        )
    vocabulary = load_vocabulary(Path(folder) / VOCABULARY)
    objective = build_objective(config, vocabulary)
    load_averaged(objective, checkpoints, step)
    collator = build_collator(config, objective, vocabulary, None)
    return TrainedRun(config, objective.eval(), vocabulary, tokenizer_of(config), collator, step)
