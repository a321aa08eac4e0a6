"""Published folders become model folders, and what a user may change."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from medvlp.errors import LicenceError, ModelMismatchError, ModelNotFoundError
from medvlp.models.backends.importing import convert, identify
from medvlp.models.folder import model_info, problems
from medvlp.models.install import Wishes, install, remove
from medvlp.models.load import find_model, list_models, load_model, user_folder

YES = Wishes(accept_licence=True)


def edit(path, **changes):
    found = json.loads(path.read_text())
    path.write_text(json.dumps(found | changes))


def test_a_published_folder_becomes_a_whole_model_folder(published):
    target = install(published("clip"), Wishes("mine", accept_licence=True))
    assert target == user_folder() / "mine"
    assert problems(target) == []
    info = model_info(target)
    assert (info.name, info.licence, info.modalities) == ("mine", "mit", ("CT", "XR"))
    assert info.parameters == sum(
        t.numel() for t in load_file(target / "model.safetensors").values()
    )
    assert load_model("mine", device="cpu").name == "mine"


def test_the_folder_it_came_from_is_left_alone(own_copy):
    folder = own_copy("biomedclip")
    before = {p.name: p.stat().st_size for p in folder.iterdir()}
    install(folder, YES)
    assert {p.name: p.stat().st_size for p in folder.iterdir()} == before


@pytest.mark.parametrize("layout", ["biomedclip", "biovil"])
def test_pickled_weights_are_converted_once_and_not_kept(layout, published):
    target = install(published(layout), YES)
    assert not [p for p in target.iterdir() if p.suffix in (".bin", ".pt")]
    assert (target / "model.safetensors").is_file()


def test_medsiglip_is_known_by_its_card(published):
    info = model_info(install(published("siglip"), YES))
    assert info.repository == "google/medsiglip-448"
    assert info.title == "MedSigLIP"
    settings = json.loads((info.path / "preprocessing.json").read_text())
    assert settings["fit"] == "pad"
    assert settings["ct_windows"] == [[-1225, 1025], [-135, 215], [0, 80]]
    assert settings["resample"] == "bilinear"
    assert settings["sources"]["mean"] == "preprocessor_config.json"


def test_a_model_is_found_by_its_hub_id(published):
    install(published("siglip"), Wishes("sig", accept_licence=True))
    assert load_model("google/medsiglip-448", device="cpu").name == "sig"


def test_every_number_of_a_transform_says_where_it_comes_from(imported):
    for layout in (
        "clip",
        "siglip",
        "colipri",
        "biomedclip",
        "biovil",
        "ctclip",
        "merlin",
        "raddino",
    ):
        settings = json.loads((imported(layout) / "preprocessing.json").read_text())
        numbers = set(settings) - {"schema", "sources", "batch_size", "dense"}
        silent = numbers - set(settings["sources"])
        allowed = {"ct_windows", "slice_mm", "stretch", "crop_offset", "fit"}
        if layout != "merlin":  # what TorchIO does, and CT-CLIP's own script
            allowed |= {"align", "cell_centre"}
        assert silent <= allowed, f"{layout}: {silent}"


def test_without_its_licence_accepted_nothing_is_written(published):
    with pytest.raises(LicenceError, match="then accept it") as refused:
        install(published("siglip"))
    assert "--accept-licence" in refused.value.at_the_prompt
    assert "Health AI Developer Foundations" in str(refused.value)
    assert "MedGemma Technical Report" in str(refused.value)
    assert [p.name for p in user_folder().iterdir()] == []


def test_a_model_accepted_by_somebody_else_is_not_yet_accepted(published, tmp_path, monkeypatch):
    theirs = install(published("clip"), YES)
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "other user"))
    with pytest.raises(LicenceError, match="then accept it"):
        load_model(theirs, device="cpu")
    with pytest.raises(LicenceError, match="then accept it"):
        install(theirs)
    install(theirs, YES)
    assert load_model(theirs, device="cpu").modalities == ("CT", "XR")


def test_a_model_without_a_stated_licence_asks_nothing(own_copy):
    folder = own_copy("clip")
    (folder / "README.md").unlink()
    info = model_info(install(folder))
    assert (info.licence, info.must_accept) == ("not stated", False)
    assert load_model(info.path, device="cpu")


def test_a_field_of_the_transform_can_be_changed_and_makes_another_model(published):
    plain = install(published("colipri"), Wishes("ras", accept_licence=True))
    turned = Wishes("sar", overrides={"orientation": "SAR"}, accept_licence=True)
    other = install(published("colipri"), turned)
    settings = json.loads((other / "preprocessing.json").read_text())
    assert settings["orientation"] == "SAR"
    assert settings["sources"]["orientation"] == "chosen by the user on import"
    a, b = model_info(plain), model_info(other)
    assert a.sha256 == b.sha256
    assert a.fingerprint != b.fingerprint


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"no_such_field": 1}, "no_such_field"),
        ({"slice_mm": -1}, "slice_mm"),
        ({"orientation": "RAS"}, "orientation"),
    ],
)
def test_a_field_that_is_not_there_or_cannot_be_is_refused(overrides, said, published):
    with pytest.raises(ModelMismatchError, match=said):
        install(published("clip"), Wishes(overrides=overrides, accept_licence=True))


def test_an_encoding_of_another_transform_is_not_taken_from_the_cache(published):
    """Same name, same weights, same scan: the cache key holds the transform."""
    import numpy as np

    from medvlp.geometry import Geometry
    from medvlp.scan import Scan

    array = np.random.default_rng(0).normal(0, 200, (6, 20, 20)).astype(np.int16)
    scan = Scan(array, Geometry.axial(array.shape, (5.0, 2.0, 2.0)), "CT", "HU")
    messages: list[str] = []
    for slices in (5.0, 10.0):
        install(published("clip"), Wishes("same", None, {"slice_mm": slices}, True))
        model = load_model("same", device="cpu")
        model.encode(scan, progress=lambda _, said: messages.append(said))
        remove("same")
    assert not any("taken from the cache" in m for m in messages)


def test_clip_vocabulary_files_become_a_tokenizer(own_copy):
    folder = own_copy("clip")
    (folder / "tokenizer.json").unlink()
    words = ["<|startoftext|>", "<|endoftext|>", "l", "u", "n", "g</w>", "lu", "lun", "lung</w>"]
    (folder / "vocab.json").write_text(json.dumps({w: i for i, w in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\nl u\nlu n\nlun g</w>\n")
    edit_config = json.loads((folder / "config.json").read_text())
    edit_config["text_config"] |= {"eos_token_id": 1, "bos_token_id": 0}
    edit(folder / "config.json", **edit_config)
    model = load_model(install(folder, YES), device="cpu")
    assert model._tokenizer.encode("Lung").ids == [0, 8, 1]


def test_sharded_weights_are_put_together(own_copy):
    folder = own_copy("clip")
    tensors = load_file(folder / "model.safetensors")
    names = sorted(tensors)
    parts = {
        "model-00001-of-00002.safetensors": names[:40],
        "model-00002-of-00002.safetensors": names[40:],
    }
    for file, keys in parts.items():
        save_file({k: tensors[k] for k in keys}, folder / file)
    (folder / "model.safetensors").unlink()
    index = {"weight_map": {k: file for file, keys in parts.items() for k in keys}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    ours = load_file(install(folder, YES) / "model.safetensors")
    assert all(torch.equal(ours[k], tensors[k]) for k in tensors)
    (folder / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(ModelMismatchError, match="not complete"):
        install(folder, Wishes("again", accept_licence=True))


def test_a_users_own_model_is_removed_and_a_shipped_one_is_not(published):
    install(published("clip"), Wishes("mine", accept_licence=True))
    assert remove("mine") > 10_000
    assert "mine" not in {m.name for m in list_models()}
    with pytest.raises(ModelNotFoundError, match="Your own models: none"):
        remove("mine")
    with pytest.raises(ModelMismatchError, match="ships with medvlp"):
        remove("small")


def test_conversion_needs_no_licence_check_of_its_own(published, tmp_path):
    """The parts: what install puts together."""
    convert(published("clip"), tmp_path, "x", identify(published("clip")))
    assert problems(tmp_path) == []


def test_no_module_of_the_reference_packages_is_imported():
    import subprocess
    import sys

    script = (
        "import sys\n"
        "from medvlp.models.backends import biomedclip, biovil, colipri, dual, importing, planar\n"
        "from medvlp.models.backends.networks import empty_network\n"
        "empty_network({'model_type': 'clip'}, 'x')\n"
        "print(sorted({'torchvision', 'timm', 'open_clip', 'torchio', 'colipri'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_every_model_of_the_documentation_can_be_pulled_by_its_hub_id_and_the_reverse():
    import re

    from medvlp.models.backends.catalogue import CATALOGUE

    page = Path(__file__).parents[4] / "docs" / "reference" / "models.md"
    rows = re.findall(r"^\| \[`([^`]+/[^`]+)`\]", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(rows) == set(CATALOGUE)


def test_one_damaged_model_does_not_hide_the_others_and_can_be_removed(published, caplog):
    install(published("clip"), Wishes(name="whole", accept_licence=True))
    broken = install(published("siglip"), Wishes(name="broken", accept_licence=True))
    (broken / "manifest.json").write_text("{")
    assert [i.name for i in list_models() if not i.builtin] == ["whole"]
    assert "broken is not a medvlp model" in caplog.text
    assert find_model("whole").name == "whole"
    with pytest.raises(ModelMismatchError, match="broken is not a medvlp model"):
        find_model("broken")
    assert remove("broken") > 0
    assert not broken.exists()


def test_what_a_killed_import_left_is_swept_a_day_later(published):
    root = user_folder()
    for name in ("old", "new"):
        (root / f".importing-{name}").mkdir(parents=True)
    os.utime(root / ".importing-old", (0, 0))
    install(published("clip"), Wishes(accept_licence=True))
    assert [p.name for p in root.glob(".importing-*")] == [".importing-new"]
