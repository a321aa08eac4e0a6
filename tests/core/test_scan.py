"""A scan checks its parts, and its id follows the image and nothing else."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from medvlp import Geometry, GeometryError, Scan, ScanWarning


@pytest.fixture
def ct() -> Scan:
    array = np.arange(2 * 3 * 4, dtype=np.int16).reshape(2, 3, 4) - 500
    return Scan(array, Geometry.axial((2, 3, 4), (2.0, 1.0, 0.5), (1, 2, 3)), "CT", "HU")


def test_a_ct_is_a_volume_and_an_x_ray_is_not(ct):
    picture = Scan(np.zeros((3, 4), np.float32), Geometry.radiograph((3, 4)), "XR", "normalised")
    assert ct.is_volume
    assert not picture.is_volume


def test_array_and_geometry_must_agree(ct):
    with pytest.raises(GeometryError, match="disagree"):
        replace(ct, geometry=Geometry.axial((2, 4, 3), (1.0, 1.0, 1.0)))


@pytest.mark.parametrize("dtype", [np.float64, np.uint16, np.int32, bool])
def test_other_number_types_are_refused(ct, dtype):
    with pytest.raises(GeometryError, match="int16 or float32"):
        replace(ct, array=ct.array.astype(dtype))


def test_a_scan_cannot_be_reassigned(ct):
    with pytest.raises(FrozenInstanceError):
        ct.modality = "XR"


def test_slicing_does_not_copy(ct):
    assert np.shares_memory(ct.array[1], ct.array)


def test_the_id_is_the_same_for_the_same_image(ct):
    again = Scan(
        np.asfortranarray(ct.array),
        Geometry(ct.geometry.shape, ct.geometry.affine + 0.0),
        "CT",
        "HU",
        warnings=(ScanWarning("code", "Sentence."),),
        provenance={"format": "other"},
        window=(40.0, 400.0),
    )
    assert again.scan_id == ct.scan_id
    assert len(ct.scan_id) == 64


def test_the_id_follows_voxels_geometry_and_modality(ct):
    brighter = ct.array.copy()
    brighter[1, 2, 3] += 1
    moved = Geometry.axial((2, 3, 4), (2.0, 1.0, 0.5), (1, 2, 3.01))
    others = [
        replace(ct, array=brighter),
        replace(ct, geometry=moved),
        replace(ct, array=ct.array[:, ::-1]),
        replace(ct, array=ct.array.astype(np.float32)),
        replace(ct, modality="XR"),
        replace(ct, intensity="normalised"),
    ]
    ids = {scan.scan_id for scan in others}
    assert ct.scan_id not in ids
    assert len(ids) == len(others)


def test_the_id_ignores_noise_of_a_hundred_nanometres(ct):
    affine = ct.geometry.affine.copy()
    affine[:3, 3] += 1e-7
    assert replace(ct, geometry=Geometry((2, 3, 4), affine)).scan_id == ct.scan_id


def test_a_warning_reads_as_a_sentence_with_its_code():
    assert str(ScanWarning("single-slice", "One slice.")) == "One slice. [single-slice]"


def test_negative_zeros_in_the_affine_do_not_change_the_identity():
    affine = np.diag([2.0, 1.0, 1.0, 1.0])
    signed = affine.copy()
    signed[0, 1] = -0.0
    signed[1, 2] = -1e-7
    array = np.arange(24, dtype=np.int16).reshape(2, 3, 4)
    one, two = (Scan(array, Geometry(array.shape, a), "CT", "HU") for a in (affine, signed))
    assert one.scan_id == two.scan_id
    zero = affine.copy()
    zero[0, 1] = -0.0
    assert hash(Geometry((2, 3, 4), affine)) == hash(Geometry((2, 3, 4), zero))
