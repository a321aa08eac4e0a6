from __future__ import annotations

import csv
import json
from importlib.resources import files
from pathlib import Path

import jsonschema
import nibabel
import numpy as np
import pytest


def check_schema(report: dict) -> None:
    text = (files("medvlp_resources") / "schemas" / "score.json").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator(json.loads(text)).validate(report)


def test_organs_of_the_model_are_scored_and_measured(medvlp, ct_file: Path) -> None:
    result = medvlp("score", ct_file)
    assert result.status == 0
    check_schema(result.report)
    organs = {row["organ"]: row for row in result.report["organs"]}
    assert organs["liver"]["present"]
    assert organs["liver"]["volume_ml"] == pytest.approx(8 * 10 * 10 * 36 / 1000, rel=0.1)
    assert result.report["organ_source"] == "builtin"


def test_a_label_map_gives_exact_volumes_and_says_what_is_cut_off(
    medvlp, ct_file: Path, phantom: np.ndarray, tmp_path: Path
) -> None:
    labels = np.zeros(phantom.shape, dtype=np.uint8)
    labels[phantom == 60] = 5
    labels[28:32, 10:20, 10:20] = 6
    source = nibabel.load(ct_file)
    path = tmp_path / "organs.nii.gz"
    nibabel.save(nibabel.Nifti1Image(labels.transpose(2, 1, 0), source.affine), path)
    result = medvlp("score", ct_file, "--organs", path)
    assert result.status == 0
    check_schema(result.report)
    volumes = sorted(row["volume_ml"] for row in result.report["organs"] if row["present"])
    assert volumes == pytest.approx([4 * 100 * 0.036, 800 * 0.036], abs=0.01)
    cut = [row["truncated"] for row in result.report["organs"] if row["present"]]
    assert sorted(cut) == [False, True]


def test_without_masks_the_whole_scan_is_one_row(medvlp, ct_file: Path) -> None:
    result = medvlp("score", ct_file, "--organs", "none")
    check_schema(result.report)
    (row,) = result.report["organs"]
    assert (row["organ"], row["volume_ml"], row["truncated"]) == ("whole_scan", None, None)


def test_own_findings_are_looked_for_instead(medvlp, ct_file: Path, tmp_path: Path) -> None:
    wanted = tmp_path / "findings.txt"
    wanted.write_text("# what we look for\n\npleural effusion\nlung mass\n", encoding="utf-8")
    result = medvlp("score", ct_file, "--organs", "none", "--findings", wanted)
    check_schema(result.report)
    found = {f["finding"] for row in result.report["organs"] for f in row["findings"]}
    assert len(found) == 2


def test_scores_are_written_as_json_and_csv(medvlp, ct_file: Path, tmp_path: Path) -> None:
    result = medvlp("score", ct_file, "--out", tmp_path / "out")
    saved = json.loads((tmp_path / "out" / "scores.json").read_text())
    assert saved == result.report
    with (tmp_path / "out" / "scores.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert {row["organ"] for row in rows} == {row["organ"] for row in saved["organs"]}
    first = saved["organs"][0]
    assert rows[0]["organ"] == first["organ"]
    if first["findings"]:
        assert rows[0]["finding"] == first["findings"][0]["finding"]


def test_an_x_ray_is_scored_without_volumes(medvlp, xray_file: Path) -> None:
    result = medvlp("score", xray_file)
    assert result.status == 0
    check_schema(result.report)
    assert all(row["volume_ml"] is None for row in result.report["organs"])


def test_a_table_names_organs_and_their_leading_finding(medvlp, ct_file: Path) -> None:
    result = medvlp("score", ct_file, "--table")
    assert "liver" in result.out
    assert "Research use only" in result.out


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (["--organs", "no-such-file.nii"], 2),
        (["--findings", "no-such-file.txt"], 2),
        (["--findings", "EMPTY"], 2),
        (["--findings", "BINARY"], 2),
        (["--findings", "LONG"], 2),
        (["--organs", "BINARY"], 3),
    ],
)
def test_unusable_organs_and_findings_are_refused(
    medvlp, ct_file: Path, tmp_path: Path, options: list[str], status: int
) -> None:
    contents = {"EMPTY": b"# nothing\n", "BINARY": bytes(range(256)), "LONG": b"mass " * 2000}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    arguments = [tmp_path / o if o in contents else o for o in options]
    result = medvlp("score", ct_file, *arguments, "--out", tmp_path / "out")
    assert (result.status, result.out) == (status, "")
    assert "Traceback" not in result.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("masks", ["builtin", "file"])
def test_organs_and_findings_become_dicom_of_the_same_study(
    medvlp, dicom_folder: Path, phantom: np.ndarray, tmp_path: Path, masks: str
) -> None:
    from pydicom import dcmread

    labels = np.zeros(phantom.shape, dtype=np.uint8)
    labels[phantom == 60] = 5
    affine = np.diag([-3.0, -3.0, 4.0, 1.0])
    affine[:3, 3] = (40.0, 50.0, -700.0)
    path = tmp_path / "organs.nii.gz"
    nibabel.save(nibabel.Nifti1Image(labels.transpose(2, 1, 0), affine), path)
    organs = path if masks == "file" else masks
    formats = ("--format", "json,dicom-seg,dicom-sr")
    out = tmp_path / "out"
    result = medvlp("score", dicom_folder, "--organs", organs, "--out", out, *formats)
    assert result.status == 0
    check_schema(result.report)
    names = ["organs.seg.dcm", "scores.json", "scores.sr.dcm"]
    assert sorted(p.name for p in out.iterdir()) == names
    assert json.loads((out / "scores.json").read_text())["files"] == result.report["files"]
    seg, report = (dcmread(result.report["files"][k]) for k in ("dicom-seg", "dicom-sr"))
    present = [row["organ"] for row in result.report["organs"] if row["present"]]
    assert len(seg.SegmentSequence) == len(present)
    liver = next(s for s in seg.SegmentSequence if s.SegmentLabel == "liver")
    kind = liver.SegmentedPropertyTypeCodeSequence[0]
    assert (kind.CodeValue, kind.CodingSchemeDesignator) == ("10200004", "SCT")
    if masks == "file":
        assert int((seg.pixel_array > 0).sum()) == int((labels == 5).sum())
    assert seg.StudyInstanceUID == report.StudyInstanceUID
    assert seg.SOPInstanceUID in str(report)
    n_findings = sum(len(row["findings"]) for row in result.report["organs"])
    measurements = next(i for i in report.ContentSequence if i.ValueType == "CONTAINER")
    assert len(measurements.ContentSequence) == n_findings


def test_dicom_scores_of_what_is_no_dicom_are_refused(medvlp, ct_file: Path, tmp_path) -> None:
    out = tmp_path / "out"
    result = medvlp("score", ct_file, "--out", out, "--format", "json,dicom-sr")
    assert (result.status, result.out) == (3, "")
    assert "is not DICOM" in result.err
    assert not out.exists()
    assert medvlp("score", ct_file, "--format", "csv").status == 2
    assert medvlp("score", ct_file, "--out", out, "--format", "png").status == 2


def test_without_organs_there_is_a_report_and_no_segmentation(
    medvlp, dicom_folder: Path, tmp_path: Path
) -> None:
    formats = ("--format", "dicom-seg,dicom-sr")
    result = medvlp("score", dicom_folder, "--organs", "none", "-o", tmp_path / "out", *formats)
    assert result.status == 0
    assert list(result.report["files"]) == ["dicom-sr"]
    assert "no organ masks" in result.err
