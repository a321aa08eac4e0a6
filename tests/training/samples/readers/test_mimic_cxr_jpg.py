from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.samples.errors import LayoutError

LABELS = (
    "Atelectasis,Cardiomegaly,Consolidation,Edema,Enlarged Cardiomediastinum,Fracture,Lung Lesion,"
    "Lung Opacity,No Finding,Pleural Effusion,Pleural Other,Pneumonia,Pneumothorax,Support Devices"
)
A = "files/p10/p10000032/s50414267"
B = "files/p11/p11000011/s51029426"
C = "files/p12/p12000012/s52000012"
REPORT = """                                 FINAL REPORT
 EXAMINATION:  CHEST (PA AND LAT)

 FINDINGS:

 There is a small left pleural effusion.  No pneumothorax is seen.

 IMPRESSION:

 Small left pleural effusion.
"""


@pytest.fixture
def root(files):
    split = "dicom_id,study_id,subject_id,split\n"
    split += "d1,50414267,10000032,train\nd2,50414267,10000032,train\n"
    split += "d3,51029426,11000011,validate\nd4,52000012,12000012,test\nd5,52000012,12000012,test\n"
    files.text("mimic-cxr-2.0.0-split.csv.gz", split)
    meta = "dicom_id,subject_id,study_id,ViewPosition,Rows,Columns\n"
    meta += "d1,10000032,50414267,PA,12,10\nd2,10000032,50414267,LATERAL,12,10\nd3,11000011,51029426,,12,10\n"
    files.text("mimic-cxr-2.0.0-metadata.csv.gz", meta)
    labels = f"subject_id,study_id,{LABELS}\n"
    labels += "10000032,50414267,-1.0,,0.0,,,,,,,1.0,,,0.0,\n11000011,51029426,,,,,,,,,1.0,,,,,\n"
    files.text("mimic-cxr-2.0.0-chexpert.csv.gz", labels)
    for path in (f"{A}/d1.jpg", f"{A}/d2.jpg", f"{B}/d3.jpg", f"{C}/d4.jpg"):
        files.picture(path, np.full((12, 10), 100, np.uint8))
    files.text(f"{A}.txt", REPORT)
    return files.root


def test_images_come_with_report_labels_view_and_split(root, read):
    found, _ = read("mimic_cxr_jpg")
    sample = found["mimic/d1"]
    assert sample.patient == "mimic/10000032"
    assert (sample.source, sample.split) == ("mimic-cxr/PA", "train")
    assert sample.image.shape == (12, 10)
    assert np.abs(sample.image.astype(int) - 100).max() <= 1
    assert sample.affine is None
    assert any("pleural effusion" in sentence for sentence in sample.sentences)
    assert not any("EXAMINATION" in sentence for sentence in sample.sentences)
    assert sample.labels["atelectasis"] == -1
    assert sample.labels["pleural_effusion"] == 1
    assert sample.labels["consolidation"] == sample.labels["pneumothorax"] == 0
    assert "fracture" not in sample.labels
    assert found["mimic/d3"].split == "val"
    assert found["mimic/d3"].source == "mimic-cxr/unknown"


def test_what_is_missing_is_counted(root, read):
    found, skips = read("mimic_cxr_jpg")
    assert {*found} == {"mimic/d1", "mimic/d2", "mimic/d3"}
    assert skips.skipped == {"image not there": 1, "nothing known of the image": 1}
    assert skips.noted == {"report without sentences": 2}


def test_reports_in_their_own_archive_are_found(root, read):
    target = root / "mimic-cxr-reports" / f"{A}.txt"
    target.parent.mkdir(parents=True)
    (root / f"{A}.txt").rename(target)
    assert read("mimic_cxr_jpg")[0]["mimic/d2"].sentences


def test_patients_of_ms_cxr_are_for_evaluation(root, read, files):
    files.text("MS_CXR_Local_Alignment_v1.1.0.csv", f"path\n{A}/d1.jpg\n")
    found, _ = read("mimic_cxr_jpg")
    assert [found[f"mimic/{d}"].split for d in ("d1", "d2", "d3")] == ["test", "test", "val"]


def test_labels_out_of_range_are_counted(root, read, files):
    labels = f"subject_id,study_id,{LABELS}\n10000032,50414267,7,,,,,,,,,,,,,\n"
    files.text("mimic-cxr-2.0.0-chexpert.csv.gz", labels)
    assert read("mimic_cxr_jpg")[1].skipped["annotation out of range"] == 2


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        ("mimic-cxr-2.0.0-split.csv.gz", r"no mimic-cxr-2\.\?\.0-split\.csv\.gz"),
        ("mimic-cxr-2.0.0-chexpert.csv.gz", "chexpert"),
        ("files", "there is no files"),
    ],
)
def test_another_layout_is_refused(root, read, gone, says):
    (root / gone).rename(root / "elsewhere")
    with pytest.raises(LayoutError, match=says) as error:
        read("mimic_cxr_jpg")
    assert "files/p10/p10000032/s50414267/<dicom_id>.jpg" in str(error.value)


def test_a_table_without_a_column_is_refused(root, read, files):
    files.text("mimic-cxr-2.0.0-split.csv.gz", "dicom_id,study_id,split\nd1,1,train\n")
    with pytest.raises(LayoutError, match="has no column 'subject_id'"):
        read("mimic_cxr_jpg")


def test_a_table_that_is_no_text_is_refused(root, read):
    (root / "mimic-cxr-2.0.0-split.csv.gz").write_bytes(b"\x1f\x8b broken")
    with pytest.raises(LayoutError, match="is no CSV table"):
        read("mimic_cxr_jpg")
