"""What ``medvlp train CONFIG`` runs."""

from __future__ import annotations

import logging
from pathlib import Path

from medvlp.errors import MedVLPError

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
_SUFFIXES = (".json", ".yaml")


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
    """The file that is meant: itself, or one that ships with the package.

    Raises
    ------
    MedVLPError
        If a name is not that of a recipe.
    """
    given = Path(config)
    if given.is_file():
        return given
    shipped = {path.stem: path for path in sorted(CONFIGS.glob("*.*")) if path.suffix in _SUFFIXES}
    if given.suffix:
        return given
    if str(config) not in shipped:
        raise MedVLPError(
            f"There is no recipe {config}: expected a JSON or YAML file, or one of "
            f"{', '.join(name for name in shipped if name != 'comparison')}."
        )
    return shipped[str(config)]
