"""The real window, offscreen, with a fake worker behind it."""

import io

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import Message
from medvlp_viewer.views.qt.window import QtWindow

SPOT = (30.0, -24.0, 40.0)  # the patient's left, front, upper part


class Viewer:
    """A window on an asymmetric phantom whose heat is where it is bright."""

    def __init__(self, make, worker) -> None:
        self.state, self.worker = ViewerState(), worker
        self.window = QtWindow(self.state)
        self.controller = ViewerController(self.state, self.window, worker)
        self.window.install_commands(self.controller.commands)
        geometry = make.geometry("FFP", (40, 60, 70), (4.0, 2.0, 2.0))
        self.scan = make.scan(geometry, SPOT, radius_mm=10.0)
        self.make = make
        self.window.show()

    def open(self) -> None:
        self.controller.open("somewhere.nii.gz")
        self.reply("open", self.scan)
        self.reply("encode", self.make.facts())

    def reply(self, kind, value) -> None:
        self.worker.reply(self.worker.last(kind), value=value)
        self.controller.session.poll()
        QApplication.processEvents()

    def ask(self, text="lung mass") -> None:
        self.window.ask(text)
        self.controller.session.poll()
        self.reply("ask", [self.make.heatmap(self.scan, text)])

    def canvas(self, plane):
        return self.window.area.panes[plane].canvas

    def picture(self, plane) -> np.ndarray:
        """Pixels of a canvas as they are in the picture of the whole window."""
        QApplication.processEvents()
        whole = np.asarray(Image.open(io.BytesIO(self.window.picture())).convert("RGB")).astype(int)
        viewport = self.canvas(plane).viewport()
        corner = viewport.mapTo(self.window.widget, QPoint(0, 0))
        size = viewport.size()
        return whole[
            corner.y() : corner.y() + size.height(), corner.x() : corner.x() + size.width()
        ]

    def command(self, name) -> None:
        self.window.action(name).trigger()


@pytest.fixture
def viewer(qt_application, make, fake_worker):
    viewer = Viewer(make, fake_worker)
    yield viewer
    viewer.window.close()
    viewer.window.widget.deleteLater()
    QApplication.processEvents()


@pytest.mark.parametrize("plane", ["axial", "coronal", "sagittal"])
def test_the_overlay_is_drawn_where_the_finding_is(viewer, plane):
    viewer.open()
    for name in ("toggle-crosshair", "toggle-annotations"):
        viewer.command(name)
    viewer.ask()
    with_heat = viewer.picture(plane)
    viewer.command("toggle-heat")
    changed = np.abs(with_heat - viewer.picture(plane)).sum(axis=2) > 60
    rows, columns = np.nonzero(changed)
    frame = viewer.state.scan.frames[plane]
    expected = viewer.canvas(plane).screen_position(*frame.to_pane(SPOT)[1:])
    assert rows.mean() == pytest.approx(expected.y(), abs=12)
    assert columns.mean() == pytest.approx(expected.x(), abs=12)
    on_the_right = SPOT[1 if plane == "sagittal" else 0] > 0
    assert (columns.mean() > changed.shape[1] / 2) == on_the_right


def test_g_hides_the_heat_and_typing_g_in_a_question_does_not(viewer):
    viewer.open()
    viewer.canvas("axial").setFocus()
    QTest.keyClick(viewer.window.widget.focusWidget(), Qt.Key.Key_G)
    assert not viewer.state.overlay.visible
    viewer.command("ask")
    edit = viewer.window.side.questions.edit
    assert edit.hasFocus()
    QTest.keyClicks(edit, "gnp1r")
    assert edit.text() == "gnp1r"
    assert not viewer.state.overlay.visible


def test_slice_keys_and_the_wheel_scroll_the_pane_that_has_the_keyboard(viewer):
    viewer.open()
    pane, canvas = viewer.controller.panes.panes["coronal"], viewer.canvas("coronal")
    canvas.setFocus()
    start = pane.position
    QTest.keyClick(canvas, Qt.Key.Key_Down)
    QTest.keyClick(canvas, Qt.Key.Key_F)
    assert pane.position == start + 2
    QTest.keyClick(canvas, Qt.Key.Key_PageUp)
    assert pane.position == start - 8
    middle = QPointF(canvas.viewport().rect().center())
    wheel = QWheelEvent(
        middle,
        canvas.viewport().mapToGlobal(middle),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), wheel)
    assert pane.position == start - 7


def test_a_click_moves_the_crosshair_to_the_pixel_under_it(viewer):
    viewer.open()
    canvas, pane = viewer.canvas("axial"), viewer.controller.panes.panes["axial"]
    target = canvas.screen_position(12.0, 50.0).toPoint()
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=target)
    _, row, column = pane.frame.to_pane(viewer.state.crosshair.world)
    assert (row, column) == pytest.approx((12.0, 50.0), abs=0.3)


def test_a_left_drag_sets_the_window_and_leaves_the_crosshair(viewer):
    viewer.open()
    viewport = viewer.canvas("axial").viewport()
    window, world = viewer.state.display.window, viewer.state.crosshair.world.copy()
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(viewport, left, pos=QPoint(100, 100))
    for x in range(100, 200, 10):
        QTest.mouseMove(viewport, QPoint(x, 100))
    QTest.mouseRelease(viewport, left, pos=QPoint(190, 100))
    assert viewer.state.display.window.width > window.width
    assert np.allclose(viewer.state.crosshair.world, world)


def test_voxels_are_drawn_in_their_proportions(viewer):
    viewer.open()
    canvas = viewer.canvas("coronal")
    a, b, c = (canvas.screen_position(*p) for p in ((0, 0), (10, 0), (0, 10)))
    assert (b.y() - a.y()) / (c.x() - a.x()) == pytest.approx(2.0)


def test_zooming_about_a_point_keeps_it_in_place_and_reset_fits_again(viewer):
    viewer.open()
    canvas = viewer.canvas("axial")
    at = QPointF(40, 60)
    before = canvas.picture_position(at)
    scale = canvas.pixels_per_unit()
    canvas.zoom_by(3.0, at)
    assert canvas.picture_position(at) == pytest.approx(before)
    assert canvas.pixels_per_unit() == pytest.approx(3 * scale)
    viewer.command("reset")
    assert canvas.pixels_per_unit() == pytest.approx(scale)


def test_dropped_files_are_opened(viewer):
    viewer.window.paths_dropped.emit(["/data/study"])
    assert ("open", {"source": "/data/study", "series": None}) in viewer.worker.submitted


def test_questions_can_be_typed_only_once_a_scan_is_open(viewer):
    assert not viewer.window.side.questions.edit.isEnabled()
    viewer.open()
    assert viewer.window.side.questions.edit.isEnabled()


def test_the_research_notice_is_visible_also_while_a_job_runs_and_a_message_is_shown(viewer):
    viewer.open()
    viewer.window.show_message(Message("error", "Something failed. " * 20))
    assert viewer.state.jobs.busy
    QApplication.processEvents()
    notice = viewer.window.status.findChild(object, "research-notice")
    assert notice.text() == "Research use only. Not for clinical decisions."
    assert not notice.visibleRegion().isEmpty()
    assert notice.width() >= notice.sizeHint().width()


def test_cancel_in_the_status_bar_reaches_the_worker(viewer):
    viewer.open()
    viewer.window.status.cancel.click()
    assert viewer.worker.cancelled == [viewer.worker.last("score")]


def test_the_sheet_of_keys_lists_every_command_that_has_keys(viewer):
    viewer.command("shortcuts")
    texts = {label.text() for label in viewer.window._sheet.findChildren(QLabel)}
    for command in viewer.controller.commands:
        if command.keys:
            assert command.title.rstrip("…") in texts
    assert viewer.window._sheet.isVisible()


def test_controls_have_names_for_screen_readers(viewer):
    from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QLineEdit

    for kind in (QAbstractButton, QComboBox, QLineEdit, QAbstractSlider):
        for control in viewer.window.side.findChildren(kind):
            if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
                named = control.accessibleName() or getattr(control, "text", str)()
                assert named or control.parentWidget().accessibleName(), control


def test_the_window_fits_on_a_small_laptop_with_all_panels_full(viewer):
    viewer.open()
    for text in ("lung mass", "pleural effusion", "kidney"):
        viewer.ask(text)
    viewer.state.measurements.begin("ellipse", "axial", (0.0, 0.0, 0.0), (9.0, 9.0, 0.0))
    for page in range(viewer.window.side.pages.count()):
        viewer.window.side.pages.setCurrentIndex(page)
        QApplication.processEvents()
        least = viewer.window.widget.minimumSizeHint()
        assert least.width() <= 1366
        assert least.height() <= 690  # 768, less the title bar and the desktop's own bar


def test_an_xray_is_offered_no_window_in_hounsfield_units(viewer):
    from medvlp import Geometry, Scan

    pixels = np.linspace(0, 1, 400, dtype=np.float32).reshape(16, 25)
    xray = Scan(pixels, Geometry.radiograph((16, 25), (0.2, 0.2)), "XR", "normalised")
    viewer.controller.open("somewhere.png")
    viewer.reply("open", xray)
    box = viewer.window._actions.presets
    choosable = [box.itemText(i) for i in range(box.count()) if box.model().item(i).isEnabled()]
    assert choosable == ["Custom", "From file"]
    assert box.currentText() == "From file"
