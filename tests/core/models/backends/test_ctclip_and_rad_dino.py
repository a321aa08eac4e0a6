"""CT-CLIP and RAD-DINO: what their published files and code say, checked by hand."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional as F

from medvlp.errors import LicenceError, ModelMismatchError
from medvlp.geometry import Geometry
from medvlp.models.backends.settings import PlanarPreprocessing, VolumetricPreprocessing
from medvlp.models.backends.volumes import prepare_cubes
from medvlp.models.folder import model_info
from medvlp.models.install import Wishes, install, pull
from medvlp.scan import Scan

YES = Wishes(accept_licence=True)
AXIAL = np.array([[0, 0, 2.0, 0], [0, 2.0, 0, 0], [3.0, 0, 0, 0], [0, 0, 0, 1]])
"""Slices of 3 mm from the feet up, rows to the back, columns to the left, 2 mm."""


def settings(**fields) -> VolumetricPreprocessing:
    values = {
        "orientation": "SLP",
        "spacing_mm": (3.0, 2.0, 2.0),
        "side_voxels": (8, 12, 12),
        "cell_voxels": (4, 3, 3),
        "hu_range": (-1000.0, 1000.0),
        "cover": (True, False, False),
        "pad": "air",
        "odd_voxel": "last",
        "dense": "test",
    }
    return VolumetricPreprocessing(**values | fields)


def ct(shape, *spots) -> Scan:
    array = np.full(shape, 30, np.int16)
    for spot in spots:
        array[spot] = 900
    return Scan(array, Geometry(shape, AXIAL), "CT", "HU")


def test_ct_clip_is_shown_what_its_repository_shows_it(published, tmp_path):
    folder = install(published("ctclip"), YES)
    kept = VolumetricPreprocessing.load(folder / "preprocessing.json")
    assert kept.orientation == "SLP"
    assert kept.spacing == (1.5, 0.75, 0.75)
    assert kept.hu_range == (-1000.0, 1000.0)
    assert json.loads((folder / "prompts.json").read_text())["template"] == "{} is present."
    assert model_info(folder).licence.startswith("CC-BY-NC-SA-4.0")
    assert set(kept.sources) >= {
        "orientation",
        "spacing_mm",
        "side_voxels",
        "cell_voxels",
        "hu_range",
    }


def test_the_licence_of_ct_clip_is_shown_though_its_file_says_nothing(published):
    with pytest.raises(LicenceError, match="CC-BY-NC-SA"):
        install(published("ctclip"))


def test_ct_clip_is_not_pulled_with_its_whole_data_set():
    with pytest.raises(ModelMismatchError, match="holds more than a model"):
        pull("ibrahimhamamci/CT-RATE", wishes=YES)


def test_its_axes_run_up_left_and_back():
    """A voxel of slice 5, row 2, column 9 is at 5 upwards, 9 to the left, 2 to the back."""
    cubes = prepare_cubes(ct((8, 12, 12), (5, 2, 9)), settings())
    assert np.argwhere(cubes.array > 0.8).tolist() == [[5, 9, 2]]


def test_what_is_missing_is_air_and_the_odd_voxel_comes_last():
    cubes = prepare_cubes(ct((5, 12, 12)), settings())
    assert cubes.array.shape == (8, 12, 12)
    np.testing.assert_array_equal(cubes.array[:1], -1.0)
    np.testing.assert_array_equal(cubes.array[6:], -1.0)
    np.testing.assert_allclose(cubes.array[1:6], 0.03, atol=1e-6)
    assert cubes.geometry.shape == (2, 4, 4)
    np.testing.assert_allclose(cubes.geometry.spacing, (12.0, 6.0, 6.0))


def test_boxes_follow_a_long_body_and_never_leave_the_middle_of_a_slice():
    cubes = prepare_cubes(ct((25, 15, 14)), settings())
    assert {start[1:] for start in cubes.starts} == {(1, 1)}
    assert cubes.starts[0][0] == 0
    assert cubes.starts[-1][0] + 8 >= 25
    assert len(cubes.starts) >= 4


@pytest.fixture(scope="module")
def network(loaded):
    return loaded("ctclip").network


@pytest.fixture
def box() -> torch.Tensor:
    return torch.randn(1, 1, 48, 32, 32, generator=torch.Generator().manual_seed(1))


def test_the_pooled_vector_is_the_sum_of_its_cells(network, box):
    with torch.inference_mode():
        features = network.encode_images(box)
        cells = network.visual_transformer(box)
        whole = network.to_visual_latent(cells.mean(dim=1).reshape(1, -1))
    assert features.dense.shape == (1, 16, 16, 16, 16)
    torch.testing.assert_close(features.pooled, whole)
    torch.testing.assert_close(features.dense.sum((1, 2, 3)) / 16, whole, atol=1e-4, rtol=1e-4)


def test_patches_are_cut_by_slices_then_rows_then_columns(network, box):
    """As einops writes it: b c (t pt) (h p1) (w p2) -> b t h w (c pt p1 p2)."""
    seen = []
    hook = network.visual_transformer.to_patch_emb["1"].register_forward_pre_hook(
        lambda _, inputs: seen.append(inputs[0])
    )
    with torch.inference_mode():
        network.visual_transformer(box)
    hook.remove()
    torch.testing.assert_close(seen[0][0, 5, 3, 7], box[0, 0, 15:18, 6:8, 14:16].reshape(-1))


def test_attention_is_that_of_the_published_formula(network):
    """Queries of normed tokens, keys and values of the tokens as they are, cosines times 8."""
    attention = network.visual_transformer.enc_spatial_transformer.layers[0]["1"]
    generator = torch.Generator().manual_seed(2)
    x, bias = torch.randn(2, 9, 32, generator=generator), torch.randn(2, 9, 9, generator=generator)
    with torch.inference_mode():
        ours = attention(x, bias)
        q = F.layer_norm(x, (32,)) @ attention.to_q.weight.T
        k, v = (x @ attention.to_kv.weight.T).chunk(2, dim=-1)
        heads = []
        for h in range(2):
            part = slice(8 * h, 8 * h + 8)
            similar = F.normalize(q[..., part], dim=-1) @ F.normalize(k[..., part], dim=-1).mT
            heads.append((8 * similar + bias[h]).softmax(-1) @ v[..., part])
        theirs = torch.cat(heads, -1) @ attention.to_out.weight.T
    torch.testing.assert_close(ours, theirs, atol=1e-6, rtol=1e-4)


def test_codes_are_the_nearest_by_angle(network):
    codebook = network.visual_transformer.vq["_codebook"]
    codes = codebook.embed[0]
    with torch.inference_mode():
        torch.testing.assert_close(codebook(5 * codes[[7, 3]] + 1e-3), codes[[7, 3]])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda s: s.pop("visual_transformer.vq._codebook.embed"), "vq._codebook.embed"),
        (
            lambda s: s.pop("visual_transformer.enc_temporal_transformer.norm_out.gamma"),
            "1 missing",
        ),
        (
            lambda s: s.update({"to_visual_latent.weight": torch.zeros(16, 24 * 32)}),
            "second version",
        ),
        (lambda s: s.update({"a.b": torch.zeros(1)}), "not known: a.b"),
    ],
)
def test_another_checkpoint_is_refused_by_name(change, said, own_copy):
    folder = own_copy("ctclip")
    state = torch.load(folder / "CT-CLIP_v2.pt", weights_only=True)
    change(state)
    torch.save(state, folder / "CT-CLIP_v2.pt")
    with pytest.raises(ModelMismatchError, match=said):
        install(folder, YES)


def test_rad_dino_without_a_bridge_is_refused_with_the_command_that_fits_one(published):
    with pytest.raises(ModelMismatchError, match=r"no text tower|without a text tower") as caught:
        install(published("raddino"), YES)
    assert f"medvlp models bridge {published('raddino')} --data" in caught.value.command_line


def test_cells_of_rad_dino_are_the_patch_tokens_of_transformers(published, loaded):
    from transformers import Dinov2Model

    theirs = Dinov2Model.from_pretrained(published("raddino")).eval()
    network = loaded("raddino").network
    pixels = torch.randn(2, 3, 56, 56, generator=torch.Generator().manual_seed(3))
    with torch.inference_mode():
        tokens = theirs(pixels).last_hidden_state[:, 1:]
        features = network.encode_images(pixels)
    expected = F.normalize(tokens, dim=-1) - network.image_mean
    torch.testing.assert_close(features.dense.flatten(1, 2), expected, atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(features.pooled, expected.mean(1), atol=1e-5, rtol=1e-4)


def test_texts_of_rad_dino_are_ours_through_the_bridge(loaded):
    from medvlp.models.load import load_model

    model, ours = loaded("raddino"), load_model("small", device="cpu")
    texts = ["left pleural effusion", "no lung nodule"]
    linear = model.network.bridge[0]
    vectors = torch.from_numpy(ours.embed_text(texts))
    expected = F.normalize(vectors @ linear.weight.T + linear.bias, dim=-1)
    np.testing.assert_allclose(model.embed_text(texts), expected.detach().numpy(), atol=2e-3)


def test_rad_dino_is_shown_what_its_own_file_says(imported):
    kept = PlanarPreprocessing.load(imported("raddino") / "preprocessing.json")
    assert (kept.image_size, kept.resize_to, kept.cell_pixels) == (56, 56, 14)
    assert kept.resample == "bicubic"
    assert kept.mean == (0.5, 0.5, 0.5)
    assert kept.std == (0.25, 0.25, 0.25)
    assert kept.stretch


def test_both_ways_of_naming_the_tensors_of_dinov2_are_read(own_copy):
    from medvlp.models.backends.importing import identify
    from medvlp.models.backends.raddino_import import read_image_tower

    folder = own_copy("raddino")
    known = identify(folder)
    old = read_image_tower(folder, known).tensors
    assert any(
        "attention.attention.query" in name for name in load_file(folder / "model.safetensors")
    )
    save_file(old, folder / "model.safetensors")
    new = read_image_tower(folder, known).tensors
    assert set(new) == set(old)
    (folder / "preprocessor_config.json").unlink()
    with pytest.raises(ModelMismatchError, match=r"no preprocessor_config\.json"):
        read_image_tower(folder, known)
