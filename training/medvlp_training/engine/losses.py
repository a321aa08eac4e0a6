"""From samples to a loss: the model is run once per kind of image, texts come from the bank."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from medvlp.grounding.scan_score import TOP_AREA_SHARE
from medvlp.models.unified import UnifiedModel
from medvlp.models.vision import VisionOutput
from medvlp_training.datasets.texts import TextBank
from medvlp_training.engine.data import Sample
from medvlp_training.objectives.dense_contrastive import dense_loss, plain_sigmoid


def batch_images(samples: Sequence[Sample], model: UnifiedModel) -> Tensor:
    """Stack images of one shape and kind, as the network takes them."""
    images = torch.stack([sample.image for sample in samples]).to(model.device)
    if images.ndim == 4:
        return model.window_ct(images).to(memory_format=torch.channels_last_3d)
    return images[:, None].to(memory_format=torch.channels_last)


def losses(model: UnifiedModel, bank: TextBank, samples: Sequence[Sample]) -> dict[str, Tensor]:
    """Terms of the objective for samples of one shape and kind, each averaged over the samples."""
    output = model.encode_images(batch_images(samples, model))
    logits = model.domain_logit(output.summary)
    known = torch.tensor([float(s.texts is not None) for s in samples], device=logits.device)
    terms = {"domain": F.binary_cross_entropy_with_logits(logits, known)}
    for number, sample in enumerate(samples):
        if sample.texts is None or not sample.texts.phrases:
            continue
        for name, value in _sample_losses(model, bank, sample, output, number).items():
            terms[name] = terms.get(name, value.new_zeros(())) + value / len(samples)
    return terms


def _sample_losses(
    model: UnifiedModel, bank: TextBank, sample: Sample, output: VisionOutput, number: int
) -> dict[str, Tensor]:
    assert sample.texts is not None
    texts = bank.embed(sample.texts.phrases)
    chosen, targets, level = (
        known.to(texts.device) for known in (sample.cells, sample.texts.targets, sample.scan_level)
    )
    volumetric = sample.image.ndim == 3
    features = output.features[number].flatten(0, -2)
    every = None if volumetric else model.vision.embed(features, volumetric)
    cells = model.vision.embed(features[chosen], volumetric) if every is None else every[chosen]
    scale, bias = model.dense_log_scale.exp(), model.dense_bias
    dense = scale * (texts @ cells.T) + bias
    split = sample.uniform
    terms = dense_loss(dense[:, :split], targets[:, :split], dense[:, split:], targets[:, split:])
    pooled = model.pooled_log_scale.exp() * (texts @ output.pooled[number]) + model.pooled_bias
    terms["pooled"] = plain_sigmoid(pooled[:, None], level[:, None])
    if every is not None:
        top = max(round(TOP_AREA_SHARE * len(every)), 1)
        highest = (scale * (texts @ every.T) + bias).topk(top, dim=1).values.mean(dim=1)
        terms["whether"] = plain_sigmoid(highest[:, None], level[:, None])
    return terms
