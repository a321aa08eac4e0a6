"""The renderer as a real process, and the 3D pane in the real window."""

import io
import os
import subprocess
import sys
import time
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from medvlp_viewer.models.brick import BrickJob
from medvlp_viewer.models.camera import Camera
from medvlp_viewer.models.volume_model import faces
from medvlp_viewer.models.volume_presets import VOLUME_PRESETS
from medvlp_viewer.models.volume_scene import Rendered, RendererFailed, RendererReady, SceneUpdate
from medvlp_viewer.views.vtk.process import NO_OPENGL, RenderProcess

WAIT = 60.0


def events_until(renderer, wanted):
    """Events until one fulfils a condition."""
    seen, end = [], time.monotonic() + WAIT
    while time.monotonic() < end:
        seen += renderer.poll()
        if any(wanted(event) for event in seen):
            return seen
        time.sleep(0.01)
    raise AssertionError(f"nothing of the kind among {seen}")


def alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.fixture
def renderer():
    renderer = RenderProcess()
    yield renderer
    renderer.close()


def test_it_drafts_then_draws_well_and_ends_without_a_trace(renderer, make):
    scan = make.scan(make.geometry("HFS", (20, 40, 44), (2.5, 1.1, 1.3)))
    job = BrickJob(scan)
    job.run()
    camera = Camera.standard("A", faces(scan.geometry), 1.0)
    renderer.start()
    renderer.show(SceneUpdate(1, job.brick, VOLUME_PRESETS[0], (), (), camera, (80, 60)))
    seen = events_until(renderer, lambda e: isinstance(e, Rendered) and e.final)
    assert isinstance(seen[0], RendererReady)
    picture = seen[-1].picture
    assert picture.shape == (60, 80, 3)
    rows, columns = np.nonzero(picture.max(axis=2) > 60)
    expected = camera.on_screen((8.0, -5.0, 15.0), 80, 60)
    assert (columns.mean(), rows.mean()) == pytest.approx(expected, abs=2.5)
    renderer.show(SceneUpdate(2, camera=camera.turned(np.pi, 0.0)))
    seen = events_until(renderer, lambda e: isinstance(e, Rendered) and e.number == 2)
    behind = np.nonzero(seen[-1].picture.max(axis=2) > 60)[1]
    assert behind.mean() == pytest.approx(80 - expected[0], abs=2.5)
    process_id = renderer.process_id
    renderer.close()
    assert not alive(process_id)


def test_without_opengl_there_is_a_sentence_and_no_crash(renderer, monkeypatch):
    """No X server, and no vendor whose EGL could be loaded: VTK ends its process."""
    if sys.platform != "linux":
        pytest.skip("the way to hide OpenGL is that of Linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("__EGL_VENDOR_LIBRARY_FILENAMES", "/nonexistent")
    renderer.start()
    seen = events_until(renderer, lambda e: isinstance(e, RendererFailed))
    if isinstance(seen[0], RendererReady):
        pytest.skip("this computer has OSMesa")
    assert seen == [RendererFailed(NO_OPENGL)]


def test_without_vtk_there_is_a_sentence(monkeypatch):
    from medvlp_viewer.views.vtk import child

    sent = []
    monkeypatch.setitem(sys.modules, "vtkmodules.vtkCommonCore", None)
    child.run(SimpleNamespace(send=sent.append))
    (failure,) = sent
    assert "pip install medvlp[viewer]" in failure.message


def test_a_renderer_that_dies_later_is_reported_once(renderer, make):
    renderer.start()
    events_until(renderer, lambda e: isinstance(e, RendererReady))
    renderer._process.kill()
    seen = events_until(renderer, lambda e: isinstance(e, RendererFailed))
    assert "ended unexpectedly" in seen[-1].message
    time.sleep(0.1)
    assert renderer.poll() == []


def test_importing_the_viewer_and_opening_a_window_does_not_import_vtk():
    code = (
        "import sys\n"
        "import medvlp_viewer.application as a\n"
        "from medvlp_viewer.models.state import ViewerState\n"
        "from medvlp_viewer.controllers.viewer import ViewerController\n"
        "class W:\n"
        "    def __getattr__(self, name): return lambda *a, **k: []\n"
        "app = a.make_application(); s = ViewerState(); w = a.QtWindow(s)\n"
        "c = ViewerController(s, w, W()); w.install_commands(c.commands); w.show()\n"
        "w.volume_view(); app.processEvents()\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('vtk', 'vtkmodules')])\n"
    )
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True
    )
    assert result.stdout.strip().splitlines()[-1] == "[]"


@pytest.fixture
def viewer(qt_application, make, fake_worker):
    from PySide6.QtWidgets import QApplication

    from medvlp_viewer.controllers.viewer import ViewerController
    from medvlp_viewer.models.state import ViewerState
    from medvlp_viewer.views.qt.window import QtWindow

    state = ViewerState()
    window = QtWindow(state)
    controller = ViewerController(state, window, fake_worker)
    window.install_commands(controller.commands)
    window.show()
    state.scan.set(make.scan(make.geometry("HFS", (20, 40, 44), (2.5, 1.1, 1.3))))
    window.refresh_commands()
    yield controller
    window.close()
    window.widget.deleteLater()
    QApplication.processEvents()


def test_the_pane_in_the_real_window(viewer):
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication, QToolButton

    window = viewer.window
    window.action("volume").trigger()
    view, end = window.volume_view(), time.monotonic() + WAIT
    while not view.canvas.has_picture and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)
    assert view.canvas.has_picture
    assert view.widget.isVisible()
    picture = np.asarray(Image.open(io.BytesIO(view.picture().png())).convert("RGB"))
    assert picture.max() > 150

    direction = viewer.volume.model.camera.direction
    positions = [pane.position for pane in viewer.panes.panes.values()]
    view.canvas.setFocus()
    QTest.keyClick(view.canvas, Qt.Key.Key_Left)
    assert not np.allclose(viewer.volume.model.camera.direction, direction)
    assert [pane.position for pane in viewer.panes.panes.values()] == positions

    QTest.mousePress(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 60))
    before = viewer.volume.model.camera
    QTest.mouseMove(view.canvas, QPoint(90, 60))
    QTest.mouseRelease(view.canvas, Qt.MouseButton.LeftButton, pos=QPoint(90, 60))
    assert viewer.volume.model.camera is not before

    for button in view.tools.findChildren(QToolButton):
        if button.defaultAction() is not None:
            assert button.accessibleName()

    window.action("volume-lung").trigger()
    assert window.action("volume-lung").isChecked()
    assert not window.action("volume-bone").isChecked()
    window.action("volume").trigger()
    assert not view.widget.isVisible()
