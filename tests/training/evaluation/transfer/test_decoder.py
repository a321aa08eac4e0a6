from __future__ import annotations

from itertools import pairwise

import pytest
import torch

from medvlp.models.config import UnifiedConfig
from medvlp.models.vision import UnifiedVisionEncoder
from medvlp_training.evaluation.transfer import encoders
from medvlp_training.evaluation.transfer.decoder import Decoder
from medvlp_training.evaluation.transfer.encoders import FrozenMaps, Pyramid, frozen_features
from medvlp_training.evaluation.transfer.fitting import Schedule
from medvlp_training.evaluation.transfer.segmentation import decoder_segmentation
from medvlp_training.evaluation.transfer.split import split_patients

QUICK = Schedule(learning_rate=1e-2, batch_size=8, epochs=4)


@pytest.fixture
def vision() -> UnifiedVisionEncoder:
    torch.manual_seed(0)
    return UnifiedVisionEncoder(UnifiedConfig.of_size("tiny")).train()


def test_decoded_maps_have_the_sizes_of_the_encoders():
    maps = [torch.randn(2, 5, 2, 3, 2), torch.randn(2, 4, 4, 6, 4), torch.randn(2, 3, 8, 12, 8)]
    found = Decoder(3, [5, 4, 3], 8)(maps)
    assert [tuple(m.shape) for m in found] == [(2, 8, *m.shape[2:]) for m in maps]


@pytest.mark.parametrize("shape", [(3, 1, 96, 64), (3, 3, 24, 16, 32)])
def test_the_unified_encoder_gives_three_maps_and_its_tokens(vision, shape):
    images = torch.randn(shape)
    with torch.no_grad():
        maps = Pyramid(vision)(images)
    sizes = [m.shape[2:] for m in maps]
    assert all(b == 2 * a for x, y in pairwise(sizes) for a, b in zip(x, y, strict=True))
    features = frozen_features(vision, images, batch_size=2)
    assert vision.training
    assert features.grid == tuple(sizes[0])
    torch.testing.assert_close(maps[0].flatten(2).transpose(1, 2), features.tokens)
    assert features.summary.shape == (3, 32)
    assert not features.tokens.requires_grad


def test_maps_that_do_not_fit_into_memory_are_made_anew(blocks, toy, monkeypatch):
    images = toy(8).images
    kept = FrozenMaps(blocks(), images)
    monkeypatch.setattr(encoders, "CACHE_BYTES", 0)
    made = FrozenMaps(blocks(), images)
    assert kept.kept is not None
    assert made.kept is None
    rows = torch.tensor([5, 1])
    for a, b in zip(kept(rows), made(rows), strict=True):
        torch.testing.assert_close(a, b)
        assert not b.requires_grad


def test_a_frozen_encoder_that_shows_the_answer_is_read_and_stays_as_it_was(toy, blocks):
    data = toy(40)
    split = split_patients(data.patients)
    encoder = blocks()
    given = (data.images, data.masks, data.patients, split)
    found = decoder_segmentation(encoder, *given, schedule=QUICK, width=8)
    assert found.estimate().value > 0.9
    assert torch.equal(encoder.scale, torch.ones(4))
    assert set(found.patients) == set(split.test)


def test_fine_tuning_wakes_an_encoder_that_shows_nothing(toy, blocks):
    data = toy(40)
    split = split_patients(data.patients)
    encoder = blocks(blind=True)
    given = (data.images, data.masks, data.patients, split)
    frozen = decoder_segmentation(encoder, *given, schedule=QUICK, width=8)
    schedule = Schedule(learning_rate=1e-2, batch_size=8, epochs=6, warm_up_steps=5)
    tuned = decoder_segmentation(encoder, *given, fine_tune=True, schedule=schedule, width=8)
    assert tuned.estimate().value > frozen.estimate().value + 0.3
    assert (encoder.scale == 0).all()
