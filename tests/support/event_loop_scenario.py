"""A person at work, in a window of its own process: what its slowest handlers were.

``python event_loop_scenario.py CT XRAY RESULT`` opens both scans, encodes, asks, scores, scrolls,
jumps, measures, magnifies, changes the theme with every panel open and orders a long worklist, and
writes what the watchdog saw as JSON.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from medvlp.io.worklist import Worklist, WorklistItem
from medvlp.store.worklist import WorklistStore
from medvlp.worker import Worker
from medvlp_viewer.application import Viewer, make_viewer

PATIENCE = 240.0
QUESTIONS = ("lung mass", "liver", "heart", "spleen", "aorta", "fracture", "nodule", "atelectasis")
FILMS = 20_000


class Deed(QEvent):
    """Something that a person does, to be done in a handler, whose time is taken."""

    def __init__(self, do: Callable[[], object]) -> None:
        super().__init__(QEvent.Type.User)
        self.do = do


class Person(QObject):
    """Drives a viewer with real events, and lets the event loop run between them."""

    def __init__(self, viewer: Viewer) -> None:
        super().__init__()
        self.viewer = viewer
        self.idle = 0
        viewer.controller.session.idle.connect(self._on_idle)

    def customEvent(self, event: QEvent) -> None:
        """Do it."""
        event.do()

    def do(self, deed: Callable[[], object], turns: int = 40) -> None:
        self.viewer.application.postEvent(self, Deed(deed))
        self.settle(turns)

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


def change_theme(person: Person) -> None:
    """With eight questions and every panel open."""
    person.ask(*QUESTIONS)
    for name in ("settings", "shortcuts", "show-worklist"):
        person.command(name)
    person.do(person.viewer.window.show_models)
    for theme in ("light", "dark"):
        person.do(partial(person.viewer.state.settings.change, theme=theme), turns=160)


def go_through_worklist(person: Person) -> None:
    """Order, filter and decide on many scans, while another window decides on some as well."""
    triage, window = person.viewer.controller.triage, person.viewer.window
    rows, table = person.viewer.state.worklist, window.worklist.panel.table
    films = tuple(
        WorklistItem(
            f"{n % 97:02d}/film-{n}.png", f"/nowhere/{n}.png", signature="s", score=n / FILMS
        )
        for n in range(FILMS)
    )
    triage.scoring.queue.pause()
    triage.scoring.queue.listed.emit(Worklist("/nowhere", films, query="nodule"))
    person.wait(lambda: len(rows) == FILMS)
    for query in ("heart", "nodule"):
        person.do(partial(window.worklist.order_requested.emit, query))
        person.wait(lambda query=query: rows.query == query)
    for column in range(table.model().columnCount()):
        person.do(partial(table.sortByColumn, column, Qt.SortOrder.DescendingOrder))
    for text in ("film-1", ""):
        person.do(partial(window.worklist.panel.filter_edit.setText, text))
    with WorklistStore("/nowhere") as other:
        for film in films[:100]:
            other.decide(film.key, "accepted")
    person.wait(lambda: rows.counts()["accepted"] == 100)


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
    gc.freeze()  # as the program does: looking for garbage among all of it takes longer than a handler may
    application.forget()
    work(person, ct, xray)
    answers = [row.verdict for row in viewer.state.queries]
    measured = len(viewer.state.measurements)
    change_theme(person)
    go_through_worklist(person)
    facts = {
        "slow": [str(handler) for handler in application.slow],
        "longest": str(application.longest),
        "answers": answers,
        "measured": measured,
        "accepted": viewer.state.worklist.counts()["accepted"],
    }
    Path(result).write_text(json.dumps(facts))
    viewer.close()


if __name__ == "__main__":
    main()
