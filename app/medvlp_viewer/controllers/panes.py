"""All panes: which are shown, which one the keys act on, windowing."""

from __future__ import annotations

from medvlp_viewer.controllers.pane import Later, PaneController, run_now
from medvlp_viewer.models.planes import PLANES, PlaneName
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.window import CT_PRESETS, Window, dragged, first_window
from medvlp_viewer.views.base import WindowView


class PanesController:
    """Lays the panes out for a scan and routes commands to the active one."""

    def __init__(self, state: ViewerState, window: WindowView, later: Later = run_now) -> None:
        self._state = state
        self._window = window
        self.maximised = False
        self.active: PlaneName = PLANES[0]
        self.drag_inverted = False
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
        self.active = plane
        self._window.focus_pane(plane)

    def toggle_maximised(self, plane: PlaneName | None = None) -> None:
        """Show one pane alone, or all of them again."""
        self.active = plane or self.active
        self.maximised = not self.maximised
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
        if self._state.scan.scan is not None:
            self._state.display.set_window(first_window(self._state.scan.scan))

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

    def _show(self) -> None:
        names = tuple(self._state.scan.frames)
        self._window.show_panes((self.active,) if self.maximised and names else names)
        if names:
            self._window.focus_pane(self.active)

    def _on_window_dragged(self, right: float, down: float) -> None:
        scan = self._state.scan.scan
        if scan is not None:
            sign = -1.0 if self.drag_inverted else 1.0
            window = dragged(self._state.display.window, right, sign * down, scan.intensity)
            if scan.intensity == "HU":
                window = Window(round(window.level), round(window.width))
            self._state.display.set_window(window)
