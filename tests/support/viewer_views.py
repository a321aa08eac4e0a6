"""Fake parts of the viewer's window: each remembers the last of everything it was given."""

from __future__ import annotations

from types import SimpleNamespace

from medvlp_viewer.models.planes import PLANES
from medvlp_viewer.views.compare import CompareView
from medvlp_viewer.views.keep import KeepView
from medvlp_viewer.views.measure import MeasureView
from medvlp_viewer.views.pane import PaneView, Viewpoint
from medvlp_viewer.views.server import ServerView
from medvlp_viewer.views.volume import VolumeView
from medvlp_viewer.views.worklist import WorklistView


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

    def report(self, content, pictures, progress):
        self.content = content
        progress(0.5, "Page 1 of 2")
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
