"""A user's own layer as a scan."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp.errors import RefusedScanError
from medvlp_napari.frames import align
from medvlp_napari.layer_scan import scan_from_layer, world_affine
from medvlp_napari.reading import layer_data

napari_layers = pytest.importorskip("napari.layers", reason="napari is an extra")
Image = napari_layers.Image


def hounsfield(shape=(6, 8, 10)) -> np.ndarray:
    return np.random.default_rng(0).integers(-1000, 400, shape).astype(np.int16)


TRANSFORMS = [
    {"scale": (3.0, 1.5, 0.8), "translate": (-200.0, 40.0, 7.0)},
    {"scale": (3.0, -1.5, 0.8), "translate": (5.0, 6.0, 7.0)},
    {"scale": (3.0, 1.5, 0.8), "rotate": (20.0, 10.0, -5.0), "translate": (1.0, 2.0, 3.0)},
    {"affine": np.array([[0, 0, 2, 5], [1, 0, 0, 6], [0, -3, 0, 7], [0, 0, 0, 1.0]])},
    {"scale": (2.0, 1.0, 1.0), "affine": np.diag([1.0, 2.0, 3.0, 1.0])},
]


@pytest.mark.filterwarnings("ignore:Non-orthogonal slicing")
@pytest.mark.parametrize("transforms", TRANSFORMS)
def test_the_scan_lies_where_napari_draws_the_layer(transforms):
    layer = Image(hounsfield(), units=("mm",) * 3, **transforms)
    geometry = scan_from_layer(layer).geometry
    for index in [(0, 0, 0), (5, 0, 3), (1, 7, 9)]:
        world = np.asarray(layer.data_to_world(index))
        np.testing.assert_allclose(geometry.index_to_world(index)[::-1], world, atol=1e-9)


def test_units_are_converted_to_millimetres():
    layer = Image(hounsfield(), scale=(2000, 0.1, 1), units=("um", "cm", "mm"))
    assert scan_from_layer(layer).geometry.spacing == pytest.approx((2.0, 1.0, 1.0))


def test_a_volume_without_units_is_read_in_millimetres_with_a_warning():
    scan = scan_from_layer(Image(hounsfield(), scale=(3, 2, 1)))
    assert scan.geometry.spacing == (3, 2, 1)
    assert [warning.code for warning in scan.warnings] == ["layer-without-units"]
    assert "3 x 2 x 1" in scan.warnings[0].message


def test_a_layer_that_medvlp_read_gives_the_same_scan_back(phantoms):
    geometry = phantoms.geometry((22, 40, 36), (4.0, 2.0, 2.5), ((2, -1), (1, 1), (0, -1)))
    scan = phantoms.make(geometry)
    data, arguments, _ = layer_data(scan, "study")
    again = scan_from_layer(Image(data, **arguments))
    assert again.geometry.is_close(align(scan).scan.geometry)
    assert again.warnings == ()
    np.testing.assert_array_equal(again.array, align(scan).scan.array)


def test_float_hounsfield_units_are_rounded_and_gaps_are_air():
    data = hounsfield().astype(np.float32)
    data[0, 0, :3] = (np.nan, -12.6, 70000.0)
    assert scan_from_layer(Image(data)).array[0, 0, :3].tolist() == [-1024, -13, 32767]


def test_a_volume_that_is_not_hounsfield_is_refused_with_its_range():
    with pytest.raises(RefusedScanError, match=r"expected air near -1000, found values from 0 to"):
        scan_from_layer(Image(np.abs(hounsfield())))


def test_a_time_series_is_refused_with_what_to_do():
    with pytest.raises(RefusedScanError, match=r"4 axes.*Split"):
        scan_from_layer(Image(np.zeros((2, 6, 8, 10), np.int16)))


def test_a_2d_layer_is_an_x_ray_scaled_to_its_own_range():
    data = np.array([[10, 20, 30], [40, 50, 60]], dtype=np.uint16)
    scan = scan_from_layer(Image(data))
    assert (scan.modality, scan.intensity, scan.geometry.units) == ("XR", "normalised", "pixel")
    np.testing.assert_allclose(scan.array, (data - 10) / 50.0, atol=1e-6)


def test_an_x_ray_with_units_has_millimetres():
    layer = Image(np.eye(5), scale=(0.2, 0.3), units=("mm", "mm"))
    assert scan_from_layer(layer).geometry.spacing_mm == pytest.approx((0.2, 0.3))


def test_an_x_ray_shown_inverted_is_inverted_for_the_model():
    data = np.array([[0, 255], [51, 102]], dtype=np.uint8)
    scan = scan_from_layer(Image(data, colormap="gray_r"))
    np.testing.assert_allclose(scan.array, 1 - data / 255.0, atol=1e-6)


def test_a_rotated_x_ray_is_upright_for_the_model():
    layer = Image(np.arange(12.0).reshape(3, 4), rotate=180.0, units=("mm", "mm"))
    assert scan_from_layer(layer).geometry.orientation == "SR"


def test_a_colour_picture_becomes_grey():
    data = np.zeros((4, 5, 3), dtype=np.uint8)
    data[1, 2] = (255, 255, 255)
    data[2, 2] = (255, 0, 0)
    scan = scan_from_layer(Image(data, rgb=True))
    assert scan.array.shape == (4, 5)
    assert scan.array[1, 2] == pytest.approx(1.0)
    assert scan.array[2, 2] == pytest.approx(0.299, abs=1e-3)


def test_one_ct_slice_is_not_taken_for_an_x_ray():
    with pytest.raises(RefusedScanError, match="one CT slice"):
        scan_from_layer(Image(hounsfield((8, 10))))


def test_the_finest_level_of_a_multiscale_layer_is_used():
    data = hounsfield((8, 12, 16))
    scan = scan_from_layer(Image([data, data[::2, ::2, ::2]], multiscale=True))
    assert scan.array.shape == (8, 12, 16)


def test_the_world_affine_of_a_plain_layer_is_its_scale_and_translate():
    layer = Image(hounsfield(), scale=(3, 2, 1), translate=(9, 8, 7))
    expected = np.diag([3.0, 2.0, 1.0, 1.0])
    expected[:3, 3] = (9, 8, 7)
    np.testing.assert_allclose(world_affine(layer), expected)
