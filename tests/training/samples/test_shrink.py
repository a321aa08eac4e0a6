from __future__ import annotations

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp_training.samples.check import check_sample
from medvlp_training.samples.sample import Box
from medvlp_training.samples.shrink import shrink


def test_a_smaller_x_ray_shows_the_same_field_of_view(make_sample):
    image = np.zeros((80, 40), np.uint8)
    image[:40] = 200
    mask = np.zeros((80, 40), np.bool_)
    mask[20:60, 8:32] = True
    sample = make_sample(
        "XR", image=image, affine=np.array(Geometry.radiograph((80, 40), (0.5, 0.5)).affine),
        lesions={"pneumothorax": mask}, boxes=(Box("pneumothorax", (20, 8), (60, 32)),),
    )  # fmt: skip
    small = shrink(sample, longest_side=20)
    check_sample(small)
    assert small.image.shape == (20, 10)
    assert small.image.dtype == np.uint8
    assert {*small.image[:9].ravel()} == {200}
    assert {*small.image[11:].ravel()} == {0}
    assert small.boxes == (Box("pneumothorax", (5, 2), (15, 8)),)
    expected = np.zeros((20, 10), np.bool_)
    expected[5:15, 2:8] = True
    np.testing.assert_array_equal(small.lesions["pneumothorax"], expected)
    assert Geometry((20, 10), small.affine).spacing == pytest.approx((2.0, 2.0))


def test_a_ct_is_made_coarser_along_the_axes_that_are_finer(make_sample):
    shape = (6, 40, 40)
    image = np.full(shape, -1000, np.int16)
    image[:, 10:30, 10:30] = 50
    sample = make_sample(
        "CT", image=image, affine=np.array(Geometry.axial(shape, (5.0, 0.5, 0.5)).affine),
        organs=(image > 0).astype(np.uint8) * 5, lesions={"renal_cyst": image > 0}, boxes=(),
    )  # fmt: skip
    small = shrink(sample, spacing_mm=2.0)
    check_sample(small)
    assert small.image.shape == (6, 10, 10)
    assert (small.image[:, 4:6, 4:6] == 50).all()
    assert (small.organs == 5).sum() == 6 * 5 * 5
    assert Geometry(small.image.shape, small.affine).spacing == pytest.approx((5.0, 2.0, 2.0))


def test_a_tiny_lesion_stays(make_sample):
    mask = np.zeros((64, 64), np.bool_)
    mask[17, 33] = True
    sample = make_sample("XR", image=np.zeros((64, 64), np.uint8), lesions={"lung_nodule": mask})
    small = shrink(sample, longest_side=8).lesions["lung_nodule"]
    assert np.argwhere(small).tolist() == [[2, 4]]


@pytest.mark.parametrize("modality", ["CT", "XR"])
def test_nothing_is_made_larger(make_sample, modality):
    sample = make_sample(modality)
    assert shrink(sample, longest_side=1000, spacing_mm=0.1) is sample
    assert shrink(sample) is sample
