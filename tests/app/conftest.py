"""Scans, heatmaps, fake views and a fake worker for the viewer's tests."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_API", "pyside6")

from medvlp import Geometry, Heatmap, Query, Scan
from medvlp_viewer.models.planes import PLANES
from medvlp_viewer.views.base import WindowView
from medvlp_viewer.views.compare import CompareView
from medvlp_viewer.views.keep import KeepView
from medvlp_viewer.views.measure import MeasureView
from medvlp_viewer.views.pane import PaneView, Viewpoint
from medvlp_viewer.views.server import ServerView
from medvlp_viewer.views.volume import VolumeView
from medvlp_viewer.views.worklist import WorklistView

# Array axes (slice, row, column) in LPS of what scanners write for these positions, axial slices
# from feet to head (or the reverse, feet first).
POSITIONS = {
    "HFS": ((0, 0, 1), (0, 1, 0), (1, 0, 0)),
    "HFP": ((0, 0, 1), (0, -1, 0), (-1, 0, 0)),
    "FFS": ((0, 0, -1), (0, 1, 0), (-1, 0, 0)),
    "FFP": ((0, 0, -1), (0, -1, 0), (1, 0, 0)),
    "coronal acquisition": ((0, 1, 0), (0, 0, -1), (1, 0, 0)),
    "sagittal acquisition": ((1, 0, 0), (0, 0, -1), (0, 1, 0)),
}


def make_geometry(position: str = "HFS", shape=(12, 20, 24), spacing=(5.0, 1.0, 1.0)) -> Geometry:
    """Volume centred at the origin, its axes along the named position."""
    affine = np.eye(4)
    for i, direction in enumerate(POSITIONS[position]):
        affine[:3, i] = np.asarray(direction) * spacing[i]
    affine[:3, 3] = -affine[:3, :3] @ ((np.asarray(shape) - 1) / 2)
    return Geometry(shape, affine)


def make_oblique(shape=(12, 20, 24), spacing=(5.0, 0.7, 0.9)) -> Geometry:
    """Turned by 20 degrees about z, then 10 about x."""
    a, b = np.radians(20), np.radians(10)
    about_z = np.array([[np.cos(a), -np.sin(a), 0], [np.sin(a), np.cos(a), 0], [0, 0, 1]])
    about_x = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    straight = make_geometry("HFS", shape, spacing).affine
    affine = np.eye(4)
    affine[:3] = about_x @ about_z @ straight[:3]
    return Geometry(shape, affine)


def make_scan(geometry: Geometry, spot_mm=(8.0, -5.0, 15.0), radius_mm: float = 6.0) -> Scan:
    """Water with one bright ball: the patient's left, front and upper part."""
    index = np.moveaxis(np.indices(geometry.shape), 0, -1)
    distance = np.linalg.norm(geometry.index_to_world(index) - np.asarray(spot_mm), axis=-1)
    array = np.where(distance <= radius_mm, 1000, 0).astype(np.int16)
    return Scan(array, geometry, "CT", "HU")


def make_heatmap(scan: Scan, text: str = "lung mass", factor: int = 2, **changes: Any) -> Heatmap:
    """Heat where the scan is bright, on cells of ``factor`` voxels."""
    shape = tuple(n // factor for n in scan.array.shape)
    cells = scan.array[tuple(slice(0, n * factor) for n in shape)].astype(np.float32)
    for axis in range(cells.ndim):
        split = (*cells.shape[:axis], shape[axis], factor, *cells.shape[axis + 1 :])
        cells = cells.reshape(split).mean(axis=axis + 1)
    facts = {
        "query": make_query(text),
        "values": cells / max(1.0, float(cells.max())),
        "geometry": scan.geometry.with_cells(
            shape, (float(factor),) * len(shape), (0.0,) * len(shape)
        ),
        "scan_geometry": scan.geometry,
        "probability": 0.9,
    }
    return Heatmap(**(facts | changes))


def make_query(text: str) -> Query:
    from medvlp.grounding.query import parse_query

    return parse_query(text)


class FakePane(PaneView):
    """Remembers the last of everything it was given."""

    def __init__(self) -> None:
        self.setup = self.grey = self.overlay = self.crosshair = self.text = None
        self.legend = self.tile = self.profile_rgb = None
        self.marks, self.tool = [], False
        self.slice, self.profile, self.peaks, self.resets = -1, None, [], 0
        self.where = Viewpoint(1.0, 10.0, 12.0)

    def set_up(self, setup):
        self.setup = setup

    def set_image(self, grey, tile=None):
        self.grey, self.tile = grey, tile

    def set_overlay(self, overlay):
        self.overlay = overlay

    def set_crosshair(self, row, column, visible):
        self.crosshair = (row, column, visible)

    def set_peaks(self, peaks):
        self.peaks = list(peaks)

    def set_slice(self, position, profile, rgb=None):
        self.slice, self.profile, self.profile_rgb = position, profile, rgb

    def set_text(self, text):
        self.text = text

    def set_legend(self, legend):
        self.legend = legend

    def set_marks(self, marks):
        self.marks = list(marks)

    def set_tool(self, in_hand):
        self.tool = in_hand

    def set_options(self, *, smooth, annotations):
        self.options = (smooth, annotations)

    def reset_view(self):
        self.resets += 1

    @property
    def viewpoint(self):
        return self.where

    def set_viewpoint(self, viewpoint):
        self.where = viewpoint

    def zoom(self, factor):
        self.zoomed = factor


class FakeMeasure(MeasureView):
    """Remembers the last of everything it was given."""

    def __init__(self) -> None:
        self.rows, self.chosen_number, self.histogram, self.title = (), 0, None, ""

    def show_measurements(self, rows, chosen):
        self.rows, self.chosen_number = tuple(rows), chosen

    def show_histogram(self, values, title, intensity):
        self.histogram, self.title, self.intensity = values, title, intensity

    def show_window(self, window):
        self.window = window


class FakeWorklist(WorklistView):
    """Answers questions for paths with what tests put there."""

    visible = False

    def __init__(self) -> None:
        self.folder = self.list = self.export = self.focused = None
        self.suggestion, self.scoring = "", {}

    def set_visible(self, visible):
        self.visible = visible

    def follow(self, progress):
        self.progress = progress

    def show_scoring(self, **state):
        self.scoring = state

    def focus_order(self):
        self.focused = "order"

    def focus_note(self):
        self.focused = "note"

    def keep_note(self):
        pass

    def choose_folder(self):
        return self.folder

    def choose_list(self):
        return self.list

    def choose_export(self, suggestion):
        self.suggestion = suggestion
        return self.export


class FakeKeep(KeepView):
    """Files are chosen by the test; pictures are words."""

    def __init__(self) -> None:
        self.source = self.target = None
        self.offered, self.sizes = [], {"columns": [250, 900, 400]}

    def choose_source(self, title, kind):
        return self.source

    def choose_target(self, title, suggestion, kind):
        self.offered.append((suggestion, kind.suffix))
        return self.target

    def picture_of_pane(self, plane):
        return SimpleNamespace(png=lambda: f"picture of {plane}".encode())

    def picture_of_panes(self):
        return SimpleNamespace(png=lambda: b"picture of all panes")

    def report(self, content, pictures):
        self.content = content
        return b"report with " + b", ".join(picture.png() for picture in pictures)

    def layout(self):
        return self.sizes

    def set_layout(self, sizes):
        self.sizes = sizes


class FakeVolume(VolumeView):
    """Remembers the last of everything it was given."""

    size = (300, 200)

    def __init__(self) -> None:
        self.shown = self.text = None
        self.notice, self.can_retry, self.annotated = "", False, True

    def set_picture(self, picture):
        self.shown = picture

    def set_text(self, text):
        self.text = text

    def set_annotated(self, annotated):
        self.annotated = annotated

    def set_notice(self, notice, *, can_retry=False):
        self.notice, self.can_retry = notice, can_retry

    def picture(self):
        return SimpleNamespace(png=lambda: b"3D")

    def focus(self):
        self.focused = True


class FakeCompare(CompareView):
    """Remembers the last of everything it was given."""

    def __init__(self) -> None:
        self.panes = {name: FakePane() for name in PLANES}
        self.rows, self.selected, self.shown = (), "", ()
        self.titles, self.match, self.progress = (), "", ("", None)

    def pane(self, plane):
        return self.panes[plane]

    def show_panes(self, planes):
        self.shown = tuple(planes)

    def focus_pane(self, plane):
        self.focused = plane

    def set_titles(self, left, right):
        self.titles = (left, right)

    def set_headings(self, left, right, *, agreement):
        self.headings = (left, right, agreement)

    def set_match(self, words):
        self.match = words

    def set_progress(self, words, fraction):
        self.progress = (words, fraction)

    def set_rows(self, rows, selected):
        self.rows, self.selected = tuple(rows), selected


class FakeServerPanel(ServerView):
    """Remembers the last of everything it was given."""

    def __init__(self) -> None:
        self.filled, self.visible = (), False

    def show(self, address, aet):
        self.filled, self.visible = (address, aet), True

    def hide(self):
        self.visible = False


class FakeWindow(WindowView):
    """Remembers the last of everything it was given."""

    def __init__(self) -> None:
        self.panes = {name: FakePane() for name in PLANES}
        self._keep = FakeKeep()
        self.measure = FakeMeasure()
        self.volume = FakeVolume()
        self.volume_shown = (False, False)
        self.compare = FakeCompare()
        self.compare_shown = False
        self._worklist = FakeWorklist()
        self.server = FakeServerPanel()
        self.shown = ()
        self.messages = []
        self.status = self.organs = None
        self.title = ""
        self.refreshed = 0

    @property
    def worklist(self):
        return self._worklist

    @property
    def keep(self):
        return self._keep

    def pane(self, plane):
        return self.panes[plane]

    def show_panes(self, planes):
        self.shown = tuple(planes)

    def focus_pane(self, plane):
        self.focused = plane

    def show_message(self, message):
        self.messages.append(message)

    def show_status(self, status):
        self.status = status

    def show_examples(self, examples):
        self.examples = examples

    def allow_asking(self, allowed, reason=""):
        self.asking = allowed

    def focus_question(self):
        self.question_focused = True

    def ask(self, text):
        self.asked.emit(text)

    def show_organs(self, table):
        self.organs = table

    def show_organ_note(self, text):
        self.organ_note = text

    def compare_view(self):
        return self.compare

    def show_compare(self, shown):
        self.compare_shown = shown

    def volume_view(self):
        return self.volume

    def show_volume(self, shown, *, alone=False):
        self.volume_shown = (shown, alone)

    def measure_view(self):
        return self.measure

    def show_slice_in_profile(self, index):
        self.profile_slice = index

    def show_shortcuts(self):
        self.shortcuts_shown = True

    def show_palette(self):
        self.palette_shown = True

    def show_settings(self):
        self.settings_shown = True

    def show_models(self):
        self.models_shown = True

    def server_view(self):
        return self.server

    def set_appearance(self, theme, language):
        self.appearance = (theme, language)

    def refresh_commands(self):
        self.refreshed += 1

    def set_title(self, scan):
        self.title = scan

    def choose_file(self):
        return None

    def choose_folder(self):
        return None

    def picture(self):
        return b""

    def close(self):
        self.closed.emit()


@dataclass
class FakeWorker:
    """Answers nothing by itself: tests say what comes back, when, and in which order."""

    submitted: list = field(default_factory=list)
    cancelled: list = field(default_factory=list)
    events: list = field(default_factory=list)
    closed: bool = False

    def start(self):
        pass

    def submit(self, kind, **arguments):
        self.submitted.append((kind, arguments))
        return len(self.submitted)

    def poll(self):
        events, self.events = self.events, []
        return events

    def cancel(self, request):
        self.cancelled.append(request)

    def close(self):
        self.closed = True

    def last(self, kind: str) -> int:
        """Number of the last request of a kind."""
        return max(n for n, (k, _) in enumerate(self.submitted, 1) if k == kind)

    def reply(self, request: int, kind: str = "result", value=None, message="", fraction=0.0):
        self.events.append(
            SimpleNamespace(
                request=request, kind=kind, value=value, message=message, fraction=fraction
            )
        )


def encoding_facts() -> SimpleNamespace:
    """What the worker reports after encoding."""
    model = SimpleNamespace(
        name="fake", sha256="fa" * 32, device="cpu (numpy)", model_id="fake@fafafafafafafafa"
    )
    return SimpleNamespace(model=model, seconds={}, in_domain=1.0, organs={}, geometry=None)


@pytest.fixture
def fake_worker() -> FakeWorker:
    return FakeWorker()


@pytest.fixture
def fake_window() -> FakeWindow:
    return FakeWindow()


@pytest.fixture(scope="session")
def qt_application() -> Iterator[Any]:
    from medvlp_viewer.application import make_application

    return make_application()


@pytest.fixture
def wait_until(qt_application) -> Callable[..., None]:
    """Lets the event loop run until something holds; at last fails with what ``why()`` says."""

    def wait(condition: Callable[[], object], why: Callable[[], str] = str) -> None:
        end = time.monotonic() + 30.0
        while not condition():
            assert time.monotonic() < end, why()
            qt_application.processEvents()
            time.sleep(0.002)

    return wait


@pytest.fixture
def make() -> SimpleNamespace:
    """The factories of this file."""
    return SimpleNamespace(
        positions=POSITIONS,
        geometry=make_geometry,
        oblique=make_oblique,
        scan=make_scan,
        heatmap=make_heatmap,
        facts=encoding_facts,
    )


@pytest.fixture
def factory(fake_model, tmp_path, monkeypatch) -> str:
    """A session of the fake model, importable in the child process."""
    module = tmp_path / "modules" / "fake_viewer_session.py"
    module.parent.mkdir()
    module.write_text(
        "from fake_model import FakeModel\nfrom medvlp.session import Session\n\n\n"
        "def make():\n    return Session(FakeModel(), cache=False)\n\n\n"
        "def make_slow():\n    return Session(FakeModel(delay=60.0, stubborn=True), cache=False)\n\n\n"
        "class FullModel(FakeModel):\n    def encode(self, *arguments, **options):\n"
        "        raise MemoryError\n\n\n"
        "def make_full():\n    return Session(FullModel(), cache=False)\n"
    )
    monkeypatch.syspath_prepend(str(module.parent))  # a spawned process gets this process's path
    return "fake_viewer_session"


@pytest.fixture
def phantom(make, tmp_path) -> Path:
    """A NIfTI file: a ball of kidney intensity on the patient's left, in fat, in air."""
    import nibabel as nib

    scan = make.scan(make.geometry("HFS", (24, 40, 48), (4.0, 3.0, 3.0)), (40.0, 10.0, 12.0), 15.0)
    body = make.scan(scan.geometry, (0.0, 0.0, 0.0), 58.0)
    fat_or_air = np.where(body.array > 0, -100, -1000)
    array = np.where(scan.array > 0, 120, fat_or_air).astype(np.int16)
    flip = np.diag([-1.0, -1.0, 1.0, 1.0])  # LPS to the RAS of NIfTI
    affine = flip @ scan.geometry.affine @ np.eye(4)[:, [2, 1, 0, 3]]
    path = tmp_path / "phantom.nii.gz"
    nib.save(nib.Nifti1Image(array.transpose(2, 1, 0), affine), path)
    return path
