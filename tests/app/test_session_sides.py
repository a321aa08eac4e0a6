"""Measurements, 3D view and comparison survive in a session file: the real window, offscreen."""

import io
import json

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QPointF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.session_file import read_session
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.qt.window import QtWindow


class Renderer:
    """Remembers what it was told to draw."""

    def __init__(self):
        self.updates = []

    def start(self):
        pass

    def show(self, update):
        self.updates.append(update)

    def poll(self):
        return ()

    def told(self, part):
        return next(v for u in reversed(self.updates) if (v := getattr(u, part)) is not None)

    def close(self):
        pass


class Desk:
    """A window with two scans in a folder; the test plays both processes and the renderer."""

    def __init__(self, make, front, folder):
        self.make, self.front, self.second, self.folder = make, front, type(front)(), folder
        self.state, self.renderer = ViewerState(), Renderer()
        self.window = QtWindow(self.state)
        self.controller = ViewerController(
            self.state, self.window, front, second=lambda: self.second
        )
        self.controller.volume._make_renderer = lambda: self.renderer
        self.window.install_commands(self.controller.commands)
        self.window.show()
        self.left = make.scan(make.oblique((40, 60, 70), (4.0, 1.5, 2.0)), (30, -24, 40), 10.0)
        self.right = make.scan(make.geometry("FFS", (40, 70, 60), (3.0, 1.9, 2.1)), (-30, 20, 9), 9)
        for name in ("left", "right"):
            (folder / f"{name}.nii.gz").touch()
        self.open_left(str(folder / "left.nii.gz"))

    def open_left(self, path=""):
        if path:
            self.controller.open(path)
        for kind, value in (("open", self.left), ("encode", self.make.facts())):
            self.front.reply(self.front.last(kind), value=value)
            self.controller.session.poll()
            QApplication.processEvents()

    def open_right(self, path=""):
        if path:
            self.controller.compare.open(path)
        for kind, value in (("open", self.right), ("encode", self.make.facts())):
            self.second.reply(self.second.last(kind), value=value)
            self.controller.compare.poll()
            QApplication.processEvents()

    def save(self, name):
        target = self.folder / name
        self.window.keep.choose_target = lambda *_: str(target)
        self.window.action("save-session").trigger()
        return target

    def picture(self):
        """The slices once nothing changes any more, without the pointer's readout."""
        views = [self.window.area]
        if self.controller.compare.model.active:
            views.append(self.window.compare_view().area)
        for area in views:
            for pane in area.panes.values():
                QApplication.sendEvent(pane.canvas, QEvent(QEvent.Type.Leave))
        last, still = None, 0
        for _ in range(60):
            QTest.qWait(30)
            grabs = [np.asarray(Image.open(io.BytesIO(png_of(area)))) for area in views]
            same = last is not None and all(map(np.array_equal, grabs, last))
            last, still = grabs, still + 1 if same else 0
            if still == 4:
                break
        return last


def png_of(area):
    from medvlp_viewer.views.qt.snapshot import png_of

    return png_of(area.grab().toImage())


@pytest.fixture
def desk(qt_application, make, fake_worker, tmp_path):
    desk = Desk(make, fake_worker, tmp_path)
    yield desk
    desk.window.close()
    desk.window.widget.deleteLater()
    QApplication.processEvents()


def content(path):
    """The session with numbers rounded to what the screen can show."""

    def rounded(value):
        if isinstance(value, float):
            return round(value, 6)
        if isinstance(value, list):
            return [rounded(v) for v in value]
        return {k: rounded(v) for k, v in value.items()} if isinstance(value, dict) else value

    return rounded(json.loads(path.read_text()))


def measure(state):
    state.crosshair.move_to((10.0, -6.0, 12.0))
    state.measurements.begin("distance", "axial", (0.0, 0.0, 12.0), (25.0, -10.0, 12.0))
    state.measurements.begin(
        "angle", "coronal", (0.0, -6.0, 0.0), (9.0, -6.0, 4.0), (9.0, -6.0, 30.0)
    )
    state.measurements.begin("ellipse", "axial", (-20.0, -20.0, 12.0), (4.0, 3.0, 12.0))
    state.measurements.remove(1)
    state.measurements.begin("rectangle", "sagittal", (10.0, -30.0, 0.0), (10.0, 4.0, 31.0))
    state.measurements.choose(3)


def test_measurements_keep_their_numbers_points_and_which_is_chosen(desk):
    measure(desk.state)
    items, chosen = set(desk.state.measurements), desk.state.measurements.chosen
    before = desk.picture()
    path = desk.save("a.medvlp.json")
    desk.state.measurements.clear()
    desk.state.measurements.begin("distance", "axial", (0.0, 0.0, 0.0), (1.0, 1.0, 0.0))
    desk.controller.open(str(path))
    desk.open_left()
    assert set(desk.state.measurements) == items
    assert desk.state.measurements.chosen == chosen
    assert {item.kind for item in items} == {"angle", "ellipse", "rectangle"}
    assert set(desk.state.measurements.statistics) == {1, 3}  # computed anew for the regions
    for now, then in zip(desk.picture(), before, strict=True):
        np.testing.assert_allclose(now.astype(int), then, atol=2)  # smoothed edges are rounded


def test_a_measurement_that_is_still_being_drawn_is_not_kept(desk):
    desk.state.measurements.begin("angle", "axial", (0.0, 0.0, 0.0), (5.0, 0.0, 0.0))
    assert content(desk.save("a.medvlp.json"))["measurements"] == []


def test_the_3d_view_comes_back_with_camera_preset_and_cuts(desk):
    volume = desk.controller.volume
    desk.window.action("volume").trigger()
    volume.use_preset(next(p for p in presets() if p.name == "soft-tissue"))
    volume.turn(0.7, -0.3)
    volume.move(0.1, 0.2)
    volume.zoom(1.7)
    volume.toggle_cut("coronal")
    volume.toggle_cut("axial")
    volume.model.turn_cuts()
    camera, cuts, planes = volume.model.camera, volume.model.cuts, desk.renderer.told("cuts")
    path = desk.save("a.medvlp.json")
    desk.window.action("volume").trigger()
    desk.controller.open(str(path))
    desk.open_left()
    QTest.qWait(50)
    volume.poll()
    assert volume.model.shown
    assert not volume.maximised
    assert desk.renderer.told("preset").name == "soft-tissue"
    for name in ("focus", "direction", "up", "half_height"):
        told = getattr(desk.renderer.told("camera"), name)
        np.testing.assert_allclose(told, getattr(camera, name))
    assert volume.model.cuts == cuts
    for told, then in zip(desk.renderer.told("cuts"), planes, strict=True):
        np.testing.assert_allclose([told.origin, told.normal], [then.origin, then.normal])
    assert content(desk.save("b.medvlp.json")) == content(path)


def presets():
    from medvlp_viewer.models.volume_presets import VOLUME_PRESETS

    return VOLUME_PRESETS


@pytest.mark.parametrize("aligned", [True, False])
def test_a_comparison_comes_back_with_its_step_and_both_views(desk, aligned):
    desk.open_right(str(desk.folder / "right.nii.gz"))
    compare = desk.controller.compare
    if aligned:
        desk.controller.compare.toggle_linked()
        compare.right.crosshair.move_to((-22.0, 14.0, 8.0))
        compare.align()
    else:
        compare.toggle_linked()
        compare.right.crosshair.move_to((-11.0, 4.0, 2.0))
    desk.window.compare_view().area.panes["axial"].canvas.zoom_by(2.5, QPointF(40, 60))
    desk.window.area.panes["axial"].canvas.zoom_by(1.6, QPointF(50, 30))
    before = desk.picture()
    step, world = compare.model.offset.copy(), compare.right.crosshair.world.copy()
    path = desk.save("a.medvlp.json")
    assert content(path)["compare"]["scan"]["paths"] == ["right.nii.gz"]
    assert (content(path)["compare"]["step"] is not None) == aligned
    desk.window.action("compare-close").trigger()
    desk.controller.open(str(path))
    desk.open_left()
    assert compare.model.active
    desk.open_right()
    assert compare.model.linked == aligned
    np.testing.assert_allclose(compare.model.offset, step)
    np.testing.assert_allclose(compare.right.crosshair.world, world, atol=1e-9)
    for now, then in zip(desk.picture(), before, strict=True):
        np.testing.assert_allclose(now.astype(int), then, atol=2)  # smoothed edges are rounded
    assert content(desk.save("b.medvlp.json")) == content(path)


@pytest.mark.parametrize("kept", ["by name", "in a folder"])
def test_two_models_come_back_on_the_scan_they_shared(desk, kept):
    """A folder is written relative to the session file, so that both can be moved together."""
    (desk.folder / "mine").mkdir()
    name = "clip" if kept == "by name" else str(desk.folder / "mine")
    compare = desk.controller.compare

    def ready():
        desk.right = desk.left
        facts = desk.make.facts().model
        desk.second.reply(desk.second.last("load_model"), value=facts)
        desk.open_right()

    compare.open_model(name, "cpu", desk.controller.session.origin)
    ready()
    desk.window.compare_view().area.panes["axial"].canvas.zoom_by(2.5, QPointF(40, 60))
    before = desk.picture()
    path = desk.save("a.medvlp.json")
    part = content(path)["compare"]
    assert part["other_model"] == ("clip" if kept == "by name" else "./mine")
    assert part["scan"]["paths"] == ["left.nii.gz"]

    desk.window.action("compare-close").trigger()
    assert compare.model.other_model == ""
    desk.second = type(desk.front)()
    desk.controller.open(str(path))
    desk.open_left()
    assert desk.second.submitted[0][0] == "load_model"
    assert desk.second.submitted[0][1]["model"] == name
    ready()
    assert compare.model.other_model == name
    for now, then in zip(desk.picture(), before, strict=True):
        np.testing.assert_allclose(now.astype(int), then, atol=2)
    assert content(desk.save("b.medvlp.json")) == content(path)


def test_a_session_without_comparison_closes_the_one_that_is_open(desk):
    path = desk.save("a.medvlp.json")
    desk.open_right(str(desk.folder / "right.nii.gz"))
    desk.controller.open(str(path))
    desk.open_left()
    assert not desk.controller.compare.model.active
    assert not desk.controller.volume.model.shown


def test_a_second_scan_that_is_gone_is_said_and_the_first_is_restored(desk):
    desk.open_right(str(desk.folder / "right.nii.gz"))
    path = desk.save("a.medvlp.json")
    desk.window.action("compare-close").trigger()
    desk.state.crosshair.move_to((3.0, 3.0, 3.0))
    (desk.folder / "right.nii.gz").unlink()
    desk.controller.open(str(path))
    desk.open_left()
    assert "expected right.nii.gz beside" in desk.window.messages.text.text()
    assert not desk.controller.compare.model.active
    assert not np.allclose(desk.state.crosshair.world, (3.0, 3.0, 3.0))


def test_a_second_scan_that_has_changed_keeps_its_own_first_view(desk):
    desk.open_right(str(desk.folder / "right.nii.gz"))
    desk.controller.compare.toggle_linked()
    path = desk.save("a.medvlp.json")
    desk.right = desk.make.scan(desk.right.geometry, (0.0, 0.0, 0.0), 5.0)
    desk.controller.open(str(path))
    desk.open_left()
    desk.open_right()
    assert "has changed since" in desk.window.messages.text.text()
    assert desk.controller.compare.model.linked


def test_a_file_of_the_first_version_is_read_as_one_without_the_new_parts(desk):
    path = desk.save("a.medvlp.json")
    old = json.loads(path.read_text())
    for name in ("measurements", "chosen_measurement", "volume", "compare"):
        del old[name]
    path.write_text(json.dumps(old | {"schema": "medvlp/viewer-session/1"}))
    session = read_session(path)
    assert (session.measurements, session.volume, session.compare) == ((), None, None)
    measure(desk.state)
    desk.controller.open(str(path))
    desk.open_left()
    assert len(desk.state.measurements) == 0
    path.write_text(json.dumps(old))
    with pytest.raises(Exception, match="measurements"):
        read_session(path)
