from __future__ import annotations

import json
import logging

import numpy as np
import pytest

from medvlp.errors import LabelMapError, RefusedScanError
from medvlp_training.samples.check import check_sample
from medvlp_training.samples.errors import (
    ManifestError,
    MaskError,
    MissingImageError,
    SampleError,
)
from medvlp_training.samples.manifest import read_manifest
from medvlp_training.samples.manifest_samples import manifest_samples
from medvlp_training.samples.skips import Skips

HEADER = "image,modality,patient,report,organs,lesion:pleural_effusion,label:pneumothorax,split\n"


@pytest.fixture
def write(files):
    return lambda content, name="scans.csv": files.text(name, content)


@pytest.fixture
def collection(files, hu):
    organs, effusion = np.zeros(hu.shape, np.int16), np.zeros(hu.shape, np.int16)
    organs[:, 3:6, 2:5], effusion[1:3, 3, 2] = 51, 1
    files.nifti("ct/a.nii.gz", hu)
    files.nifti("ct/a_organs.nii.gz", organs)
    files.nifti("ct/a_effusion.nii.gz", effusion)
    files.picture("xr/b.png")
    lungs = np.zeros((12, 10), np.uint8)
    lungs[2:9, 1:4], lungs[2:9, 6:9] = 1, 2
    files.picture("xr/b_organs.png", lungs)
    files.text("xr/b_organs.json", json.dumps({"lung_right": 1, "lung_left": 2}))
    files.picture("xr/b_effusion.png", (lungs == 2).astype(np.uint8) * 255)
    return files


def test_rows_become_samples(collection, write, hu, pixels):
    path = write(
        HEADER
        + 'ct/a.nii.gz,CT,p1,"Pleural effusion on the left. No consolidation.",ct/a_organs.nii.gz,'
        "ct/a_effusion.nii.gz,-1,val\n"
        "xr/b.png,XR,p2,,xr/b_organs.png,xr/b_effusion.png,0.0,\n"
    )
    skips = Skips()
    ct, xr = manifest_samples(path, skips)
    for sample in (ct, xr):
        check_sample(sample)
    np.testing.assert_array_equal(ct.image, hu)
    assert (ct.patient, ct.split, ct.source) == ("p1", "val", "scans")
    assert len(ct.sentences) == 2
    assert ct.labels["pneumothorax"] == -1
    assert ct.labels["pleural_effusion"] == 1
    assert ct.labels["consolidation"] == 0
    assert ct.organ_names == {51: "heart"}
    assert ct.lesions["pleural_effusion"].sum() == 2
    np.testing.assert_array_equal(xr.image, pixels)
    assert xr.labels == {"pneumothorax": 0, "pleural_effusion": 1}
    assert xr.organ_names == {1: "lung_right", 2: "lung_left"}
    assert xr.lesions["pleural_effusion"].sum() == 7 * 3
    assert xr.split == ""
    assert len({ct.identity, xr.identity}) == 2
    assert skips.summary() == "nothing skipped"


def test_a_report_may_lie_in_a_file_and_an_image_in_a_folder(collection, write, files):
    files.text("r/b.txt", "There is a pneumothorax on the right.")
    files.radiograph("study/1.dcm")
    path = write("image,modality,patient,report_path\nstudy,XR,p,r/b.txt\n")
    (sample,) = manifest_samples(path, Skips())
    assert sample.labels["pneumothorax"] == 1


def test_parquet_says_the_same_as_csv(collection, write, tmp_path):
    import pyarrow
    from pyarrow import parquet

    columns = {
        "image": ["xr/b.png", "xr/none.png"],
        "modality": ["XR", "XR"],
        "patient": [1, 2],
        "label:pneumothorax": [1.0, None],
    }
    parquet.write_table(pyarrow.table(columns), tmp_path / "scans.parquet")
    skips = Skips()
    (sample,) = manifest_samples(tmp_path / "scans.parquet", skips)
    assert sample.patient == "1"
    assert sample.labels == {"pneumothorax": 1}
    assert skips.skipped == {"image not there": 1}
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(ManifestError, match=r"broken\.parquet is no Parquet table"):
        read_manifest(tmp_path / "broken.parquet")


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "pyarrow", None)
    (tmp_path / "scans.parquet").touch()
    with pytest.raises(ManifestError, match="pip install pyarrow"):
        read_manifest(tmp_path / "scans.parquet")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "has no column image, modality, patient; found none"),
        (HEADER, "is empty: it has a header and no row"),
        ("image,modality\na,XR\n", "has no column patient"),
        ("image,modality,patient,colour\na,XR,p,red\n", "unknown column 'colour'"),
        ("image,modality,patient,patient\na,XR,p,p\n", "patient is there twice"),
        (
            "image,modality,patient,label:pneumothoraxx\na,XR,p,1\n",
            "column label:pneumothoraxx.*Did you mean 'pneumothorax'",
        ),
        ("image,modality,patient,report\na,XR,p,One, two.\n", "row 2: 5 cells where .* has 4"),
        ("image,modality,patient,split\na,XR,p,valid\n", "row 2: split 'valid'; expected one of"),
        (
            "image,modality,patient,split\na,XR,p,train\nb,XR,q,test\nc,XR,p,test\n",
            "rows 2 and 4 put one patient into two splits, train and test",
        ),
        (
            "image,modality,patient,split\na,XR,p,train\nb,XR,p,\n",
            "rows 2 and 3 put one patient into two splits, train and none given",
        ),
    ],
)
def test_a_table_that_is_wrong_as_a_whole_is_refused(write, content, says):
    with pytest.raises(ManifestError, match=says):
        manifest_samples(write(content), Skips())


def test_a_missing_or_foreign_file_is_refused(tmp_path, write):
    with pytest.raises(ManifestError, match="There is no manifest"):
        read_manifest(tmp_path / "none.csv")
    with pytest.raises(ManifestError, match=r"expected a \.csv or \.parquet"):
        read_manifest(write("x", "scans.xlsx"))
    (tmp_path / "latin.csv").write_bytes(b"image,modality,patient\n\xe9,XR,p\n")
    with pytest.raises(ManifestError, match="no CSV table in UTF-8"):
        read_manifest(tmp_path / "latin.csv")


@pytest.mark.parametrize(
    ("row", "error", "reason"),
    [
        ("xr/none.png,XR,p,,,,1,", MissingImageError, "image not there"),
        (",XR,p,,,,1,", MissingImageError, "image not there"),
        ("xr/b.png,XR,,,,,1,", ManifestError, "row that cannot be used"),
        ("xr/b.png,MR,p,,,,1,", ManifestError, "row that cannot be used"),
        ("xr/b.png,XR,p,,none.png,,1,", ManifestError, "row that cannot be used"),
        ("xr/b.png,XR,p,,,,3,", SampleError, "annotation out of range"),
        ("xr/b.png,XR,p,,,,present,", SampleError, "annotation out of range"),
        ("xr/b.png,CT,p,,,,1,", RefusedScanError, "refused image"),
        ("xr/b.png,XR,p,,,,,", SampleError, "nothing known of the image"),
        ("xr/b.png,XR,p,---,,,,", SampleError, "nothing known of the image"),
        ("xr/b.png,XR,p,,,xr/small.png,1,", MaskError, "mask that does not lie on the image"),
        ("xr/b.png,XR,p,,xr/b_effusion.png,,1,", MaskError, "mask that does not lie on the image"),
        ("xr/b.png,XR,p,,xr/b_organs.json,,1,", MaskError, "mask that does not lie on the image"),
        ("ct/a.nii.gz,CT,p,,ct/s.nii.gz,,1,", LabelMapError, "mask that does not lie on the image"),
    ],
)
def test_a_row_that_cannot_be_used_is_counted_or_raised_with_its_number(
    collection, write, hu, row, error, reason, caplog
):
    collection.picture("xr/small.png", np.ones((6, 5), np.uint8))
    collection.nifti("ct/s.nii.gz", np.ones((3, 4, 4), np.int16))
    path = write(f"{HEADER}xr/b.png,XR,p0,,,,1,\n{row}\n")
    skips = Skips()
    with caplog.at_level(logging.WARNING):
        assert len(list(manifest_samples(path, skips))) == 1
    assert skips.skipped == {reason: 1}
    assert f"scans.csv, row 3: skipped, {reason}" in caplog.text
    with pytest.raises(error, match=r"scans\.csv, row 3: "):
        list(manifest_samples(path, Skips(strict=True)))


def test_a_report_without_sentences_leaves_a_label_only_sample(collection, write):
    skips = Skips()
    (sample,) = manifest_samples(write(f"{HEADER}xr/b.png,XR,p,---,,,1,\n"), skips)
    assert sample.sentences == ()
    assert sample.labels["pneumothorax"] == 1
    assert skips.noted == {"report without sentences": 1}


def test_a_volume_without_any_organ_is_kept(collection, write, hu):
    collection.nifti("ct/none.nii.gz", np.zeros(hu.shape, np.int16))
    (sample,) = manifest_samples(write(f"{HEADER}ct/a.nii.gz,CT,p,,ct/none.nii.gz,,1,\n"), Skips())
    assert sample.organ_names == {}
    assert not sample.organs.any()
