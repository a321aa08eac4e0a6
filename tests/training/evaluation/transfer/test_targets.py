from __future__ import annotations

import numpy as np

from medvlp_training.evaluation.transfer.targets import lesion_boxes, lesion_mask, rescaled
from medvlp_training.samples.sample import Box, ImageTextSample


def sample(**known) -> ImageTextSample:
    return ImageTextSample("x", "p", "XR", np.zeros((8, 10), np.uint8), **known)


def test_a_finding_without_a_mask_has_an_empty_one_and_no_box():
    assert lesion_mask(sample(), "lung_nodule").shape == (8, 10)
    assert not lesion_mask(sample(), "lung_nodule").any()
    assert lesion_boxes(sample(), "lung_nodule").shape == (0, 4)


def test_boxes_lie_around_the_parts_of_the_mask():
    mask = np.zeros((8, 10), bool)
    mask[1:3, 2:5] = mask[3, 5] = mask[6:8, 8:10] = True
    found = lesion_boxes(sample(lesions={"lung_nodule": mask}), "lung_nodule")
    assert found.tolist() == [[1, 2, 4, 6], [6, 8, 8, 10]]
    assert lesion_boxes(sample(lesions={"lung_nodule": mask}), "lung_mass").shape == (0, 4)


def test_boxes_of_the_collection_come_before_the_mask():
    mask = np.ones((8, 10), bool)
    box = Box("lung_nodule", (0, 1), (2, 3))
    found = lesion_boxes(sample(lesions={"lung_nodule": mask}, boxes=(box,)), "lung_nodule")
    assert found.tolist() == [[0, 1, 2, 3]]


def test_boxes_follow_the_image_when_it_is_resized():
    found = rescaled(np.array([[1.0, 2, 4, 6]]), (8, 10), (16, 5))
    assert found.tolist() == [[2, 1, 8, 3]]
