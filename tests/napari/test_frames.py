"""Where voxels end up in napari's world, in millimetres."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp.scan import Scan
from medvlp_napari.frames import align, image_affine, volume_affine

AXES = [
    ((2, 1), (1, 1), (0, 1)),
    ((2, -1), (1, 1), (0, -1)),
    ((0, -1), (2, 1), (1, -1)),
    ((1, 1), (2, -1), (0, 1)),
]


def kidney_in_world(aligned) -> np.ndarray:
    index = np.argwhere(aligned.scan.array > -400).mean(axis=0)
    return index * aligned.scale + aligned.translate


@pytest.mark.parametrize("axes", AXES)
def test_a_permuted_or_flipped_volume_is_turned_without_interpolation(phantoms, axes):
    scan = phantoms.make(phantoms.geometry((22, 40, 36), (4.0, 2.0, 2.5), axes))
    aligned = align(scan)
    assert not aligned.resampled
    assert aligned.scan.geometry.orientation == "SPL"
    assert sorted(np.unique(aligned.scan.array)) == [-1000, 120]
    np.testing.assert_allclose(kidney_in_world(aligned), phantoms.kidney_mm[::-1], atol=0.6)


@pytest.mark.parametrize("axes", AXES)
def test_every_voxel_keeps_its_millimetres_when_turned(phantoms, axes):
    scan = phantoms.make(phantoms.geometry((7, 9, 5), (4.0, 2.0, 2.5), axes))
    aligned = align(scan)
    for index in np.ndindex(2, 2, 2):
        corner = np.asarray(index) * (np.asarray(aligned.scan.array.shape) - 1)
        lps = (corner * aligned.scale + aligned.translate)[::-1]
        original = np.rint(scan.geometry.world_to_index(lps)).astype(int)
        np.testing.assert_allclose(scan.geometry.index_to_world(original), lps, atol=1e-6)
        assert scan.array[tuple(original)] == aligned.scan.array[tuple(corner)]


def test_scale_is_positive_and_follows_the_turned_axes(phantoms):
    axes = ((0, -1), (2, -1), (1, -1))
    aligned = align(phantoms.make(phantoms.geometry((8, 12, 10), (4.0, 2.0, 2.5), axes)))
    assert aligned.scale == pytest.approx((2.0, 2.5, 4.0))


@pytest.mark.parametrize(("degrees", "axis"), [(12.0, 0), (25.0, 1), (40.0, 2)])
def test_a_tilted_volume_is_resampled_with_its_organs_in_place(phantoms, degrees, axis):
    tilt = phantoms.rotated(degrees, axis)
    geometry = phantoms.geometry((24, 46, 40), (3.0, 2.0, 2.5), tilt=tilt)
    aligned = align(phantoms.make(geometry))
    assert aligned.resampled
    assert aligned.original.is_close(geometry)
    np.testing.assert_allclose(kidney_in_world(aligned), phantoms.kidney_mm[::-1], atol=0.6)


def test_a_resampled_volume_holds_every_corner_of_the_tilted_one(phantoms):
    tilt = phantoms.rotated(20.0, 0) @ phantoms.rotated(15.0, 2)
    scan = phantoms.make(phantoms.geometry((24, 46, 40), (3.0, 2.0, 2.5), tilt=tilt))
    target = align(scan).scan.geometry
    index = target.world_to_index(scan.geometry.corners())
    assert np.all(index > -1e-6)
    assert np.all(index < np.asarray(target.shape) - 1 + 1e-6)
    assert align(scan).scan.array.dtype == np.int16


def test_outside_a_tilted_volume_there_is_air_not_tissue(phantoms):
    geometry = phantoms.geometry((24, 46, 40), (3.0, 2.0, 2.5), tilt=phantoms.rotated(30.0, 0))
    full = Scan(np.full(geometry.shape, 40, np.int16), geometry, "CT", "HU")
    assert align(full).scan.array[0, 0, 0] == -1024


def test_rounding_in_the_file_does_not_cause_a_resampling(phantoms):
    geometry = phantoms.geometry((22, 40, 36), (4.0, 2.0, 2.5))
    affine = geometry.affine.copy()
    affine[0, 0] = 1e-4
    assert not align(phantoms.make(Geometry(geometry.shape, affine))).resampled


def test_turning_copies_no_voxels(ct):
    assert np.shares_memory(align(ct).scan.array, ct.array)


def test_an_x_ray_stays_as_it_is_hung():
    array = np.random.default_rng(0).random((6, 9)).astype(np.float32)
    scan = Scan(array, Geometry.radiograph((6, 9), (0.3, 0.2)), "XR", "normalised")
    aligned = align(scan)
    assert aligned.scale == pytest.approx((0.3, 0.2))
    np.testing.assert_array_equal(aligned.scan.array, array)


def test_orientation_letters_turn_another_plugins_world_into_lps():
    world = np.diag([3.0, 2.0, 1.0, 1.0])
    geometry = Geometry((5, 6, 7), volume_affine(world, "SAR"))
    np.testing.assert_allclose(geometry.index_to_world((1, 1, 1)), (-1.0, -2.0, 3.0))
    assert geometry.orientation == "SAR"


@pytest.mark.parametrize("letters", ["SSL", "SP", "XYZ", "SPLA"])
def test_an_impossible_orientation_is_refused(letters):
    with pytest.raises(ValueError, match="three letters"):
        volume_affine(np.eye(4), letters)


def test_an_image_that_is_not_turned_has_the_geometry_of_a_radiograph():
    expected = Geometry.radiograph((6, 9), (0.3, 0.2))
    assert Geometry((6, 9), image_affine(np.diag([0.3, 0.2, 1.0]))).is_close(expected)
