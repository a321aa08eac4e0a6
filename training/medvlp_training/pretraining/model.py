"""The model that a configuration describes, its tokenizer, and what of its text tower is trained."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from medvlp.errors import MedVLPError
from medvlp.models.config import UnifiedConfig
from medvlp.models.shape import SIZES
from medvlp.models.text import TextTower, load_tokenizer
from medvlp.models.unified import UnifiedModel
from medvlp_training.fine_tuning.build import build_adapted, collator_of, tokenizer_of_start
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.objectives.objective import Objective
from medvlp_training.objectives.registry import objective_class
from medvlp_training.objectives.shared.frozen_text import remember_texts
from medvlp_training.pretraining.collate import Collator
from medvlp_training.pretraining.config import PretrainingConfig
from medvlp_training.pretraining.images import Augmentation
from medvlp_training.pretraining.text_freezing import freeze_text
from medvlp_training.text.tower import installed_minilm, load_tower, tower_from_minilm

if TYPE_CHECKING:
    from tokenizers import Tokenizer

VISION = "vision."
"""Prefix of the image encoder's weights."""


def tokenizer_of(config: PretrainingConfig) -> Tokenizer:
    """The tokenizer that goes with the configured text tower."""
    if config.adaptation is not None:
        return tokenizer_of_start(config.adaptation.start)
    published = config.text.tower in ("minilm", "random")
    return load_tokenizer(installed_minilm() if published else Path(config.text.tower))


def _pretrained_tower(config: PretrainingConfig) -> TextTower | None:
    if config.text.tower == "random":
        return None
    if config.text.tower == "minilm":
        return tower_from_minilm(installed_minilm())
    return load_tower(Path(config.text.tower))


def build_model(config: PretrainingConfig) -> UnifiedModel:
    """Image encoder with random weights of the run's seed, and the configured text tower."""
    tower = _pretrained_tower(config)
    torch.manual_seed(config.seed)
    dropout = {"dropout": config.text.dropout}
    if tower is None:
        text = SIZES[config.model.size].get("text", {}) | config.text.overrides | dropout
        sizes = {}
    else:
        text = tower.config.to_dict() | dropout
        sizes = {"embedding_size": text["dim"], "prompt_length": text["n_prompts"]}
    overrides = sizes | config.model.overrides | {"text": text}
    model = UnifiedModel(UnifiedConfig.of_size(config.model.size, **overrides))
    if tower is not None:
        model.text.load_state_dict(tower.state_dict())
    return model


def load_start(model: UnifiedModel, start: Path) -> None:
    """Put the image encoder's weights of a model folder or a safetensors file into a model.

    Raises
    ------
    MedVLPError
        If there is no such file, or it is of another encoder.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    path = start / "model.safetensors" if start.is_dir() else start
    try:
        weights = load_file(path)
    except (OSError, SafetensorError) as error:
        raise MedVLPError(
            f"{path}, which model.start names, cannot be read ({error}). Name a model folder or a "
            "safetensors file."
        ) from error
    own = {n.removeprefix(VISION): w for n, w in weights.items() if n.startswith(VISION)}
    try:
        model.vision.load_state_dict(own)
    except RuntimeError as error:
        raise MedVLPError(
            f"{path} holds another image encoder than the configuration's: {error}. Set model.size "
            "and model.overrides to those of the encoder."
        ) from error


def build_objective(
    config: PretrainingConfig, vocabulary: Vocabulary, start: bool = False
) -> Objective:
    """The method with its model and heads, on the CPU; it may freeze more than the configuration.

    Parameters
    ----------
    start
        Whether the encoder is to have the weights that training starts from; otherwise a checkpoint is
        loaded on top.
    """
    if config.adaptation is not None:
        return build_adapted(config, config.adaptation, vocabulary)
    model = build_model(config)
    if start and config.model.start is not None:
        load_start(model, config.model.start)
    freeze_text(model.text, config.text.freeze)
    model.text.prompts.requires_grad_(config.text.train_prompts)
    remember_texts(model.text)
    kind = objective_class(config.objective)
    objective = kind(model, kind.Settings.model_validate(config.settings), vocabulary)
    objective.use_tokenizer(tokenizer_of(config))
    return objective


def build_collator(
    config: PretrainingConfig, objective: Objective, vocabulary: Vocabulary,
    change: Augmentation | None,
) -> Collator:  # fmt: skip
    """Samples to batches as the objective's model sees them; without ``change`` for validation."""
    if config.adaptation is not None:
        return collator_of(config, config.adaptation, objective, vocabulary, change)
    windows = objective.model.config.windows
    return Collator(config.data, windows, tokenizer_of(config), vocabulary, change)
