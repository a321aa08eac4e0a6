"""The real window, offscreen: dropping, choosing, wrong files, saving, and a session's round trip."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medvlp.io.survey import survey
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.qt.window import QtWindow
from medvlp_widgets.colour.maps import colour_map_names

SPOT = (30.0, -24.0, 40.0)


class Desk:
    """A window on an oblique, anisotropic phantom; the test plays the inference process."""

    def __init__(self, make, worker):
        self.make, self.worker, self.state = make, worker, ViewerState()
        self.window = QtWindow(self.state)
        self.controller = ViewerController(self.state, self.window, worker)
        self.window.install_commands(self.controller.commands)
        self.scan = make.scan(make.oblique((40, 60, 70), (4.0, 1.5, 2.0)), SPOT, radius_mm=10.0)
        self.window.show()

    def drop(self, *paths):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        where, action = QPoint(50, 50), Qt.DropAction.CopyAction
        button, plain = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        for event in (
            QDragEnterEvent(where, action, data, button, plain),
            QDropEvent(QPointF(where), action, data, button, plain),
        ):
            QApplication.sendEvent(self.window.widget, event)

    def answer(self, kind, value=None, how="result", message=""):
        self.worker.reply(self.worker.last(kind), how, value, message)
        self.controller.session.poll()
        QApplication.processEvents()

    def open(self, path, scan=None):
        self.drop(path)
        self.finish(scan or self.scan)

    def finish(self, scan):
        """Everything that follows a drop."""
        self.answer("open", scan)
        self.answer("encode", self.make.facts())
        if any(row.pending for row in self.state.queries):
            self.controller.session.poll()
            asked = self.worker.submitted[self.worker.last("ask") - 1][1]["texts"]
            self.answer("ask", [self.make.heatmap(scan, text) for text in asked])
        self.answer("score", None)

    def ask(self, text):
        self.window.ask(text)
        self.controller.session.poll()
        self.answer("ask", [self.make.heatmap(self.scan, text)])

    def save(self, command, target):
        self.window.keep.choose_target = lambda *_: str(target)
        self.window.action(command).trigger()
        QApplication.processEvents()

    def picture(self):
        """The panes once nothing changes any more: they are drawn one in a turn of the event loop."""
        self.window.show_message(None)
        for pane in self.window.area.panes.values():
            # The pointer is where the tests before left it, and a pane writes what is under it.
            QApplication.sendEvent(pane.canvas, QEvent(QEvent.Type.Leave))
        last, still = self._grab(), 0
        for _ in range(60):
            QTest.qWait(40)
            now = self._grab()
            still = still + 1 if np.array_equal(now, last) else 0
            last = now
            if still == 4:
                break
        return last

    def _grab(self):
        return np.asarray(Image.open(io.BytesIO(self.window.keep.picture_of_panes().png())))

    @property
    def list(self):
        return self.window.study.list


@pytest.fixture
def desk(qt_application, make, fake_worker):
    desk = Desk(make, fake_worker)
    yield desk
    desk.window.close()
    desk.window.widget.deleteLater()
    QApplication.processEvents()


@pytest.fixture
def study(tmp_path):
    """A folder with two volumes and something else."""
    import SimpleITK as sitk

    folder = tmp_path / "study"
    folder.mkdir()
    for name, n in (("small.nrrd", 5), ("large.nrrd", 9)):
        image = sitk.GetImageFromArray(np.full((n, 12, 10), -1000, np.int16))
        sitk.WriteImage(image, str(folder / name))
    (folder / "readme.txt").write_text("no scan")
    return folder


def submitted(desk, kind):
    return [arguments for k, arguments in desk.worker.submitted if k == kind]


def test_a_click_in_the_browser_opens_that_series_and_marks_it(desk, study):
    desk.drop(study)
    model = desk.list.model()
    assert model.index(0).data() == "Study 1. Looking through it…."  # its name may tell who it is
    (found,) = survey([study])
    desk.answer("survey", found, "progress")
    texts = [model.index(i).data() for i in range(model.rowCount())]
    assert texts[0] == "study."
    assert texts[1].startswith("large.nrrd. CT  9 × 12 × 10. 1.00 × 1.00 × 1.00 mm.")
    assert texts[2].startswith("small.nrrd. CT  5 × 12 × 10")
    place = desk.list.visualRect(model.index(2)).center()
    QTest.mouseClick(desk.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert submitted(desk, "open")[-1]["source"] == str(study / "small.nrrd")
    desk.answer("open", desk.scan)
    assert model.index(2).data().startswith("On screen. small.nrrd")
    assert not model.index(1).data().startswith("On screen")


def test_the_keyboard_opens_a_series_and_the_scan_gets_the_keys(desk, study):
    desk.drop(study)
    (found,) = survey([study])
    desk.answer("survey", found, "progress")
    desk.list.setFocus()
    desk.list.setCurrentIndex(desk.list.model().index(1))
    QTest.keyClick(desk.list, Qt.Key.Key_Down)
    QTest.keyClick(desk.list, Qt.Key.Key_Return)
    assert submitted(desk, "open")[-1]["source"] == str(study / "small.nrrd")
    desk.answer("open", desk.scan)
    assert desk.window.area.panes["axial"].canvas.hasFocus()


def test_the_picture_in_the_browser_lies_like_the_pane(desk, tmp_path, make):
    """The bright ball is on the patient's left and front: right of the middle, above it."""
    from medvlp.io.thumbnail import thumbnail_of
    from medvlp_viewer.views.qt.study.card import _image

    scan = make.scan(make.geometry("FFP", (24, 60, 70), (4.0, 2.0, 2.0)), (30.0, -24.0, 0.0), 10.0)
    image = _image(thumbnail_of(scan))
    bright = [
        (x, y)
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).red() > 200
    ]
    x, y = np.mean(bright, axis=0)
    assert x / image.width() == pytest.approx(0.5 + 30.0 / 140.0, abs=0.03)
    assert y / image.height() == pytest.approx(0.5 - 24.0 / 120.0, abs=0.03)
    assert image.width() / image.height() == pytest.approx(140 / 120, abs=0.03)


def test_a_wrong_file_is_a_message_and_the_open_study_stays(desk, tmp_path):
    desk.open(tmp_path / "good.nii.gz")
    before = desk.picture()
    title = desk.window.widget.windowTitle()
    desk.drop(tmp_path / "wrong.txt")
    desk.answer("open", None, "error", "wrong.txt: the format is not recognised.")
    assert desk.window.messages.isVisible()
    assert "not recognised" in desk.window.messages.text.text()
    assert desk.state.scan.scan is desk.scan
    assert desk.window.widget.windowTitle() == title
    assert desk.list.model().index(0).data().startswith("On screen. good.nii.gz")
    np.testing.assert_array_equal(desk.picture(), before)


def test_names_of_patients_are_shown_by_their_switch_alone(desk):
    box = desk.window.study.names
    assert not box.isChecked()
    QTest.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))
    assert desk.state.settings.value.show_patient_names


def test_ctrl_b_hides_the_browser(desk):
    desk.window.action("toggle-study").trigger()
    assert not desk.window.study.isVisible()
    desk.window.action("toggle-study").trigger()
    assert desk.window.study.isVisible()


def change_everything(desk):
    """A view that differs from the first one in all that a session keeps."""
    state, area = desk.state, desk.window.area
    desk.ask("lung mass")
    desk.ask("pleural effusion")
    state.queries.set_visible("pleural effusion", False)
    state.queries.select("lung mass")
    state.overlay.opacity, state.overlay.threshold = 0.4, 0.3
    state.overlay.colour_map = colour_map_names()[-1]
    desk.window.action("window-bone").trigger()
    desk.window.action("toggle-interpolation").trigger()
    state.crosshair.move_to((12.0, -8.0, 21.0))
    for plane, about in (("axial", (40, 60)), ("sagittal", (90, 20))):
        area.panes[plane].canvas.zoom_by(2.5, QPointF(*about))
    desk.controller.panes.activate("coronal")
    desk.window.keep.set_layout({"pane-columns": [300, 500]})
    QApplication.processEvents()


def test_a_session_gives_exactly_the_same_view_back(desk, tmp_path):
    path, file = tmp_path / "scans" / "ct.nii.gz", tmp_path / "view.medvlp.json"
    path.parent.mkdir()
    path.touch()
    desk.open(path)
    change_everything(desk)
    before, world = desk.picture(), desk.state.crosshair.world.copy()
    desk.save("save-session", file)
    content = json.loads(file.read_text())
    assert content["scan"]["paths"] == ["scans/ct.nii.gz"]
    other = tmp_path / "other.nii.gz"
    desk.open(other, desk.make.scan(desk.make.geometry("FFS"), radius_mm=8.0))
    desk.state.queries.clear()
    for name in ("window-lung", "toggle-interpolation", "toggle-crosshair", "reset"):
        desk.window.action(name).trigger()
    desk.state.overlay.opacity = 0.9
    desk.drop(file)
    assert submitted(desk, "open")[-1]["scan_id"] == desk.scan.scan_id
    desk.finish(desk.scan)
    np.testing.assert_allclose(desk.state.crosshair.world, world)
    assert [(r.text, r.visible, r.hue.number) for r in desk.state.queries] == [
        ("lung mass", True, 1),
        ("pleural effusion", False, 2),
    ]
    np.testing.assert_array_equal(desk.picture(), before)
    again = tmp_path / "again.medvlp.json"
    desk.save("save-session", again)
    same = json.loads(again.read_text())
    for saved in (content, same):
        saved["crosshair"]["position"] = [round(v, 6) for v in saved["crosshair"]["position"]]
    assert same == content


def test_pictures_have_no_side_panel_and_carry_the_notice(desk, tmp_path):
    desk.open(tmp_path / "ct.nii.gz")
    desk.save("save-panes", tmp_path / "panes.png")
    desk.save("save-pane", tmp_path / "pane.png")
    area, canvas = desk.window.area, desk.window.area.panes["axial"].canvas
    panes, pane = (Image.open(tmp_path / name) for name in ("panes.png", "pane.png"))
    assert (panes.width, panes.height > area.height()) == (area.width(), True)
    assert (pane.width, pane.height > canvas.height()) == (canvas.width(), True)
    strip = np.asarray(pane.convert("RGB"))[canvas.height() :].astype(int)
    assert (strip.max(axis=2) > 150).any()  # words
    assert desk.window.messages.text.text() == f"Picture saved: {tmp_path / 'pane.png'}"


def test_the_report_is_a_pdf_without_paths_or_names(desk, tmp_path):
    desk.open(tmp_path / "Doe Jane.nii.gz")
    desk.ask("lung mass")
    desk.save("save-report", tmp_path / "report.pdf")
    content = (tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert content.count(b"/Subtype /Image") >= 1
    assert b"Doe" not in content
    assert "Doe".encode("utf-16-be") not in content
