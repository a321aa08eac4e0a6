"""A run on two small cases, and a text tower with the lexicon's words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from medvlp.models.text import TextConfig, TextTower
from medvlp_training.datasets.case import CTCase, write_case
from medvlp_training.datasets.splits import is_held_out
from medvlp_training.datasets.xray import XRCase, write_xr
from medvlp_training.text.tower import save_tower

CT_SHAPE = (40, 40, 40)


def tiny_tower(folder: Path) -> Path:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors

    from medvlp.grounding.lexicon import load_lexicon

    words = {w for c in load_lexicon().concepts.values() for s in c.synonyms for w in s.split()}
    words |= {"no", "without", "evidence", "of", "the", "there", "is", "on", "left", "right"}
    vocabulary = {w: i for i, w in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *sorted(words)])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(1)
    sizes = {"hidden_size": 32, "layers": 1, "heads": 2, "intermediate_size": 32, "dim": 16}
    tower = TextTower(TextConfig(vocab_size=len(vocabulary), n_prompts=2, **sizes))
    save_tower(tower, folder, folder, facts={})
    return folder


def phantom(seed: int) -> CTCase:
    rng = np.random.default_rng(seed)
    volume = np.full(CT_SHAPE, -1000, dtype=np.int16)
    organs = np.zeros(CT_SHAPE, dtype=np.uint8)
    volume[4:36, 4:36, 4:36] = 0
    organs[8:20, 8:32, 6:18], organs[20:34, 8:32, 22:34] = 1, 2
    volume[organs == 1], volume[organs == 2] = 150, -800
    volume += rng.normal(0, 10, CT_SHAPE).astype(np.int16)
    names = {1: "liver", 2: "lung_left"}
    absent = frozenset({"pleural_effusion"})
    return CTCase(f"ct{seed}", volume, organs, names, frozenset(names.values()), absent=absent)


@pytest.fixture
def config_path(tmp_path) -> Path:
    write_case(tmp_path / "ct" / "a.safetensors", phantom(0))
    trained = [str(i) for i in range(40) if not is_held_out(str(i))][:2]
    for patient in trained:
        image = np.full((96, 96), 20, dtype=np.uint8)
        left = np.zeros((96, 96), dtype=bool)
        left[20:80, 55:85] = True
        image[left] = 200
        write_xr(
            tmp_path / "xr" / f"{patient}.safetensors", XRCase(patient, image, {"lung_left": left})
        )
    settings = {
        "name": "test",
        "size": "tiny",
        "steps": 6,
        "save_every": 3,
        "warmup": 1,
        "workers": 0,
        "xr_per_step": 2,
        "text_tower": str(tiny_tower(tmp_path / "tower")),
        "ct_cases": {str(tmp_path / "ct" / "*.safetensors"): 1.0},
        "xr_cases": {str(tmp_path / "xr" / "*.safetensors"): 1.0},
        "out": str(tmp_path / "run"),
    }
    path = tmp_path / "config.json"
    path.write_text(json.dumps(settings))
    return path
