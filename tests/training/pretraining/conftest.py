"""Small image-text samples that can be learned, and configurations of the smallest size."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from medvlp.models.text import TextConfig, TextTower
from medvlp_training.pretraining.config import PretrainingConfig
from medvlp_training.samples.sample import Entity, ImageTextSample, OrganStatement
from medvlp_training.text.tower import save_tower

ORGAN_WORDS = ("Normal liver.", "The liver is enlarged.")
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
            "statements": (OrganStatement("liver", ORGAN_WORDS[ill], bool(ill)),),
            "source": f"test/{kind}",
        }
        return ImageTextSample(**(facts | changes))

    return make


@pytest.fixture
def samples(make_sample) -> list[ImageTextSample]:
    return [make_sample(kind, n) for kind in ("CT", "XR") for n in range(12)]


@pytest.fixture(scope="session")
def tower_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text tower of one narrow layer and a tokenizer of the few words that samples use."""
    text = "no large pleural effusion study number a b c d e f g h i j k l m n ."
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *text.split(), *map(str, range(12))]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    folder = tmp_path_factory.mktemp("tower")
    tokenizer.save(str(folder / "tokenizer.json"))
    sizes = {"hidden_size": 32, "layers": 1, "heads": 2, "intermediate_size": 32, "dim": 16}
    torch.manual_seed(1)
    tower = TextTower(TextConfig(vocab_size=len(words), n_prompts=2, **sizes))
    save_tower(tower, folder, folder, facts={})
    return folder


@pytest.fixture
def make_config(tmp_path: Path, tower_folder: Path) -> Callable[..., PretrainingConfig]:
    """``make_config(optimisation={...}, ...)``: sections are merged into a tiny CLIP run."""

    def make(**changes: Any) -> PretrainingConfig:
        sections: dict[str, Any] = {
            "objective": "clip",
            "out": tmp_path / "run",
            "model": {"size": "tiny"},
            "text": {"tower": str(tower_folder)},
            "data": {
                "shards": ["none"], "image_size": 64, "crop_voxels": (24, 24, 32), "spacing_mm": 3.0,
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
