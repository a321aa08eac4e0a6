"""The dock widget in a real napari window, with inference in a real child process.

Run by test_in_window.py in a process of its own, because a canvas needs OpenGL and the Qt platform
of a process cannot be changed once an application exists.
"""

from __future__ import annotations

import os
import sys

import numpy as np
import pytest

from medvlp.worker import Worker
from medvlp_napari.reading import layer_data
from medvlp_napari.widget import AskWidget

pytest.importorskip("napari", reason="napari is an extra")

FACTORY = """
from fake_model import FakeModel
from medvlp.session import Session

def quick():
    return Session(FakeModel(), cache=False)

def slow():
    return Session(FakeModel(delay=60.0), cache=False)

def crashing():
    return Session(FakeModel(crash=True), cache=False)

class Named(FakeModel):
    def __init__(self, name):
        super().__init__()
        self.name = name

class AnyModel(Session):
    def use_model(self, model, device="auto"):
        super().use_model(Named(model), device)

def any_model():
    return AnyModel(FakeModel(), cache=False)
"""


@pytest.fixture
def worker_with(fake_model, tmp_path, monkeypatch):
    """``worker_with("quick")``: a Worker whose sessions use the model without torch."""
    (tmp_path / "napari_sessions.py").write_text(FACTORY)
    monkeypatch.syspath_prepend(tmp_path)  # spawned processes inherit sys.path
    workers = []

    def make(name: str) -> Worker:
        workers.append(Worker(fake_session_factory=f"napari_sessions:{name}"))
        return workers[-1]

    yield make
    for worker in workers:
        worker.close()


@pytest.fixture
def dock(make_napari_viewer, worker_with, ct):
    """``dock("quick")``: viewer with the phantom and the docked widget."""

    def make(session: str) -> tuple:
        viewer = make_napari_viewer()
        data, arguments, _ = layer_data(ct, "phantom")
        viewer.add_image(data, **arguments)
        widget = AskWidget(viewer, jobs=worker_with(session))
        viewer.window.add_dock_widget(widget, name="Ask in words", area="right")
        return viewer, widget

    return make


def test_a_typed_question_becomes_a_layer_on_the_kidney(dock, qtbot, phantoms):
    viewer, widget = dock("quick")
    widget.ask("left kidney")
    qtbot.waitUntil(lambda: "left kidney" in viewer.layers, timeout=60_000)
    heat = viewer.layers["left kidney"]
    index = np.argwhere(np.asarray(heat.data) > 0.5).mean(axis=0)
    np.testing.assert_allclose(heat.data_to_world(index), phantoms.kidney_mm[::-1], atol=4.0)
    assert widget.query_panel.model["left kidney"].probability is not None
    assert "peaks" in viewer.layers
    assert widget.status.text() == "fake on cpu (numpy)"


def test_selecting_the_row_moves_the_viewer_to_the_peak(dock, qtbot, phantoms):
    viewer, widget = dock("quick")
    widget.ask("left kidney")
    qtbot.waitUntil(lambda: "peaks" in viewer.layers, timeout=60_000)
    widget.query_panel.model.select("left kidney")
    assert viewer.dims.point[0] == pytest.approx(phantoms.kidney_mm[2], abs=14.0)


def test_scoring_fills_the_table_and_adds_labels(dock, qtbot):
    viewer, widget = dock("quick")
    widget.organ_panel.score_button.click()
    qtbot.waitUntil(lambda: "organs" in viewer.layers, timeout=60_000)
    assert "kidney_left" in [entry.name for entry in widget.organ_panel.entries]
    widget.organ_panel.select("kidney_left")
    assert viewer.layers["organs"].show_selected_label


def test_another_model_answers_without_a_restart(dock, qtbot, phantoms):
    viewer, widget = dock("any_model")
    widget.ask("left kidney")
    qtbot.waitUntil(lambda: "left kidney" in viewer.layers, timeout=60_000)
    widget.choose_model("other")
    qtbot.waitUntil(lambda: "left kidney (fake)" in viewer.layers, timeout=60_000)
    qtbot.waitUntil(lambda: "left kidney" in viewer.layers, timeout=60_000)
    assert widget.status.text() == "other on cpu (numpy)"
    assert widget.model_picker.box.currentText() == "other"
    heat = viewer.layers["left kidney"]
    assert heat.metadata["medvlp"]["model"] == "other"
    index = np.argwhere(np.asarray(heat.data) > 0.5).mean(axis=0)
    np.testing.assert_allclose(heat.data_to_world(index), phantoms.kidney_mm[::-1], atol=4.0)
    assert not viewer.layers["left kidney (fake)"].visible


def test_cancel_stops_a_long_job_and_the_window_stays_usable(dock, qtbot):
    viewer, widget = dock("slow")
    widget.ask("kidney")
    progress = widget.progress_panel.model
    qtbot.waitUntil(lambda: progress.title == "Encoding the scan", timeout=60_000)
    widget.progress_panel.cancel_button.click()
    qtbot.waitUntil(lambda: not progress.running, timeout=30_000)
    assert "kidney" not in viewer.layers
    assert widget.query_panel.model["kidney"].verdict == "failed"
    assert widget.query_panel.edit.isEnabled()


def test_a_crash_of_the_process_is_a_message_not_a_lost_session(dock, qtbot):
    viewer, widget = dock("crashing")
    widget.ask("kidney")
    row = lambda: widget.query_panel.model["kidney"]  # noqa: E731
    qtbot.waitUntil(lambda: row().verdict == "failed", timeout=60_000)
    assert "process ended" in row().reason
    assert "phantom" in viewer.layers


def test_the_list_of_images_follows_the_viewer(dock):
    viewer, widget = dock("quick")
    viewer.add_image(np.zeros((8, 9)), name="xray")
    viewer.add_labels(np.zeros((8, 9), int), name="labels")
    names = [widget.layer_box.itemText(i) for i in range(widget.layer_box.count())]
    assert names == ["xray", "phantom"]
    viewer.layers.selection.active = viewer.layers["xray"]
    assert widget.controller.source is viewer.layers["xray"]
    assert "cardiomegaly" in widget.query_panel.examples.texts
    del viewer.layers["phantom"]
    del viewer.layers["xray"]
    assert not widget.query_panel.edit.isEnabled()
    assert "Open or select" in widget.query_panel.reason_label.text()


def test_napari_opens_the_widget_from_the_manifest(plugin, make_napari_viewer_proxy):
    viewer = make_napari_viewer_proxy()
    _, widget = viewer.window.add_plugin_dock_widget("medvlp", "Ask in words")
    assert isinstance(widget, AskWidget)


def test_samples_open_from_the_manifest_without_a_download(plugin, make_napari_viewer):
    from medvlp.io.samples import available_samples

    assert "effusion-ct" in {s.name for s in available_samples() if s.path is not None}
    viewer = make_napari_viewer()
    (layer,) = viewer.open_sample("medvlp", "effusion-ct")
    assert layer.ndim == 3
    assert layer.metadata["medvlp"]["example_query"]


def test_no_other_binding_is_loaded_than_the_one_that_was_asked_for(dock, qtbot):
    _, widget = dock("quick")
    widget.ask("left kidney")
    widget.query_panel.show_drawing("left kidney")
    loaded = {name for name in ("PySide6", "PyQt6", "PyQt5") if name in sys.modules}
    asked_for = os.environ.get("QT_API", "pyside6")
    assert {name.lower() for name in loaded} == {asked_for}
