"""Checkpoints: folders that appear whole or not at all, without pickle.

A checkpoint holds ``model.safetensors`` (the objective with its heads and buffers),
``average.safetensors``, ``optimiser.safetensors`` and ``state.json``. It is written to a temporary
folder, synced to disk, and renamed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp.store.atomic import write_bytes_atomically

PARTS = ("model", "average", "optimiser")
_PREFIX, _UNFINISHED = "step-", ".writing-"


@dataclass(frozen=True)
class Progress:
    """Where a run stands.

    Parameters
    ----------
    step
        Optimiser steps done.
    bad_steps
        Steps without a finite loss and gradient in a row, up to now.
    skipped_samples
        Samples replaced since the start because they could not be used.
    best_loss, best_step
        Lowest validation loss so far; None before the first validation.
    """

    step: int = 0
    bad_steps: int = 0
    skipped_samples: int = 0
    best_loss: float | None = None
    best_step: int | None = None


class Checkpoints:
    """The checkpoints of one run: the last few, and the best by validation loss."""

    def __init__(self, folder: Path, keep: int) -> None:
        self.folder = folder
        self.keep = keep

    def steps(self) -> list[int]:
        """Steps that there are checkpoints of, in order."""
        found = self.folder.glob(f"{_PREFIX}*")
        return sorted(int(path.name.removeprefix(_PREFIX)) for path in found)

    def path(self, step: int) -> Path:
        """Folder of a step's checkpoint."""
        return self.folder / f"{_PREFIX}{step:08d}"

    def save(self, progress: Progress, tensors: Mapping[str, Mapping[str, Tensor]]) -> Path:
        """Write a checkpoint, then remove those that are neither among the last nor the best."""
        self.clean()
        temporary = self.folder / f"{_UNFINISHED}{progress.step}"
        temporary.mkdir(parents=True)
        for part in PARTS:
            # A copy each: safetensors refuses tensors that share memory.
            own = {n: t.detach().cpu().clone().contiguous() for n, t in tensors[part].items()}
            write_bytes_atomically(temporary / f"{part}.safetensors", save(own))
        write_bytes_atomically(temporary / "state.json", json.dumps(asdict(progress)).encode())
        _sync(temporary)
        final = self.path(progress.step)
        if final.exists():
            shutil.rmtree(final)
        temporary.rename(final)
        _sync(self.folder)
        for step in self.steps()[: -self.keep]:
            if step != progress.best_step:
                shutil.rmtree(self.path(step))
        return final

    def clean(self) -> None:
        """Remove what an interrupted writing left."""
        for path in self.folder.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(path)

    def progress(self, step: int) -> Progress:
        """Where the run stood at a checkpoint.

        Raises
        ------
        MedVLPError
            If the file is damaged.
        """
        path = self.path(step) / "state.json"
        try:
            return Progress(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise MedVLPError(
                f"{path} is damaged ({error}). Remove this checkpoint to go on from the one before."
            ) from error

    def load(self, step: int, part: str) -> dict[str, Tensor]:
        """Tensors of one of :data:`PARTS`.

        Raises
        ------
        MedVLPError
            If the file is damaged.
        """
        path = self.path(step) / f"{part}.safetensors"
        try:
            return load_file(path)
        except (OSError, SafetensorError) as error:
            raise MedVLPError(
                f"{path} is damaged ({error}). Remove this checkpoint to go on from the one before."
            ) from error


def _sync(folder: Path) -> None:
    """Make names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
