"""What ``medvlp train CONFIG`` runs."""

from __future__ import annotations

from pathlib import Path


def train(config_path: str | Path) -> None:
    """Run, or go on with, a training; see :mod:`medvlp_training.engine.train`."""
    from medvlp_training.engine.train import train as run

    run(Path(config_path))
