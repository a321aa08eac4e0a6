"""Merlin against its package (benchmarks/published/merlin.py) and against MONAI's transforms."""

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
from medvlp.errors import ModelMismatchError
from medvlp.geometry import Geometry
from medvlp.models.backends.bert_sizes import without
from medvlp.models.backends.merlin_import import GLOBAL, TEXT, UNUSED, _config
from medvlp.models.backends.networks import empty_network, fill
from medvlp.models.backends.settings import TextSettings, VolumetricPreprocessing
from medvlp.models.backends.volumes import prepare_cubes
from medvlp.models.folder import model_info
from medvlp.models.install import Wishes, install
from medvlp.scan import Scan

REFERENCE = Path(__file__).parent / "data" / "merlin.safetensors"
YES = Wishes(accept_licence=True)


@pytest.fixture(scope="module")
def weights():
    with safe_open(REFERENCE, "pt") as file:
        shapes = json.loads(file.metadata()["shapes"])
    counters = "num_batches_tracked"
    return seeded_state(
        {
            k: torch.empty(s, dtype=torch.int64 if k.endswith(counters) else torch.float32)
            for k, s in shapes.items()
        }
    )


@pytest.fixture(scope="module")
def kept():
    return load_file(REFERENCE)


@pytest.fixture(scope="module")
def network(weights):
    network = empty_network(_config(weights), "test")
    used = {k: v for k, v in without(weights, UNUSED).items() if not any(g in k for g in GLOBAL)}
    fill(network, used, "test")
    return network.eval()


@pytest.fixture(scope="module")
def features(network):
    values = np.random.RandomState(5).random_sample((2, 1, 64, 96, 48)).astype(np.float32)
    with torch.inference_mode():
        return network.encode_images(torch.from_numpy(values) * 2 - 1)


def test_pooled_vectors_are_those_of_the_package(features, kept):
    torch.testing.assert_close(
        F.normalize(features.pooled, dim=-1), kept["images"], atol=1e-5, rtol=1e-4
    )


def test_cells_lie_where_the_packages_features_do(network, features, kept):
    """Before the head, the mean of the channels of each cell, in the package's order (S, R, A)."""
    assert features.dense.shape == (2, 2, 3, 3, 512)
    head = network.encode_image.i3_resnet.contrastive_head
    found = []
    hook = head.register_forward_pre_hook(lambda _, inputs: found.append(inputs[0]))
    values = np.random.RandomState(5).random_sample((2, 1, 64, 96, 48)).astype(np.float32)
    with torch.inference_mode():
        dense = network.encode_images(torch.from_numpy(values) * 2 - 1).dense
    hook.remove()
    torch.testing.assert_close(found[0].mean(dim=1), kept["features"], atol=1e-5, rtol=1e-4)
    with torch.inference_mode():
        one = head(found[0][:, :, 2:3, 1:2, 0:1]).flatten(1)
    torch.testing.assert_close(dense[:, 1, 0, 2], one, atol=1e-5, rtol=1e-4)


def test_texts_are_those_of_the_packages_longformer(network, kept):
    ids = kept["ids"]
    with torch.inference_mode():
        vectors = F.normalize(network.encode_texts(ids, (ids != 1).long()), dim=-1)
    torch.testing.assert_close(vectors, kept["texts"], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        (
            "No free fluid; liver (segment 4) is NORMAL.",
            "no free fluid ; liver ( segment 4 ) is normal .",
        ),
        ("peri-hepatic 2.5 cm", "peri - hepatic 2 . 5 cm"),
    ],
)
def test_texts_are_set_as_the_package_sets_them(text, given):
    assert TextSettings(words="wordpunct", max_tokens=8).fill(text) == given
    assert TextSettings(max_tokens=8).fill(text) == text


SETTINGS = VolumetricPreprocessing(
    orientation="RAS",
    spacing_mm=(1.5, 1.5, 3.0),
    align="first",
    side_voxels=(32, 32, 16),
    cell_voxels=(8, 8, 4),
    cell_centre="first",
    hu_range=(-1000.0, 1000.0),
    cover=False,
    pad="air",
    odd_voxel="last",
    dense="test",
)


@pytest.mark.parametrize(
    ("shape", "spacing"), [((23, 61, 58), (2.5, 0.9, 0.7)), ((9, 20, 71), (5.0, 1.1, 1.1))]
)
def test_a_ct_is_shown_as_monais_transforms_show_it(shape, spacing, tmp_path):
    """One of them is cropped along all axes, the other is padded along two."""
    import nibabel
    from monai.transforms import (
        CenterSpatialCropd,
        Compose,
        EnsureChannelFirstd,
        LoadImaged,
        Orientationd,
        ScaleIntensityRanged,
        Spacingd,
        SpatialPadd,
    )

    random = np.random.default_rng(3)
    array = random.integers(-1000, 1000, shape).astype(np.int16)
    scan = Scan(array, Geometry.axial(shape, spacing), "CT", "HU")
    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ scan.geometry.affine  # LPS to RAS
    path = tmp_path / "ct.nii.gz"
    nibabel.save(nibabel.Nifti1Image(array, affine), path)
    box = list(SETTINGS.sides)
    transforms = Compose(
        [
            LoadImaged(keys=["image"]),
            EnsureChannelFirstd(keys=["image"]),
            Orientationd(keys=["image"], axcodes="RAS"),
            Spacingd(keys=["image"], pixdim=(1.5, 1.5, 3), mode="bilinear"),
            ScaleIntensityRanged(
                keys=["image"], a_min=-1000, a_max=1000, b_min=0.0, b_max=1.0, clip=True
            ),
            SpatialPadd(keys=["image"], spatial_size=box),
            CenterSpatialCropd(keys=["image"], roi_size=box),
        ]
    )
    theirs = transforms({"image": str(path)})["image"]
    cubes = prepare_cubes(scan, SETTINGS)
    (start,) = cubes.starts
    ours = cubes.array[tuple(slice(s, s + n) for s, n in zip(start, box, strict=True))]
    np.testing.assert_allclose((ours + 1) / 2, theirs[0].numpy(), atol=2e-4)
    world = np.asarray(theirs.affine) @ [0.0, 0.0, 0.0, 1.0]
    np.testing.assert_allclose(
        cubes.geometry.index_to_world((0, 0, 0)), world[:3] * [-1, -1, 1], atol=1e-3
    )


def test_a_cell_lies_where_its_receptive_field_does(network):
    """What one cell reaches lies about the cell's first voxel, not about its middle (16 and 8 further)."""
    box = torch.zeros(1, 1, 160, 32, 112, requires_grad=True)
    cell = network.encode_image.i3_resnet(box)[0, 2, 0, 3]
    weight = torch.autograd.grad(cell.square().sum(), box)[0][0, 0].abs()
    reached = [torch.nonzero(weight.sum(dim=[b for b in range(3) if b != a]))[:, 0] for a in (0, 2)]
    middles = [float(hit[0] + hit[-1]) / 2 for hit in reached]
    assert middles == pytest.approx([2 * 32, 3 * 16], abs=2.5)


@pytest.mark.parametrize("length", [20, 32, 33, 90])
def test_the_cells_reach_to_both_ends_of_the_body(length):
    settings = SETTINGS.model_copy(update={"cover": True, "spacing_mm": 2.0})
    scan = Scan(
        np.full((length, length, length), 30, np.int16),
        Geometry.axial((length,) * 3, (2.0,) * 3),
        "CT",
        "HU",
    )
    cubes = prepare_cubes(scan, settings)
    corners = [
        cubes.geometry.index_to_world(np.array(c) - 0.5) for c in ((0, 0, 0), cubes.geometry.shape)
    ]
    low, high = np.min(corners, axis=0), np.max(corners, axis=0)
    ends = [scan.geometry.index_to_world(c) for c in ((0, 0, 0), (length - 1,) * 3)]
    assert (low <= np.min(ends, axis=0) + 1e-6).all()
    assert (high >= np.max(ends, axis=0) - 1e-6).all()


def test_it_is_imported_with_its_transform_and_its_licence(published):
    folder = install(published("merlin"), YES)
    settings = VolumetricPreprocessing.load(folder / "preprocessing.json")
    assert (settings.orientation, settings.spacing, settings.align) == (
        "RAS",
        (1.5, 1.5, 3),
        "first",
    )
    assert (settings.sides, settings.cells) == ((224, 224, 160), (32, 32, 16))
    texts = TextSettings.load(folder / "prompts.json")
    assert (texts.words, texts.pad_id) == ("wordpunct", 1)
    assert model_info(folder).licence == "MIT"
    assert model_info(folder).modalities == ("CT",)


def test_a_checkpoint_of_another_task_is_refused(own_copy):
    folder = own_copy("merlin")
    (path,) = folder.glob("i3_resnet*.pt")
    state = torch.load(path, weights_only=True)
    torch.save({k: v for k, v in state.items() if not k.startswith(TEXT)}, path)
    with pytest.raises(ModelMismatchError, match="not Merlin's image-text checkpoint"):
        install(folder, YES)


def test_its_tokenizer_is_asked_for(own_copy):
    folder = own_copy("merlin")
    for name in ("tokenizer.json", "vocab.json", "merges.txt"):
        (folder / name).unlink(missing_ok=True)
    with pytest.raises(ModelMismatchError, match="Clinical-Longformer"):
        install(folder, YES)
