"""Phantoms whose parts are known in millimetres, and a session on the model without torch."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp.grounding.heatmap import Heatmap
from medvlp.scan import Scan
from medvlp.session import Session
from medvlp.worker import EncodingFacts, Event, ModelFacts

if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

KIDNEY_MM = (34.0, 21.0, -46.0)
"""LPS centre of the phantom's only kidney: on the left, at the back, low."""


def phantom(geometry: Geometry) -> Scan:
    """CT of air with a ball of kidney (120 HU, radius 14 mm) at :data:`KIDNEY_MM`."""
    grid = np.moveaxis(np.indices(geometry.shape), 0, -1)
    distance = np.linalg.norm(geometry.index_to_world(grid) - KIDNEY_MM, axis=-1)
    array = np.where(distance <= 14.0, 120, -1000).astype(np.int16)
    return Scan(array, geometry, "CT", "HU")


def rotated(degrees: float, axis: int) -> np.ndarray:
    """3 x 3 rotation about a patient axis."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = [a for a in range(3) if a != axis]
    matrix = np.eye(3)
    matrix[[i, i, j, j], [i, j, i, j]] = c, -s, s, c
    return matrix


def geometry_around_kidney(
    shape: tuple[int, int, int],
    spacing: tuple[float, float, float],
    axes: tuple[tuple[int, int], ...] = ((2, 1), (1, 1), (0, 1)),
    tilt: np.ndarray | None = None,
) -> Geometry:
    """Geometry whose field of view holds the kidney off centre, with these axes and signs."""
    affine = np.eye(4)
    for column, ((axis, sign), step) in enumerate(zip(axes, spacing, strict=True)):
        direction = np.zeros(3)
        direction[axis] = sign
        affine[:3, column] = step * (direction if tilt is None else tilt @ direction)
    centre = np.add(KIDNEY_MM, (-9.0, 6.0, 11.0))
    affine[:3, 3] = centre - affine[:3, :3] @ ((np.asarray(shape) - 1) / 2)
    return Geometry(shape, affine)


@pytest.fixture
def ct() -> Scan:
    """Anisotropic, S P L."""
    return phantom(geometry_around_kidney((22, 40, 36), (4.0, 2.0, 2.5)))


@pytest.fixture
def fake_session(fake_model) -> Session:
    return Session(fake_model, cache=False)


@pytest.fixture
def plugin(npe2pm) -> Iterator[Any]:
    """This plugin alone, registered from its manifest."""
    manifest = Path(__file__).resolve().parents[2] / "viewer_plugins/medvlp_napari/napari.yaml"
    with npe2pm.tmp_plugin(manifest=str(manifest)) as registered:
        yield registered


@pytest.fixture
def phantoms() -> SimpleNamespace:
    """The functions above, for tests that need their own geometry."""
    return SimpleNamespace(
        kidney_mm=np.asarray(KIDNEY_MM),
        make=phantom,
        geometry=geometry_around_kidney,
        rotated=rotated,
    )


class ScriptedJobs:
    """Remembers requests; a test decides when and how each ends."""

    def __init__(self) -> None:
        self.requests: dict[int, tuple[str, dict]] = {}
        self.cancelled: list[int] = []
        self._events: list[Event] = []

    def submit(self, kind, **arguments) -> int:
        number = len(self.requests) + 1
        self.requests[number] = (kind, arguments)
        return number

    def poll(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def cancel(self, request: int) -> None:
        self.cancelled.append(request)

    def end(self, kind: str, event: str = "result", message: str = "", value=None) -> None:
        number = max(n for n, (k, _) in self.requests.items() if k == kind)
        self._events.append(Event(number, event, 1.0, message, value))

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.requests.values()]

    @property
    def scan(self):
        return next(a["source"] for k, a in reversed(self.requests.values()) if k == "open")


@pytest.fixture
def heat():
    """``heat(scan, text, cell)``: an answer that is hot in one cell of a coarse grid."""

    def make(scan, text: str, cell=(1, 1, 1), probability: float | None = 0.8) -> Heatmap:
        grid = scan.geometry.resampled((4, 5, 6))
        values = np.zeros(grid.shape, np.float32)
        if probability is not None:
            values[cell] = 1.0
        return Heatmap(
            SimpleNamespace(text=text), values, grid, scan.geometry, probability,
            abstained=probability is None, reason="" if probability is not None else "not a finding",
        )  # fmt: skip

    return make


@pytest.fixture
def model_facts():
    """``model_facts("fake")``: what the inference process says of a model."""

    def make(name: str = "fake") -> ModelFacts:
        return ModelFacts(name, name * 8, f"{name}@{name}", "cpu (numpy)", ("CT",))

    return make


@pytest.fixture
def facts(model_facts):
    """``facts(scan, organs, model)``: what the inference process says of an encoding."""

    def make(scan, organs=None, model: str = "fake") -> EncodingFacts:
        grid = scan.geometry.resampled((4, 5, 6))
        return EncodingFacts(model_facts(model), 0.99, grid, organs or {}, {})

    return make


@pytest.fixture
def jobs() -> ScriptedJobs:
    return ScriptedJobs()


@pytest.fixture
def viewer_with_ct(ct):
    """napari's viewer model, and the phantom as a layer of it."""
    from napari.components import ViewerModel

    from medvlp_napari.reading import layer_data

    viewer = ViewerModel()
    data, arguments, _ = layer_data(ct, "phantom")
    return viewer, viewer.add_image(data, **arguments)


@pytest.fixture
def controller(jobs, viewer_with_ct):
    """Controller whose source is the phantom; work runs at once instead of in a thread."""
    from medvlp_napari.controller import Controller
    from medvlp_widgets import OverlayModel, ProgressModel, QueryModel

    viewer, layer = viewer_with_ct
    models = (QueryModel(), OverlayModel(), ProgressModel())
    made = Controller(viewer, jobs, *models, start=lambda task: task())
    made.set_source(layer)
    return made


@pytest.fixture
def encoded(controller, jobs, facts):
    """``encoded()``: the process has received the scan and encoded it."""

    def run(model: str = "fake") -> None:
        jobs.end("open")
        jobs.end("encode", value=facts(jobs.scan, model=model))
        controller.poll()

    return run


@pytest.fixture
def ask(controller, jobs, heat, encoded):
    """Ask and let the process answer."""

    def run(text: str, model: str = "fake", **options) -> None:
        row = controller.queries.ask(text)
        controller.ask(row.text)
        encoded(model)
        jobs.end("ask", value=[heat(jobs.scan, text, **options)])
        controller.poll()

    return run
