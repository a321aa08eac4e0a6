"""The objective of a fine-tuning run: a method on a model that goes on to be used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from medvlp.grounding.calibration import Calibration
from medvlp.models.backends.settings import TextSettings
from medvlp.models.text import load_tokenizer
from medvlp.models.unified import UnifiedModel
from medvlp.models.weights import load_network
from medvlp_training.fine_tuning.objective import Adapted
from medvlp_training.fine_tuning.published.load import (
    load_towers,
    planar_preprocessing,
    tokenizer_with_both_ends,
)
from medvlp_training.fine_tuning.published.pictures import PictureCollator
from medvlp_training.fine_tuning.published.towers import PublishedUse, StartPictures
from medvlp_training.fine_tuning.start import is_unified, require_same
from medvlp_training.fine_tuning.unified import StartOutputs, UnifiedUse, choose_trained
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.objectives.objective import Objective
from medvlp_training.objectives.registry import objective_class
from medvlp_training.pretraining.collate import Collator
from medvlp_training.pretraining.text_freezing import freeze_text

if TYPE_CHECKING:
    from pathlib import Path

    from tokenizers import Tokenizer

    from medvlp_training.pretraining.config import AdaptationConfig, PretrainingConfig
    from medvlp_training.pretraining.images import Augmentation


def build_adapted(
    config: PretrainingConfig, settings: AdaptationConfig, vocabulary: Vocabulary
) -> Adapted:
    """The method with the model that it starts from, on the CPU.

    Raises
    ------
    MedVLPError
        If the model is no longer the one that the run was started from, or does not fit the
        configuration.
    """
    require_same(settings.start, settings.fingerprint)
    build = _unified if is_unified(settings.start) else _published
    objective = build(config, settings, vocabulary)
    objective.use_tokenizer(tokenizer_of_start(settings.start))
    return objective


def tokenizer_of_start(folder: Path) -> Tokenizer:
    """Of the model's text tower, as the objectives read texts."""
    return load_tokenizer(folder) if is_unified(folder) else tokenizer_with_both_ends(folder)


def collator_of(
    config: PretrainingConfig, settings: AdaptationConfig, objective: Objective,
    vocabulary: Vocabulary, change: Augmentation | None,
) -> Collator:  # fmt: skip
    """Samples to batches as the model sees them."""
    tokenizer = tokenizer_of_start(settings.start)
    if is_unified(settings.start):
        windows = objective.model.config.windows
        return Collator(config.data, windows, tokenizer, vocabulary, change)
    shown = planar_preprocessing(settings.start)
    return PictureCollator(shown, config.data, tokenizer, vocabulary, change)


def _method(config: PretrainingConfig, model: torch.nn.Module, vocabulary: Vocabulary) -> Objective:
    kind = objective_class(config.objective)
    # Methods are written for unified models; published towers offer what they ask of one.
    return kind(model, kind.Settings.model_validate(config.settings), vocabulary)  # type: ignore[arg-type]


def _unified(
    config: PretrainingConfig, settings: AdaptationConfig, vocabulary: Vocabulary
) -> Adapted:
    model = UnifiedModel.of_network(load_network(settings.start))
    freeze_text(model.text, config.text.freeze)
    model.text.prompts.requires_grad_(config.text.train_prompts)
    before = StartOutputs(model)
    torch.manual_seed(config.seed)
    choose_trained(model, settings, config.text.freeze == "all")
    use = UnifiedUse(model, config.data.spacing_mm)
    return Adapted(_method(config, model, vocabulary), use, before, settings)


def _published(
    config: PretrainingConfig, settings: AdaptationConfig, vocabulary: Vocabulary
) -> Adapted:
    folder = settings.start
    towers, shown = load_towers(folder), planar_preprocessing(folder)
    towers.choose_trained(config.text)
    torch.manual_seed(config.seed)
    if settings.method == "lora":
        towers.add_low_rank(settings)
    before = StartPictures(towers, shown)
    weight = Calibration.load(folder / "calibration.json").negative_weight
    use = PublishedUse(towers, shown, TextSettings.load(folder / "prompts.json"), weight)
    return Adapted(_method(config, towers, vocabulary), use, before, settings)
