"""Small image-text samples that can be learned, and configurations of the smallest size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from medvlp_training.pretraining.config import PretrainingConfig
from medvlp_training.samples.sample import Entity, ImageTextSample, OrganStatement

WORDS = ("No pleural effusion.", "Large pleural effusion.")


@pytest.fixture
def make_sample() -> Callable[..., ImageTextSample]:
    """``make_sample("CT" or "XR", number)``: odd numbers have a bright half and say so."""

    def make(kind: str = "CT", number: int = 0, **changes: Any) -> ImageTextSample:
        rng = np.random.default_rng(number)
        ill = number % 2
        shape = (24, 20, 28) if kind == "CT" else (60, 48)
        organs = np.zeros(shape, np.uint8)
        organs[tuple(slice(4, n - 6) for n in shape)] = 3
        if kind == "CT":
            image = rng.normal(0, 20, shape).astype(np.int16)
            image[:, :, 14:] += 600 * ill
        else:
            image = rng.integers(40, 60, shape).astype(np.uint8)
            image[:, 24:] += np.uint8(150 * ill)
        affine = np.zeros((4, 4))
        affine[[2, 1, 0, 3], [0, 1, 2, 3]] = (3, 3, 3, 1)
        text = WORDS[ill]
        start = text.lower().index("pleural")
        facts: dict[str, Any] = {
            "identity": f"{kind}-{number}",
            "patient": f"patient-{number}",
            "modality": kind,
            "image": image,
            "affine": affine if kind == "CT" else None,
            "sentences": (text, f"Study number {number}."),
            "labels": {"pleural_effusion": ill},
            "organs": organs,
            "organ_names": {3: "liver"},
            "entities": (Entity(0, start, len(text) - 1, "pleural_effusion", ill),),
            "statements": (OrganStatement("liver", "Normal liver.", False),),
            "source": f"test/{kind}",
        }
        return ImageTextSample(**(facts | changes))

    return make


@pytest.fixture
def samples(make_sample) -> list[ImageTextSample]:
    return [make_sample(kind, n) for kind in ("CT", "XR") for n in range(12)]


@pytest.fixture
def make_config(tmp_path: Path) -> Callable[..., PretrainingConfig]:
    """``make_config(optimisation={...}, ...)``: sections are merged into a tiny CLIP run."""

    def make(**changes: Any) -> PretrainingConfig:
        sections: dict[str, Any] = {
            "objective": "clip",
            "out": tmp_path / "run",
            "model": {"size": "tiny", "overrides": {"prompt_length": 2}},
            "text": {"tower": "random"},
            "data": {
                "shards": "none", "image_size": 64, "crop_voxels": (16, 16, 24), "spacing_mm": 3.0,
                "max_tokens": 24, "workers": 0, "validation_share": 0.3,
            },
            "optimisation": {
                "steps": 6, "batch_size": 4, "learning_rate": 1e-3, "precision": "float32",
                "warmup_share": 0.0,
            },
            "output": {
                "save_every": 2, "validate_every": 3, "validation_batches": 2, "keep": 2,
                "tensorboard": False,
            },
        }  # fmt: skip
        for name, value in changes.items():
            merge = isinstance(value, dict) and isinstance(sections.get(name), dict)
            sections[name] = sections[name] | value if merge else value
        return PretrainingConfig.model_validate(sections)

    return make
