from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from medvlp_training.samples.errors import ShardError
from medvlp_training.samples.member import decode_member, encode_member


@pytest.mark.parametrize("modality", ["CT", "XR"])
def test_a_sample_comes_back_as_it_was(make_sample, modality):
    sample = make_sample(modality)
    back = decode_member(encode_member(sample), "member")
    for field in fields(sample):
        before, after = getattr(sample, field.name), getattr(back, field.name)
        if field.name == "lesions":
            assert before.keys() == after.keys()
            for name in before:
                assert after[name].dtype == np.bool_
                np.testing.assert_array_equal(after[name], before[name])
        elif isinstance(before, np.ndarray):
            assert after.dtype == before.dtype, field.name
            np.testing.assert_array_equal(after, before)
        else:
            assert after == before, field.name


def test_equal_samples_give_equal_bytes(make_sample):
    assert encode_member(make_sample("CT")) == encode_member(make_sample("CT"))


def test_masks_take_less_than_a_bit_for_each_voxel(make_sample):
    shape = (64, 64, 64)
    mask = np.zeros(shape, np.bool_)
    mask[10:20, 10:20, 10:20] = True
    sample = make_sample(
        "CT", image=np.zeros(shape, np.int16), organs=mask.view(np.uint8) * 3, organ_names={3: "liver"},
        lesions={"liver_lesion": mask}, boxes=(),
    )  # fmt: skip
    overhead = len(encode_member(sample)) - 2 * 64**3
    assert overhead < 64**3 / 8


def test_arrays_can_be_changed_after_reading(make_sample):
    back = decode_member(encode_member(make_sample("CT")), "member")
    back.organs[0, 0, 0] = 1
    back.lesions["renal_cyst"][0, 0, 0] = True


@pytest.mark.parametrize("kept", [0, 7, 100, -1])
def test_a_cut_member_is_refused(make_sample, kept):
    with pytest.raises(ShardError, match="member-3"):
        decode_member(encode_member(make_sample("CT"))[:kept], "member-3")


def test_another_format_is_refused(make_sample):
    data = encode_member(make_sample("XR"))
    other = data.replace(b"medvlp/sample/1", b"medvlp/sample/9")
    with pytest.raises(
        ShardError, match="expected format medvlp/sample/1, found 'medvlp/sample/9'"
    ):
        decode_member(other, "member")
