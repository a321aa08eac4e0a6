"""All panes: which are shown, which one the keys act on, windowing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from psygnal import Signal

from medvlp_viewer.controllers.pane import Later, PaneController, run_now
from medvlp_viewer.models.planes import PLANES, PlaneName
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.window import (
    CT_PRESETS,
    Window,
    dragged,
    limited,
    own_window,
)
from medvlp_viewer.views.pane import PaneView


class PanesHost(Protocol):
    """What lays panes out: the window, or the half of it for a second scan."""

    def pane(self, plane: PlaneName) -> PaneView:
        """The pane of a plane."""

    def show_panes(self, planes: Sequence[PlaneName]) -> None:
        """Lay these panes out."""

    def focus_pane(self, plane: PlaneName) -> None:
        """Give a pane the keyboard."""


class PanesController:
    """Lays the panes out for a scan and routes commands to the active one.

    Events
    ------
    active_changed
        Emitted after another pane became the one that the keys act on.
    arranged
        Emitted after the panes were laid out: all, or one alone.
    """

    active_changed = Signal()
    arranged = Signal()

    def __init__(self, state: ViewerState, window: PanesHost, later: Later = run_now) -> None:
        self._state = state
        self._window = window
        self.maximised = False
        self.active: PlaneName = PLANES[0]
        self.panes = {
            name: PaneController(name, state, window.pane(name), later) for name in PLANES
        }
        state.scan.changed.connect(self._on_scan)
        for name, controller in self.panes.items():
            view = controller.view
            view.activated.connect(lambda n=name: self.activate(n))
            view.maximise_requested.connect(lambda n=name: self.toggle_maximised(n))
            view.window_dragged.connect(self._on_window_dragged)

    @property
    def active_pane(self) -> PaneController:
        """The pane that slice keys act on."""
        return self.panes[self.active]

    def activate(self, plane: PlaneName) -> None:
        """Let the keys act on a pane."""
        changed, self.active = plane != self.active, plane
        self._window.focus_pane(plane)
        if changed:
            self.active_changed.emit()

    def toggle_maximised(self, plane: PlaneName | None = None) -> None:
        """Show one pane alone, or all of them again."""
        self.active = plane or self.active
        self.maximised = not self.maximised
        self._show()

    def arrange(self, plane: PlaneName, *, maximised: bool) -> None:
        """Make a pane the active one, and show it alone or with the others."""
        frames = self._state.scan.frames
        self.active = plane if plane in frames or not frames else self.active
        self.maximised = maximised
        self._show()

    def scroll(self, slices: int) -> None:
        """Scroll the active pane."""
        self.active_pane.scroll(slices)

    def go_to_end(self, *, last: bool) -> None:
        """First or last slice of the active pane."""
        frame = self.active_pane.frame
        if frame is not None:
            self.active_pane.go_to_slice(frame.n_slices - 1 if last else 0)

    def zoom(self, factor: float) -> None:
        """Magnify the active pane."""
        self.active_pane.view.zoom(factor)

    def reset(self) -> None:
        """Fit all pictures and go back to the first window."""
        for controller in self.panes.values():
            controller.view.reset_view()
        scan = self._state.scan.scan
        if scan is not None:
            self._state.display.set_window(self._state.settings.value.window_for(scan))

    def use_file_window(self) -> None:
        """The window that the file suggests, if it does; of an X-ray else all values."""
        scan = self._state.scan.scan
        suggested = own_window(scan) if scan is not None else None
        if suggested is not None:
            self._state.display.set_window(suggested)

    def use_window(self, window: Window) -> None:
        """Any window, as typed or dragged: within limits, whole numbers for Hounsfield units."""
        scan = self._state.scan.scan
        if scan is not None:
            if scan.intensity == "HU":
                window = Window(float(round(window.level)), float(round(window.width)))
            self._state.display.set_window(limited(window, scan.intensity))

    def use_preset(self, number: int) -> None:
        """Window preset by position in :data:`CT_PRESETS`; an X-ray has none."""
        scan = self._state.scan.scan
        if scan is not None and scan.intensity == "HU":
            self._state.display.set_window(CT_PRESETS[number].window)

    def _on_scan(self) -> None:
        frames = self._state.scan.frames
        if self.active not in frames and frames:
            self.active = next(iter(frames))
        scan = self._state.scan.scan
        if scan is not None:
            self._state.display.attach(scan)
        self.maximised = False
        self._show()
        self._state.crosshair.attach(scan.geometry if scan is not None else None)
        self.active_changed.emit()

    def _show(self) -> None:
        names = tuple(self._state.scan.frames)
        self._window.show_panes((self.active,) if self.maximised and names else names)
        if names:
            self._window.focus_pane(self.active)
        self.arranged.emit()

    def _on_window_dragged(self, right: float, down: float) -> None:
        scan = self._state.scan.scan
        if scan is not None:
            sign = -1.0 if self._state.settings.value.drag_down_brightens else 1.0
            self.use_window(dragged(self._state.display.window, right, sign * down, scan.intensity))
