from __future__ import annotations

import json

import numpy as np
import pytest

from medvlp_training.samples.errors import LayoutError
from medvlp_training.samples.sample import Box

MAPPING = "pneumonia-challenge-dataset-mappings_2018.json"


@pytest.fixture
def root(files):
    files.text(
        "stage_2_train_labels.csv",
        "patientId,x,y,width,height,Target\nu1,1.0,2.0,3.0,4.0,1\nu1,6.0,2.0,4.0,10.0,1\n"
        "u2,,,,,0\nu3,,,,,0\nu4,,,,,0\n",
    )
    files.text(
        "stage_2_detailed_class_info.csv",
        "patientId,class\nu1,Lung Opacity\nu1,Lung Opacity\nu2,Normal\n"
        "u3,No Lung Opacity / Not Normal\nu4,Normal\n",
    )
    for name in ("u1", "u2", "u3"):
        files.radiograph(f"stage_2_train_images/{name}.dcm")
    return files.root


def test_boxes_of_an_image_are_joined(root, read, pixels):
    found, skips = read("rsna_pneumonia")
    sample = found["rsna/u1"]
    np.testing.assert_array_equal(sample.image, pixels)
    assert sample.labels == {"lung_opacity": 1, "pneumonia": 1}
    assert sample.boxes == (
        Box("pneumonia", (2, 1), (6, 4)), Box("pneumonia", (2, 6), (12, 10)),
    )  # fmt: skip
    assert found["rsna/u2"].labels == found["rsna/u3"].labels == {"lung_opacity": 0, "pneumonia": 0}
    assert skips.skipped == {"image not there": 1}


def test_patients_are_those_of_nih_where_the_mapping_is_there(root, read, files):
    assert read("rsna_pneumonia")[0]["rsna/u1"].patient == "rsna/u1"
    files.text(MAPPING, json.dumps([{"subset_img_id": "u1", "img_id": "00000123_004.png"}]))
    found, _ = read("rsna_pneumonia")
    assert found["rsna/u1"].patient == "nih/123"
    assert found["rsna/u2"].patient == "rsna/u2"


def test_dark_tissue_of_monochrome1_is_turned_bright(root, read, files, pixels):
    files.radiograph("stage_2_train_images/u1.dcm", PhotometricInterpretation="MONOCHROME1")
    image = read("rsna_pneumonia")[0]["rsna/u1"].image
    np.testing.assert_array_equal(image, 255 - pixels)


def test_another_layout_is_refused(root, read, files):
    files.text(MAPPING, '{"a": 1}')
    with pytest.raises(LayoutError, match="no list of image names"):
        read("rsna_pneumonia")
    (root / "stage_2_detailed_class_info.csv").unlink()
    with pytest.raises(LayoutError, match="stage_2_detailed_class_info"):
        read("rsna_pneumonia")
