"""What objectives are given of a published model is what its users see."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn

from medvlp.errors import MedVLPError
from medvlp.geometry import Geometry
from medvlp.models.text import ABSENT, PRESENT, tokenize
from medvlp.scan import Scan
from medvlp_training.fine_tuning.low_rank import merge_low_rank
from medvlp_training.fine_tuning.published.load import (
    TRAINABLE,
    load_towers,
    longest_text,
    planar_preprocessing,
    tokenizer_with_both_ends,
)
from medvlp_training.fine_tuning.published.pictures import PictureCollator
from medvlp_training.fine_tuning.published.towers import StartPictures
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.pretraining.config import AdaptationConfig, DataConfig, TextConfig
from medvlp_training.samples.images import read_radiograph
from medvlp_training.samples.sample import ImageTextSample

PLANAR = ("clip", "siglip", "biomedclip", "biovil", "raddino")
TEXTS = ["pleural effusion", "there is a nodule of the left lung"]
SLABS = 8


@pytest.fixture
def collator(start):
    def make(layout, **vocabulary):
        folder = start(layout)
        data = DataConfig(
            shards=("none",), crop_voxels=(SLABS, 8, 8), max_tokens=longest_text(folder)
        )
        words = Vocabulary(**vocabulary)
        return PictureCollator(
            planar_preprocessing(folder), data, tokenizer_with_both_ends(folder), words, None
        )

    return make


def cosines(ours: torch.Tensor, theirs: np.ndarray) -> torch.Tensor:
    theirs = torch.from_numpy(theirs.astype(np.float32))
    return torch.nn.functional.cosine_similarity(ours.reshape(theirs.shape), theirs, dim=-1)


def some_ct(sides: int, slices: int = SLABS) -> np.ndarray:
    """HU without any symmetry, of all three windows."""
    rng = np.random.default_rng(5)
    array = rng.normal(30, 20, (slices, sides, sides))
    array[: slices // 2, : sides // 3, sides // 4 :] = -700
    array[2:, sides // 2 :, : sides // 5] = 900
    return array.astype(np.int16)


def test_every_layout_that_is_said_to_be_trainable_is_tested(start):
    import json

    found = {json.loads((start(n) / "config.json").read_text())["model_type"] for n in PLANAR}
    assert found == set(TRAINABLE)


@pytest.mark.parametrize("layout", PLANAR)
def test_texts_have_the_vectors_that_a_user_asks_with(start, load_exactly, layout):
    folder = start(layout)
    tower = load_towers(folder).text
    model = load_exactly(folder)
    ids, mask = tokenize(tokenizer_with_both_ends(folder), TEXTS)
    model._texts = model._texts.model_copy(update={"template": "{}"})
    expected = model.embed_text(TEXTS)
    with torch.no_grad():
        torch.testing.assert_close(tower(ids, mask), torch.from_numpy(expected), atol=1e-5, rtol=0)


@pytest.mark.parametrize("layout", PLANAR)
def test_what_is_read_as_absent_is_read_behind_no(start, load_exactly, layout):
    folder = start(layout)
    tower, tokenizer = load_towers(folder).text, tokenizer_with_both_ends(folder)
    model = load_exactly(folder)
    model._texts = model._texts.model_copy(update={"template": "{}"})
    ids, mask = tokenize(tokenizer, ["pleural effusion"] * 2)
    signs = torch.tensor([ABSENT, PRESENT])
    with torch.no_grad():
        vectors, states = tower(ids, mask, signs), tower.hidden_states(ids, mask, signs)
        plain = tower.hidden_states(*tokenize(tokenizer, ["no pleural effusion", "effusion"]))
    expected = torch.from_numpy(model.embed_text(["no pleural effusion", "pleural effusion"]))
    torch.testing.assert_close(vectors, expected, atol=1e-5, rtol=0)
    assert states.shape[:2] == ids.shape
    denied = torch.cat([plain[0, :1], plain[0, 2:]])  # without the state of "no"
    torch.testing.assert_close(states[0], denied, atol=1e-5, rtol=0)


def test_states_and_their_attention_know_padding(start):
    folder = start("siglip")
    tower = load_towers(folder).text
    ids, mask = tokenize(tokenizer_with_both_ends(folder), TEXTS)
    alone_ids, alone_mask = tokenize(tokenizer_with_both_ends(folder), TEXTS[:1])
    with torch.no_grad():
        both, alone = tower.hidden_states(ids, mask), tower.hidden_states(alone_ids, alone_mask)
    torch.testing.assert_close(both[:1, : alone.shape[1]], alone)
    attention = tower.summary_attention(ids, mask)
    torch.testing.assert_close(attention.sum(1), torch.ones(2))
    assert (attention[mask == 0] == 0).all()
    with pytest.raises(MedVLPError, match="no place for them"):
        tower.hidden_states(ids, mask, prompts=torch.zeros(2, 3, 32))


@pytest.mark.parametrize("layout", PLANAR)
def test_an_xray_is_seen_as_it_is_when_it_is_asked(
    start, load_exactly, collator, real_data, layout
):
    path = sorted((real_data / "cxr_nih" / "images").glob("*"))[0]
    picture = read_radiograph(path)
    picture.image[100:300, 200:260] = 255  # nothing is symmetric now
    model, shown = load_exactly(start(layout)), planar_preprocessing(start(layout))
    sample = ImageTextSample("one", "p", "XR", picture.image, None)
    if shown.stretch:
        from medvlp.models.backends.pictures import stretched

        sample = ImageTextSample("one", "p", "XR", stretched(picture.image), None)
    batch = collator(layout)([sample], [np.random.default_rng(0)])
    with torch.no_grad():
        found = load_towers(start(layout)).vision.features(batch.images)
    array = picture.image.astype(np.float32) / 255
    scan = Scan(array, Geometry.radiograph(array.shape), "XR", "normalised")
    encoding = model.encode(scan, cache=False)
    assert cosines(found.pooled[0], encoding.pooled).min() > 0.9999
    if shown.resize_to == shown.image_size:  # one square is the whole picture
        assert cosines(found.dense[0], encoding.grid).min() > 0.999


@pytest.mark.parametrize("layout", ["clip", "siglip", "biomedclip"])
def test_slabs_of_a_ct_are_seen_as_they_are_when_it_is_asked(start, load_exactly, collator, layout):
    model, shown = load_exactly(start(layout)), planar_preprocessing(start(layout))
    side = shown.image_size
    array = some_ct(side)
    geometry = Geometry.axial(array.shape, (shown.slice_mm, 3.0, 3.0), (-20.0, 40.0, -300.0))
    sample = ImageTextSample("one", "p", "CT", array, np.array(geometry.affine))
    batch = collator(layout)([sample], [np.random.default_rng(0)])
    assert batch.images.shape == (1, 3, SLABS, side, side)
    with torch.no_grad():
        found = load_towers(start(layout)).vision.features(batch.images)
    encoding = model.encode(Scan(array, geometry, "CT", "HU"), cache=False)
    assert found.dense.shape[1:] == encoding.grid.shape
    assert cosines(found.dense[0], encoding.grid).min() > 0.998  # they are shown 8 bits
    assert cosines(found.pooled[0], encoding.pooled).min() > 0.998


def test_organ_masks_lie_on_the_cells(start, collator):
    side = planar_preprocessing(start("clip")).image_size
    organs = np.zeros((side, side), np.uint8)
    organs[16:32, 32:64] = 3
    sample = ImageTextSample(
        "one", "p", "XR", np.full((side, side), 90, np.uint8), None, organs=organs,
        organ_names={3: "heart"},
    )  # fmt: skip
    batch = collator("clip", organs=("heart",))([sample], [np.random.default_rng(0)])
    expected = torch.zeros(4, 4)
    expected[1, 2:] = 1
    torch.testing.assert_close(batch.organ_masks[0, 0], expected)


def test_organ_masks_lie_on_cells_whose_centre_is_their_first_pixel(start, collator):
    side = planar_preprocessing(start("biovil")).image_size
    organs = np.zeros((side, side), np.uint8)
    organs[16:48, 48:112] = 3  # about the pixels 32 and 64, 96: the centres of cells
    sample = ImageTextSample(
        "one", "p", "XR", np.full((side, side), 90, np.uint8), None, organs=organs,
        organ_names={3: "heart"},
    )  # fmt: skip
    make = collator("biovil", organs=("heart",))
    make.preprocessing = make.preprocessing.model_copy(update={"resize_to": side, "fit": "squash"})
    batch = make([sample], [np.random.default_rng(0)])
    expected = torch.zeros(4, 4)
    expected[1, 2:] = 1
    torch.testing.assert_close(batch.organ_masks[0, 0], expected)


@pytest.mark.parametrize("layout", PLANAR)
@pytest.mark.parametrize("freeze", ["all", "none"])
def test_merged_differences_give_what_the_adapted_model_gave(start, layout, freeze):
    folder = start(layout)
    towers = load_towers(folder)
    tokens = tokenize(tokenizer_with_both_ends(folder), TEXTS)
    side = planar_preprocessing(folder).image_size
    images = torch.rand(2, 1, side, side) * 2 - 1
    plain = copy.deepcopy(towers.network.holder.state_dict())
    towers.choose_trained(TextConfig(freeze=freeze))
    towers.add_low_rank(AdaptationConfig(start=folder, fingerprint="", rank=2, alpha=2.0))
    before = StartPictures(towers, planar_preprocessing(folder))
    with torch.no_grad():
        first = towers.vision.features(images).dense
        for name, parameter in towers.named_parameters():
            if name.endswith(".up"):
                nn.init.normal_(parameter, std=0.2)
        adapted, texts = towers.vision.features(images).dense, towers.text(*tokens)
    torch.testing.assert_close(before(images).cells, first.flatten(1, -2), atol=1e-5, rtol=0)
    merge_low_rank(towers)
    merged = towers.network.holder.state_dict()
    assert merged.keys() == plain.keys()
    with torch.no_grad():
        torch.testing.assert_close(towers.vision.features(images).dense, adapted, atol=1e-5, rtol=0)
        torch.testing.assert_close(towers.text(*tokens), texts, atol=1e-5, rtol=0)
    assert (first - adapted).abs().max() > 1e-2
    names = towers.network.text_names
    moved = {name for name in plain if not torch.equal(plain[name], merged[name])}
    assert any(name.startswith(names) for name in moved) == (freeze == "none")
    assert any(not name.startswith(names) for name in moved)
    assert not any(name.startswith("logit_") for name in moved)


def test_a_frozen_text_tower_is_copied_without_its_weights(start):
    towers = load_towers(start("clip"))
    towers.choose_trained(TextConfig(freeze="all"))
    assert not list(copy.deepcopy(towers.text).parameters())
    towers.choose_trained(TextConfig(freeze=1))
    frozen = {n for n, p in towers.network.model.named_parameters() if not p.requires_grad}
    assert "text_model.encoder.layers.0.mlp.fc1.weight" in frozen
    assert "text_model.encoder.layers.1.mlp.fc1.weight" not in frozen
    own = copy.deepcopy(towers.text)
    assert len(list(own.parameters())) == len(list(towers.network.parameters()))
    with pytest.raises(MedVLPError, match=r"text\.freeze is 9, but the text tower has 2 layers"):
        towers.choose_trained(TextConfig(freeze=9))
