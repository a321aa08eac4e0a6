from __future__ import annotations

import pytest

from medvlp_training.samples.errors import LayoutError
from medvlp_training.samples.label_set import load_label_set
from medvlp_training.samples.sample import Box
from medvlp_training.samples.splits import train_or_val

LABELS = [
    label for label in load_label_set("vindr_cxr").concepts if not label.startswith("Other disease")
]


def row(start, **ones):
    names = {key.replace("_", " "): value for key, value in ones.items()}
    return start + "," + ",".join(str(names.get(label, 0)) for label in LABELS) + ",0\n"


@pytest.fixture
def root(files):
    columns = ",".join(LABELS)
    files.text(
        "annotations/image_labels_train.csv",
        f"image_id,rad_id,{columns},Other diseases\n"
        + row("abc,R1", Cardiomegaly=1, Pleural_effusion=1)
        + row("abc,R2", Cardiomegaly=1)
        + row("abc,R3", Pneumothorax=0),
    )
    files.text(
        "annotations/image_labels_test.csv",
        f"image_id,{columns},Other disease\n"
        + row("def", Rib_fracture=1)
        + row("ghi", No_finding=1)
        + row("gone", No_finding=1),
    )
    header = "image_id,{}class_name,x_min,y_min,x_max,y_max\n"
    files.text(
        "annotations/annotations_train.csv",
        header.format("rad_id,")
        + "abc,R1,Cardiomegaly,1.5,2,6.5,9\nabc,R3,No finding,,,,\nabc,R1,Enlarged PA,1,2,3,4\n",
    )
    files.text("annotations/annotations_test.csv", header.format("") + "def,Rib fracture,0,0,3,3\n")
    for path in ("train/abc.dicom", "test/def.dicom", "test/ghi.dicom"):
        files.radiograph(path)
    return files.root


def test_votes_of_radiologists_become_labels(root, read):
    found, skips = read("vindr_cxr")
    sample = found["vindr/abc"]
    assert sample.labels["cardiomegaly"] == 1
    assert sample.labels["pleural_effusion"] == -1
    assert sample.labels["pneumothorax"] == 0
    assert sample.split == train_or_val("vindr/abc")
    assert sample.boxes == (Box("cardiomegaly", (2, 1), (9, 7)),)
    assert skips.skipped == {"image not there": 1}


def test_the_consensus_of_the_test_part_is_taken_as_it_is(root, read):
    found, _ = read("vindr_cxr")
    assert found["vindr/def"].split == "test"
    assert found["vindr/def"].labels["rib_fracture"] == found["vindr/def"].labels["fracture"] == 1
    assert {box.concept for box in found["vindr/def"].boxes} == {"rib_fracture", "fracture"}
    assert {*found["vindr/ghi"].labels.values()} == {0}


def test_boxes_turn_with_an_image_that_is_stored_mirrored(root, read, files):
    files.radiograph("train/abc.dicom", PatientOrientation=["R", "F"])
    (box,) = read("vindr_cxr")[0]["vindr/abc"].boxes
    assert (box.start, box.stop) == ((2, 3), (9, 9))


def test_another_layout_is_refused(root, read):
    (root / "annotations" / "annotations_test.csv").unlink()
    with pytest.raises(LayoutError, match=r"there is no annotations/annotations_test\.csv"):
        read("vindr_cxr")
