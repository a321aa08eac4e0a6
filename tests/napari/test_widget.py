"""The dock widget without a window: it needs only napari's viewer model."""

from __future__ import annotations

import numpy as np
import pytest

import medvlp.worker
from medvlp_napari.widget import AskWidget

components = pytest.importorskip("napari.components", reason="napari is an extra")


class IdleWorker:
    """Takes requests and never answers."""

    def __init__(self, *_, **__) -> None:
        self.closed = 0
        self.requests: list[str] = []

    def submit(self, kind, **_) -> int:
        self.requests.append(kind)
        return len(self.requests)

    def poll(self) -> list:
        return []

    def cancel(self, request: int) -> None:
        pass

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def viewer():
    return components.ViewerModel()


def test_nothing_is_started_before_the_first_question(viewer, qtbot):
    worker = IdleWorker()
    widget = AskWidget(viewer, jobs=worker, start=lambda task: task())
    qtbot.addWidget(widget)
    viewer.add_image(np.zeros((8, 9)))
    assert worker.requests == []
    widget.ask("effusion")
    assert worker.requests == ["open", "encode", "ask"]


def test_a_deleted_widget_closes_its_worker_and_hears_no_more(viewer, qtbot, monkeypatch):
    made: list[IdleWorker] = []
    monkeypatch.setattr(medvlp.worker, "Worker", lambda: made.append(IdleWorker()) or made[-1])
    widget = AskWidget(viewer)
    with qtbot.waitSignal(widget.destroyed, timeout=5000):
        widget.deleteLater()
    assert made[0].closed == 1
    viewer.add_image(np.zeros((8, 9)))
    viewer.dims.set_point(0, 3.0)


def test_axes_can_be_chosen_only_for_layers_of_other_readers(viewer, qtbot, ct):
    from medvlp_napari.reading import layer_data

    widget = AskWidget(viewer, jobs=IdleWorker(), start=lambda task: task())
    qtbot.addWidget(widget)
    own = viewer.add_image(ct.array, name="own")
    assert widget.orientation_box.isEnabled()
    widget.orientation_box.setCurrentIndex(widget.orientation_box.findData("SAR"))
    assert widget.controller.orientation == "SAR"
    data, arguments, _ = layer_data(ct, "read")
    viewer.add_image(data, **arguments)
    assert widget.controller.source is viewer.layers["read"]
    assert not widget.orientation_box.isEnabled()
    assert widget.controller.orientation == "SPL"
    viewer.layers.selection.active = own
    assert widget.orientation_box.isEnabled()
