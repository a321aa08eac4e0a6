from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.samples.errors import LayoutError
from medvlp_training.samples.sample import Box
from medvlp_training.samples.splits import train_or_val

HEADER = (
    "Image Index,Finding Labels,Follow-up #,Patient ID,Patient Age,Patient Gender,View Position,"
    "OriginalImage[Width,Height],OriginalImagePixelSpacing[x,y],\n"
)


@pytest.fixture
def root(files):
    files.text(
        "Data_Entry_2017_v2020.csv",
        HEADER + "00000001_000.png,Cardiomegaly|Effusion,0,1,58,M,PA,200,480,0.1,0.2,\n"
        "00000002_000.png,No Finding,0,2,81,M,AP,200,480,0.1,0.2,\n"
        "00000003_000.png,Hernia,0,3,81,M,AP,200,480,0.1,0.2,\n",
    )
    files.text(
        "BBox_List_2017.csv",
        "Image Index,Finding Label,Bbox [x,y,w,h],,,\n00000001_000.png,Infiltrate,2.5,3,4.2,5.5,,,\n",
    )
    files.text("train_val_list.txt", "00000001_000.png\n00000003_000.png\n")
    files.text("test_list.txt", "00000002_000.png\n")
    files.picture("images_001/images/00000001_000.png")
    files.picture("images_002/images/00000002_000.png")
    return files.root


def test_images_come_with_labels_boxes_view_and_split(root, read, pixels):
    found, skips = read("nih_chestxray14")
    sample = found["nih/00000001_000"]
    np.testing.assert_array_equal(sample.image, pixels)
    assert (sample.patient, sample.source) == ("nih/1", "nih/PA")
    assert sample.split == train_or_val("nih/1")
    assert sample.labels["cardiomegaly"] == sample.labels["pleural_effusion"] == 1
    assert sample.labels["pneumothorax"] == 0
    assert sample.boxes == (Box("lung_opacity", (3, 2), (9, 7)),)
    normal = found["nih/00000002_000"]
    assert normal.split == "test"
    assert {*normal.labels.values()} == {0}
    assert skips.skipped == {"image not there": 1}


def test_the_spacing_of_the_film_is_carried_over_to_the_picture(root, read):
    sample = read("nih_chestxray14")[0]["nih/00000001_000"]
    # 200 x 480 pixels of 0.1 x 0.2 mm are 20 x 96 mm; 10 columns and 12 rows have 2 and 8 mm.
    assert np.linalg.norm(sample.affine[:3, 2]) == pytest.approx(2.0)
    assert np.linalg.norm(sample.affine[:3, 1]) == pytest.approx(8.0)


def test_one_folder_of_images_is_read_too(root, read):
    (root / "images").mkdir()
    for path in root.glob("images_*/images/*.png"):
        path.rename(root / "images" / path.name)
    assert len(read("nih_chestxray14")[0]) == 2


def test_an_image_that_is_in_no_list_is_counted(root, read, files):
    files.text("test_list.txt", "")
    assert read("nih_chestxray14")[1].skipped["annotation out of range"] == 1


@pytest.mark.parametrize(
    "gone", ["Data_Entry_2017_v2020.csv", "test_list.txt", "train_val_list.txt"]
)
def test_another_layout_is_refused(root, read, gone):
    (root / gone).unlink()
    with pytest.raises(LayoutError, match=f"there is no .*{gone}"):
        read("nih_chestxray14")
