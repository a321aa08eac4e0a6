"""Input that cannot be used: one message, the exit status of the contract, nothing half-written."""

from __future__ import annotations

import gzip
import json
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

Maker = Callable[[Path], Path]


def missing(folder: Path) -> Path:
    return folder / "no" / "such.dcm"


def empty_folder(folder: Path) -> Path:
    (folder / "empty").mkdir()
    return folder / "empty"


def folder_of_text(folder: Path) -> Path:
    (folder / "notes").mkdir()
    (folder / "notes" / "readme.txt").write_text("no scan here")
    return folder / "notes"


def empty_png(folder: Path) -> Path:
    (folder / "zero.png").touch()
    return folder / "zero.png"


def huge_png(folder: Path) -> Path:
    from PIL import Image

    Image.new("1", (20_000, 20_000)).save(folder / "huge.png")
    return folder / "huge.png"


def garbage_nifti(folder: Path) -> Path:
    (folder / "bad.nii.gz").write_bytes(b"garbage")
    return folder / "bad.nii.gz"


def cut_nifti(folder: Path) -> Path:
    import nibabel

    values = np.random.default_rng(0).integers(-1000, 1000, (16, 16, 16)).astype(np.int16)
    data = nibabel.Nifti1Image(values, np.eye(4)).to_bytes()
    (folder / "cut.nii.gz").write_bytes(gzip.compress(data)[:3000])
    return folder / "cut.nii.gz"


def cut_dicom(folder: Path) -> Path:
    whole = next((folder / "dicom").iterdir()).read_bytes()
    (folder / "cut.dcm").write_bytes(whole[:1000])
    return folder / "cut.dcm"


def climbing_zip(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "climb.zip", "w") as archive:
        archive.writestr("../escaped.dcm", b"x" * 200)
    return folder / "climb.zip"


def zip_bomb(folder: Path) -> Path:
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("scan.nii", bytes(64 * 2**20))
    return folder / "bomb.zip"


def broken_zip(folder: Path) -> Path:
    (folder / "broken.zip").write_bytes(b"PK\x03\x04" + b"\xff" * 400)
    return folder / "broken.zip"


UNUSABLE = [
    missing,
    empty_folder,
    folder_of_text,
    empty_png,
    huge_png,
    garbage_nifti,
    cut_nifti,
    cut_dicom,
    climbing_zip,
    zip_bomb,
    broken_zip,
]


def is_one_message(text: str) -> bool:
    return text.startswith("medvlp: ") and "Traceback" not in text and len(text) < 1200


@pytest.mark.parametrize("make", UNUSABLE, ids=lambda make: make.__name__)
@pytest.mark.parametrize("command", ["info", "ground", "score"])
def test_an_unusable_scan_is_exit_status_3_with_one_message(
    medvlp, tmp_path: Path, dicom_folder: Path, make: Maker, command: str
) -> None:
    path, out = make(tmp_path), tmp_path / "out"
    before = sorted(tmp_path.rglob("*"))
    arguments = {
        "info": [path],
        "ground": [path, "liver", "--out", out],
        "score": [path, "--out", out],
    }[command]
    result = medvlp(command, *arguments)
    assert (result.status, result.out) == (3, "")
    assert is_one_message(result.err)
    assert sorted(tmp_path.rglob("*")) == before
    assert not (tmp_path.parent / "escaped.dcm").exists()


@pytest.mark.parametrize("name", ["no-such-model", "no/such/folder", "owner/name", "", "../small"])
def test_an_unknown_model_is_exit_status_4_and_told_before_the_scan_is_read(
    medvlp, tmp_path: Path, name: str
) -> None:
    result = medvlp(
        "ground", tmp_path / "missing.nii", "liver", "-o", tmp_path / "out", "--model", name
    )
    assert (result.status, result.out) == (4, "")
    assert is_one_message(result.err)
    assert not (tmp_path / "out").exists()


@pytest.fixture
def model_folder(tmp_path: Path) -> Path:
    """Files of a model whose hashes fit; the weights are no weights."""
    folder = tmp_path / "model"
    folder.mkdir()
    texts = {
        "config.json": '{"model_type": "medvlp-unified"}',
        "model.safetensors": "weights",
        "tokenizer.json": "{}",
        "preprocessing.json": "{}",
        "prompts.json": "{}",
        "calibration.json": "{}",
        "MODEL_CARD.md": "# A model",
    }
    for name, text in texts.items():
        (folder / name).write_text(text)
    hashes = {name: sha256(text.encode()).hexdigest() for name, text in texts.items()}
    manifest = {"name": "mine", "title": "Mine", "files": hashes, "modalities": ["CT"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def spoil_weights(folder: Path) -> str:
    (folder / "model.safetensors").write_text("other weights")
    return "altered"


def add_pickle(folder: Path) -> str:
    class Dangerous:
        def __reduce__(self) -> tuple:
            return (os.mkdir, (str(folder.parent / "executed"),))

    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Dangerous()))
    return "pickle"


def remove_tokenizer(folder: Path) -> str:
    (folder / "tokenizer.json").unlink()
    return "missing"


@pytest.mark.parametrize("spoil", [spoil_weights, add_pickle, remove_tokenizer])
def test_a_model_that_is_not_whole_is_refused_with_the_reason(
    medvlp, ct_file: Path, model_folder: Path, spoil: Callable[[Path], str]
) -> None:
    reason = spoil(model_folder)
    for command in (
        ["ground", ct_file, "liver", "--model", model_folder],
        ["models", "verify", model_folder],
        ["models", "import", model_folder],
    ):
        result = medvlp(*command)
        assert result.status == 3
        assert reason in result.out + result.err
        assert "Traceback" not in result.err
    assert not (model_folder.parent / "executed").exists()
    assert not (model_folder.parent / "models" / "mine").exists()


def test_a_cache_that_cannot_be_written_costs_a_warning_and_not_the_answer(
    medvlp, ct_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fake_model
) -> None:
    from medvlp.store.encodings import EncodingStore

    real = type(fake_model).encode

    def encode(self, scan, *, progress=None, cache=True):
        encoding = real(self, scan, progress=progress)
        EncodingStore().put(encoding)
        return encoding

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(fake_model), "encode", encode)
    monkeypatch.setattr("medvlp.store.atomic.write_bytes_atomically", full)
    result = medvlp("ground", ct_file, "left kidney")
    assert result.status == 0
    assert result.report["results"][0]["probability"] > 0.9
    assert "No space left" in result.err


def test_the_installed_command_tells_bad_input_the_same_way(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "medvlp.cli", "info", str(empty_png(tmp_path))],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (3, "")
    assert is_one_message(done.stderr)
