from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from medvlp.errors import MedVLPError
from medvlp_training.comparison.start import train_start
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.pretraining.config import PretrainingConfig
from medvlp_training.pretraining.model import build_model, build_objective
from medvlp_training.pretraining.source import MemorySource
from medvlp_training.samples.sample import ImageTextSample

VOCABULARY = Vocabulary(("pleural_effusion",), (), ())


def _config(out: Path, **model: Any) -> PretrainingConfig:
    return PretrainingConfig.model_validate({
        "objective": "clip", "out": out, "seed": 1, "model": {"size": "tiny", **model},
        "text": {"tower": "random", "freeze": "all", "train_prompts": False},
        "data": {
            "shards": [out], "shares": {"XR": 1.0}, "image_size": 64, "validation_share": 0.0,
            "workers": 0,
        },
        "optimisation": {
            "steps": 60, "batch_size": 16, "learning_rate": 3e-3, "precision": "float32",
        },
    })  # fmt: skip


def _films(count: int) -> MemorySource:
    """Half of them have a bright base of the left lung."""
    rng = np.random.default_rng(0)
    samples = []
    for number in range(count):
        image = rng.integers(90, 110, (64, 64)).astype(np.uint8)
        if number % 2:
            image[40:, 40:] = 230
        samples.append(
            ImageTextSample(
                f"f{number}", f"p{number}", "XR", image, sentences=("Film.",),
                labels={"pleural_effusion": number % 2},
            )
        )  # fmt: skip
    return MemorySource(samples)


def test_the_start_learns_the_labels(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    config = _config(tmp_path)
    with caplog.at_level("INFO"):
        train_start(config, _films(32), tmp_path / "start.safetensors")
    random = build_model(config).vision.state_dict()
    trained = load_file(tmp_path / "start.safetensors")
    assert {f"vision.{name}" for name in random} == set(trained)
    model = build_objective(
        _config(tmp_path, start=tmp_path / "start.safetensors"), VOCABULARY, start=True
    ).model
    with torch.no_grad():
        films = torch.stack([
            torch.from_numpy(_films(2).samples[i].image.astype(np.float32))[None] / 127.5 - 1
            for i in (0, 1, 0, 1)
        ])  # fmt: skip
        seen = model.vision.encode_tokens(films).summary
        untrained = build_model(config).vision.encode_tokens(films).summary
    assert _contrast(seen) > 3 * _contrast(untrained)


def _contrast(summary: torch.Tensor) -> float:
    return float((summary[0] - summary[1]).norm() / summary.norm(dim=1).mean())


def test_a_start_is_used_by_training_only(tmp_path: Path) -> None:
    config = _config(tmp_path)
    weights = {f"vision.{n}": w + 1 for n, w in build_model(config).vision.state_dict().items()}
    save_file(weights, tmp_path / "model.safetensors")
    started = _config(tmp_path, start=tmp_path)
    trained = build_objective(started, VOCABULARY, start=True).model.vision.state_dict()
    asked = build_objective(started, VOCABULARY).model.vision.state_dict()
    assert torch.equal(trained["norm.weight"], weights["vision.norm.weight"])
    assert not torch.equal(asked["norm.weight"], weights["vision.norm.weight"])


def test_a_start_of_another_size_is_refused(tmp_path: Path) -> None:
    wide = build_model(_config(tmp_path, overrides={"hidden_size": 64})).vision.state_dict()
    save_file({f"vision.{n}": w for n, w in wide.items()}, tmp_path / "wide.safetensors")
    config = _config(tmp_path, start=tmp_path / "wide.safetensors")
    with pytest.raises(MedVLPError, match="another image encoder"):
        build_objective(config, VOCABULARY, start=True)


def test_a_missing_start_is_named(tmp_path: Path) -> None:
    config = _config(tmp_path, start=tmp_path / "none.safetensors")
    with pytest.raises(MedVLPError, match=r"none\.safetensors"):
        build_objective(config, VOCABULARY, start=True)
