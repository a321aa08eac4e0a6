"""Two scans in the real window, with a fake process behind each."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.qt.window import QtWindow


class Viewer:
    def __init__(self, make, worker):
        self.make, self.worker, self.second = make, worker, type(worker)()
        self.state = ViewerState()
        self.window = QtWindow(self.state)
        self.controller = ViewerController(
            self.state, self.window, worker, second=lambda: self.second
        )
        self.window.install_commands(self.controller.commands)
        self.window.show()
        self.left = make.scan(make.geometry("HFS", (30, 60, 70), (4.0, 2.0, 2.0)), (30, -24, 30), 9)
        self.right = make.scan(make.oblique((40, 70, 60), (3.0, 1.9, 2.1)), (-30, 20, -30), 9)
        self.open(worker, "open", self.left, self.controller.session)
        self.open(worker, "encode", make.facts(), self.controller.session)

    def open(self, worker, kind, value, session):
        if not worker.submitted:
            self.controller.open("left.nii")
        worker.reply(worker.last(kind), value=value)
        session.poll()
        QApplication.processEvents()

    def open_right(self):
        self.controller.compare.open("right.nii")
        for kind, value in (("open", self.right), ("encode", self.make.facts())):
            self.second.reply(self.second.last(kind), value=value)
            self.controller.compare.poll()
        QApplication.processEvents()


@pytest.fixture
def viewer(qt_application, make, fake_worker):
    viewer = Viewer(make, fake_worker)
    yield viewer
    viewer.window.close()
    viewer.window.widget.deleteLater()
    QApplication.processEvents()


def test_both_sides_are_as_large_as_each_other_and_the_table_lies_below(viewer):
    viewer.open_right()
    view = viewer.window.compare_view()
    left, right = viewer.window.area, view.area
    assert left.isVisible()
    assert right.isVisible()
    assert abs(left.width() - right.width()) < 8
    assert left.height() == right.height()
    assert view.panel.isVisible()
    assert "Linked" in view._match.text()
    for button in view.tools.findChildren(QToolButton):
        if button.defaultAction() is not None:
            assert button.accessibleName()
    viewer.window.action("compare-close").trigger()
    assert not right.isVisible()
    assert not view.panel.isVisible()


def test_a_click_on_one_side_moves_the_crosshair_of_the_other(viewer):
    viewer.open_right()
    right = viewer.controller.compare.right
    canvas = viewer.window.compare_view().area.panes["axial"].canvas
    target = canvas.screen_position(20.0, 35.0).toPoint()
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=target)
    frame = right.scan.frames["axial"]
    assert frame.to_pane(right.crosshair.world)[1:] == pytest.approx((20.0, 35.0), abs=0.5)
    assert viewer.state.crosshair.world == pytest.approx(right.crosshair.world, abs=1e-6)


def test_slice_keys_work_in_the_second_scan_without_taking_its_focus(viewer):
    viewer.open_right()
    viewer.window.action("compare-link").trigger()
    compare = viewer.controller.compare
    canvas = viewer.window.compare_view().area.panes["axial"].canvas
    canvas.setFocus()
    before = compare.panes.active_pane.position, viewer.controller.panes.active_pane.position
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    after = compare.panes.active_pane.position, viewer.controller.panes.active_pane.position
    assert after == (before[0] + 1, before[1])
    assert canvas.hasFocus()


def test_the_table_shows_both_answers_and_selects_the_query(viewer):
    viewer.open_right()
    make = viewer.make
    for text, left, right in (("lung mass", 0.8, 0.3), ("effusion", 0.2, None)):
        viewer.window.ask(text)
        viewer.controller.session.poll()
        heat = make.heatmap(viewer.left, text, probability=left)
        viewer.open(viewer.worker, "ask", [heat], viewer.controller.session)
        viewer.controller.compare.poll()
        if right is None:
            zeros = np.zeros((20, 35, 30), np.float32)
            facts = {"values": zeros, "probability": None, "abstained": True, "reason": "Unknown."}
        else:
            facts = {"probability": right}
        viewer.second.reply(
            viewer.second.last("ask"), value=[make.heatmap(viewer.right, text, **facts)]
        )
        viewer.controller.compare.poll()
    table = viewer.window.compare_view().table
    cells = [[table.item(i, j).text() for j in range(4)] for i in range(table.rowCount())]
    assert cells == [
        ["1  lung mass", "80 %", "30 %", "\N{MINUS SIGN}50 points"],
        ["2  effusion", "20 %", "not sure", "\N{EM DASH}"],
    ]
    assert table.item(1, 2).toolTip() == "Right: Unknown."
    table.selectRow(0)
    assert viewer.state.queries.selected == "lung mass"


def test_only_a_drop_on_the_right_half_of_the_panes_compares(viewer):
    seen = []
    viewer.window.dropped_beside.connect(lambda paths: seen.append("beside"))
    viewer.window.paths_dropped.connect(lambda paths: seen.append("open"))
    area = viewer.window.area
    for x in (10, area.width() - 10):
        where = area.mapTo(viewer.window.widget, QPoint(x, 50))
        viewer.window.on_dropped(["/data/a"], where)
    side = viewer.window.side.mapTo(viewer.window.widget, QPoint(20, 50))
    viewer.window.on_dropped(["/data/a"], side)
    assert seen == ["open", "beside", "open"]


def test_no_two_commands_share_a_key(viewer):
    """Qt runs neither of two actions that answer to one key at one place."""
    keys = {"window": [], "panes": [], "volume": []}
    for command in viewer.controller.commands:
        scope = "panes" if command.in_panes else "volume" if command.in_volume else "window"
        keys[scope] += () if command.claims_keys else command.keys
    for scope in ("panes", "volume"):
        here = keys["window"] + keys[scope]
        assert {key for key in here if here.count(key) > 1} == set()


def test_only_what_is_dropped_on_the_right_half_of_the_panes_is_compared(viewer):
    viewer.open_right()
    beside, opened = [], []
    viewer.window.paths_dropped.disconnect()
    viewer.window.dropped_beside.disconnect()
    viewer.window.paths_dropped.connect(opened.append)
    viewer.window.dropped_beside.connect(beside.append)
    panes, widget = viewer.window._sides, viewer.window.widget
    right = panes.width() * 3 // 4
    for name, x, y in (
        ("panes", right, 40),
        ("left", 20, 40),
        ("table", right, panes.height() + 30),
    ):
        viewer.window.on_dropped([name], panes.mapTo(widget, QPoint(x, y)))
    viewer.window.on_dropped(["toolbar"], QPoint(panes.mapTo(widget, QPoint(right, 0)).x(), 30))
    assert beside == [["panes"]]
    assert opened == [["left"], ["table"], ["toolbar"]]


def test_nothing_ticks_once_the_second_scan_is_closed(viewer):
    viewer.open_right()
    view, ticks = viewer.window.compare_view(), []
    view.ticked.connect(lambda: ticks.append(1))
    QTest.qWait(80)
    assert ticks
    viewer.window.action("compare-close").trigger()
    ticks.clear()
    QTest.qWait(80)
    assert ticks == []
    viewer.window.show_volume(False)
    assert not viewer.window.volume_view()._timer.isActive()
    viewer.window.show_volume(True)
    assert viewer.window.volume_view()._timer.isActive()
    viewer.window.show_volume(False)
    assert not viewer.window.volume_view()._timer.isActive()
