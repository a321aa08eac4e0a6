"""A whole model folder of the tiny size, with random weights and a small vocabulary."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors

from medvlp.grounding.calibration import Calibration
from medvlp.models.config import UnifiedConfig
from medvlp.models.folder import write_manifest
from medvlp.models.preprocessing import Preprocessing, XRPreprocessing
from medvlp.models.unified import UnifiedModel

WORDS = [
    "left",
    "right",
    "kidney",
    "liver",
    "lung",
    "pleural",
    "effusion",
    "no",
    "there",
    "is",
    "a",
    "of",
    "the",
    "in",
    "heart",
]


def tiny_tokenizer() -> Tokenizer:
    vocabulary = {w: i for i, w in enumerate(["[PAD]", "[UNK]", "[CLS]", "[SEP]", *WORDS])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def write_tiny_model(folder: Path) -> Path:
    torch.manual_seed(0)
    config = UnifiedConfig.of_size("tiny")
    UnifiedModel(config).to(torch.float16).save_pretrained(folder)
    tiny_tokenizer().save(str(folder / "tokenizer.json"))
    preprocessing = Preprocessing(xr=XRPreprocessing(image_size=config.image_size))
    (folder / "preprocessing.json").write_text(preprocessing.model_dump_json(by_alias=True))
    organs = {"CT": {"liver": "liver"}, "XR": {"heart": "heart"}}
    (folder / "prompts.json").write_text(json.dumps({"organs": organs}))
    Calibration.identity().save(folder / "calibration.json")
    (folder / "MODEL_CARD.md").write_text("# Tiny\n\nRandom weights, for tests.\n")
    write_manifest(folder, name="tiny", title="Tiny", modalities=["CT", "XR"], licence="none")
    return folder


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def own_tiny_folder(tmp_path: Path) -> Path:
    """A copy that a test may damage."""
    return write_tiny_model(tmp_path / "tiny")
