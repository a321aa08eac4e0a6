"""A person at work, in a window of its own process: what its slowest handlers were.

``python event_loop_scenario.py CT XRAY RESULT`` opens both scans, encodes, asks, scores, scrolls,
jumps, measures, magnifies and changes the theme, and writes what the watchdog saw as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from medvlp.worker import Worker
from medvlp_viewer.application import Viewer, make_viewer

PATIENCE = 240.0


class ChosenTheme(QEvent):
    """A theme of the settings was chosen."""

    def __init__(self, theme: str) -> None:
        super().__init__(QEvent.Type.User)
        self.theme = theme


class Person(QObject):
    """Drives a viewer with real events, and lets the event loop run between them."""

    def __init__(self, viewer: Viewer) -> None:
        super().__init__()
        self.viewer = viewer
        self.idle = 0
        viewer.controller.session.idle.connect(self._on_idle)

    def customEvent(self, event: QEvent) -> None:
        """Choose the theme in a handler, whose time is taken."""
        self.viewer.state.settings.change(theme=event.theme)

    def _on_idle(self) -> None:
        self.idle += 1

    def settle(self, turns: int = 12) -> None:
        for _ in range(turns):
            self.viewer.application.processEvents()
            time.sleep(0.001)

    def wait(self, condition) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError("the viewer did not get there")
            self.settle()
        self.settle(40)

    def open(self, path: str) -> None:
        before = self.viewer.state.scan.scan
        self.viewer.controller.open(path)
        self.wait(lambda: self.viewer.state.scan.scan is not before)
        self.wait(lambda: not self.viewer.controller.session.busy)

    def ask(self, *texts: str) -> None:
        for text in texts:
            self.viewer.window.ask(text)
        self.wait(lambda: not any(row.pending for row in self.viewer.state.queries))

    def command(self, name: str) -> None:
        self.viewer.window.action(name).trigger()
        self.settle()

    def wheel(self, plane: str, clicks: int, control: bool = False) -> None:
        port = self.viewer.window.area.panes[plane].canvas.viewport()
        middle = QPointF(port.rect().center())
        keys = Qt.KeyboardModifier
        for _ in range(abs(clicks)):
            event = QWheelEvent(
                middle,
                port.mapToGlobal(middle),
                QPoint(),
                QPoint(0, 120 if clicks > 0 else -120),
                Qt.MouseButton.NoButton,
                keys.ControlModifier if control else keys.NoModifier,
                Qt.ScrollPhase.NoScrollPhase,
                False,
            )
            self.viewer.application.postEvent(port, event)
            self.settle()

    def drag(self, plane: str, button: Qt.MouseButton, start: tuple, end: tuple) -> None:
        port = self.viewer.window.area.panes[plane].canvas.viewport()
        kinds = QEvent.Type
        steps = 12
        for i in range(steps + 2):
            share = min(1.0, i / steps)
            x, y = (a + (b - a) * share for a, b in zip(start, end, strict=True))
            at = QPointF(x * port.width(), y * port.height())
            kind = kinds.MouseButtonPress if i == 0 else kinds.MouseMove
            kind = kinds.MouseButtonRelease if i > steps else kind
            no = Qt.MouseButton.NoButton
            event = QMouseEvent(
                kind,
                at,
                port.mapToGlobal(at),
                no if kind == kinds.MouseMove else button,
                no if kind == kinds.MouseButtonRelease else button,
                Qt.KeyboardModifier.NoModifier,
            )
            self.viewer.application.postEvent(port, event)
            self.settle()


def work(person: Person, ct: str, xray: str) -> None:
    """Everything that a reader does in the first minutes."""
    left, middle, right = (
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.MiddleButton,
        Qt.MouseButton.RightButton,
    )
    person.open(ct)
    person.ask("lung mass", "liver", "no pneumothorax", "dog")
    person.wheel("axial", -12)
    person.wheel("coronal", 8)
    for _ in range(4):
        person.command("next-peak")
        person.command("next-peak-of-all")
    person.drag("axial", left, (0.3, 0.3), (0.7, 0.6))
    person.command("window-lung")
    person.command("measure-ellipse")
    person.drag("axial", left, (0.3, 0.3), (0.7, 0.7))
    person.viewer.window.side.pages.setCurrentIndex(1)  # measurements and histogram
    person.wheel("axial", -6)
    person.command("measure-nothing")
    person.command("maximise")
    person.command("maximise")
    person.wheel("sagittal", 3, control=True)
    person.command("reset")
    person.open(xray)
    person.ask("cardiomegaly", "pleural effusion")
    person.wheel("coronal", 12, control=True)
    person.drag("coronal", middle, (0.2, 0.2), (0.9, 0.9))
    person.drag("coronal", left, (0.3, 0.3), (0.7, 0.6))
    person.drag("coronal", right, (0.5, 0.8), (0.5, 0.4))
    person.command("reset")
    person.command("measure-rectangle")
    person.drag("coronal", left, (0.2, 0.1), (0.9, 0.9))
    for theme in ("light", "dark"):
        person.viewer.application.postEvent(person, ChosenTheme(theme))
        person.settle(40)


def main() -> None:
    ct, xray, result = sys.argv[1:]
    if not (Path(ct).is_file() and Path(xray).is_file()):
        sys.exit(f"no scan at {ct} or {xray}")
    viewer = make_viewer(Worker(fake_session_factory="event_loop_session:make"))
    viewer.window.widget.resize(1600, 1000)
    viewer.window.show()
    person = Person(viewer)
    person.wait(lambda: "scipy.ndimage" in sys.modules)
    application = viewer.application
    application.forget()
    work(person, ct, xray)
    facts = {
        "slow": [str(handler) for handler in application.slow],
        "longest": str(application.longest),
        "answers": [row.verdict for row in viewer.state.queries],
        "measured": len(viewer.state.measurements),
    }
    Path(result).write_text(json.dumps(facts))
    viewer.close()


if __name__ == "__main__":
    main()
