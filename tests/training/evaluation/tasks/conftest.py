"""Phantoms whose answer is known, an objective that sees it, and a run that was barely trained."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from accelerate import Accelerator
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from medvlp.models.text import ABSENT, TextConfig, TextTower
from medvlp_training.evaluation.tasks.subject import Subject, test_kinds
from medvlp_training.objectives.batch import Batch
from medvlp_training.objectives.objective import Objective, ObjectiveSettings, unit
from medvlp_training.pretraining.collate import Collator
from medvlp_training.pretraining.config import PretrainingConfig
from medvlp_training.pretraining.load import TrainedRun
from medvlp_training.pretraining.model import build_model, tokenizer_of
from medvlp_training.pretraining.run import Run
from medvlp_training.pretraining.vocabulary import build_vocabulary
from medvlp_training.samples.sample import ImageTextSample, OrganStatement
from medvlp_training.samples.shard_set import open_shards
from medvlp_training.samples.shard_writer import write_shards
from medvlp_training.samples.source import ShardSource
from medvlp_training.text.tower import save_tower

WORDS = ("No pleural effusion.", "Large pleural effusion.")
NEGATIONS = ("no", "not")
SHAPES = {"CT": (24, 24, 32), "XR": (64, 64)}
CELLS = {"CT": 8, "XR": 32}


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medvlp_training.evaluation.statistics.RESAMPLES", 20)


@pytest.fixture(scope="session")
def phantom() -> Callable[..., ImageTextSample]:
    """``phantom("XR", number)``: odd numbers have a bright token in the first corner, and say so."""

    def make(kind: str = "XR", number: int = 0, **changes: Any) -> ImageTextSample:
        rng, ill, shape = np.random.default_rng(number), number % 2, SHAPES[kind]
        lesion = np.zeros(shape, bool)
        lesion[(slice(0, CELLS[kind]),) * len(shape)] = True
        organs = np.zeros(shape, np.uint8)
        organs[tuple(slice(CELLS[kind] // 4, n - CELLS[kind] // 4) for n in shape)] = 1
        image = rng.normal(0 if kind == "CT" else 40, 5, shape)
        image[lesion] += (600 if kind == "CT" else 150) * ill
        affine = np.zeros((4, 4))
        affine[[2, 1, 0, 3], [0, 1, 2, 3]] = (3, 3, 3, 1)
        facts: dict[str, Any] = {
            "identity": f"{kind}-{number}",
            "patient": f"patient-{kind}-{number}",
            "modality": kind,
            "image": image.astype(np.int16 if kind == "CT" else np.uint8),
            "affine": affine if kind == "CT" else None,
            "sentences": (WORDS[ill],),
            "labels": {"pleural_effusion": ill},
            "organs": organs,
            "organ_names": {1: "lung_left"},
            "lesions": {"pleural_effusion": lesion} if ill else {},
            "statements": (OrganStatement("lung_left", WORDS[ill], bool(ill)),),
            "split": ("train", "train", "test", "test", "val", "val")[number % 6],
        }
        return ImageTextSample(**(facts | changes))

    return make


@pytest.fixture(scope="session")
def shards(tmp_path_factory: pytest.TempPathFactory, phantom) -> Path:
    """36 phantoms of each kind, 12 of them in each split."""
    folder = tmp_path_factory.mktemp("shards")
    write_shards((phantom(kind, n) for kind in SHAPES for n in range(36)), folder)
    return folder


@pytest.fixture(scope="session")
def tower_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A text tower of one narrow layer, and a tokenizer of few words; others are unknown to it."""
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *NEGATIONS, *["large", "pleural", "effusion", "."]]
    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(words)}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    ends = [("[CLS]", 2), ("[SEP]", 3)]
    tokenizer.post_processor = processors.TemplateProcessing("[CLS] $A [SEP]", special_tokens=ends)
    folder = tmp_path_factory.mktemp("tower")
    tokenizer.save(str(folder / "tokenizer.json"))
    sizes = {"hidden_size": 32, "layers": 1, "heads": 2, "intermediate_size": 32, "dim": 16}
    torch.manual_seed(1)
    save_tower(
        TextTower(TextConfig(vocab_size=len(words), n_prompts=2, **sizes)), folder, folder, facts={}
    )
    return folder


@pytest.fixture(scope="session")
def make_config(shards: Path, tower_folder: Path) -> Callable[..., PretrainingConfig]:
    """``make_config(out, "clip", **settings)``: one step on the phantoms."""

    def make(out: Path, objective: str = "clip", **settings: Any) -> PretrainingConfig:
        return PretrainingConfig.model_validate({
            "objective": objective, "out": out, "settings": settings, "model": {"size": "tiny"},
            "text": {"tower": str(tower_folder)},
            "data": {
                "shards": [shards], "image_size": 64, "crop_voxels": SHAPES["CT"],
                "spacing_mm": 3.0, "max_tokens": 16, "workers": 0,
            },
            "optimisation": {"steps": 1, "batch_size": 4, "precision": "float32"},
            "output": {"validation_batches": 0, "tensorboard": False},
        })  # fmt: skip

    return make


@pytest.fixture(scope="session")
def make_run(tmp_path_factory, make_config, shards) -> Callable[..., Path]:
    """``make_run("clip", **settings)``: the folder of a run of one step."""

    def make(objective: str = "clip", **settings: Any) -> Path:
        config = make_config(tmp_path_factory.mktemp("runs") / objective, objective, **settings)
        Run(config, ShardSource(open_shards(shards)), Accelerator(cpu=True)).train()
        return config.out

    return make


@pytest.fixture(scope="session")
def run_folder(make_run) -> Path:
    """A run of CLIP."""
    return make_run("clip")


class Seeing(Objective):
    """Says of a token whether it is bright, and of a text whether it denies something.

    ``blind``: sees nothing, and says the same of every image.
    """

    blind = False

    def encode(self, batch: Batch) -> dict[str, torch.Tensor]:
        pool = torch.nn.functional.adaptive_avg_pool3d if batch.volumetric else (
            torch.nn.functional.adaptive_avg_pool2d
        )  # fmt: skip
        means = pool(batch.images.mean(1, keepdim=True), batch.organ_masks.shape[2:]).flatten(1)
        bright = (means > means.amin(1, keepdim=True) + 0.2).float()
        bright = bright * 0 if self.blind else bright
        return {"bright": bright}

    def image_vectors(self, representations: Any, batch: Batch) -> torch.Tensor:
        any_bright = representations["bright"].amax(1)
        return torch.stack([any_bright, 1 - any_bright], -1)

    def region_vectors(self, representations: Any, batch: Batch) -> torch.Tensor:
        bright = representations["bright"]
        return unit(torch.stack([bright, 1 - bright], -1))

    def phrase_vectors(self, input_ids, attention_mask, polarity: int = 0) -> torch.Tensor:
        denied = ((input_ids == 4) | (input_ids == 5)).any(1).float()
        denied = torch.ones_like(denied) if polarity == ABSENT else denied
        return torch.stack([1 - denied, denied], -1)


@pytest.fixture
def seeing(make_config, shards, tmp_path) -> Callable[..., Subject]:
    """``seeing(blind=False)``: a subject that knows the answers, or knows nothing."""

    def make(blind: bool = False) -> Subject:
        config, opened = make_config(tmp_path / "none"), open_shards(shards)
        vocabulary = build_vocabulary(opened.describe(e) for e in opened.entries)
        model = build_model(config)
        objective = Seeing(model, ObjectiveSettings(), vocabulary).eval()
        objective.blind = blind
        own = tokenizer_of(config)
        collator = Collator(config.data, model.config.windows, own, vocabulary, None)
        run = TrainedRun(config, objective, vocabulary, tokenizer_of(config), collator, 0)
        kinds = test_kinds(opened, frozenset({"CT", "XR"}))
        return Subject(run, "seeing", "seeing@0", kinds, opened)

    return make
