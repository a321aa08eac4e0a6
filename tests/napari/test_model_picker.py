"""The list of models, their licences, and how one comes to be chosen."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from qtpy.QtCore import Qt

from medvlp.errors import ModelNotFoundError
from medvlp.models import install
from medvlp.models.folder import REQUIRED
from medvlp.models.load import builtin_folder
from medvlp.models.offers import Offer, list_offers
from medvlp_napari.model_picker import ModelPicker
from medvlp_napari.model_shelf import ModelShelf
from medvlp_napari.model_words import label
from medvlp_widgets import ProgressModel

pytest.importorskip("napari", reason="napari is an extra")

SIGLIP = "google/medsiglip-448"


def put(root: Path, name: str, **facts: object) -> None:
    """A model folder of which only the manifest is real: that is all that a list reads."""
    folder = root / name
    folder.mkdir(parents=True)
    for file in REQUIRED:
        (folder / file).touch()
    manifest = {
        "name": name, "title": name.title(), "files": {"model.safetensors": "ab" * 32},
        "modalities": ["XR"], "licence": "MIT",
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest | facts))


@pytest.fixture
def user_models(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def shelf(user_models) -> ModelShelf:
    return ModelShelf(ProgressModel(), start=lambda task: task())


@pytest.fixture
def picker(shelf, qtbot) -> ModelPicker:
    made = ModelPicker(shelf, "small")
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def chosen(picker) -> list[str]:
    heard: list[str] = []
    picker.chosen.connect(heard.append)
    return heard


def pick(picker: ModelPicker, name: str) -> None:
    index = picker.box.findData(name)
    picker.box.setCurrentIndex(index)
    picker.box.activated.emit(index)


def test_the_list_says_what_each_model_needs(user_models, picker):
    put(user_models, "mine")
    put(user_models, "theirs", must_accept=True, repository=SIGLIP)
    put(user_models, "broken")
    (user_models / "broken" / "tokenizer.json").unlink()
    picker.shelf.refresh()
    lines = [picker.box.itemText(i) for i in range(picker.box.count())]
    assert "small · built in · CT and X-ray" in lines
    assert "mine · on disk · X-ray" in lines
    assert "theirs · needs licence · X-ray" in lines
    assert "broken · files missing · X-ray" in lines
    assert any(line.startswith("microsoft/colipri · needs download (1.1 GB)") for line in lines)
    assert not any(SIGLIP in line for line in lines)


def test_a_model_that_is_not_whole_cannot_be_chosen(user_models, picker, chosen):
    put(user_models, "broken")
    (user_models / "broken" / "tokenizer.json").unlink()
    picker.shelf.refresh()
    pick(picker, "broken")
    assert chosen == []
    assert "tokenizer.json missing" in picker.card.text.text()
    assert not picker.card.accept_button.isVisible()


def test_a_line_of_a_model_that_is_not_here_says_its_size():
    offer = Offer("a/b", "B", "can-be-pulled", ("CT", "XR"), size=1_260_000_000)
    assert label(offer) == "a/b · needs download (1.3 GB) · CT and X-ray"


def test_a_model_on_disk_is_chosen_at_once(user_models, picker, chosen):
    put(user_models, "mine")
    picker.shelf.refresh()
    pick(picker, "mine")
    assert chosen == ["mine"]
    assert not picker.card.isVisible()


def test_a_licence_is_read_before_the_first_use_and_then_never_again(
    user_models, picker, chosen, qtbot
):
    put(user_models, "theirs", must_accept=True, licence="Their terms", citation="Them 2025")
    picker.shelf.refresh()
    pick(picker, "theirs")
    assert chosen == []
    assert "Their terms" in picker.card.text.text()
    assert "Them 2025" in picker.card.text.text()
    qtbot.mouseClick(picker.card.accept_button, Qt.MouseButton.LeftButton)
    assert chosen == ["theirs"]
    assert not picker.card.isVisible()
    assert {offer.key: offer.status for offer in list_offers()}["theirs"] == "on-disk"


def test_not_now_goes_back_to_the_model_in_use(picker, chosen, qtbot):
    pick(picker, SIGLIP)
    assert picker.card.accept_button.text() == "Accept and download 3.5 GB"
    qtbot.mouseClick(picker.card.decline_button, Qt.MouseButton.LeftButton)
    assert chosen == []
    assert picker.box.currentData() == "small"
    assert not picker.card.isVisible()


def test_a_download_that_arrives_is_chosen(user_models, picker, chosen, monkeypatch, qtbot):
    def pull(repository, revision, wishes, progress):
        assert wishes.accept_licence
        progress(0.5, "model.safetensors")
        put(user_models, "medsiglip-448", repository=repository)
        return user_models / "medsiglip-448"

    monkeypatch.setattr(install, "pull", pull)
    pick(picker, SIGLIP)
    qtbot.mouseClick(picker.card.accept_button, Qt.MouseButton.LeftButton)
    assert chosen == ["medsiglip-448"]
    assert picker.box.currentData() == "medsiglip-448"
    assert picker.box.findData(SIGLIP) == -1


def test_a_download_that_fails_says_why_and_changes_nothing(picker, chosen, monkeypatch, qtbot):
    def pull(*_):
        raise ModelNotFoundError("The hub cannot be reached.")

    monkeypatch.setattr(install, "pull", pull)
    pick(picker, SIGLIP)
    qtbot.mouseClick(picker.card.accept_button, Qt.MouseButton.LeftButton)
    assert chosen == []
    assert picker.progress_panel.label.text() == "Failed: The hub cannot be reached."


def test_a_cancelled_download_stops_at_its_next_report(user_models, monkeypatch):
    shelf, steps = ModelShelf(ProgressModel(), start=lambda task: tasks.append(task)), []
    tasks: list = []

    def pull(repository, revision, wishes, progress):
        for step in range(3):
            progress(step / 3, "model.safetensors")
            steps.append(step)
            if step == 1:
                shelf.cancel()

    monkeypatch.setattr(install, "pull", pull)
    shelf.download(SIGLIP)
    tasks[0]()
    shelf.poll()
    assert steps == [0, 1]
    assert shelf.progress.message == "Cancelled."
    assert not shelf.progress.running


def test_a_folder_that_medvlp_wrote_is_added_and_chosen(user_models, picker, chosen, monkeypatch):
    monkeypatch.setattr(install, "free_name", lambda _name: "copy")
    picker.shelf.add_folder(builtin_folder() / "small")
    assert chosen == ["copy"]
    assert (user_models / "copy" / "model.safetensors").is_file()


def test_a_folder_without_a_model_is_refused_with_a_sentence(picker, chosen, tmp_path):
    picker.shelf.add_folder(tmp_path)
    assert chosen == []
    assert picker.shelf.progress.failed
    assert tmp_path.name in picker.shelf.progress.message
