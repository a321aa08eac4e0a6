"""One window on one CT: what a slice, a step of a drag and a question take until they are painted.

``python -m benchmarks.viewer.at_work SCAN`` prints JSON. Times are wall times of a turn of the
event loop: from the event until every pane has painted what it changed. CPU times are those of the
window's thread, which a busy computer does not lengthen.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "xcb" if os.environ.get("DISPLAY") else "offscreen")
os.environ.setdefault("MEDVLP_WATCHDOG", "50")

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from medvlp.worker import Worker
from medvlp_viewer.application import Viewer, make_viewer
from medvlp_viewer.memory import resident_bytes

SIZE = (1600, 1000)
ROUNDS = 5
SLICES = 50
STEPS = 50
OVERLAYS = ("pleural effusion", "liver")
QUESTIONS = ("lung mass", "heart", "spleen", "aorta", "left kidney", "trachea")
PATIENCE = 600.0


class Paints(QObject):
    """Counts how often a widget was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let every event pass."""
        self.count += event.type() == QEvent.Type.Paint
        return False


class AtWork:
    """The window and its clock."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer
        self.axial = viewer.window.area.panes["axial"].canvas.viewport()
        self.others = [
            viewer.window.area.panes[n].canvas.viewport() for n in ("coronal", "sagittal")
        ]
        self.paints = {port: Paints() for port in (self.axial, *self.others)}
        for port, counter in self.paints.items():
            port.installEventFilter(counter)

    def turn(self) -> None:
        """One turn of the event loop."""
        self.viewer.application.processEvents()

    def wait(self, condition: Callable[[], bool]) -> None:
        """Let the event loop run, and sleep where it does, until something is so."""
        flags = QEventLoop.ProcessEventsFlag
        end = time.monotonic() + PATIENCE
        while not condition():
            self.viewer.application.processEvents(flags.AllEvents | flags.WaitForMoreEvents)
            if time.monotonic() > end:
                raise SystemExit("the viewer did not answer")

    def rest(self, seconds: float) -> None:
        """Turn for a while."""
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() > end)

    def until_painted(self, event: QEvent) -> tuple[float, float]:
        """Wall and CPU seconds from an event on the axial picture until all panes have painted."""
        before = {port: counter.count for port, counter in self.paints.items()}
        start, processor = time.perf_counter(), time.thread_time()
        self.viewer.application.postEvent(self.axial, event)
        while any(self.paints[port].count == n for port, n in before.items()):
            self.turn()
        return time.perf_counter() - start, time.thread_time() - processor

    def wheel(self, down: bool) -> QEvent:
        """One click of the wheel over the axial picture."""
        middle = QPointF(self.axial.rect().center())
        return QWheelEvent(
            middle,
            self.axial.mapToGlobal(middle),
            QPoint(),
            QPoint(0, -120 if down else 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )

    def mouse(self, kind: QEvent.Type, x: float, y: float) -> QEvent:
        """The left button, or a move with it, at a point of the axial picture."""
        at, left, no = QPointF(x, y), Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        moving, released = kind == QEvent.Type.MouseMove, kind == QEvent.Type.MouseButtonRelease
        return QMouseEvent(
            kind,
            at,
            self.axial.mapToGlobal(at),
            no if moving else left,
            no if released else left,
            Qt.KeyboardModifier.NoModifier,
        )


def scrolling(work: AtWork) -> dict[str, float]:
    work.viewer.controller.panes.go_to_end(last=False)
    work.rest(0.3)
    return _summary([work.until_painted(work.wheel(down=True)) for _ in range(SLICES)])


def dragging(work: AtWork) -> dict[str, float]:
    kinds = QEvent.Type
    work.viewer.application.postEvent(work.axial, work.mouse(kinds.MouseButtonPress, 100, 100))
    work.viewer.application.postEvent(work.axial, work.mouse(kinds.MouseMove, 110, 100))
    work.rest(0.2)
    times = [
        work.until_painted(work.mouse(kinds.MouseMove, 110 + 2 * i, 100 + i % 20))
        for i in range(1, STEPS)
    ]
    work.viewer.application.postEvent(work.axial, work.mouse(kinds.MouseButtonRelease, 110, 100))
    work.rest(0.2)
    return _summary(times)


def asking(work: AtWork) -> tuple[dict[str, float], dict[str, float]]:
    """Questions whose words are new to the model, and the same ones again once they were removed."""
    viewer, queries = work.viewer, work.viewer.state.queries

    def answered(text: str) -> bool:
        return not queries[text].pending

    def until_painted(text: str) -> tuple[float, float]:
        start, processor = time.perf_counter(), time.thread_time()
        viewer.window.ask(text)
        work.wait(partial(answered, text))
        before = work.paints[work.axial].count
        work.wait(lambda: work.paints[work.axial].count > before)
        seconds = time.perf_counter() - start, time.thread_time() - processor
        work.rest(0.2)
        return seconds

    def forget(text: str) -> None:
        queries.remove(text)
        viewer.window.removed.emit(text)
        work.rest(0.2)

    new, rounds = [until_painted(text) for text in QUESTIONS], []
    for _ in range(ROUNDS):
        again = []
        for text in QUESTIONS:
            forget(text)
            again.append(until_painted(text))
        rounds.append(_summary(again))
    return _summary(new), _least_disturbed(rounds)


def _least_disturbed(rounds: list[dict[str, float]]) -> dict[str, float]:
    """Of several rounds the one that other programs disturbed least."""
    return min(rounds, key=lambda seconds: seconds["median"])


def _summary(times: list[tuple[float, float]]) -> dict[str, float]:
    """Median wall and CPU time, and the wall time that 95 of 100 keep within."""
    wall, processor = (sorted(column) for column in zip(*times, strict=True))
    return {
        "median": statistics.median(wall),
        "processor": statistics.median(processor),
        "p95": wall[int(0.95 * (len(wall) - 1))],
    }


def measure(path: str) -> dict[str, Any]:
    viewer = make_viewer(Worker())
    viewer.window.widget.resize(*SIZE)
    viewer.window.show()
    work = AtWork(viewer)
    work.rest(1.0)
    viewer.application.forget()  # type: ignore[attr-defined]
    viewer.controller.open(path)
    work.wait(lambda: viewer.state.scan.scan is not None)
    for text in OVERLAYS:
        viewer.window.ask(text)
    work.wait(lambda: not viewer.controller.session.busy)
    work.rest(0.5)
    facts: dict[str, Any] = {
        "scroll": _least_disturbed([scrolling(work) for _ in range(ROUNDS)]),
        "drag": _least_disturbed([dragging(work) for _ in range(ROUNDS)]),
    }
    facts["new_query"], facts["query"] = asking(work)
    scan = viewer.state.scan.scan
    assert scan is not None
    facts["volume_bytes"] = scan.array.nbytes
    facts["resident_bytes"] = resident_bytes(os.getpid())
    facts["longest_handler"] = viewer.application.longest.milliseconds / 1000  # type: ignore[attr-defined]
    facts["slow"] = [str(handler) for handler in viewer.application.slow]  # type: ignore[attr-defined]
    viewer.close()
    return facts


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1])))
