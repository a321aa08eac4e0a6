from __future__ import annotations

import pytest

from medvlp_training.samples.errors import LayoutError
from medvlp_training.samples.sample import Box

HEADER = "category_name,label_text,path,x,y,w,h,dicom_id,image_width,image_height,split\n"
PATH = "files/p10/p10000032/s50414267/d1.jpg"


@pytest.fixture
def root(files):
    rows = f"Pneumonia,right lower opacity,{PATH},2,3,4,5,d1,10,12,train\n"
    rows += f"Pneumonia,right lower opacity,{PATH},0,0,2,2,d1,10,12,train\n"
    rows += f'Edema,"mild edema, both lungs",{PATH},1,1,8,9,d1,10,12,train\n'
    rows += "Edema,edema,files/p11/p11000011/s1/d2.jpg,1,1,8,9,d2,10,12,val\n"
    files.text("MS_CXR_Local_Alignment_v1.1.0.csv", HEADER + rows)
    files.picture(PATH)
    return files.root


def test_phrases_are_sentences_with_boxes_in_rows_and_columns(root, read):
    found, skips = read("ms_cxr")
    (sample,) = found.values()
    assert sample.patient == "mimic/10000032"
    assert sample.split == "test"
    assert sample.sentences == ("right lower opacity", "mild edema, both lungs")
    assert sample.boxes == (
        Box("pneumonia", (3, 2), (8, 6), "right lower opacity"),
        Box("pneumonia", (0, 0), (2, 2), "right lower opacity"),
        Box("pulmonary_edema", (1, 1), (10, 9), "mild edema, both lungs"),
    )
    assert sample.labels == {"pneumonia": 1, "pulmonary_edema": 1}
    assert skips.skipped == {"image not there": 1}


@pytest.mark.parametrize(
    "row",
    [
        f"Edema,edema,{PATH},1,1,8,9,d1,1000,1200,test\n",
        f"Edema,edema,{PATH},11,1,8,9,d1,10,12,test\n",
        f"Edemas,edema,{PATH},1,1,8,9,d1,10,12,test\n",
        "Edema,edema,d1.jpg,1,1,8,9,d1,10,12,test\n",
    ],
    ids=["another size", "outside", "another category", "another path"],
)
def test_a_box_that_cannot_be_meant_is_counted(root, read, files, row):
    files.text("MS_CXR_Local_Alignment_v1.1.0.csv", HEADER + row)
    found, skips = read("ms_cxr")
    assert not found
    assert skips.skipped == {"annotation out of range": 1}


def test_another_layout_is_refused(root, read):
    (root / "files").rename(root / "images")
    with pytest.raises(LayoutError, match="not laid out as MS-CXR: there is no files"):
        read("ms_cxr")
