"""COLIPRI against the outputs of its package, kept by benchmarks/colipri/reference.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from torch.nn import functional as F

from medvlp.geometry import Geometry
from medvlp.models.backends.network import ImageFeatures
from medvlp.models.backends.settings import VolumetricPreprocessing
from medvlp.models.backends.volumes import prepare_cubes, resample_linearly
from medvlp.scan import Scan

TO_LPS = np.diag([-1.0, -1.0, 1.0, 1.0])


@pytest.fixture(scope="module")
def reference() -> dict[str, torch.Tensor]:
    return load_file(Path(__file__).parent / "data" / "colipri.safetensors")


@pytest.fixture(scope="module")
def network(reference, loaded):
    network = loaded("colipri").network
    state = network.state_dict()
    for name, tensor in reference.items():
        if name.startswith("weights."):
            torch.testing.assert_close(state[name[8:]], tensor.float(), atol=0, rtol=0)
    return network


@pytest.fixture
def cubes(reference):
    cube = reference["prepared.SAR"][None]
    return torch.stack([cube, -0.5 * cube.flip(2)])


def settings(**fields) -> VolumetricPreprocessing:
    values = {
        "orientation": "SAR",
        "spacing_mm": 2.0,
        "side_voxels": 24,
        "cell_voxels": 8,
        "hu_range": (-1000.0, 1000.0),
        "dense": "test",
    }
    return VolumetricPreprocessing(**values | fields)


def small_ct(reference) -> Scan:
    """The scan of the reference: its affine is RAS, ours LPS."""
    array = reference["ct"].numpy()
    return Scan(array, Geometry(array.shape, TO_LPS @ reference["ct_affine"].numpy()), "CT", "HU")


def test_every_tensor_of_the_published_layout_is_used(network, reference):
    names = {name[8:] for name in reference if name.startswith("weights.")}
    assert set(network.state_dict()) == names


def test_cells_before_projection_are_those_of_the_package(network, reference, cubes):
    with torch.inference_mode():
        tokens = network.image_encoder.backbone(cubes)
    theirs = reference["patches"].flatten(2).transpose(1, 2)
    torch.testing.assert_close(tokens, theirs, atol=2e-5, rtol=1e-4)


def test_dense_and_pooled_vectors_are_those_of_the_package(network, reference, cubes):
    with torch.inference_mode():
        features = network.encode_images(cubes)
    dense = F.normalize(features.dense, dim=-1).permute(0, 4, 1, 2, 3)
    torch.testing.assert_close(dense, reference["dense"], atol=2e-5, rtol=1e-4)
    pooled = F.normalize(features.pooled, dim=-1)
    torch.testing.assert_close(pooled, reference["pooled"], atol=2e-5, rtol=1e-4)


def test_texts_and_probabilities_are_those_of_the_package(network, reference, cubes):
    with torch.inference_mode():
        texts = F.normalize(network.encode_texts(reference["ids"], reference["mask"]), dim=-1)
        image = F.normalize(network.encode_images(cubes).pooled, dim=-1)
    torch.testing.assert_close(texts, reference["texts"], atol=2e-5, rtol=1e-4)
    scale, bias = network.similarity
    probabilities = (scale * image @ texts.T + bias).softmax(dim=-1)
    torch.testing.assert_close(probabilities, reference["probabilities"], atol=1e-4, rtol=1e-3)


@pytest.mark.parametrize("orientation", ["SAR", "RAS"])
def test_the_transform_is_that_of_the_package(reference, orientation):
    chosen = settings(orientation=orientation, cover=False)
    cubes = prepare_cubes(small_ct(reference), chosen)
    theirs = reference[f"prepared.{orientation}"].numpy()
    (start,) = cubes.starts
    ours = cubes.array[tuple(slice(s, s + 24) for s in start)]
    np.testing.assert_allclose(ours, theirs, atol=2e-5)


@pytest.mark.parametrize("orientation", ["SAR", "RAS"])
def test_the_cells_lie_where_the_package_puts_its_voxels(reference, orientation):
    cubes = prepare_cubes(small_ct(reference), settings(orientation=orientation, cover=False))
    affine = TO_LPS @ reference[f"prepared_affine.{orientation}"].numpy()
    voxels = Geometry((24, 24, 24), affine)
    expected = voxels.with_cells((3, 3, 3), (8.0,) * 3, (0.0,) * 3)
    assert cubes.geometry.is_close(expected, tolerance_mm=1e-3)


def test_an_import_shows_the_network_what_the_package_shows_it_by_default(
    reference, published, tmp_path
):
    """The axes are those of the package's own configuration, and not those of its first versions."""
    from medvlp.models.backends.importing import convert, identify

    source = published("colipri")
    convert(source, tmp_path, "colipri", identify(source), {"side_voxels": 24, "cover": False})
    chosen = VolumetricPreprocessing.load(tmp_path / "preprocessing.json")
    ours = prepare_cubes(small_ct(reference), chosen)
    (start,) = ours.starts
    shown = ours.array[tuple(slice(s, s + 24) for s in start)]
    np.testing.assert_allclose(shown, reference["prepared.default"].numpy(), atol=2e-5)
    assert not np.allclose(shown, reference["prepared.SAR"].numpy(), atol=0.1)


def test_what_is_right_anterior_and_high_comes_last_along_each_axis():
    """Slices from the head down, rows from the back, columns to the left; three unlike marks."""
    affine = np.zeros((4, 4))
    affine[:, 0] = (0.0, 0.0, -2.0, 0.0)
    affine[:, 1] = (0.0, -2.0, 0.0, 0.0)
    affine[:, 2] = (2.0, 0.0, 0.0, 0.0)
    affine[3, 3] = 1.0
    array = np.full((24, 24, 24), -1000, np.int16)
    array[12, 12, :3] = 100
    array[12, -4:, 12] = 500
    array[:5, 12, 12] = 900
    scan = Scan(array, Geometry(array.shape, affine), "CT", "HU")
    seen = prepare_cubes(scan, settings(orientation="RAS", cover=False)).array
    where = {hu: np.argwhere(np.isclose(seen, hu / 1000)) for hu in (100, 500, 900)}
    middle = 11  # of 12, on axes that run the other way
    assert where[100].tolist() == [[n, 12, middle] for n in (21, 22, 23)]
    assert where[500].tolist() == [[middle, n, middle] for n in (20, 21, 22, 23)]
    assert where[900].tolist() == [[middle, 12, n] for n in (19, 20, 21, 22, 23)]


def test_resampling_is_that_of_simpleitk():
    import SimpleITK as sitk

    rng = np.random.default_rng(0)
    array = rng.normal(0, 300, (11, 14, 9)).astype(np.float32)
    geometry = Geometry.axial(array.shape, (2.7, 1.3, 3.1), (10, -20, 30))
    ours, lies = resample_linearly(array, geometry, (2.0, 2.0, 2.0))
    image = sitk.GetImageFromArray(array)
    image.SetSpacing((3.1, 1.3, 2.7))
    image.SetOrigin((10, -20, 30))
    theirs = sitk.Resample(
        image,
        [int(n) for n in lies.shape[::-1]],
        sitk.Transform(),
        sitk.sitkLinear,
        tuple(lies.index_to_world((0, 0, 0))),
        (2.0, 2.0, 2.0),
    )
    np.testing.assert_allclose(ours, sitk.GetArrayFromImage(theirs), atol=1e-2)
    np.testing.assert_allclose(lies.spacing, 2.0)


def body(shape, spacing, box) -> Scan:
    array = np.full(shape, -1000, np.int16)
    array[box] = 40
    return Scan(array, Geometry.axial(shape, spacing, (5.0, 6.0, 7.0)), "CT", "HU")


def test_a_body_inside_the_centre_crop_is_one_cube_in_the_centre():
    scan = body((40, 40, 40), (2.0, 2.0, 2.0), (slice(12, 30), slice(10, 28), slice(12, 30)))
    assert prepare_cubes(scan, settings()).starts == ((8, 8, 8),)


def test_a_body_off_the_centre_moves_the_cube():
    scan = body((40, 24, 24), (2.0, 2.0, 2.0), (slice(0, 20), slice(2, 22), slice(2, 22)))
    assert prepare_cubes(scan, settings()).starts == ((0, 0, 0),)


def test_a_body_larger_than_a_cube_is_covered_by_several():
    scan = body((61, 24, 43), (2.0, 2.0, 2.0), (slice(3, 58), slice(2, 22), slice(1, 42)))
    cubes = prepare_cubes(scan, settings())
    covered = np.zeros(cubes.array.shape, bool)
    for start in cubes.starts:
        covered[tuple(slice(s, s + 24) for s in start)] = True
    assert covered[cubes.array > 0].all()
    assert len(cubes.starts) > 4
    assert all(
        (a - b) % 8 == 0 for s in cubes.starts for a, b in zip(s, cubes.starts[0], strict=True)
    )


@pytest.mark.parametrize("orientation", ["SAR", "RAS", "IPL"])
def test_the_centre_of_a_cube_is_found_whatever_the_orientation(orientation, loaded, monkeypatch):
    """With a network that only looks at how bright a cell is, in two overlapping cubes."""
    model = loaded("colipri")

    def brightness(cubes):
        bright = torch.nn.functional.avg_pool3d(cubes, 4)[:, 0] / 2 + 0.5
        return ImageFeatures(torch.stack([bright, 1 - bright], -1), bright.flatten(1)[:, :2])

    monkeypatch.setattr(model.network, "encode_images", brightness)
    chosen = settings(orientation=orientation, cell_voxels=4, hu_range=(0.0, 1000.0), body_hu=-1.0)
    monkeypatch.setattr(model, "preprocessing", chosen)
    angle = np.radians(15)
    affine = np.eye(4)
    affine[:3, 0] = (0.0, 0.0, -3.0)
    affine[:3, 1] = (2.0 * np.cos(angle), 2.0 * np.sin(angle), 0.0)
    affine[:3, 2] = (1.5 * np.sin(angle), -1.5 * np.cos(angle), 0.0)
    affine[:3, 3] = (12.0, 80.0, -30.0)
    array = np.zeros((25, 30, 33), np.int16)
    array[15:20, 4:13, 20:31] = 1000
    scan = Scan(array, Geometry(array.shape, affine), "CT", "HU")
    encoding = model.encode(scan, cache=False)
    grid = encoding.grid.astype(np.float64)
    bright = (grid[..., 0] / grid.sum(axis=-1)).ravel()
    cells = np.moveaxis(np.indices(encoding.geometry.shape), 0, -1).reshape(-1, 3)
    middle = np.average(cells, axis=0, weights=bright)
    expected = scan.geometry.index_to_world((17, 8, 25))
    np.testing.assert_allclose(encoding.geometry.index_to_world(middle), expected, atol=0.4)
