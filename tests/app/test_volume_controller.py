from typing import ClassVar

import numpy as np
import pytest

from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.controllers.volume import VolumeController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.volume_presets import VOLUME_PRESETS
from medvlp_viewer.models.volume_scene import Rendered, RendererFailed, SceneUpdate


class FakeRenderer:
    """Keeps the updates; pictures and failures come when the test says so."""

    made: ClassVar[list] = []

    def __init__(self):
        self.updates, self.events, self.started, self.closed = [], [], False, False
        FakeRenderer.made.append(self)

    def start(self):
        self.started = True

    def show(self, update):
        self.updates.append(update)

    def poll(self):
        events, self.events = self.events, []
        return events

    def close(self):
        self.closed = True

    def draw(self, number=None, value=7):
        last = self.updates[-1]
        picture = np.full((200, 300, 3), value, dtype=np.uint8)
        number = last.number if number is None else number
        camera = next(u.camera for u in reversed(self.updates) if u.camera is not None)
        self.events.append(Rendered(number, picture, camera, True, 0.1))


class Slow:
    """Runs slow work only when told to."""

    def __init__(self):
        self.work = []

    def __call__(self, work, then=None, queue=""):
        self.work.append(work)

    def finish(self):
        while self.work:
            self.work.pop(0)()


@pytest.fixture
def pane(fake_window, make):
    FakeRenderer.made = []
    state, slow = ViewerState(), Slow()
    controller = VolumeController(state, fake_window, make_renderer=FakeRenderer, background=slow)
    controller.slow, controller.state = slow, state
    state.scan.set(make.scan(make.oblique()))
    state.crosshair.attach(state.scan.scan.geometry)
    return controller


def opened(pane):
    pane.toggle()
    pane.slow.finish()
    pane.poll()
    return FakeRenderer.made[-1]


def test_nothing_is_made_before_the_pane_opens(pane):
    assert FakeRenderer.made == []
    assert not pane.model.shown


def test_opening_prepares_in_the_background_with_progress_then_sends_everything(pane, fake_window):
    pane.toggle()
    assert fake_window.volume_shown == (True, False)
    assert pane.state.jobs.jobs[0].title == "Preparing the 3D view"
    assert "Starting" in pane.view.notice
    renderer = FakeRenderer.made[0]
    assert renderer.updates == []
    pane.slow.finish()
    pane.poll()
    assert not pane.state.jobs.busy
    (update,) = renderer.updates
    assert update.brick is not None
    assert update.preset is VOLUME_PRESETS[0]
    assert update.size == (300, 200)
    assert update.camera.letters.right.startswith("L")
    renderer.draw()
    pane.poll()
    assert pane.view.shown is not None
    assert pane.view.notice == ""
    assert pane.view.text.camera is pane.model.camera


def test_letters_belong_to_the_picture_on_screen_until_the_next_one_is_drawn(pane):
    renderer = opened(pane)
    renderer.draw()
    pane.poll()
    front = pane.model.camera
    pane.look_from("L")
    assert pane.model.camera is not front
    assert pane.view.text.camera is front
    renderer.events.append(Rendered(10**6, np.zeros((2, 3, 3), np.uint8), front, False, 0.1))
    pane.poll()
    assert pane.view.text.camera is front
    renderer.draw()
    pane.poll()
    assert pane.view.text.camera is renderer.updates[-1].camera is pane.model.camera


def test_only_what_changed_is_sent(pane):
    renderer = opened(pane)
    pane.turn(0.1, 0.0)
    update = renderer.updates[-1]
    assert update.camera is pane.model.camera
    assert update.brick is update.preset is update.surfaces is update.size is None
    pane.use_preset(VOLUME_PRESETS[1])
    assert renderer.updates[-1].preset is VOLUME_PRESETS[1]
    assert renderer.updates[-1].brick is None


def test_a_cut_follows_the_crosshair(pane):
    renderer = opened(pane)
    pane.toggle_cut("axial")
    pane.state.crosshair.move_to_index((3, 4, 5))
    (cut,) = renderer.updates[-1].cuts
    assert cut.origin == pytest.approx(tuple(pane.state.crosshair.world))
    pane.toggle_cut("axial")
    assert renderer.updates[-1].cuts == ()
    renderer.draw()
    pane.poll()
    sent = len(renderer.updates)
    pane.state.crosshair.move_to_index((2, 2, 2))
    assert len(renderer.updates) == sent  # without a cut the picture stays
    assert pane.view.text.crosshair == pytest.approx(pane.state.crosshair.world)


def test_heat_follows_visibility_threshold_and_removal(pane, make):
    renderer = opened(pane)
    state = pane.state
    state.queries.ask("lung mass")
    heatmap = make.heatmap(state.scan.scan)
    state.heats.put("lung mass", heatmap)
    state.queries.answer(heatmap)
    state.overlay.threshold = 0.4
    renderer.draw()
    pane.poll()
    (surface,) = renderer.updates[-1].surfaces
    assert surface.level == pytest.approx(0.4)
    assert "lung mass" in pane.view.text.keys[0].label
    state.queries.set_visible("lung mass", False)
    assert renderer.updates[-1].surfaces == ()
    state.queries.set_visible("lung mass", True)
    assert len(renderer.updates[-1].surfaces) == 1
    state.queries.remove("lung mass")
    state.heats.remove("lung mass")
    assert renderer.updates[-1].surfaces == ()


def test_a_picture_of_the_last_scan_is_dropped(pane, make):
    renderer = opened(pane)
    old = renderer.updates[-1].number
    pane.state.scan.set(make.scan(make.geometry()))
    assert pane.view.shown is None
    renderer.draw(number=old)
    pane.poll()
    assert pane.view.shown is None
    pane.slow.finish()
    pane.poll()
    renderer.draw()
    pane.poll()
    assert pane.view.shown is not None


def test_a_scan_opened_during_preparation_replaces_it(pane, make):
    pane.toggle()
    other = make.scan(make.geometry(shape=(6, 8, 10)))
    pane.state.scan.set(other)
    pane.slow.finish()
    pane.poll()
    (update,) = FakeRenderer.made[0].updates
    assert update.brick.array.shape == (6, 8, 10)


def test_a_missing_opengl_is_said_in_the_pane_and_can_be_tried_again(pane):
    renderer = opened(pane)
    renderer.events.append(RendererFailed("OpenGL is missing."))
    pane.poll()
    assert pane.view.notice == "OpenGL is missing."
    assert pane.view.can_retry
    pane.slow.finish()
    assert renderer.closed
    pane.view.retry_requested.emit()
    pane.slow.finish()
    pane.poll()
    assert len(FakeRenderer.made) == 2
    assert FakeRenderer.made[1].updates[-1].brick is not None


def test_cancel_stops_the_preparation(pane, fake_window):
    pane.toggle()
    fake_window.cancel_requested.emit()
    pane.slow.finish()
    pane.poll()
    assert not pane.state.jobs.busy
    assert FakeRenderer.made[0].updates == []
    assert pane.view.can_retry


def test_closing_pane_or_window_ends_the_renderer(pane, fake_window):
    first = opened(pane)
    pane.toggle()
    pane.slow.finish()
    assert first.closed
    assert fake_window.volume_shown == (False, False)
    second = opened(pane)
    fake_window.closed.emit()
    assert second.closed


def test_an_x_ray_has_no_third_dimension(pane, make, fake_window):
    from medvlp import Geometry, Scan

    image = Scan(np.zeros((8, 9), np.float32), Geometry.radiograph((8, 9)), "XR", "normalised")
    opened(pane)
    pane.toggle_maximised()
    assert fake_window.volume_shown == (True, True)
    pane.state.scan.set(image)
    assert not pane.available
    assert "X-ray" in pane.view.notice
    assert fake_window.volume_shown == (True, False)  # it stood alone, and hid the X-ray
    pane.toggle()
    pane.toggle()
    assert not pane.model.shown


def test_the_mouse_moves_the_camera_and_the_keys_of_the_active_pane(fake_window, fake_worker, make):
    FakeRenderer.made = []
    state = ViewerState()
    viewer = ViewerController(state, fake_window, fake_worker)
    viewer.volume._make_renderer, viewer.volume._run = FakeRenderer, lambda work: work()
    state.scan.set(make.scan(make.geometry()))
    commands = {command.name: command for command in viewer.commands}
    assert not commands["volume-lung"].enabled()
    commands["volume"].run()
    assert commands["volume-lung"].enabled()
    view, model = fake_window.volume, viewer.volume.model
    before = model.camera
    view.turned.emit(0.2, 0.0)
    assert not np.allclose(model.camera.direction, before.direction)
    view.zoomed.emit(2.0)
    assert model.camera.half_height == pytest.approx(before.half_height / 2)
    view.activated.emit()
    commands["zoom-in"].run()
    assert model.camera.half_height == pytest.approx(before.half_height / 2.5)
    commands["reset"].run()
    assert model.camera.half_height == pytest.approx(before.half_height)
    fake_window.panes["axial"].activated.emit()
    commands["zoom-in"].run()
    assert fake_window.panes["axial"].zoomed > 1
    assert model.camera.half_height == pytest.approx(before.half_height)
    commands["volume-from-l"].run()
    assert model.camera.letters.right == "P"
    state.scan.set(None)
    assert commands["volume"].enabled()  # to close the pane that is there
    viewer.volume.close()


def test_opening_makes_room_when_one_pane_stands_alone(fake_window, fake_worker, make):
    viewer = ViewerController(ViewerState(), fake_window, fake_worker)
    viewer.volume._make_renderer, viewer.volume._run = FakeRenderer, lambda work: work()
    viewer.state.scan.set(make.scan(make.geometry()))
    viewer.panes.toggle_maximised("coronal")
    next(c for c in viewer.commands if c.name == "volume").run()
    assert len(fake_window.shown) == 3
    assert fake_window.volume_shown == (True, False)
    viewer.volume.close()


def test_updates_merge_into_one():
    first = SceneUpdate(1, preset=VOLUME_PRESETS[0], cuts=())
    merged = first.followed_by(SceneUpdate(4, size=(3, 4), preset=VOLUME_PRESETS[1]))
    assert (merged.number, merged.size, merged.cuts) == (4, (3, 4), ())
    assert merged.preset is VOLUME_PRESETS[1]


def test_the_picture_is_saved_as_png(fake_window, fake_worker, make, tmp_path):
    viewer = ViewerController(ViewerState(), fake_window, fake_worker)
    viewer.volume._make_renderer, viewer.volume._run = FakeRenderer, lambda work: work()
    viewer.state.scan.set(make.scan(make.geometry()))
    viewer.volume.toggle()
    save = next(c for c in viewer.commands if c.name == "volume-save")
    fake_window.keep.target = str(tmp_path / "a.png")
    save.run()
    assert (tmp_path / "a.png").read_bytes() == b"3D"
    viewer.volume.close()
