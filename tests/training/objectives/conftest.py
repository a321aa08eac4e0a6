"""A model of the smallest size and random batches that look like the real ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

from medvlp.models.config import UnifiedConfig
from medvlp.models.unified import UnifiedModel
from medvlp.models.vision import TOKEN_STRIDE
from medvlp_training.objectives.batch import UNKNOWN, Batch, Vocabulary
from medvlp_training.objectives.objective import Objective
from medvlp_training.objectives.registry import OBJECTIVES, objective_class

ORGANS = ("liver", "lung_left", "spleen")
LABELS = ("pleural_effusion", "pneumothorax", "lung_nodule", "cardiomegaly")
PHRASES = (
    ("liver", "The liver is unremarkable.", False, 9),
    ("liver", "Hypodense lesion in the liver.", True, 4),
    ("lung_left", "The left lung is clear.", False, 7),
    ("lung_left", "Nodule in the left upper lobe.", True, 3),
    ("spleen", "Normal spleen.", False, 5),
    ("spleen", "Splenomegaly.", True, 2),
)
CLS, SEP = 2, 3
NARROW: dict[str, dict[str, object]] = {
    "lovt": {"hidden": 32},
    "mlip": {"hidden": 32, "prototypes": 8},
    "unimedi": {"prototypes": 32, "head_size": 16, "bottleneck": 8},
}
"""Narrow heads, method by method, where the default ones are slow."""


@pytest.fixture
def vocabulary() -> Vocabulary:
    organs, texts, abnormal, counts = zip(*PHRASES, strict=True)
    return Vocabulary(LABELS, ORGANS, (*LABELS, *ORGANS), texts, organs, abnormal, counts)


@pytest.fixture
def make_model() -> Callable[..., UnifiedModel]:
    """``make_model(seed=0)``: tiny, random, in evaluation mode and float64 if asked."""

    def make(seed: int = 0, double: bool = False) -> UnifiedModel:
        torch.manual_seed(seed)
        model = UnifiedModel(UnifiedConfig.of_size("tiny", prompt_length=2))
        return model.double() if double else model

    return make


@pytest.fixture
def make_batch(vocabulary: Vocabulary) -> Callable[..., Batch]:
    """``make_batch("XR" or "CT", size=4, seed=0, double=False)``."""

    def make(kind: str = "XR", size: int = 4, seed: int = 0, double: bool = False) -> Batch:
        generator = torch.Generator().manual_seed(seed)
        shape = (1, 96, 64) if kind == "XR" else (3, 24, 16, 32)
        stride = TOKEN_STRIDE[len(shape) - 1]
        grid = [n // stride for n in shape[1:]]
        images = torch.rand(size, *shape, generator=generator) * 2 - 1
        length = 14
        ids = torch.randint(5, 900, (size, length), generator=generator)
        used = torch.randint(9, length + 1, (size,), generator=generator)
        places = torch.arange(length)
        mask = (places < used[:, None]).long()
        inner = (places > 0) & (places < used[:, None] - 1)
        ids = torch.where(inner, ids, 0)
        ids[:, 0] = CLS
        ids[torch.arange(size), used - 1] = SEP
        sentence = torch.where(inner, ((places - 1) // 3).expand(size, -1), -1)
        concept = torch.randint(-6, len(LABELS + ORGANS), (size, length), generator=generator)
        organs = torch.rand(size, len(ORGANS), *grid, generator=generator)
        phrase = torch.randint(0, 2, (size, len(ORGANS)), generator=generator)
        return Batch(
            images=images.double() if double else images,
            input_ids=ids,
            attention_mask=mask,
            sentence_of_token=sentence,
            concept_of_token=torch.where(inner, concept.clamp(min=-1), -1),
            has_report=torch.ones(size, dtype=torch.bool),
            labels=torch.randint(UNKNOWN, 2, (size, len(LABELS)), generator=generator).to(
                torch.int8
            ),
            organ_masks=(organs > 0.6).to(images.dtype) * organs,
            organ_usable=torch.ones(size, len(ORGANS), dtype=torch.bool),
            organ_phrase=phrase + 2 * torch.arange(len(ORGANS)),
            patients=tuple(f"patient-{seed}-{n}" for n in range(size)),
        )

    return make


@pytest.fixture
def change() -> Callable[..., Batch]:
    """``change(batch, labels=..., ...)``: a copy with other fields."""
    return replace


@pytest.fixture
def without_reports() -> Callable[..., Batch]:
    """``without_reports(batch)``, or of some rows alone: their texts become ``[CLS] [SEP]``."""

    def strip(batch: Batch, rows: slice = slice(None)) -> Batch:
        ids, sentences = batch.input_ids.clone(), batch.sentence_of_token.clone()
        concepts, told = batch.concept_of_token.clone(), batch.has_report.clone()
        ids[rows] = 0
        ids[rows, 0], ids[rows, 1] = CLS, SEP
        sentences[rows], concepts[rows], told[rows] = -1, -1, False
        mask, phrase = (ids > 0).long(), batch.organ_phrase.clone()
        phrase[rows] = -1
        return replace(
            batch,
            input_ids=ids,
            attention_mask=mask,
            sentence_of_token=sentences,
            concept_of_token=concepts,
            has_report=told,
            organ_phrase=phrase,
        )

    return strip


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    """Of whole words: those of the vocabulary, and what names and phrases are joined with."""
    said = " ".join([*LABELS, *ORGANS, *(text for _, text, *_ in PHRASES)]).lower()
    words = sorted(set(said.replace("_", " ").replace(".", " ").split()))
    names = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", ",", ".", "no", "normal", *words]
    made = Tokenizer(
        WordLevel({word: n for n, word in enumerate(dict.fromkeys(names))}, unk_token="[UNK]")
    )
    made.normalizer = Lowercase()
    made.pre_tokenizer = Whitespace()
    made.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", CLS), ("[SEP]", SEP)]
    )
    made.enable_padding()
    return made


@pytest.fixture
def make_objective(
    make_model: Callable[..., UnifiedModel], vocabulary: Vocabulary, tokenizer: Tokenizer
) -> Callable[..., Objective]:
    """``make_objective("clip", seed=0, double=False, size=8, ...)``: any other name is a setting.

    ``known`` stands in for the vocabulary.
    """

    def make(
        name: str,
        seed: int = 0,
        double: bool = False,
        known: Vocabulary | None = None,
        **settings: object,
    ) -> Objective:
        kind = objective_class(name)
        model = make_model(seed, double)
        objective = kind(model, kind.Settings(**settings), known or vocabulary)
        objective.use_tokenizer(tokenizer)
        return objective.double() if double else objective

    return make


@pytest.fixture(params=list(OBJECTIVES))
def make_each_objective(
    request: pytest.FixtureRequest, make_objective: Callable[..., Objective]
) -> Callable[..., Objective]:
    """``make_objective`` of every registered method in turn, with narrow heads."""
    return partial(make_objective, request.param, **NARROW.get(request.param, {}))
