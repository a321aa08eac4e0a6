"""A fake of the viewer's window."""

from __future__ import annotations

from viewer_views import (
    FakeCompare,
    FakeKeep,
    FakeMeasure,
    FakePane,
    FakeServerPanel,
    FakeVolume,
    FakeWorklist,
)

from medvlp_viewer.models.planes import PLANES
from medvlp_viewer.views.base import WindowView


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
        self.model_folder = None
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

    def choose_model_folder(self):
        return self.model_folder

    def picture(self):
        return b""

    def close(self):
        self.closed.emit()
