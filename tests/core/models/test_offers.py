"""What a model picker offers."""

from __future__ import annotations

import json
import shutil

import pytest

from medvlp.errors import LicenceError
from medvlp.models.backends.catalogue import CATALOGUE
from medvlp.models.folder import write_manifest
from medvlp.models.load import load_model
from medvlp.models.offers import accept_licence, list_offers


@pytest.fixture
def models(tmp_path, monkeypatch):
    """The user's folder of models."""
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
    (tmp_path / "models").mkdir()
    return tmp_path / "models"


@pytest.fixture
def add(models, own_tiny_folder):
    """``add(name, **facts)``: a model of the user."""

    def add(name, **facts):
        folder = models / name
        shutil.copytree(own_tiny_folder, folder)
        known = {"title": name.title(), "modalities": ["XR"], "licence": "MIT"}
        write_manifest(folder, name=name, **(known | facts))
        return folder

    return add


def by_key(*others):
    return {offer.key: offer for offer in list_offers(others)}


def test_shipped_models_come_first_and_published_ones_can_be_pulled(models):
    offers = by_key()
    assert offers["small"].status == "built-in"
    assert offers["small"].ready
    assert offers["small"].parameters > 1_000_000
    assert list(offers).index("small") < min(list(offers).index(r) for r in CATALOGUE)
    remote = offers["google/medsiglip-448"]
    assert remote.status == "can-be-pulled"
    assert not remote.ready
    assert remote.size == 3_500_000_000
    assert "Health AI" in remote.licence
    assert "arXiv" in remote.citation


def test_a_model_of_the_user_is_on_disk_with_the_size_of_its_weights(add):
    folder = add("mine", parameters=17)
    offer = by_key()["mine"]
    assert (offer.status, offer.title, offer.modalities) == ("on-disk", "Mine", ("XR",))
    assert offer.size == (folder / "model.safetensors").stat().st_size
    assert offer.parameters == 17


def test_a_published_model_that_is_on_disk_is_not_offered_for_download(add):
    add("siglip", repository="google/medsiglip-448")
    offers = by_key()
    assert offers["siglip"].status == "on-disk"
    assert "google/medsiglip-448" not in offers


def test_a_licence_of_somebody_else_is_accepted_once(add):
    folder = add("theirs", must_accept=True, licence="Terms")
    settings = json.loads((folder / "config.json").read_text())
    settings["model_type"] = "siglip"
    (folder / "config.json").write_text(json.dumps(settings))
    write_manifest(folder, name="theirs", modalities=["XR"], licence="Terms", must_accept=True)
    assert by_key()["theirs"].status == "needs-licence"
    with pytest.raises(LicenceError):
        load_model("theirs")
    accept_licence("theirs")
    assert by_key()["theirs"].status == "on-disk"


def test_missing_files_are_named(add):
    folder = add("broken")
    (folder / "tokenizer.json").unlink()
    (folder / "model.safetensors").unlink()
    offer = by_key()["broken"]
    assert offer.status == "files-missing"
    assert offer.missing == ("model.safetensors", "tokenizer.json")
    assert offer.size == 0
    assert not offer.ready


def test_a_folder_elsewhere_is_offered_by_its_path_and_only_once(add, own_tiny_folder):
    mine = add("mine")
    offers = by_key(own_tiny_folder, mine, own_tiny_folder / "nothing")
    assert offers[str(own_tiny_folder)].status == "on-disk"
    assert str(mine) not in offers
    assert offers["mine"].path == str(mine.resolve())
