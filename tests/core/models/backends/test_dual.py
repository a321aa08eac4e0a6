"""CLIP and SigLIP against transformers, and what a patch's vector must be."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional as F

from medvlp.geometry import Geometry
from medvlp.models.backends.dual import head_alone, value_path
from medvlp.scan import Scan


def reference(layout, folder):
    from transformers import CLIPModel, SiglipModel

    kind = {"clip": CLIPModel, "siglip": SiglipModel}[layout]
    return kind.from_pretrained(folder, local_files_only=True).eval()


@pytest.fixture
def pixels():
    def make(size):
        return torch.randn(3, 3, size, size, generator=torch.Generator().manual_seed(5))

    return make


@pytest.mark.parametrize(("layout", "size"), [("clip", 64), ("siglip", 56)])
def test_pooled_vectors_are_those_of_transformers(layout, size, loaded, published, pixels):
    model, original = loaded(layout), reference(layout, published(layout))
    with torch.inference_mode():
        ours = model.network.encode_images(pixels(size)).pooled
        theirs = original.get_image_features(pixel_values=pixels(size)).pooler_output
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-5)


def test_clip_logits_are_those_of_transformers(loaded, published, pixels):
    model, original = loaded("clip"), reference("clip", published("clip"))
    texts = ["pleural effusion", "no lung nodule"]
    ids = [model._tokenizer.encode(t).ids for t in texts]
    width = max(map(len, ids))
    ids = torch.tensor([i + [0] * (width - len(i)) for i in ids])
    with torch.inference_mode():
        theirs = original(input_ids=ids, attention_mask=(ids != 0).long(), pixel_values=pixels(64))
        image = F.normalize(model.network.encode_images(pixels(64)).pooled, dim=-1)
    ours = model.logit_scale * image @ torch.from_numpy(model.embed_text(texts)).T
    torch.testing.assert_close(ours, theirs.logits_per_image, atol=1e-4, rtol=1e-4)
    assert model.logit_bias == 0.0


def test_siglip_probabilities_are_those_of_transformers(loaded, published, pixels):
    """Padded to the full length, without a mask, scale and bias as trained."""
    model, original = loaded("siglip"), reference("siglip", published("siglip"))
    texts = ["pleural effusion", "no lung nodule"]
    end = model._tokenizer.token_to_id("</s>")
    words = [[model._tokenizer.token_to_id(w) for w in t.split()] for t in texts]
    ids = torch.tensor([w + [end] + [0] * (16 - len(w) - 1) for w in words])
    with torch.inference_mode():
        theirs = original(input_ids=ids, pixel_values=pixels(56)).logits_per_image
        image = F.normalize(model.network.encode_images(pixels(56)).pooled, dim=-1)
    cosine = image @ torch.from_numpy(model.embed_text(texts)).T
    torch.testing.assert_close(
        model.logit_scale * cosine + model.logit_bias, theirs, atol=1e-4, rtol=1e-4
    )
    assert model.logit_bias == pytest.approx(-1.7)
    assert model.logit_scale == pytest.approx(np.exp(2.3), rel=1e-6)


def test_siglip_head_on_one_patch_is_the_head_on_an_image_of_that_patch(loaded):
    head = loaded("siglip").network.model.vision_model.head
    tokens = torch.randn(2, 5, 32, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        alone = torch.stack([head(tokens[:, i : i + 1]) for i in range(5)], dim=1)
        torch.testing.assert_close(head_alone(head, tokens), alone, atol=1e-5, rtol=1e-5)


def test_clip_value_path_is_the_block_on_a_token_alone(loaded):
    block = loaded("clip").network.model.vision_model.encoder.layers[-1]
    tokens = torch.randn(2, 5, 32, generator=torch.Generator().manual_seed(1))
    with torch.inference_mode():
        alone = torch.cat([block(tokens[:, i : i + 1], None) for i in range(5)], dim=1)
        torch.testing.assert_close(value_path(block, tokens), alone, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("layout", ["clip", "siglip"])
def test_results_do_not_depend_on_the_batch(layout, loaded, monkeypatch):
    model = loaded(layout)
    rng = np.random.default_rng(0)
    array = rng.normal(0, 300, (13, 30, 44)).astype(np.int16)
    scan = Scan(array, Geometry.axial(array.shape, (5.0, 3.0, 2.0)), "CT", "HU")
    monkeypatch.setattr(model, "batch_size", 1)
    single = model.encode(scan, cache=False)
    monkeypatch.setattr(model, "batch_size", 5)
    several = model.encode(scan, cache=False)
    np.testing.assert_allclose(single.matrix, several.matrix, atol=2e-3)
    np.testing.assert_allclose(single.pooled, several.pooled, atol=1e-5)


@pytest.mark.parametrize(("layout", "negative"), [("clip", 1.0), ("siglip", 0.0)])
def test_softmax_models_weigh_a_text_against_its_denial(layout, negative, loaded):
    assert loaded(layout).calibration.negative_weight == negative


@pytest.mark.parametrize("layout", ["clip", "siglip"])
def test_weights_are_kept_as_published(layout, imported, published):
    ours = load_file(imported(layout) / "model.safetensors")
    theirs = load_file(published(layout) / "model.safetensors")
    assert ours.keys() == theirs.keys()
    assert all(torch.equal(ours[k], theirs[k]) for k in ours)


def test_a_siglip_cell_is_what_an_image_of_this_patch_alone_would_be_pooled_to(loaded, pixels):
    """Before the last block the patches have met; from there on each goes by itself."""
    network = loaded("siglip").network
    vision = network.model.vision_model
    with torch.inference_mode():
        hidden = vision.encoder.layers[0](vision.embeddings(pixels(56)), None)
        last = vision.encoder.layers[1]
        alone = [
            vision.head(vision.post_layernorm(last(hidden[:, i : i + 1], None))) for i in range(16)
        ]
        dense = network.encode_images(pixels(56)).dense
    torch.testing.assert_close(dense.flatten(1, 2), torch.stack(alone, 1), atol=1e-5, rtol=1e-5)
