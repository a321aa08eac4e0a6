"""The model picker in the real window with a real process and a hub on this computer: to the first answer."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from published_layouts import write_clip
from small_hub import Hub, running_hub

CLIP = "openai/clip-vit-base-patch16"
NAME = "clip-vit-base-patch16"
WEIGHTS = "model.safetensors"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Has a tiny model under the name of a published one."""
    (tmp_path / "published").mkdir()
    with running_hub() as made:
        files = write_clip(tmp_path / "published").iterdir()
        made.repositories[CLIP] = {path.name: path.read_bytes() for path in files}
        monkeypatch.setenv("HF_ENDPOINT", made.address)
        monkeypatch.setenv("MEDVLP_MODELS", str(tmp_path / "models"))
        monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path / "cache"))
        yield made


class Running:
    """A window with its picker open and a model selected; its buttons are pressed as a user does."""

    def __init__(self, application, viewer) -> None:
        self.application, self.viewer = application, viewer
        self.picker = viewer.state.picker
        viewer.window.show()
        viewer.window.action("models-choose").trigger()
        self.panel = viewer.window._models
        self.until(lambda: self.picker.listed)

    def until(self, condition, seconds: float = 240.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, self.said()
            self.application.processEvents()
            time.sleep(0.01)

    def said(self) -> str:
        return self.viewer.window.messages.text.text()

    def select(self, key: str) -> None:
        rows = range(self.panel.table.rowCount())
        (row,) = (n for n in rows if self.panel.table.item(n, 0).text() == key)
        self.panel.table.selectRow(row)

    def press(self, name: str) -> None:
        self.application.processEvents()
        button = self.panel.buttons[name]
        assert button.isVisible()
        button.click()

    def status(self) -> str:
        """Of the selected model; empty until it is listed."""
        keys = [offer.key for offer in self.picker.offers]
        if self.picker.selected not in keys:
            return ""
        return self.panel.table.item(keys.index(self.picker.selected), 3).text()


@pytest.fixture
def running(qt_application, hub) -> Iterator[Running]:
    from medvlp.worker import Worker
    from medvlp_viewer.application import make_viewer

    viewer = make_viewer(Worker(device="cpu"))
    yield Running(qt_application, viewer)
    viewer.close()
    viewer.window.widget.deleteLater()
    qt_application.processEvents()


def test_a_model_is_downloaded_stopped_resumed_checked_used_and_asked(running, hub, phantom):
    from medvlp_viewer.application import start

    weights = hub.repositories[CLIP][WEIGHTS]
    hub.wait_after[WEIGHTS] = len(weights) // 2
    running.select(CLIP)
    assert "MIT" in running.panel.detail.text()
    assert "accepted with the download" in running.panel.advice.text()
    assert hub.ranges == []

    running.press("models-download")
    running.until(lambda: running.panel.progress.value() > 20)
    assert running.status().startswith("Downloading")
    running.press("models-stop")
    running.until(lambda: "was stopped" in running.said())
    hub.go_on.set()
    assert running.status() == "Can be downloaded"

    running.press("models-download")
    running.until(lambda: "downloaded and checked" in running.said())
    first, second = [asked for name, asked in hub.ranges if name == WEIGHTS]
    assert first is None
    assert 0.1 * len(weights) < int(second.removeprefix("bytes=").rstrip("-")) <= len(weights) / 2
    running.until(lambda: running.picker.selected == NAME and running.status() == "On disk")

    start(running.viewer, str(phantom), ())
    running.until(lambda: running.viewer.state.scan.scan is not None)
    running.press("models-use")
    running.until(lambda: running.status() == "In use")
    running.viewer.window.ask("pleural effusion")
    heats = running.viewer.state.heats
    running.until(lambda: heats.get("pleural effusion") is not None)
    assert 0 <= heats.get("pleural effusion").probability <= 1


def test_a_model_is_added_from_a_folder_and_used(running, tmp_path, monkeypatch):
    folder = str(tmp_path / "published")
    monkeypatch.setattr("PySide6.QtWidgets.QFileDialog.getExistingDirectory", lambda *given: folder)
    running.press("models-import")
    running.until(lambda: "Read the licence" in running.said())
    assert "mit" in running.said()
    running.viewer.window.messages.action.click()
    running.until(lambda: "was added and checked" in running.said())
    running.until(lambda: running.status() == "On disk")
    assert running.picker.selected == "published"
    running.press("models-use")
    running.until(lambda: running.status() == "In use")


def test_a_damaged_and_a_broken_download_are_said_and_the_next_one_works(running, hub):
    running.select(CLIP)
    hub.spoilt.add(WEIGHTS)
    running.press("models-download")
    running.until(lambda: "arrived damaged" in running.said())
    hub.spoilt.clear()
    hub.cut_after[WEIGHTS] = 5000
    running.until(lambda: not running.picker.download)
    running.press("models-download")
    running.until(lambda: "goes on where it stopped" in running.said())
    running.press("models-download")
    running.until(lambda: "downloaded and checked" in running.said())
    assert [asked for name, asked in hub.ranges if name == WEIGHTS] == [None, None, "bytes=5000-"]
