"""One slice with heat over it, from the array to the picture of the viewer's pane."""

from __future__ import annotations

import os
from itertools import count
from typing import TYPE_CHECKING

from benchmarks.scans import CHEST, bundled_chest, stretched
from benchmarks.table import Row, medians, milliseconds, report

if TYPE_CHECKING:
    from collections.abc import Callable

GOAL = "under 10 ms"
SIDE = 512


def painters() -> tuple[Callable[[], object], Callable[[], object]]:
    """Two works: the next slice with heat, and the next slice without, drawn at 512 x 512."""
    import medvlp
    from medvlp_viewer.models.heat_model import HeatModel
    from medvlp_viewer.models.overlay import PaneOverlay, pane_overlay
    from medvlp_viewer.models.planes import PlaneFrame
    from medvlp_viewer.models.window import Window, apply_window, lookup_table
    from medvlp_viewer.views.qt.canvas import Canvas
    from medvlp_widgets.models.overlay import OverlayModel
    from medvlp_widgets.models.queries import QueryModel

    scan = stretched(bundled_chest(), CHEST)
    model = medvlp.load_model()
    (heatmap,) = medvlp.ground(model, model.encode(scan, cache=False), ["pleural effusion"])
    queries, heats, overlay = QueryModel(), HeatModel(), OverlayModel(threshold=0.0)
    heats.put(queries.answer(heatmap).key, heatmap)
    frame = PlaneFrame.of(scan.geometry, "axial")
    window = Window(40.0, 400.0)
    table = lookup_table(window)
    canvas = Canvas("axial")
    canvas.resize(SIDE, SIDE)
    positions = count()

    def draw(with_heat: bool) -> object:
        position = next(positions) % frame.n_slices
        canvas.set_image(apply_window(frame.extract(scan.array, position), window, table))
        heat = (
            pane_overlay(frame, position, queries, heats, overlay) if with_heat else PaneOverlay()
        )
        canvas.set_overlay(heat)
        return canvas.grab()

    return lambda: draw(with_heat=True), lambda: draw(with_heat=False)


def measure() -> list[Row]:
    """One row. Drawn off screen, which costs the same work as a window without OpenGL."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance() or QApplication([])
    with_heat, without = painters()
    ours, grey = medians(with_heat, without, repeats=41)
    del application
    return [
        Row(
            "one overlay slice, 512 x 512, in the viewer's pane",
            milliseconds(ours),
            f"the slice without heat: {milliseconds(grey)}",
            ours / grey,
            GOAL,
            ours < 0.01,
        )
    ]


if __name__ == "__main__":
    report(measure())
