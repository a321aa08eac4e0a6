"""Carry a run over to another text tower: ``python -m medvlp_training.engine.change_text RUN --text TOWER``.

The image encoder answers the old tower's vectors. Where the new tower has put the same phrases, the last
layers of the image encoder follow by the rotation that best takes the old vectors to the new ones
(orthogonal Procrustes: Schönemann, Psychometrika 31, 1966). The run's ``config.json`` names the new tower
afterwards: go on with ``medvlp train RUN/config.json``. The configuration that the run was started with still
names the old one.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
import typer
from numpy.typing import NDArray
from safetensors.torch import load_file, save_file
from torch import Tensor

from medvlp.grounding.lexicon import load_lexicon
from medvlp_training.datasets.texts import TextBank, negated, phrase
from medvlp_training.engine.config import read_config
from medvlp_training.engine.train import AVERAGE

PHRASES_PER_CONCEPT = 8
LAST_LAYERS = ("vision.decoder_2d.head.3", "vision.decoder_3d.head.3", "vision.pool")
"""Linear layers that end in the joint space."""


def training_phrases(seed: int = 0) -> list[str]:
    """Phrases as training draws them, each once."""
    rng = np.random.default_rng(seed)
    concepts = load_lexicon().concepts.values()
    drawn = [phrase(c, rng) for c in concepts for _ in range(PHRASES_PER_CONCEPT)]
    drawn += [negated(c, rng) for c in concepts if c.kind != "organ"]
    return list(dict.fromkeys(drawn))


def best_rotation(old: NDArray[np.float32], new: NDArray[np.float32]) -> NDArray[np.float64]:
    """Orthogonal ``(D, D)`` matrix ``R`` for which ``old @ R.T`` is nearest to ``new``."""
    from scipy.linalg import orthogonal_procrustes

    turned, _ = orthogonal_procrustes(old.astype(np.float64), new.astype(np.float64))
    rotation: NDArray[np.float64] = turned.T
    return rotation


def turn_last_layers(state: dict[str, Tensor], rotation: NDArray[np.float64]) -> dict[str, Tensor]:
    """The weights with every last layer followed by the rotation."""
    turn = torch.from_numpy(rotation).float()
    changed = dict(state)
    for layer in LAST_LAYERS:
        for name in (f"{layer}.weight", f"{layer}.bias"):
            changed[name] = (turn @ state[name].float()).to(state[name].dtype)
    return changed


def change_text(run: Path, tower: Path) -> float:
    """Rewrite a run's state for another tower; return the mean cosine of turned and new vectors."""
    config = read_config(run / "config.json")
    phrases = training_phrases(config.seed)
    old, new = (TextBank(folder).embed(phrases).numpy() for folder in (config.text_tower, tower))
    rotation = best_rotation(old, new)
    changed = config.model_copy(update={"text_tower": tower})
    # All is written before anything is replaced: a run that is half in the new space is lost.
    parts = {run / "config.json": run / "config.json.new"}
    parts[run / "config.json"].write_text(changed.model_dump_json(indent=1))
    for name in ("model.safetensors", AVERAGE):
        path = run / "state" / name
        parts[path] = path.with_name(f"{name}.new")
        save_file(turn_last_layers(load_file(path), rotation), parts[path])
    for path, part in parts.items():
        part.replace(path)
    return float((old @ rotation.T * new).sum(1).mean())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path)
    parser.add_argument("--text", type=Path, required=True, help="folder of the new text tower")
    given = parser.parse_args()
    typer.echo(f"Mean cosine of turned and new vectors: {change_text(given.run, given.text):.3f}")


if __name__ == "__main__":
    main()
