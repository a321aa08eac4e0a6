from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.samples.errors import LayoutError

TABLE = "PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv"
HEADER = (
    ",ImageID,ImageDir,StudyDate_DICOM,StudyID,PatientID,Projection,Report,MethodLabel,Labels\n"
)


@pytest.fixture
def root(files):
    rows = [
        """0,a_1.png,0,20140915,s1,p1,PA,cardiomegali sin deram,Physician,"['cardiomegaly', ' nodule']\"""",
        """1,b_1.png,54,20140915,s2,p2,L,normal,RNN_model,['normal']""",
        """2,c_1.png,0,20140915,s3,p3,PA,x,Physician,"['unchanged']\"""",
        """3,d_1.png,0,20140915,s4,p4,PA,x,Physician,"['exclude']\"""",
        """4,e_1.png,0,20140915,s5,p5,EXCLUDE,x,Physician,['normal']""",
        """5,f_1.png,0,20140915,s6,p6,PA,x,Physician,""",
        """6,a_1.png,0,20140915,s6,p6,PA,x,Physician,[normal""",
        """7,missing.png,0,20140915,s6,p6,PA,x,Physician,['normal']""",
    ]
    files.text(TABLE, HEADER + "\n".join(rows) + "\n")
    for path in ("0/a_1.png", "54/b_1.png", "0/c_1.png", "0/f_1.png"):
        files.picture(path, (np.arange(120).reshape(12, 10) * 30).astype(np.uint16))
    return files.root


def test_images_of_16_bits_come_with_labels_and_view(root, read):
    found, _ = read("padchest")
    assert {*found} == {"padchest/a_1", "padchest/b_1"}
    sample = found["padchest/a_1"]
    assert sample.image.dtype == np.uint8
    assert (sample.image.min(), sample.image.max()) == (0, 255)
    assert (sample.patient, sample.source, sample.split) == ("padchest/p1", "padchest/PA", "")
    assert sample.labels["cardiomegaly"] == sample.labels["lung_nodule"] == 1
    assert sample.labels["pneumothorax"] == 0
    assert sample.sentences == ()
    assert {*found["padchest/b_1"].labels.values()} == {0}


def test_what_is_not_used_is_counted(root, read):
    assert read("padchest")[1].skipped == {
        "nothing known of the image": 2, "excluded by the collection": 2,
        "annotation out of range": 1, "image not there": 1,
    }  # fmt: skip


def test_a_compressed_table_gives_the_same(root, read, files):
    plain = {*read("padchest")[0]}
    files.text(f"{TABLE}.gz", (root / TABLE).read_text())
    (root / TABLE).unlink()
    assert {*read("padchest")[0]} == plain


def test_another_layout_is_refused(root, read, files):
    files.text(TABLE, "ImageID,PatientID\n")
    with pytest.raises(LayoutError, match="has no column 'ImageDir', 'Projection', 'Labels'"):
        read("padchest")
    (root / TABLE).unlink()
    with pytest.raises(LayoutError, match="there is no PADCHEST"):
        read("padchest")
