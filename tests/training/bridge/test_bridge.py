from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from medvlp.errors import LicenceError, MedVLPError
from medvlp.models.install import Wishes
from medvlp.models.load import load_model
from medvlp_training.bridge.cli import bridge
from medvlp_training.bridge.fit import fit_bridge
from medvlp_training.bridge.pairs import Pairs, texts_of
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_writer import write_shards

KINDS = ("there is a mass", "no mass", "there is an effusion")


def pairs(count: int, seed: int) -> tuple[Pairs, dict[str, torch.Tensor]]:
    """Images whose features are, but for noise and a share that all have, a map of their text's vector."""
    fixed = torch.Generator().manual_seed(0)
    vectors = {t: torch.randn(6, generator=fixed) for t in KINDS}
    vectors = {t: v / v.norm() for t, v in vectors.items()}
    away, shared = torch.randn(10, 6, generator=fixed), 4 * torch.randn(10, generator=fixed)
    noise = torch.Generator().manual_seed(seed)
    texts = [KINDS[n % 3] for n in range(count)]
    features = torch.stack([away @ vectors[t] + shared for t in texts])
    features = features + 0.3 * torch.randn(count, 10, generator=noise)
    return Pairs(features, tuple((t,) for t in texts), count), vectors


@pytest.mark.parametrize("hidden", [0, 16])
def test_a_bridge_finds_the_text_of_unseen_images(hidden):
    train, vectors = pairs(60, 1)
    validation, _ = pairs(30, 2)
    found = fit_bridge(train, validation, vectors, hidden, epochs=300)
    assert found.best_loss < found.first_loss
    assert found.found > 0.9
    assert found.chance == pytest.approx(1 / 3)
    torch.testing.assert_close(found.tensors["image_mean"], train.features.mean(0))
    assert found.tensors["bridge.0.weight"].shape == ((16 if hidden else 10), 6)
    again = fit_bridge(train, validation, vectors, hidden, epochs=300)
    torch.testing.assert_close(again.tensors["bridge.0.weight"], found.tensors["bridge.0.weight"])


def test_images_that_say_nothing_leave_the_bridge_as_it_was_or_near_chance():
    train, vectors = pairs(60, 1)
    validation, _ = pairs(30, 2)
    noise = torch.Generator().manual_seed(3)
    blank = [
        Pairs(torch.randn(len(p.texts), 10, generator=noise), p.texts, 1)
        for p in (train, validation)
    ]
    assert fit_bridge(*blank, vectors, 0, epochs=20).found < 0.7


def film(number: int) -> ImageTextSample:
    """Odd numbers have a bright corner, and their label says so."""
    image = np.random.default_rng(number).integers(40, 60, (64, 64), dtype=np.uint8)
    image[:32, :28] += np.uint8(150 * (number % 2))
    split = "train" if number % 3 else "val"
    labels = {"pleural_effusion": number % 2}
    return ImageTextSample(f"film-{number}", f"p{number}", "XR", image, labels=labels, split=split)  # type: ignore[arg-type]


def test_what_is_true_of_an_image():
    told = ImageTextSample("a", "p", "XR", np.zeros((2, 2), np.uint8), sentences=("Clear.",))
    assert texts_of(told) == ("Clear.",)
    assert texts_of(film(1)) == ("there is pleural effusion",)
    assert texts_of(film(2)) == ("no pleural effusion",)


@pytest.fixture(scope="module")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    write_shards((film(n) for n in range(36)), folder)
    return folder


@pytest.fixture(scope="module")
def rad_dino(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As it would be downloaded, tiny, with random weights."""
    from transformers import Dinov2Config, Dinov2Model

    folder = tmp_path_factory.mktemp("rad-dino")
    torch.manual_seed(0)
    sizes = {"hidden_size": 24, "num_hidden_layers": 1, "num_attention_heads": 2}
    Dinov2Model(Dinov2Config(image_size=28, patch_size=14, **sizes)).save_pretrained(folder)
    shown = {"size": {"shortest_edge": 28}, "crop_size": {"height": 28, "width": 28}, "resample": 3}
    shown |= {"image_mean": [0.5] * 3, "image_std": [0.3] * 3}
    (folder / "preprocessor_config.json").write_text(json.dumps(shown))
    (folder / "README.md").write_text("---\nlicense: mit\n---\nmicrosoft/rad-dino\n")
    return folder


def test_an_image_encoder_gets_words_and_is_a_model_like_any_other(
    rad_dino, shards, tmp_path, monkeypatch
):
    from medvlp.models.folder import problems
    from medvlp_training.evaluation.tasks.calibration import as_scan

    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
    with pytest.raises(LicenceError, match="RAD-DINO is published under: MIT"):
        bridge(rad_dino, shards, Wishes())
    target, said = bridge(rad_dino, shards, Wishes(accept_licence=True), epochs=200)
    assert target.name == "rad-dino"
    assert "24 images of 24 patients" in said
    assert problems(target) == []
    kept = json.loads((target / "config.json").read_text())["bridge"]
    assert kept["text_model"].startswith("small@")
    assert kept["images"] == 24
    assert kept["nearest_text_true"] > 0.8
    assert kept["chance"] == 0.5
    model = load_model("rad-dino", device="cpu")
    texts = model.embed_text(["there is pleural effusion", "no pleural effusion"])
    right = [
        int(np.argmax(texts @ model.encode(as_scan(film(n)), cache=False).pooled)) == 1 - n % 2
        for n in range(0, 36, 3)
    ]
    assert np.mean(right) > 0.8


def test_images_without_texts_are_refused_by_their_number(rad_dino, tmp_path, monkeypatch):
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
    write_shards((film(n) for n in range(9)), tmp_path / "few")
    with pytest.raises(
        MedVLPError, match="8 X-rays with a report or labels in the train split; found 6"
    ):
        bridge(rad_dino, tmp_path / "few", Wishes(accept_licence=True))
    assert not (tmp_path / "models" / "rad-dino").exists()
