"""What ``medvlp train CONFIG`` runs."""

from __future__ import annotations

import logging
from pathlib import Path

CONFIGS = Path(__file__).resolve().parents[1] / "configs"


def train(config: str | Path) -> None:
    """Run, or go on with, a training.

    A JSON file is a recipe of the default model (:mod:`medvlp_training.engine.train`), a YAML file
    one of a pre-training method (:mod:`medvlp_training.pretraining.run`).

    Parameters
    ----------
    config
        A file, or the name of one of those that ship with the package (``"small"``, ``"lovt"``).
    """
    path = find_config(config)
    if path.suffix in (".yaml", ".yml"):
        from medvlp_training.pretraining.run import train as pretrain

        logging.basicConfig(level=logging.INFO, format="%(message)s")
        pretrain(path)
        return
    from medvlp_training.engine.train import train as train_default

    train_default(path)


def find_config(config: str | Path) -> Path:
    """The file that is meant: itself, or one that ships with the package."""
    given = Path(config)
    if given.is_file():
        return given
    shipped = [CONFIGS / f"{config}{suffix}" for suffix in (".json", ".yaml")]
    return next((path for path in shipped if path.is_file()), given)
