"""Measuring and typing windows in the real window, with real mouse and key events."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.measuring import angle_degrees, length
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.window import Window
from medvlp_viewer.views.qt.window import QtWindow

LEFT = Qt.MouseButton.LeftButton

MEASURE = 1
"""Page of the side panel."""


class Viewer:
    """A window on an asymmetric phantom with voxels of 4 x 2 x 1.5 mm."""

    def __init__(self, make, worker) -> None:
        self.state = ViewerState()
        self.window = QtWindow(self.state)
        self.controller = ViewerController(self.state, self.window, worker)
        self.window.install_commands(self.controller.commands)
        scan = make.scan(make.geometry("HFP", (40, 60, 70), (4.0, 2.0, 1.5)), radius_mm=15.0)
        self.window.widget.resize(1500, 950)
        self.window.show()
        self.state.scan.set(scan)
        self.window.refresh_commands()
        QApplication.processEvents()

    def canvas(self, plane):
        return self.window.area.panes[plane].canvas

    def drag(self, plane, start, end) -> None:
        """From one (row, column) to another."""
        canvas = self.canvas(plane)
        a, b = (canvas.screen_position(*p).toPoint() for p in (start, end))
        port = canvas.viewport()
        QTest.mousePress(port, LEFT, pos=a)
        QTest.mouseMove(port, (a + b) / 2)
        QTest.mouseMove(port, b)
        QTest.mouseRelease(port, LEFT, pos=b)

    def move(self, plane, where) -> None:
        canvas = self.canvas(plane)
        QTest.mouseMove(canvas.viewport(), canvas.screen_position(*where).toPoint())
        QApplication.processEvents()

    def click(self, plane, where) -> None:
        """Move there in two steps, press and release."""
        canvas = self.canvas(plane)
        self.move(plane, tuple(value - 3 for value in where))
        self.move(plane, where)
        QTest.mouseClick(canvas.viewport(), LEFT, pos=canvas.screen_position(*where).toPoint())
        QApplication.processEvents()

    def key(self, plane, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        self.canvas(plane).setFocus()
        QTest.keyClick(self.canvas(plane), key, modifier)


@pytest.fixture
def viewer(qt_application, make, fake_worker):
    viewer = Viewer(make, fake_worker)
    yield viewer
    viewer.window.close()
    viewer.window.widget.deleteLater()
    QApplication.processEvents()


def test_d_and_a_drag_measure_a_distance_and_leave_window_and_crosshair(viewer):
    window, world = viewer.state.display.window, viewer.state.crosshair.world.copy()
    viewer.key("coronal", Qt.Key.Key_D)
    assert viewer.canvas("coronal").cursor().shape() == Qt.CursorShape.CrossCursor
    viewer.drag("coronal", (10, 10), (25, 50))
    (item,) = viewer.state.measurements
    assert length(item) == pytest.approx(np.hypot(15 * 4.0, 40 * 1.5), rel=0.02)
    assert viewer.state.display.window == window
    assert np.allclose(viewer.state.crosshair.world, world)
    viewer.key("coronal", Qt.Key.Key_Escape)
    assert viewer.state.measurements.tool is None


@pytest.mark.parametrize(
    ("tool", "clicks"),
    [("distance", ((10, 10), (25, 50))), ("angle", ((10, 10), (10, 40), (30, 40)))],
)
def test_points_are_set_by_clicks_with_moves_between_them(viewer, tool, clicks):
    viewer.controller.measuring.use(tool)
    for click in clicks:
        viewer.click("coronal", click)
    (item,) = viewer.state.measurements
    assert item.is_complete
    if tool == "distance":
        assert length(item) == pytest.approx(np.hypot(15 * 4.0, 40 * 1.5), rel=0.02)
    else:
        assert angle_degrees(item) == pytest.approx(90.0, abs=1.0)
    viewer.move("coronal", (35, 60))
    assert tuple(viewer.state.measurements) == (item,)  # it is finished: nothing follows the mouse
    viewer.drag("coronal", clicks[0], (5, 5))  # a finished one is taken by its handle
    (moved,) = viewer.state.measurements
    assert moved.points[0] != item.points[0]
    assert moved.points[1:] == item.points[1:]


def test_a_handle_is_dragged_and_delete_removes(viewer):
    viewer.key("axial", Qt.Key.Key_D)
    viewer.drag("axial", (10, 10), (10, 50))
    viewer.key("axial", Qt.Key.Key_Escape)
    viewer.drag("axial", (10, 50), (10, 30))
    (item,) = viewer.state.measurements
    assert length(item) == pytest.approx(20 * 1.5, rel=0.05)
    viewer.key("axial", Qt.Key.Key_Delete)
    assert len(viewer.state.measurements) == 0
    viewer.drag("axial", (20, 20), (20, 40))
    assert viewer.state.display.window.width > 400  # without a tool the left button windows again


def test_an_ellipse_fills_the_list_and_the_histogram(viewer):
    viewer.window.side.pages.setCurrentIndex(MEASURE)
    QApplication.processEvents()
    panel = viewer.window.side.measure
    assert panel.histogram_title.text().startswith("Histogram: Axial")
    viewer.key("axial", Qt.Key.Key_E)
    viewer.drag("axial", (20, 30), (40, 50))
    QApplication.processEvents()
    assert panel.table.rowCount() == 1
    assert "mean" in panel.table.item(0, 3).text()
    assert panel.histogram_title.text() == "Histogram: Ellipse 1"
    assert panel.text().splitlines()[1].startswith("1\tEllipse\tAxial")
    viewer.window.action("remove-measurements").trigger()
    assert panel.table.rowCount() == 0
    assert not panel.remove_button.isEnabled()


def test_a_chosen_line_of_the_list_brings_its_slice_back(viewer):
    viewer.key("axial", Qt.Key.Key_D)
    viewer.drag("axial", (10, 10), (10, 50))
    pane = viewer.controller.panes.panes["axial"]
    there = pane.position
    viewer.key("axial", Qt.Key.Key_Escape)
    viewer.key("axial", Qt.Key.Key_PageDown)
    assert pane.position != there
    table = viewer.window.side.measure.table
    table.clearSelection()
    table.selectRow(0)
    assert pane.position == there
    viewer.window.side.pages.setCurrentIndex(MEASURE)
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert len(viewer.state.measurements) == 0


def test_typed_numbers_set_the_window_and_the_drag_shows_in_them(viewer):
    box = viewer.window.widget.findChild(type(viewer.window.window_box))
    box.width_box.setFocus()
    box.width_box.selectAll()
    QTest.keyClicks(box.width_box, "777")
    QTest.keyClick(box.width_box, Qt.Key.Key_Return)
    assert viewer.state.display.window == Window(40.0, 777.0)
    viewer.state.display.set_window(Window(-600.0, 1500.0))
    assert (box.level_box.value(), box.width_box.value()) == (-600.0, 1500.0)


def test_dragging_an_edge_in_the_histogram_sets_the_width(viewer):
    viewer.window.side.pages.setCurrentIndex(MEASURE)
    viewer.state.display.set_window(Window(200.0, 300.0))
    QApplication.processEvents()
    plot = viewer.window.side.measure.histogram
    _, high = plot._edges()
    start = QPoint(round(high), plot.height() // 2)
    QTest.mousePress(plot, LEFT, pos=start)
    QTest.mouseMove(plot, start + QPoint(20, 0))
    QTest.mouseRelease(plot, LEFT, pos=start + QPoint(20, 0))
    window = viewer.state.display.window
    assert window.level - window.width / 2 == pytest.approx(50.0, abs=1.5)
    assert window.width > 300.0


def test_a_double_click_maximises_but_not_with_a_tool_in_hand(viewer):
    port = viewer.canvas("sagittal").viewport()
    QTest.mouseDClick(port, LEFT, pos=QPoint(60, 60))
    assert viewer.controller.panes.maximised
    QTest.mouseDClick(viewer.canvas("sagittal").viewport(), LEFT, pos=QPoint(60, 60))
    assert not viewer.controller.panes.maximised
    viewer.key("sagittal", Qt.Key.Key_D)
    QTest.mouseDClick(viewer.canvas("sagittal").viewport(), LEFT, pos=QPoint(60, 60))
    assert not viewer.controller.panes.maximised
