"""What ``medvlp train CONFIG`` runs."""

from __future__ import annotations

from pathlib import Path

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def train(config: str | Path) -> None:
    """Run, or go on with, a training; see :mod:`medvlp_training.engine.train`.

    Parameters
    ----------
    config
        A file, or the name of one of those that ship with the package (``"small"``).
    """
    from medvlp_training.engine.train import train as run

    named = CONFIGS / f"{config}.json"
    run(named if named.is_file() and not Path(config).is_file() else Path(config))
