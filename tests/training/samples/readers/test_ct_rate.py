from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.reports.label_sets import CT_RATE
from medvlp_training.samples.errors import LayoutError
from medvlp_training.samples.splits import train_or_val

A = "train_fixed/train_1/train_1_a/train_1_a_1.nii.gz"
B = "valid_fixed/valid_53/valid_53_b/valid_53_b_2.nii.gz"


@pytest.fixture
def root(files, hu):
    header = "VolumeName,ClinicalInformation_EN,Technique_EN,Findings_EN,Impressions_EN\n"
    files.text(
        "dataset/radiology_text_reports/train_reports.csv",
        header + 'train_1_a_1.nii.gz,Cough,Helical,"The heart is enlarged. No pleural effusion.",'
        "Not given.\ntrain_1_a_2.nii.gz,,,Nothing.,\ntrain_2_a_1.nii.gz,,,No chest.,\n",
    )
    files.text(
        "dataset/radiology_text_reports/validation_reports.csv",
        header + "valid_53_b_2.nii.gz,,,Not given.,Not given.\nvolume.nii.gz,,,,\n",
    )
    columns = f"VolumeName,{','.join(CT_RATE)}\n"
    for part, name in (("train", "train_1_a_1"), ("valid", "valid_53_b_2")):
        files.text(
            f"dataset/multi_abnormality_labels/{part}_predicted_labels.csv",
            f"{columns}{name}.nii.gz,0,0,1" + ",0" * 15 + "\n",
        )
    files.text(
        "dataset/metadata/no_chest_train.txt", "train/train_2/train_2_a/train_2_a_1.nii.gz\n"
    )
    files.nifti(f"dataset/{A}", hu)
    files.nifti(f"dataset/{B}", hu)
    organs = np.zeros(hu.shape, np.int16)
    organs[:, 3:6, 2:5] = 51  # TotalSegmentator's heart
    files.nifti(f"dataset/ts_seg/ts_total/{A}", organs)
    return files.root


def test_volumes_come_with_report_labels_organs_and_geometry(root, read, hu):
    found, _ = read("ct_rate")
    sample = found["ct-rate/train_1_a_1"]
    np.testing.assert_array_equal(sample.image, hu)
    spacing = np.linalg.norm(sample.affine[:3, :3], axis=0)
    np.testing.assert_allclose(spacing, (2.0, 1.0, 1.0))
    assert sample.patient == "ct-rate/train_1"
    assert sample.split == train_or_val("ct-rate/train_1")
    assert any("heart is enlarged" in s for s in sample.sentences)
    assert not any("given" in s.lower() for s in sample.sentences)
    assert sample.labels["cardiomegaly"] == 1
    assert sample.labels["pleural_effusion"] == 0
    assert sample.organ_names == {51: "heart"}
    assert (sample.organs == 51).sum() == 6 * 3 * 3
    assert any(statement.organ for statement in sample.statements)


def test_the_validation_part_is_for_testing(root, read):
    found, skips = read("ct_rate")
    sample = found["ct-rate/valid_53_b_2"]
    assert sample.split == "test"
    assert sample.organs is None
    assert sample.sentences == ()
    assert skips.noted == {"report without sentences": 1}
    assert skips.skipped == {
        "image not there": 1, "excluded by the collection": 1, "annotation out of range": 1,
    }  # fmt: skip


def test_a_mask_of_another_size_is_counted(root, read, files):
    files.nifti(f"dataset/ts_seg/ts_total/{A}", np.ones((3, 8, 7), np.int16))
    found, skips = read("ct_rate")
    assert "ct-rate/train_1_a_1" not in found
    assert skips.skipped["mask that does not lie on the image"] == 1


def test_a_volume_without_hounsfield_units_is_counted(root, read, files, hu):
    files.nifti(f"dataset/{A}", (hu + 1024).astype(np.int16))
    assert read("ct_rate")[1].skipped["refused image"] == 1


def test_the_first_release_is_refused(root, read):
    for part in ("train", "valid"):
        (root / "dataset" / f"{part}_fixed").rename(root / "dataset" / part)
    with pytest.raises(LayoutError, match="there is no train_fixed or valid_fixed"):
        read("ct_rate")
