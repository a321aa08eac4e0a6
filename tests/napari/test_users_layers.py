"""The whole way on a user's own layer: asked, marked, outlined and saved where its voxels lie."""

from __future__ import annotations

import nibabel
import numpy as np
import pytest

from medvlp_napari import api
from medvlp_napari.frames import volume_affine
from medvlp_napari.layer_scan import scan_from_layer, world_affine
from medvlp_napari.reader import get_reader
from medvlp_napari.reading import layer_data
from medvlp_napari.sources import is_source

components = pytest.importorskip("napari.components", reason="napari is an extra")
pytestmark = pytest.mark.filterwarnings("ignore:Non-orthogonal slicing")

SHAPE = (26, 34, 42)
BALL = np.array((19, 8, 30))
"""Index of a kidney in the volume: near one corner, so that no flip or shift hides."""

OBLIQUE = np.array(
    [[2.6, -0.3, 0.5, -70.0], [0.4, 1.7, -0.2, 25.0], [-0.6, 0.2, 2.1, 110.0], [0, 0, 0, 1.0]]
)
LAYERS = {
    "scale": {"scale": (3.0, 1.5, 2.0), "translate": (-120.0, 35.0, 60.0)},
    "mirrored": {"scale": (3.0, -1.5, 2.0), "translate": (-120.0, 35.0, 60.0)},
    "rotate": {"scale": (3.0, 1.5, 2.0), "rotate": (25.0, -15.0, 40.0), "translate": (4, 5, 6)},
    "shear": {"scale": (3.0, 1.5, 2.0), "shear": (0.2, 0.0, -0.1)},
    "affine": {"affine": OBLIQUE},
    "all": {"scale": (1.2, 0.9, 1.1), "rotate": (0.0, 20.0, 0.0), "affine": OBLIQUE},
    "permuted": {"affine": np.array([[0, 0, 2.0, 5], [1.5, 0, 0, 6], [0, -3.0, 0, 7], [0, 0, 0, 1]])},
}  # fmt: skip


def volume() -> np.ndarray:
    """Air with a ball of kidney, 7 voxels wide, at :data:`BALL`."""
    distance = np.linalg.norm(np.moveaxis(np.indices(SHAPE), 0, -1) - BALL, axis=-1)
    return np.where(distance <= 3.5, 120, -1000).astype(np.int16)


@pytest.fixture(params=LAYERS)
def asked(request, fake_session):
    """Viewer, layer and answer, for each way in which a layer can lie in the world."""
    viewer = components.ViewerModel()
    transforms = {"units": ("mm",) * 3, **LAYERS[request.param]}
    layer = viewer.add_image(volume(), name="mine", **transforms)
    (heatmap,) = api.ask(viewer, "kidney", layer, session=fake_session)
    return viewer, layer, heatmap


def ball_in_world(layer) -> np.ndarray:
    """Independent of the plugin: napari's own transform of the ball's centre."""
    return np.asarray(layer.data_to_world(tuple(map(float, BALL))))


def largest_step(layer) -> float:
    return float(np.linalg.norm(world_affine(layer)[:3, :3], axis=0).max())


def test_heat_lies_on_the_voxels_that_are_hot(asked):
    _, layer, _ = asked
    heat = asked[0].layers["kidney"]
    hot = np.argwhere(np.asarray(heat.data) > 0.5)
    np.testing.assert_allclose(hot.mean(axis=0), BALL, atol=1.0)
    for index in [(0, 0, 0), (25, 0, 41), (3, 33, 1)]:
        np.testing.assert_allclose(heat.data_to_world(index), layer.data_to_world(index))


def test_the_peak_and_its_mark_lie_in_the_ball_in_world_millimetres(asked):
    viewer, layer, heatmap = asked
    assert np.linalg.norm(np.array(heatmap.peak_index) - BALL) <= 4.5
    world = np.asarray(layer.data_to_world(heatmap.peak_index))
    np.testing.assert_allclose(heatmap.peak_mm[::-1], world, atol=1e-3)
    marks = viewer.layers["peaks"]
    np.testing.assert_allclose(marks.data_to_world(marks.data[0]), world, atol=1e-6)


def test_organs_lie_on_the_ball(asked, fake_session):
    viewer, layer, _ = asked
    api.score_organs(viewer, layer, session=fake_session)
    labels = viewer.layers["organs"]
    names = list(labels.features["organ"])
    values = [labels.features["index"][i] for i, name in enumerate(names) if "kidney" in name]
    index = np.argwhere(np.isin(np.asarray(labels.data), values)).mean(axis=0)
    error = np.linalg.norm(np.asarray(labels.data_to_world(index)) - ball_in_world(layer))
    assert error <= 1.2 * largest_step(layer)


def test_a_saved_heatmap_lies_where_the_layer_lies(asked, tmp_path):
    viewer, layer, _ = asked
    path = api.save_heatmap(viewer.layers["kidney"], tmp_path / "heat.nii.gz")
    image = nibabel.load(path)
    to_lps = volume_affine(world_affine(layer))
    for index in [(0, 0, 0), (25, 0, 41), (3, 33, 1)]:
        ras = (image.affine @ [*index[::-1], 1.0])[:3]
        np.testing.assert_allclose(ras * (-1, -1, 1), (to_lps @ [*index, 1.0])[:3], atol=1e-3)
    np.testing.assert_allclose(
        image.get_fdata().transpose(2, 1, 0), np.asarray(viewer.layers["kidney"].data), atol=1e-4
    )


def test_a_saved_heatmap_opens_as_heat_where_it_was(asked, tmp_path):
    viewer, layer, _ = asked
    path = str(api.save_heatmap(viewer.layers["kidney"], tmp_path / "heat.nii.gz"))
    ((values, arguments, kind),) = get_reader(path)(path)
    assert kind == "image"
    again = viewer.add_image(values, **arguments)
    hot = np.argwhere(np.asarray(again.data) > 0.5).mean(axis=0)
    error = np.linalg.norm(np.asarray(again.data_to_world(hot)) - ball_in_world(layer))
    assert error <= 0.6 * largest_step(layer)
    assert 0.0 <= values.min() <= values.max() <= 1.0
    assert (again.blending, list(again.contrast_limits)) == ("additive", [0.0, 1.0])
    assert not is_source(again)


def test_a_saved_x_ray_heatmap_opens_in_two_dimensions(fake_session, tmp_path):
    image = np.full((60, 44), 0.2, np.float32)
    image[:4], image[40:54, 5:15] = 0.0, 1.0
    viewer = components.ViewerModel()
    layer = viewer.add_image(image, scale=(0.5, 0.7), units=("mm",) * 2, name="xray")
    api.ask(viewer, "effusion", layer, session=fake_session)
    path = str(api.save_heatmap(viewer.layers["effusion"], tmp_path / "heat.nii"))
    ((values, arguments, _),) = get_reader(path)(path)
    assert arguments["scale"] == pytest.approx((0.5, 0.7))
    np.testing.assert_allclose(values, np.asarray(viewer.layers["effusion"].data), atol=1e-4)


def test_jumping_to_the_peak_moves_the_sliders_to_its_world_coordinates(asked):
    viewer, layer, heatmap = asked
    api.jump_to(viewer, layer, heatmap.peak_index)
    world = layer.data_to_world(heatmap.peak_index)
    steps = np.asarray(viewer.dims.range)[:, 2]
    assert np.all(np.abs(np.subtract(viewer.dims.point, world)) <= steps / 2 + 1e-6)


@pytest.mark.parametrize("letters", ["SAR", "IPL", "SPR"])
def test_the_saved_file_honours_the_directions_that_were_chosen(letters, fake_session, tmp_path):
    viewer = components.ViewerModel()
    layer = viewer.add_image(volume(), name="mine", units=("mm",) * 3, scale=(3.0, 1.5, 2.0))
    api.ask(viewer, "kidney", layer, session=fake_session, orientation=letters)
    image = nibabel.load(api.save_heatmap(viewer.layers["kidney"], tmp_path / "heat.nii.gz"))
    hot = np.argwhere(image.get_fdata() > 0.5).mean(axis=0)
    lps = (image.affine @ [*hot, 1.0])[:3] * (-1, -1, 1)
    signs = {"S": 1, "I": -1, "P": 1, "A": -1, "L": 1, "R": -1}
    z, y, x = (signs[letter] for letter in letters)
    expected = (x * BALL[2] * 2.0, y * BALL[1] * 1.5, z * BALL[0] * 3.0)
    np.testing.assert_allclose(lps, expected, atol=3.0)


def test_a_tilted_file_keeps_its_place_from_file_to_layer_to_file(phantoms, fake_session, tmp_path):
    tilt = phantoms.rotated(17.0, 0) @ phantoms.rotated(-9.0, 2)
    geometry = phantoms.geometry((24, 46, 40), (3.0, 2.0, 2.5), ((2, -1), (1, 1), (0, -1)), tilt)
    viewer = components.ViewerModel()
    data, arguments, _ = layer_data(phantoms.make(geometry), "tilted")
    layer = viewer.add_image(data, **arguments)
    assert layer.metadata["medvlp"]["resampled"]
    api.ask(viewer, "left kidney", layer, session=fake_session)
    image = nibabel.load(api.save_heatmap(viewer.layers["left kidney"], tmp_path / "heat.nii"))
    hot = np.argwhere(image.get_fdata() > 0.5).mean(axis=0)
    lps = (image.affine @ [*hot, 1.0])[:3] * (-1, -1, 1)
    np.testing.assert_allclose(lps, phantoms.kidney_mm, atol=4.0)


def test_an_x_ray_that_lies_turned_is_answered_on_its_own_pixels(fake_session):
    image = np.full((60, 44), 0.2, np.float32)  # lung, where an effusion can be
    image[:4], image[40:54, 5:15] = 0.0, 1.0
    viewer = components.ViewerModel()
    layer = viewer.add_image(
        image, scale=(0.5, 0.7), rotate=12.0, translate=(9.0, -4.0), units=("mm",) * 2, name="xray"
    )
    (heatmap,) = api.ask(viewer, "effusion", layer, session=fake_session)
    row, column = heatmap.peak_index
    assert 40 <= row < 54
    assert 5 <= column < 15
    marks = viewer.layers["peaks"]
    np.testing.assert_allclose(
        marks.data_to_world(marks.data[0]), layer.data_to_world((row, column)), atol=1e-6
    )


def test_voxels_of_a_lazy_layer_are_read_once():
    class Counting:
        """An array on disk, as napari sees it."""

        dtype, shape, ndim = np.dtype(np.int16), SHAPE, 3
        whole = 0

        def __getitem__(self, key):
            return volume()[key]

        def __array__(self, dtype=None, copy=None):
            Counting.whole += 1
            return volume()

    viewer = components.ViewerModel()
    layer = viewer.add_image(
        Counting(), name="lazy", units=("mm",) * 3, contrast_limits=(-1000, 400), multiscale=False
    )
    before = Counting.whole
    scan = scan_from_layer(layer)
    assert Counting.whole == before + 1
    assert scan.array.dtype == np.int16
