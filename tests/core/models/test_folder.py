from __future__ import annotations

import json

import pytest
from safetensors.torch import load_file, save_file

from medvlp.errors import ModelMismatchError, ModelNotFoundError
from medvlp.models.folder import check, file_sha256, problems, write_manifest
from medvlp.models.load import find_model, list_models, load_model, verify_model


def test_a_whole_folder_has_no_problems(tiny_folder):
    assert problems(tiny_folder) == []
    assert verify_model(tiny_folder) == []


def test_an_altered_file_is_named_with_both_hashes(own_tiny_folder):
    weights = own_tiny_folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(bytes(data))
    (found,) = problems(own_tiny_folder)
    assert "model.safetensors was altered" in found
    with pytest.raises(ModelMismatchError, match="altered"):
        load_model(own_tiny_folder)


def test_a_pickle_in_the_folder_is_refused(own_tiny_folder):
    (own_tiny_folder / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelMismatchError, match="pickle"):
        check(own_tiny_folder)


def test_a_missing_transform_is_refused(own_tiny_folder):
    (own_tiny_folder / "preprocessing.json").unlink()
    with pytest.raises(ModelMismatchError, match=r"preprocessing\.json is missing"):
        load_model(own_tiny_folder)


def test_weights_that_do_not_fit_the_configuration_are_refused(own_tiny_folder):
    path = own_tiny_folder / "model.safetensors"
    tensors = load_file(path)
    tensors.pop("dense_bias")
    save_file(tensors, path, metadata={"format": "pt"})
    write_manifest(own_tiny_folder, name="tiny")
    with pytest.raises(ModelMismatchError, match="dense_bias"):
        load_model(own_tiny_folder)


def test_a_changed_preprocessing_is_refused_even_if_it_is_valid(own_tiny_folder):
    path = own_tiny_folder / "preprocessing.json"
    settings = json.loads(path.read_text())
    settings["ct"]["spacing_mm"] = 2.0
    path.write_text(json.dumps(settings))
    with pytest.raises(ModelMismatchError, match=r"preprocessing\.json was altered"):
        load_model(own_tiny_folder)


def test_an_unknown_model_lists_the_known_ones():
    with pytest.raises(ModelNotFoundError, match="no-such-model"):
        find_model("no-such-model")


def test_an_unknown_kind_of_model_is_refused(own_tiny_folder):
    path = own_tiny_folder / "config.json"
    config = json.loads(path.read_text()) | {"model_type": "resnet"}
    path.write_text(json.dumps(config))
    with pytest.raises(ModelMismatchError, match=r"config\.json was altered"):
        load_model(own_tiny_folder)
    manifest = own_tiny_folder / "manifest.json"
    listed = json.loads(manifest.read_text())
    listed["files"]["config.json"] = file_sha256(path)
    manifest.write_text(json.dumps(listed))
    with pytest.raises(ModelMismatchError, match="'resnet' is not supported"):
        load_model(own_tiny_folder)


def test_an_imported_model_is_listed_beside_the_built_in_ones(own_tiny_folder, monkeypatch):
    monkeypatch.setenv("MEDVLP_MODELS", str(own_tiny_folder.parent))
    (info,) = [i for i in list_models() if not i.builtin]
    assert info.name == "tiny"
    assert info.modalities == ("CT", "XR")
    assert find_model("tiny") == own_tiny_folder


def test_a_device_that_is_not_there_is_refused_by_name(tiny_folder):
    import torch

    if torch.xpu.is_available():
        pytest.skip("this machine has an XPU")
    with pytest.raises(ModelMismatchError, match="'xpu' was asked for"):
        load_model(tiny_folder, device="xpu")
