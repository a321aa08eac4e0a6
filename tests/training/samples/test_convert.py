from __future__ import annotations

import logging

import pytest

from medvlp_training.samples.convert import main
from medvlp_training.samples.shard_set import open_shards


@pytest.fixture
def manifest(files):
    for n in range(5):
        files.picture(f"{n}.png")
    rows = "".join(f"{n}.png,XR,p{n},1\n" for n in range(6))
    return files.text("scans.csv", f"image,modality,patient,label:pneumothorax\n{rows}")


def test_a_manifest_becomes_a_set_that_verifies(manifest, tmp_path, caplog):
    out = tmp_path / "set"
    arguments = ["--samples-per-shard", "2", "--longest-side", "6"]
    with caplog.at_level(logging.INFO):
        assert main(["--manifest", str(manifest), "--out", str(out), *arguments]) == 0
    assert "Converting scans.csv: 1 skipped (image not there: 1)" in caplog.text
    assert "5 samples of 5 patients" in caplog.text
    assert {entry.shape for entry in open_shards(out).entries} == {(6, 5)}
    assert main(["--verify", str(out)]) == 0
    data = bytearray((out / "shard-00001.tar").read_bytes())
    data[700] ^= 1
    (out / "shard-00001.tar").write_bytes(data)
    caplog.clear()
    assert main(["--verify", str(out)]) == 3
    assert "shard-00001.tar: member 000000.safetensors is damaged" in caplog.text


def test_strict_stops_at_the_first_problem_and_leaves_no_set(manifest, tmp_path, caplog):
    out = tmp_path / "set"
    assert main(["--manifest", str(manifest), "--out", str(out), "--strict"]) == 3
    assert "scans.csv, row 7" in caplog.text
    assert not (out / "shards.json").exists()


def test_a_public_collection_is_read_by_name(files, tmp_path):
    files.text("train-rle.csv", "ImageId, EncodedPixels\na,-1\n")
    files.radiograph("dicom-images-train/s/t/a.dcm")
    reader = ["--reader", "siim_pneumothorax", "--root", str(tmp_path)]
    assert main([*reader, "--out", str(tmp_path / "set")]) == 0
    assert open_shards(tmp_path / "set").entries[0].identity == "siim/a"


def test_a_wrong_layout_is_an_error_with_the_layout(tmp_path, caplog):
    assert main(["--reader", "openi", "--root", str(tmp_path), "--out", str(tmp_path / "s")]) == 3
    assert "is not laid out as Open-i" in caplog.text


@pytest.mark.parametrize(
    "arguments",
    [[], ["--reader", "openi"], ["--manifest", "a.csv"], ["--reader", "x", "--out", "y"]],
)
def test_missing_options_are_usage_errors(arguments):
    with pytest.raises(SystemExit) as error:
        main(arguments)
    assert error.value.code == 2
