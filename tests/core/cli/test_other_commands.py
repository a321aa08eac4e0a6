"""info, encode, index search, models, samples, doctor."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest


def test_info_tells_geometry_series_and_no_identifiers(medvlp, dicom_folder: Path) -> None:
    result = medvlp("info", dicom_folder)
    assert result.status == 0
    scan = result.report["scan"]
    assert (scan["modality"], scan["shape"], scan["spacing_mm"]) == (
        "CT",
        [32] * 3,
        [4.0, 3.0, 3.0],
    )
    assert scan["orientation"] == "SPL"
    assert scan["origin_mm"] == [-40.0, -50.0, -700.0]
    (series,) = result.report["series"]
    assert (series["number"], series["usable"], series["n_slices"]) == (3, True, 32)
    assert "SECRET" not in result.out
    assert "Phantom 3" in medvlp("info", dicom_folder, "--table").out


def test_info_of_an_x_ray_says_that_its_spacing_is_not_known(medvlp, xray_file: Path) -> None:
    result = medvlp("info", xray_file)
    assert result.report["scan"]["spacing_mm"] is None
    assert "not stated" in medvlp("info", xray_file, "--table").out


def test_scans_are_encoded_into_a_store_and_found_by_words(
    medvlp, ct_file: Path, xray_file: Path, tmp_path: Path
) -> None:
    store = tmp_path / "store"
    encoded = medvlp("encode", ct_file, xray_file, "--out", store)
    assert encoded.status == 0
    assert [Path(e["file"]).is_file() for e in encoded.report["encodings"]] == [True, True]
    found = medvlp("index", "search", "left kidney", "--store", store)
    assert found.status == 0
    assert found.report["searched"] == 2
    first = found.report["hits"][0]
    assert first["modality"] == "CT"
    assert first["file"] == encoded.report["encodings"][0]["file"]
    direct = medvlp("ground", ct_file, "left kidney").report["results"][0]
    assert first["probability"] == pytest.approx(direct["probability"], abs=1e-5)
    assert first["peak"] == direct["peak"]


def test_a_search_keeps_one_modality_and_so_many_hits(
    medvlp, ct_file: Path, xray_file: Path, tmp_path: Path
) -> None:
    medvlp("encode", ct_file, xray_file, "--out", tmp_path / "store")
    search = ("index", "search", "lung", "--store", tmp_path / "store")
    only = medvlp(*search, "--where", "modality = xr").report
    assert [hit["modality"] for hit in only["hits"]] == ["XR"]
    assert len(medvlp(*search, "--top", 1).report["hits"]) == 1
    assert medvlp(*search, "--where", "age > 60").status == 2
    assert medvlp("index", "search", "lung", "--store", tmp_path / "none").status == 2
    assert medvlp("index", "search", "", "--store", tmp_path / "store").status == 2


def test_encodings_of_another_model_and_damaged_files_are_passed_over_aloud(
    medvlp, ct_file: Path, tmp_path: Path
) -> None:
    from dataclasses import replace

    from medvlp.models.encoding import Encoding

    store = tmp_path / "store"
    file = Path(medvlp("encode", ct_file, "--out", store).report["encodings"][0]["file"])
    replace(Encoding.load(file), model_id="other@0").save(store / "other.safetensors")
    (store / "damaged.safetensors").write_bytes(b"x")
    result = medvlp("index", "search", "liver", "--store", store)
    assert result.status == 0
    assert (result.report["searched"], result.report["skipped"]) == (1, 1)
    assert "damaged.safetensors" in result.err


def test_one_bad_scan_does_not_stop_the_others_from_being_encoded(
    medvlp, ct_file: Path, tmp_path: Path
) -> None:
    (tmp_path / "bad.nii.gz").write_bytes(b"garbage")
    result = medvlp("encode", tmp_path / "bad.nii.gz", ct_file, "--out", tmp_path / "store")
    assert result.status == 3
    assert len(result.report["encodings"]) == 1
    assert [Path(f["path"]).name for f in result.report["failed"]] == ["bad.nii.gz"]
    assert "bad.nii.gz" in result.err


@pytest.fixture
def whole_model(tmp_path: Path) -> Path:
    """A model folder whose hashes fit."""
    folder = tmp_path / "delivered"
    folder.mkdir()
    names = ("config", "tokenizer", "preprocessing", "prompts", "calibration")
    texts = {f"{name}.json": "{}" for name in names}
    texts |= {"model.safetensors": "weights", "MODEL_CARD.md": "# Card\n\nWhat it can do."}
    for name, text in texts.items():
        (folder / name).write_text(text)
    hashes = {name: sha256(text.encode()).hexdigest() for name, text in texts.items()}
    facts = {"name": "chest-one", "title": "Chest one", "parameters": 12_300_000, "licence": "MIT"}
    manifest = {**facts, "modalities": ["CT", "XR"], "files": hashes}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "notes.txt").write_text("not part of the model")
    return folder


def test_an_imported_model_is_listed_shown_and_verified(
    medvlp, whole_model: Path, tmp_path: Path
) -> None:
    imported = medvlp("models", "import", whole_model)
    assert imported.status == 0
    folder = tmp_path / "models" / "chest-one"
    assert imported.report["path"] == str(folder)
    assert not (folder / "notes.txt").exists()
    assert [p.name for p in (tmp_path / "models").iterdir()] == ["chest-one"]
    listed = {m["name"]: m for m in medvlp("models", "list").report["models"]}
    assert listed["chest-one"]["parameters"] == 12_300_000
    assert not listed["chest-one"]["builtin"]
    assert "What it can do" in medvlp("models", "show", "chest-one").report["card"]
    assert "What it can do" in medvlp("models", "show", "chest-one", "--table").out
    verified = medvlp("models", "verify", "chest-one")
    assert (verified.status, verified.report["whole"]) == (0, True)


def test_a_model_is_not_imported_over_another_but_under_another_name(
    medvlp, whole_model: Path, tmp_path: Path
) -> None:
    medvlp("models", "import", whole_model)
    again = medvlp("models", "import", whole_model)
    assert again.status == 3
    assert "--name" in again.err
    assert medvlp("models", "import", whole_model, "--name", "second").status == 0
    names = {m["name"] for m in medvlp("models", "list").report["models"]}
    assert {"chest-one", "second"} <= names
    assert medvlp("models", "import", whole_model, "--name", "../../x").status == 3
    assert medvlp("models", "import", tmp_path / "missing").status == 4


def test_a_manifest_cannot_reach_outside_its_folder(
    medvlp, whole_model: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("private")
    manifest = json.loads((whole_model / "manifest.json").read_text())
    manifest["files"]["../secret.txt"] = sha256(b"private").hexdigest()
    (whole_model / "manifest.json").write_text(json.dumps(manifest))
    result = medvlp("models", "import", whole_model)
    assert result.status == 3
    assert "../secret.txt" in result.err
    assert not list((tmp_path / "models").glob("**/*secret*"))


def test_a_hub_out_of_reach_is_said_with_the_way_around_it(
    medvlp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    result = medvlp("models", "pull", "owner/name")
    assert (result.status, result.out) == (4, "")
    assert "models import" in result.err


def test_samples_are_listed_and_an_unknown_one_is_refused(medvlp) -> None:
    listed = medvlp("samples", "list")
    assert listed.status == 0
    assert {"effusion-ct", "effusion-xray", "lidc-chest"} <= {
        s["name"] for s in listed.report["samples"]
    }
    assert "effusion-ct" in medvlp("samples", "list", "--table").out
    unknown = medvlp("samples", "get", "no-such-sample")
    assert unknown.status in (2, 3)
    assert "effusion-ct" in unknown.err


def test_a_sample_is_told_by_its_path(medvlp, monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setattr(
        "medvlp.io.samples.get_sample", lambda name, progress=None: tmp_path / f"{name}.nii.gz"
    )
    result = medvlp("samples", "get", "lidc-chest")
    assert result.report["path"] == str(tmp_path / "lidc-chest.nii.gz")


def test_doctor_reports_every_part(medvlp) -> None:
    result = medvlp("doctor")
    checks = {c["name"]: c for c in result.report["checks"]}
    for name in ("python", "torch", "device", "bf16", "cache", "Qt", "VTK", "display"):
        assert name in checks
    assert any(name.startswith("decoder") for name in checks)
    assert any(name.startswith("model") for name in checks)
    assert result.status == (0 if result.report["ok"] else 1)
    assert "cache" in medvlp("doctor", "--table").out


def test_doctor_finds_a_spoilt_model_and_exits_with_1(
    medvlp, whole_model: Path, tmp_path: Path
) -> None:
    medvlp("models", "import", whole_model)
    (tmp_path / "models" / "chest-one" / "model.safetensors").write_text("spoilt")
    result = medvlp("doctor")
    assert result.status == 1
    spoilt = next(c for c in result.report["checks"] if c["name"] == "model chest-one")
    assert spoilt["state"] == "problem"
    assert "altered" in spoilt["found"]


def test_doctor_keeps_the_users_home_out_of_its_report(
    medvlp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home-of-somebody"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("MEDVLP_CACHE", str(home / "cache"))
    cache = next(c for c in medvlp("doctor").report["checks"] if c["name"] == "cache")
    assert "somebody" not in cache["found"]
    assert "~/cache" in cache["found"]


def test_seconds_are_plain_numbers(medvlp, ct_file: Path) -> None:
    seconds = medvlp("ground", ct_file, "liver").report["seconds"]
    assert set(seconds) == {"open", "encode", "query"}
    assert all(np.isfinite(value) and value >= 0 for value in seconds.values())
