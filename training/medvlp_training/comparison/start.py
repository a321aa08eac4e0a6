"""The image encoder that every run of the comparison starts from.

The papers start from encoders trained before (on ImageNet, on organ masks). From random weights, CLIP was
still near chance after the steps that two cores allow, and nothing could be compared. So one encoder
learns from the labels of the training patients whether an image shows a finding: no text, no place.
"""

from __future__ import annotations

import logging
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save
from torch import Tensor, nn

from medvlp.models.vision import UnifiedVisionEncoder
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.pretraining.collate import Collator
from medvlp_training.pretraining.config import PretrainingConfig
from medvlp_training.pretraining.draw import TrainingBatches, schedule_kinds, stream
from medvlp_training.pretraining.images import Augmentation
from medvlp_training.pretraining.model import VISION, build_model, tokenizer_of
from medvlp_training.pretraining.source import SampleSource, catalogue
from medvlp_training.pretraining.vocabulary import build_vocabulary

_LOG = logging.getLogger(__name__)
REPORT_EVERY = 100


class LabelReader(nn.Module):
    """An image encoder and one logit per finding from its class token."""

    def __init__(self, vision: UnifiedVisionEncoder, hidden: int, labels: int) -> None:
        super().__init__()
        self.vision = vision
        self.head = nn.Linear(hidden, labels)

    def loss(self, batch: Batch) -> Tensor:
        """Binary cross-entropy over what is known to be present or absent."""
        logits = self.head(self.vision.encode_tokens(batch.images).summary)
        known = (batch.labels == 0) | (batch.labels == 1)
        return F.binary_cross_entropy_with_logits(logits[known], batch.labels[known].float())


def train_start(config: PretrainingConfig, source: SampleSource, path: Path) -> None:
    """Train the encoder that a configuration describes and write its weights to ``path``.

    Parameters
    ----------
    config
        Its data, model and optimisation count; its objective does not.
    """
    found = catalogue(source, config.data.validation_share, list(config.data.shares))
    vocabulary = build_vocabulary(found.training_samples(), config.data.min_label_count)
    model = build_model(config)
    reader = LabelReader(model.vision, model.config.hidden_size, len(vocabulary.labels)).train()
    batches = _batches(config, source, found.train, vocabulary, model.config.windows)
    steps, rate = config.optimisation.steps, config.optimisation.learning_rate
    decay = config.optimisation.weight_decay
    optimiser = torch.optim.AdamW(reader.parameters(), lr=rate, weight_decay=decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, rate, steps, pct_start=config.optimisation.warmup_share, cycle_momentum=False
    )
    for number, drawn in enumerate(stream(batches, 0, config.data.workers), start=1):
        loss = reader.loss(drawn.batch)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(reader.parameters(), config.optimisation.gradient_clip)
        optimiser.step()
        schedule.step()
        if number % REPORT_EVERY == 0:
            _LOG.info("start, step %d of %d: %.3f", number, steps, loss.item())
    weights = {f"{VISION}{name}": w.contiguous() for name, w in model.vision.state_dict().items()}
    write_bytes_atomically(path, save(weights))


def _batches(
    config: PretrainingConfig, source: SampleSource, numbers: dict, vocabulary: Vocabulary,
    windows: tuple[tuple[float, float], ...],
) -> TrainingBatches:  # fmt: skip
    change = Augmentation(**config.data.augmentation.model_dump(exclude={"sentence_swaps"}))
    collator = Collator(config.data, windows, tokenizer_of(config), vocabulary, change)
    kinds = schedule_kinds(config.data.shares, config.optimisation.steps)
    return TrainingBatches(
        source, numbers, collator, kinds, config.optimisation.batch_size, config.seed
    )
