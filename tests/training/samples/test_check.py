from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.samples.check import check_sample
from medvlp_training.samples.errors import SampleError
from medvlp_training.samples.sample import Box, Entity


def test_whole_samples_pass(make_sample):
    check_sample(make_sample("CT"))
    check_sample(make_sample("XR"))


def test_a_volume_without_any_organ_voxel_passes(make_sample):
    sample = make_sample("CT", organs=np.zeros((5, 7, 6), np.uint8), organ_names={})
    check_sample(sample)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"patient": ""}, "patient: empty"),
        ({"identity": ""}, "identity: empty"),
        ({"split": "valid"}, "found 'valid'; expected one of train, val, test"),
        ({"image": np.zeros((5, 7, 6), np.float32)}, "int16 with 3 axes.*float32"),
        ({"image": np.zeros((0, 7, 6), np.int16)}, "none of them empty"),
        ({"affine": None}, "affine: missing"),
        ({"affine": np.zeros((4, 4))}, "affine:"),
        ({"labels": {"renal_cyst": 2}}, "2 is out of range"),
        ({"labels": {"renal_cysts": 1}}, "Did you mean 'renal_cyst'"),
        ({"organs": np.zeros((5, 7, 5), np.uint8)}, r"shape \(5, 7, 6\); found uint8"),
        ({"organ_names": {}}, r"no name for the values \[5\]"),
        ({"lesions": {"renal_cyst": np.zeros((5, 7, 6), np.uint8)}}, "expected bool"),
        ({"boxes": (Box("renal_cyst", (0, 0, 0), (5, 8, 6)),)}, "does not lie in the image"),
        ({"boxes": (Box("renal_cyst", (2, 0, 0), (2, 1, 1)),)}, "does not lie in the image"),
        ({"sentences": ("One.", " ")}, "sentences: one of them is empty"),
        ({"entities": (Entity(0, 0, 99, "renal_cyst", 1),)}, "is not in the report"),
        ({"entities": (Entity(2, 0, 1, "renal_cyst", 1),)}, "is not in the report"),
    ],
)
def test_what_is_wrong_is_named(make_sample, changes, says):
    with pytest.raises(SampleError, match=says):
        check_sample(make_sample("CT", **changes))
