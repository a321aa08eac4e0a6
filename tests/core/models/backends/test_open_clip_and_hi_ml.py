"""BiomedCLIP and BioViL-T against their packages, kept by benchmarks/published/reference.py."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from torch.nn import functional as F

from benchmarks.published.seeded import seeded_state
from medvlp.geometry import Geometry
from medvlp.models.backends.bert_sizes import without
from medvlp.models.backends.biovil_import import UNUSED_IMAGE, UNUSED_TEXT, _config
from medvlp.models.backends.framing import frame
from medvlp.models.backends.networks import empty_network, fill
from medvlp.models.backends.pictures import Pictures
from medvlp.models.backends.settings import PlanarPreprocessing
from medvlp.scan import Scan

DATA = Path(__file__).parent / "data"


def reference(name: str) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Weights under their published names, and what came out."""
    path = DATA / f"{name}.safetensors"
    with safe_open(path, "pt") as file:
        shapes = json.loads(file.metadata()["shapes"])
    templates = {
        k: torch.empty(s, dtype=torch.int64 if k.endswith("num_batches_tracked") else torch.float32)
        for k, s in shapes.items()
    }
    prefixes = ("image.", "text.") if name == "biovil" else ()
    plain = {k.split(".", 1)[1] if k.startswith(prefixes) else k: v for k, v in templates.items()}
    values = seeded_state(plain if prefixes else templates)
    back = dict(zip(plain if prefixes else templates, templates, strict=True))
    return {back[k]: v for k, v in values.items()}, load_file(path)


def picture() -> np.ndarray:
    """The one of the reference."""
    random = np.random.RandomState(4)
    ramp = np.linspace(20, 180, 110)
    return np.clip(ramp + random.normal(0, 30, (87, 110)), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def biomedclip():
    weights, kept = reference("biomedclip")
    config = {
        "model_type": "medvlp-biomedclip",
        "image_size": 64,
        "patch": 16,
        "width": 128,
        "heads": 2,
        "depth": 2,
        "feed_forward": 512,
        "common_width": 16,
        "text": {
            "vocab_size": 40,
            "hidden_size": 24,
            "num_hidden_layers": 1,
            "num_attention_heads": 12,
            "intermediate_size": 48,
            "max_position_embeddings": 32,
        },
    }
    network = empty_network(config, "biomedclip")
    fill(network, weights, "biomedclip")
    return network.eval(), kept


def test_biomedclip_image_vectors_are_those_of_open_clip(biomedclip):
    network, kept = biomedclip
    with torch.inference_mode():
        pooled = F.normalize(network.encode_images(kept["pixels"]).pooled, dim=-1)
    torch.testing.assert_close(pooled, kept["pooled"], atol=2e-5, rtol=1e-4)


def test_biomedclip_text_vectors_are_those_of_open_clip(biomedclip):
    network, kept = biomedclip
    with torch.inference_mode():
        texts = F.normalize(network.encode_texts(kept["ids"], (kept["ids"] != 0).long()), dim=-1)
    torch.testing.assert_close(texts, kept["texts"], atol=2e-5, rtol=1e-4)


def test_biomedclip_value_path_is_the_block_on_a_token_alone(biomedclip):
    block = biomedclip[0].visual.trunk.blocks[-1]
    tokens = torch.randn(2, 5, 128, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        alone = torch.cat([block(tokens[:, i : i + 1]) for i in range(5)], dim=1)
        torch.testing.assert_close(block.value_path(tokens), alone, atol=1e-5, rtol=1e-5)


def test_biomedclip_transform_is_that_of_open_clip(biomedclip, imported):
    path = imported("biomedclip") / "preprocessing.json"
    settings = PlanarPreprocessing.model_validate(json.loads(path.read_text()))
    grey = picture()
    scan = Scan(grey / np.float32(255), Geometry.radiograph(grey.shape), "XR", "normalised")
    top, left = frame(grey.shape, settings).centre
    square = Pictures(scan, settings)[0][:, top : top + 64, left : left + 64]
    mean, std = (np.reshape(v, (3, 1, 1)) for v in (settings.mean, settings.std))
    ours = (square / 255 - mean) / std
    np.testing.assert_allclose(ours, biomedclip[1]["pixels"][0].numpy(), atol=1e-5)


@pytest.fixture(scope="module")
def biovil():
    weights, kept = reference("biovil")
    image = {k[6:]: v for k, v in weights.items() if k.startswith("image.")}
    text = {k[5:]: v for k, v in weights.items() if k.startswith("text.")}
    assert len(image) == 372  # tensors of the published file
    image, text = without(image, UNUSED_IMAGE), without(text, UNUSED_TEXT)
    network = empty_network(_config(image, text), "biovil")
    named = {f"image.{k}": v for k, v in image.items()} | {f"text.{k}": v for k, v in text.items()}
    fill(network, named, "biovil")
    return network.eval(), kept


def test_biovil_cells_and_pooled_vector_are_those_of_hi_ml(biovil):
    network, kept = biovil
    pixels = kept["pixels"].expand(-1, 3, -1, -1)
    with torch.inference_mode():
        features = network.encode_images(pixels)
    cells = F.normalize(features.dense, dim=-1)
    torch.testing.assert_close(cells, kept["patches"], atol=5e-5, rtol=1e-3)
    pooled = F.normalize(features.pooled, dim=-1)
    torch.testing.assert_close(pooled, kept["pooled"], atol=5e-5, rtol=1e-3)


def test_biovil_texts_are_those_of_hi_ml(biovil):
    network, kept = biovil
    with torch.inference_mode():
        texts = F.normalize(network.encode_texts(kept["ids"], (kept["ids"] != 0).long()), dim=-1)
    torch.testing.assert_close(texts, kept["texts"], atol=2e-5, rtol=1e-4)


def test_biovil_transform_is_that_of_hi_ml(biovil):
    settings = PlanarPreprocessing(
        image_size=128,
        cell_pixels=32,
        fit="crop",
        resize_to=146,
        crop_offset="round",
        resample="bilinear",
        mean=(0.0,) * 3,
        std=(1.0,) * 3,
        stretch=True,
        dense="test",
    )
    grey = picture()
    scan = Scan(grey / np.float32(255), Geometry.radiograph(grey.shape), "XR", "normalised")
    top, left = frame(grey.shape, settings).centre
    ours = Pictures(scan, settings)[0][:1, top : top + 128, left : left + 128] / 255
    theirs = biovil[1]["pixels"][0].numpy()
    assert np.abs(ours - theirs).max() <= 1.01 / 255  # cut-off fractions after float32
    assert np.abs(ours - theirs).mean() < 2e-4
