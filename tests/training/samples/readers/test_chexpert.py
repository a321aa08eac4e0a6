from __future__ import annotations

import pytest

from medvlp_training.samples.errors import LayoutError

LABELS = (
    "No Finding,Enlarged Cardiomediastinum,Cardiomegaly,Lung Opacity,Lung Lesion,Edema,Consolidation,"
    "Pneumonia,Atelectasis,Pneumothorax,Pleural Effusion,Pleural Other,Fracture,Support Devices"
)
HEADER = f"Path,Sex,Age,Frontal/Lateral,AP/PA,{LABELS}\n"
NAME = "CheXpert-v1.0-small"


@pytest.fixture
def root(files):
    a = f"{NAME}/train/patient00001/study1/view1_frontal.jpg"
    b = f"{NAME}/train/patient00001/study1/view2_lateral.jpg"
    c = f"{NAME}/valid/patient64541/study1/view1_frontal.jpg"
    files.text(
        f"{NAME}/train.csv",
        f"{HEADER}{a},Female,68,Frontal,AP,,,,1.0,,-1.0,,,,,0.0,,,1.0\n"
        f"{b},Female,68,Lateral,,,,,1.0,,-1.0,,,,,0.0,,,1.0\n",
    )
    files.text(
        f"{NAME}/valid.csv", f"{HEADER}{c},Male,30,Frontal,PA,1.0,0,0,0,0,0,0,0,0,0,0,0,0,0\n"
    )
    for path in (a, b, c):
        files.picture(path)
    return files.root


@pytest.mark.parametrize("above", [True, False])
def test_images_come_with_uncertain_labels_view_and_split(root, read, above):
    found, skips = read("chexpert", root if above else root / NAME)
    frontal = found["chexpert/train/patient00001/study1/view1_frontal"]
    assert frontal.patient == "chexpert/patient00001"
    assert (frontal.source, frontal.split) == ("chexpert/AP", "train")
    assert frontal.sentences == ()
    assert frontal.labels == {
        "lung_opacity": 1, "medical_device": 1, "pleural_effusion": 0, "pulmonary_edema": -1,
    }  # fmt: skip
    assert found["chexpert/train/patient00001/study1/view2_lateral"].source == "chexpert/Lateral"
    valid = found["chexpert/valid/patient64541/study1/view1_frontal"]
    assert valid.split == "val"
    assert valid.labels["medical_device"] == 0
    assert not skips.skipped
    assert not skips.noted


def test_reports_of_chexpert_plus_are_joined_by_path(root, read, files):
    files.text(
        "df_chexpert_plus_240401.csv",
        "path_to_image,deid_patient_id,section_findings,section_impression\n"
        'train/patient00001/study1/view1_frontal.jpg,patient00001,,"1. Pulmonary edema is possible.'
        '\n2. No pneumothorax is seen."\n',
    )
    found, skips = read("chexpert")
    frontal = found["chexpert/train/patient00001/study1/view1_frontal"]
    assert [s for s in frontal.sentences if "pneumothorax" in s]
    assert frontal.labels["pulmonary_edema"] == -1
    assert frontal.labels["pneumothorax"] == 0
    assert skips.noted == {"report without sentences": 2}


def test_the_test_part_is_read_where_it_is(root, read, files):
    path = "test/patient64741/study1/view1_frontal.jpg"
    files.text(f"{NAME}/test_labels.csv", f"Path,{LABELS}\n{path}" + ",0.0" * 13 + ",1.0\n")
    files.picture(f"{NAME}/{path}")
    found, _ = read("chexpert")
    assert found["chexpert/test/patient64741/study1/view1_frontal"].split == "test"


def test_another_layout_is_refused(root, read):
    (root / NAME / "valid.csv").unlink()
    with pytest.raises(LayoutError, match=r"there is no valid\.csv"):
        read("chexpert")
    (root / NAME / "train.csv").write_text("Path,Sex\n")
    (root / NAME / "valid.csv").write_text("Path,Sex\n")
    with pytest.raises(LayoutError, match=r"train.csv has no column 'No Finding'"):
        read("chexpert")
