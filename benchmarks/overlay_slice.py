"""One slice with heat over it, from the array to the picture of the viewer's pane."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

from benchmarks.scans import CHEST, bundled_chest, stretched
from benchmarks.table import Row, report, timed

if TYPE_CHECKING:
    from collections.abc import Callable

GOAL = "under 10 ms"
SIDE = 512


def painters() -> tuple[Callable[[], object], Callable[[], object]]:
    """Two works: scroll to the next slice with heat, and without, until its pixels are drawn."""
    import medvlp
    from medvlp_viewer.controllers.pane import PaneController
    from medvlp_viewer.models.state import ViewerState
    from medvlp_viewer.views.qt.pane import QtPane

    scan = stretched(bundled_chest(), CHEST)
    model = medvlp.load_model()
    (heatmap,) = medvlp.ground(model, model.encode(scan, cache=False), ["pleural effusion"])
    state, pane = ViewerState(), QtPane("axial")
    controller = PaneController("axial", state, pane)
    state.scan.set(scan)
    state.crosshair.attach(scan.geometry)
    state.heats.put(state.queries.answer(heatmap).key, heatmap)
    pane.canvas.resize(SIDE, SIDE)
    positions = count()

    def draw(with_heat: bool) -> object:
        state.overlay.visible = with_heat
        controller.go_to_slice(next(positions) % CHEST[0])
        return pane.canvas.grab()

    return lambda: draw(with_heat=True), lambda: draw(with_heat=False)


def measure() -> list[Row]:
    """One row. Drawn off screen, which costs the same work as a window without OpenGL."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    with_heat, without = painters()
    ours, grey = timed(with_heat, without, repeats=41)
    del application
    return [
        Row(
            "one overlay slice, 512 x 512, in the viewer's pane",
            str(ours),
            f"the slice without heat: {grey}",
            ours.over(grey),
            GOAL,
            ours.median < 0.01,
        )
    ]


if __name__ == "__main__":
    report(measure())
