from __future__ import annotations

import json
import os
from importlib.resources import files
from pathlib import Path

import jsonschema
import nibabel
import numpy as np
import pytest


def check_schema(report: dict) -> None:
    text = (files("medvlp_resources") / "schemas" / "ground.json").read_text(encoding="utf-8")
    jsonschema.Draft202012Validator(json.loads(text)).validate(report)


def left_in(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_the_answer_fits_the_schema_and_points_into_the_organs(
    medvlp, ct_file: Path, phantom: np.ndarray, tmp_path: Path
) -> None:
    result = medvlp("ground", ct_file, "liver", "left kidney", "--out", tmp_path / "out")
    assert result.status == 0
    check_schema(result.report)
    for answer, value in zip(result.report["results"], (60, 120), strict=True):
        assert not answer["abstained"]
        assert 0 < answer["probability"] < 1
        assert phantom[tuple(answer["peak"]["index"])] == value
        k, r, c = answer["peak"]["index"]
        near = (-40 + 3 * c, -50 + 3 * r, -700 + 4 * k)
        assert np.abs(np.subtract(answer["peak"]["mm"], near)).max() <= 4
        assert len(answer["slice_scores"]) == 32
        assert np.argmax(answer["slice_scores"]) in range(4, 12)
    assert result.report["results"][1]["probability"] > 0.9
    assert [answer["query"] for answer in result.report["results"]] == ["liver", "left kidney"]
    assert result.report["scan"]["shape"] == [32, 32, 32]
    assert result.report["scan"]["spacing_mm"] == [4.0, 3.0, 3.0]
    assert result.report["model"] == {"name": "fake", "sha256": "fa" * 32}
    assert result.report["device"] == "cpu (numpy)"


def test_stdout_is_one_line_of_json_where_it_is_no_terminal(medvlp, ct_file: Path) -> None:
    result = medvlp("ground", ct_file, "liver")
    assert result.out.count("\n") == 1
    assert result.err == ""
    assert result.report["results"][0]["files"] == {}


def test_a_table_is_printed_on_demand(medvlp, ct_file: Path) -> None:
    result = medvlp("ground", ct_file, "liver [bold]", "--table")
    assert result.status == 0
    assert "liver [bold]" in result.out
    assert "Research use only" in result.out
    assert "{" not in result.out


def test_every_format_is_written_to_a_folder_that_is_made(
    medvlp, ct_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "not" / "yet" / "there"
    result = medvlp("ground", ct_file, "Left kidney?", "--out", out, "--format", "npy,nifti,png")
    assert left_in(out) == ["left-kidney.nii.gz", "left-kidney.npy", "left-kidney.png"]
    written = result.report["results"][0]["files"]
    assert written == {
        "npy": str(out / "left-kidney.npy"),
        "nifti": str(out / "left-kidney.nii.gz"),
        "png": str(out / "left-kidney.png"),
    }
    heat = np.load(written["npy"], allow_pickle=False)
    assert (heat.shape, heat.dtype) == ((32, 32, 32), np.float32)
    nifti = nibabel.load(written["nifti"])
    np.testing.assert_allclose(nifti.affine, nibabel.load(ct_file).affine, atol=1e-5)
    np.testing.assert_allclose(nifti.get_fdata(), heat.transpose(2, 1, 0), atol=2e-5)


def test_queries_that_name_their_files_alike_do_not_overwrite_each_other(
    medvlp, ct_file: Path, tmp_path: Path
) -> None:
    queries = ("left kidney", "left kidney!")
    medvlp("ground", ct_file, *queries, "-o", tmp_path / "out", "--format", "png")
    assert left_in(tmp_path / "out") == ["left-kidney-2.png", "left-kidney.png"]


def test_an_x_ray_without_spacing_has_a_peak_in_pixels_only(
    medvlp, xray_file: Path, tmp_path: Path
) -> None:
    result = medvlp(
        "ground", xray_file, "left lung", "-o", tmp_path / "out", "--format", "npy,nifti,png"
    )
    check_schema(result.report)
    (answer,) = result.report["results"]
    assert result.report["scan"]["spacing_mm"] is None
    assert answer["peak"]["mm"] is None
    row, column = answer["peak"]["index"]
    assert 8 <= row < 40
    assert 38 <= column < 56
    assert len(answer["slice_scores"]) == 1
    assert len(answer["files"]) == 3


def test_a_question_outside_the_models_world_is_not_answered(
    medvlp, ct_file: Path, tmp_path: Path
) -> None:
    result = medvlp("ground", ct_file, "pizza", "-o", tmp_path / "out", "--format", "png,npy")
    check_schema(result.report)
    (answer,) = result.report["results"]
    assert result.status == 0
    assert answer["abstained"]
    assert answer["probability"] is None
    assert answer["reason"]
    assert answer["peak"] == {"index": None, "mm": None}
    assert not np.load(answer["files"]["npy"]).any()
    assert "not sure" in medvlp("ground", ct_file, "pizza", "--table").out


@pytest.mark.parametrize("query", ["", "   ", "lung mass " * 1000], ids=["empty", "blank", "long"])
def test_an_unusable_query_is_refused_before_anything_is_read_or_written(
    medvlp, tmp_path: Path, query: str
) -> None:
    result = medvlp("ground", tmp_path / "missing.nii", "liver", query, "-o", tmp_path / "out")
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("medvlp: ")
    assert len(result.err) < 600
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--format", "npy"], "--out"),
        (["--out", "OUT", "--format", "jpeg"], "jpeg"),
        (["--out", "OUT", "--format", ""], "--format"),
        (["--out", "FILE"], "file"),
        (["--out", "FILE/deeper"], "file"),
        (["--device", "abacus"], "abacus"),
        (["--modality", "MR"], "MR"),
    ],
)
def test_bad_options_are_exit_status_2(
    medvlp, ct_file: Path, tmp_path: Path, options: list[str], said: str
) -> None:
    places = {"OUT": tmp_path / "out", "FILE": ct_file, "FILE/deeper": ct_file / "deeper"}
    result = medvlp("ground", ct_file, "liver", *[places.get(o, o) for o in options])
    assert (result.status, result.out) == (2, "")
    assert said in result.err
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_refused_before_the_work(
    medvlp, ct_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    result = medvlp("ground", ct_file, "liver", "--out", tmp_path / "locked" / "out")
    assert result.status == 2
    assert "not writable" in result.err


def test_a_disk_that_fills_up_while_writing_leaves_whole_files_only(
    medvlp, ct_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(file: object, header: object) -> None:
        file.write(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np.lib.format, "write_array_header_1_0", fail)
    result = medvlp("ground", ct_file, "liver", "-o", tmp_path / "out", "--format", "png,npy")
    assert (result.status, result.out) == (1, "")
    assert result.err == f"medvlp: No space left on device: {tmp_path / 'out' / 'liver.npy'}.\n"
    assert left_in(tmp_path / "out") == ["liver.png"]


def test_a_series_is_chosen_by_number_or_id(
    medvlp, dicom_folder: Path, phantom: np.ndarray, write_series
) -> None:
    write_series(phantom[:20], dicom_folder, number=8, uid="1.2.826.0.1.3680043.8.498.88")
    listed = medvlp("info", dicom_folder).report["series"]
    small = next(entry for entry in listed if entry["number"] == 8)
    assert medvlp("ground", dicom_folder, "liver").report["scan"]["shape"][0] == 32
    for key in ("8", small["id"]):
        chosen = medvlp("ground", dicom_folder, "liver", "--series", key)
        assert chosen.report["scan"]["shape"][0] == 20
    missing = medvlp("ground", dicom_folder, "liver", "--series", "99")
    assert missing.status == 3
    assert "99" in missing.err


def test_a_gapped_series_is_warned_about_and_refused_when_strict(
    medvlp, dicom_folder: Path
) -> None:
    for name in ("3-003", "3-010"):
        (dicom_folder / name).unlink()
    relaxed = medvlp("ground", dicom_folder, "liver")
    check_schema(relaxed.report)
    assert relaxed.report["scan"]["warnings"]
    strict = medvlp("ground", dicom_folder, "liver", "--strict")
    assert (strict.status, strict.out) == (3, "")


def test_no_cache_writes_no_encoding(
    medvlp, ct_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_model
) -> None:
    asked: list[bool] = []
    real = type(fake_model).encode

    def encode(self, scan, *, progress=None, cache=True):
        asked.append(cache)
        return real(self, scan, progress=progress, cache=cache)

    monkeypatch.setattr(type(fake_model), "encode", encode)
    medvlp("ground", ct_file, "liver")
    medvlp("ground", ct_file, "liver", "--no-cache")
    assert asked == [True, False]


def test_a_dicom_map_lies_on_the_source_images(medvlp, dicom_folder: Path, tmp_path: Path) -> None:
    from highdicom.pm import ParametricMap  # noqa: F401  (registers nothing; fails early if absent)
    from pydicom import dcmread

    result = medvlp("ground", dicom_folder, "liver", "-o", tmp_path, "--format", "dicom,npy")
    assert result.status == 0
    check_schema(result.report)
    written = result.report["results"][0]["files"]
    image = dcmread(written["dicom"])
    heat = np.load(written["npy"])
    frames = image.PerFrameFunctionalGroupsSequence
    heights = [f.PlanePositionSequence[0].ImagePositionPatient[2] for f in frames]
    order = np.argsort(heights)
    np.testing.assert_allclose(np.sort(heights), -700 + 4 * np.arange(32))
    np.testing.assert_allclose(image.pixel_array[order] / 65535, heat, atol=2e-4)
    assert image.StudyInstanceUID.endswith(".1000")
    assert image.PatientID == "SECRET-4711"
    assert image.ContentQualification == "RESEARCH"


@pytest.mark.parametrize("kind", ["nifti", "x-ray"])
def test_a_dicom_map_needs_dicom_ct_and_writes_nothing_otherwise(
    medvlp, ct_file: Path, xray_file: Path, tmp_path: Path, kind: str
) -> None:
    path = ct_file if kind == "nifti" else xray_file
    result = medvlp("ground", path, "lung", "-o", tmp_path / "out", "--format", "png,dicom")
    assert (result.status, result.out) == (3, "")
    assert "--format" in result.err
    assert not (tmp_path / "out").exists()


def test_no_identifier_leaves_a_dicom_folder_except_in_dicom(
    medvlp, dicom_folder: Path, tmp_path: Path
) -> None:
    result = medvlp(
        "ground", dicom_folder, "liver", "-o", tmp_path / "out", "--format", "png,nifti"
    )
    told = result.out + result.err + medvlp("info", dicom_folder).out
    for secret in ("SECRET", "Invented", "1.2.826"):
        assert secret not in told
        for file in (tmp_path / "out").iterdir():
            assert secret.encode() not in file.read_bytes()
            assert secret not in file.name


def test_masks_of_somebody_else_say_where_a_place_is(medvlp, ct_file: Path, tmp_path: Path) -> None:
    source = nibabel.load(ct_file)
    labels = np.zeros(source.shape[::-1], dtype=np.uint8)
    labels[4:10, 2:8, 2:8] = 5
    path = tmp_path / "organs.nii.gz"
    nibabel.save(nibabel.Nifti1Image(labels.transpose(2, 1, 0), source.affine), path)
    query = "pleural effusion in the liver"
    result = medvlp("ground", ct_file, query, "--organs", path, "--no-cache")
    assert result.status == 0
    (answer,) = result.report["results"]
    assert not answer["abstained"]
    assert max(answer["peak"]["index"][1:]) < 20
    refused = medvlp("ground", ct_file, query, "--organs", "none")
    assert refused.status == 2
    missing = medvlp("ground", ct_file, query, "--organs", tmp_path / "no.nii.gz")
    assert missing.status == 2


def test_dicom_objects_of_one_run_belong_together(
    medvlp, dicom_folder: Path, tmp_path: Path
) -> None:
    from pydicom import dcmread

    out = tmp_path / "out"
    formats = "dicom-sr,dicom-sc,dicom-seg,npy"
    arguments = ("liver", "pizza", "--out", out, "--format", formats, "--threshold", "0.4")
    result = medvlp("ground", dicom_folder, *arguments)
    assert result.status == 0
    check_schema(result.report)
    expected = ["answers.sr.dcm", "liver.npy", "liver.sc.dcm", "liver.seg.dcm"]
    assert left_in(out) == [*expected, "pizza.npy", "pizza.sc.dcm"]
    liver, pizza = (answer["files"] for answer in result.report["results"])
    assert list(liver) == ["dicom-sc", "dicom-seg", "npy", "dicom-sr"]
    assert list(pizza) == ["dicom-sc", "npy", "dicom-sr"]
    assert "no heat of 0.4 for 'pizza'" in result.err
    seg, report = dcmread(liver["dicom-seg"]), dcmread(liver["dicom-sr"])
    heights = [
        group.PlanePositionSequence[0].ImagePositionPatient[2]
        for group in seg.PerFrameFunctionalGroupsSequence
    ]
    slices = np.rint((np.array(heights) + 700) / 4).astype(int)
    mask = np.zeros((32, 32, 32), dtype=bool)
    mask[slices] = seg.pixel_array.reshape(-1, 32, 32) > 0
    heat = np.load(liver["npy"])
    assert mask.any()
    assert heat[mask].min() >= 0.4 - 1e-4
    assert heat[~mask].max() <= 0.4 + 1e-4
    assert seg.SegmentSequence[0].TrackingUID in str(report)
    assert seg.SOPInstanceUID in str(report)
    for path in (liver["dicom-seg"], liver["dicom-sr"], liver["dicom-sc"]):
        assert dcmread(path).PatientID == "SECRET-4711"


@pytest.mark.parametrize("kind", ["dicom-seg", "dicom-sr", "dicom-sc"])
def test_dicom_objects_of_what_is_no_dicom_are_refused_before_anything_is_written(
    medvlp, ct_file: Path, tmp_path: Path, kind: str
) -> None:
    result = medvlp("ground", ct_file, "lung", "-o", tmp_path / "out", "--format", f"png,{kind}")
    assert (result.status, result.out) == (3, "")
    assert "is not DICOM" in result.err
    assert not (tmp_path / "out").exists()
