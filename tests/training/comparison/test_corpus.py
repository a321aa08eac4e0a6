from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.comparison.corpus import coarser
from medvlp_training.comparison.splits import comparison_split
from medvlp_training.samples.sample import ImageTextSample


@pytest.fixture
def scan() -> ImageTextSample:
    """Odd sizes, oblique axes, one bright block off the centre."""
    image = np.full((9, 12, 15), -1000, dtype=np.int16)
    image[4:6, 8:10, 2:4] = 500
    organs = np.zeros(image.shape, dtype=np.uint8)
    organs[:, :, :5] = 3
    large, small = np.zeros(image.shape, bool), np.zeros(image.shape, bool)
    large[4:8, 8:12, 2:6] = True
    small[5, 9, 3] = True
    affine = np.array([[0, 0.3, 2.9, -7], [0, 2.9, -0.3, 11], [3.0, 0, 0, 5], [0, 0, 0, 1]])
    return ImageTextSample(
        identity="a",
        patient="p",
        modality="CT",
        image=image,
        affine=affine,
        sentences=("A nodule.",),
        organs=organs,
        organ_names={3: "liver"},
        lesions={"lung_mass": large, "lung_nodule": small},
    )


def test_a_bright_block_stays_at_its_millimetres(scan):
    coarse = coarser(scan, 2)
    assert coarse.image.shape == (4, 6, 7)
    assert coarse.image.dtype == np.int16
    fine_centre = scan.affine @ [4.5, 8.5, 2.5, 1]
    found = np.argwhere(coarse.image == 500)
    assert found.tolist() == [[2, 4, 1]]
    np.testing.assert_allclose(coarse.affine @ [2, 4, 1, 1], fine_centre)


def test_labels_go_by_majority_and_no_lesion_is_lost(scan):
    coarse = coarser(scan, 2)
    assert (coarse.organs[:, :, :2] == 3).all()
    assert (coarse.organs[:, :, 3:] == 0).all()
    assert coarse.lesions["lung_mass"].sum() == 8
    assert np.argwhere(coarse.lesions["lung_nodule"]).tolist() == [[2, 4, 1]]


def test_a_patient_is_in_one_part_and_about_a_third_are_tested():
    splits = [comparison_split(f"patient {i}") for i in range(3000)]
    assert 0.28 < splits.count("test") / 3000 < 0.39
    assert {"train", "val", "test"} == set(splits)
    assert comparison_split("patient 7") == splits[7]
