from __future__ import annotations

import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from scipy.stats import ortho_group

from medvlp_training.datasets.texts import TextBank
from medvlp_training.engine.change_text import best_rotation, change_text
from medvlp_training.engine.config import read_config
from medvlp_training.engine.export import finished_model
from medvlp_training.engine.train import train

PHRASES = ["liver", "the lung", "no pleural effusion", "left pneumothorax"]


@pytest.fixture
def turned_tower(config_path, tmp_path):
    """The run's tower with its space turned by a rotation without symmetry."""
    folder = tmp_path / "turned"
    shutil.copytree(read_config(config_path).text_tower, folder)
    state = load_file(folder / "model.safetensors")
    turn = torch.from_numpy(ortho_group.rvs(16, random_state=3)).float()
    for name in ("projection.weight", "projection.bias"):
        state[name] = turn @ state[name].float()
    save_file(state, folder / "model.safetensors")
    return folder


def answers(run, seed: int = 0) -> torch.Tensor:
    """Similarities of phrases and everything that the model says of one image of either kind."""
    config = read_config(run / "config.json")
    texts = TextBank(config.text_tower).embed(PHRASES)
    model = finished_model(config).eval()
    generator = torch.Generator().manual_seed(seed)
    found = []
    for shape, images in (((1, 1, 96, 96), None), ((1, 24, 32, 40), model.window_ct)):
        image = torch.rand(shape, generator=generator) * 2 - 1
        with torch.no_grad():
            output = model.encode_images(images(image * 500) if images else image)
            cells = model.vision.embed(output.features, images is not None)
        vectors = torch.cat([cells.flatten(0, -2), output.pooled])
        found.append(vectors @ texts.T)
    return torch.cat(found)


def test_a_turned_tower_gets_the_same_answers_from_the_turned_image_encoder(
    config_path, turned_tower
):
    train(config_path)
    run = read_config(config_path).out
    before = answers(run)

    assert change_text(run, turned_tower) == pytest.approx(1.0, abs=1e-4)

    torch.testing.assert_close(answers(run), before, atol=2e-3, rtol=0)
    assert before.std() > 0.05, "answers that are all alike would prove nothing"
    assert read_config(run / "config.json").text_tower == turned_tower
    assert not list(run.rglob("*.new"))

    train(run / "config.json")  # finished already: it loads the state and goes no step on
    torch.testing.assert_close(answers(run), before, atol=2e-3, rtol=0)


def test_the_best_rotation_keeps_lengths_and_undoes_a_turn():
    rng = np.random.default_rng(0)
    old = rng.normal(size=(40, 8)).astype(np.float32)
    turn = ortho_group.rvs(8, random_state=1)

    rotation = best_rotation(old, (old @ turn.T).astype(np.float32))

    np.testing.assert_allclose(rotation, turn, atol=1e-5)
    noisy = best_rotation(old, rng.normal(size=(40, 8)).astype(np.float32))
    np.testing.assert_allclose(noisy @ noisy.T, np.eye(8), atol=1e-8)
