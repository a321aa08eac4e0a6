from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.samples.errors import LayoutError, SampleError
from medvlp_training.samples.readers.siim_pneumothorax import decode_runs


@pytest.fixture
def root(files):
    files.text(
        "train-rle.csv",
        "ImageId, EncodedPixels\n1.2.3, 13 2 10 3\n1.2.3, 0 1\n1.2.4, -1\n1.2.5, 5 1000\n1.2.6, -1\n",
    )
    for name in ("1.2.3", "1.2.4", "1.2.5"):
        files.radiograph(f"dicom-images-train/9.{name}/8.{name}/{name}.dcm", PatientID=f"p{name}")
    return files.root


def test_runs_go_down_columns_and_count_from_the_end_of_the_last_one():
    mask = decode_runs("13 2 10 3", (12, 10))
    # Pixels 13, 14 of column 1 from row 1; then 10 on: 25, 26, 27 of column 2 from row 1.
    assert sorted(map(tuple, np.argwhere(mask))) == [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2)]


@pytest.mark.parametrize("code", ["1 2 3", "a b", "0 121", "-5 3", "0 5 1 -2"])
def test_damaged_runs_are_refused(code):
    with pytest.raises(SampleError, match="EncodedPixels"):
        decode_runs(code, (12, 10))


def test_all_annotations_of_an_image_are_one_mask(root, read):
    found, skips = read("siim_pneumothorax")
    sample = found["siim/1.2.3"]
    assert sample.patient == "siim/p1.2.3"
    assert sample.labels == {"pneumothorax": 1}
    assert sample.lesions["pneumothorax"].sum() == 6
    assert sample.lesions["pneumothorax"][0, 0]
    assert found["siim/1.2.4"].labels == {"pneumothorax": 0}
    assert not found["siim/1.2.4"].lesions
    assert skips.skipped == {"annotation out of range": 1, "image not there": 1}


def test_a_mask_turns_with_an_image_that_is_stored_mirrored(root, read, files):
    before = read("siim_pneumothorax")[0]["siim/1.2.3"]
    files.radiograph(
        "dicom-images-train/9.1.2.3/8.1.2.3/1.2.3.dcm",
        PatientID="p1.2.3",
        PatientOrientation=["R", "F"],
    )
    after = read("siim_pneumothorax")[0]["siim/1.2.3"]
    np.testing.assert_array_equal(after.image, before.image[:, ::-1])
    np.testing.assert_array_equal(
        after.lesions["pneumothorax"], before.lesions["pneumothorax"][:, ::-1]
    )


def test_another_layout_is_refused(root, read):
    (root / "dicom-images-train").rename(root / "train")
    with pytest.raises(LayoutError, match="there is no dicom-images-train"):
        read("siim_pneumothorax")
