import numpy as np
import pytest

from medvlp import Geometry, Scan
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.tiles import Viewport
from medvlp_viewer.models.window import (
    CT_PRESETS,
    XRAY_WINDOW,
    Window,
    display_values,
    lookup_table,
)


@pytest.fixture
def state():
    return ViewerState()


@pytest.fixture
def panes(state, fake_window):
    return PanesController(state, fake_window)


def test_a_click_moves_all_panes_to_the_same_millimetres(make, state, panes, fake_window):
    scan = make.scan(make.oblique(shape=(12, 40, 50)))
    state.scan.set(scan)
    axial = panes.panes["axial"]
    fake_window.panes["axial"].pointed.emit(31.0, 12.0)
    world = axial.frame.to_world(axial.position, 31.0, 12.0)
    assert state.crosshair.world == pytest.approx(world)
    for name, controller in panes.panes.items():
        row, column, _ = fake_window.panes[name].crosshair
        shown = controller.frame.to_world(controller.position, row, column)
        off_plane = controller.frame.geometry.spacing[controller.frame.slice_axis] / 2
        assert np.linalg.norm(shown - world) <= off_plane + 1e-6


def test_scrolling_one_pane_moves_the_line_in_the_others(make, state, panes, fake_window):
    state.scan.set(make.scan(make.geometry("HFP", spacing=(5.0, 1.0, 1.0))))
    before = fake_window.panes["coronal"].crosshair
    fake_window.panes["axial"].scrolled.emit(2)
    after = fake_window.panes["coronal"].crosshair
    assert after[0] - before[0] == pytest.approx(2)
    assert after[1] == pytest.approx(before[1])
    moved = state.crosshair.world[2]
    fake_window.panes["axial"].scrolled.emit(1)
    assert state.crosshair.world[2] == pytest.approx(moved - 5.0)


def test_scrolling_stops_at_the_last_slice(make, state, panes, fake_window):
    state.scan.set(make.scan(make.geometry(shape=(12, 20, 24))))
    panes.scroll(1000)
    assert panes.active_pane.position == 11
    panes.go_to_end(last=False)
    assert panes.active_pane.position == 0
    fake_window.panes["axial"].slice_requested.emit(7)
    assert panes.active_pane.position == 7


def test_the_picture_is_the_slice_under_the_crosshair(make, state, panes, fake_window):
    scan = make.scan(make.geometry("FFS"))
    state.scan.set(scan)
    state.crosshair.move_to((8.0, -5.0, 15.0))
    for name, controller in panes.panes.items():
        plane = controller.frame.extract(display_values(scan), controller.position)
        expected = lookup_table(state.display.window, "HU")[plane]
        assert np.array_equal(fake_window.panes[name].grey, expected)
        assert expected.max() == 255


def test_a_preset_key_changes_every_pane(make, state, panes, fake_window):
    state.scan.set(make.scan(make.geometry()))
    panes.use_preset(0)
    assert state.display.window == CT_PRESETS[0].window
    assert all("Lung" in pane.text.top_right for pane in fake_window.panes.values())


def test_dragging_sets_the_window_and_its_direction_is_a_setting(make, state, panes, fake_window):
    state.scan.set(make.scan(make.geometry()))
    start = state.display.window
    fake_window.panes["coronal"].window_dragged.emit(0.2, 0.1)
    assert state.display.window.width > start.width
    assert state.display.window.level > start.level
    state.display.set_window(start)
    state.settings.change(drag_down_brightens=True)
    fake_window.panes["coronal"].window_dragged.emit(0.0, 0.1)
    assert state.display.window.level < start.level


def test_double_click_shows_one_pane_and_again_all(make, state, panes, fake_window):
    state.scan.set(make.scan(make.geometry()))
    assert fake_window.shown == ("axial", "coronal", "sagittal")
    fake_window.panes["sagittal"].maximise_requested.emit()
    assert fake_window.shown == ("sagittal",)
    fake_window.panes["sagittal"].maximise_requested.emit()
    assert fake_window.shown == ("axial", "coronal", "sagittal")


def test_the_readout_gives_hounsfield_heat_and_position(make, state, panes, fake_window):
    scan = make.scan(make.geometry("HFS"))
    state.scan.set(scan)
    row = state.queries.ask("lung mass")
    state.heats.put(row.key, make.heatmap(scan))
    state.queries.select(row.key)
    state.crosshair.move_to((8.0, -5.0, 15.0))
    view = fake_window.panes["axial"]
    _, r, c = panes.panes["axial"].frame.to_pane((8.0, -5.0, 15.0))
    view.pointer_moved.emit((r, c))
    assert view.text.bottom_left[0].startswith("1000 HU   heat 0.")
    assert "8 L" in view.text.bottom_left[1] or "7 L" in view.text.bottom_left[1]
    view.pointer_moved.emit((-50.0, 0.0))
    assert view.text.bottom_left == ()


def test_peaks_are_marked_on_their_slice_only(make, state, panes, fake_window):
    scan = make.scan(make.geometry("HFS"))
    state.scan.set(scan)
    row = state.queries.ask("lung mass")
    heatmap = make.heatmap(scan)
    state.heats.put(row.key, heatmap)
    state.queries.select(row.key)
    state.crosshair.move_to_index(heatmap.peak_index)
    view = fake_window.panes["axial"]
    frame = panes.panes["axial"].frame
    expected = frame.to_pane(scan.geometry.index_to_world(heatmap.peak_index))
    assert view.peaks[0] == pytest.approx(tuple(expected[1:]))
    panes.scroll(6)
    assert view.peaks == []


def test_of_an_xray_without_a_window_of_its_own_all_values_are_shown(state, panes):
    array = np.linspace(0, 1, 600, dtype=np.float32).reshape(30, 20)
    state.scan.set(Scan(array, Geometry.radiograph((30, 20)), "XR", "normalised"))
    panes.use_window(Window(0.3, 0.2))
    panes.use_file_window()
    assert state.display.window == XRAY_WINDOW


def test_an_xray_without_spacing_gets_one_pane_in_pixels(state, panes, fake_window):
    array = np.linspace(0, 1, 600, dtype=np.float32).reshape(30, 20)
    state.scan.set(Scan(array, Geometry.radiograph((30, 20)), "XR", "normalised"))
    assert fake_window.shown == ("coronal",)
    setup = fake_window.panes["coronal"].setup
    assert (setup.unit, setup.n_slices, setup.title) == ("px", 1, "X-ray, frontal")
    assert fake_window.panes["axial"].setup is None
    panes.use_preset(0)
    assert state.display.window == Window(0.5, 1.0)
    panes.scroll(1)
    assert fake_window.panes["coronal"].slice in (-1, 0)


def test_of_a_large_radiograph_only_what_is_seen_is_windowed(state, panes, fake_window):
    array = np.tile(np.linspace(0, 1, 2001, dtype=np.float32), (1801, 1))
    array[1000:1004, 600:604] = 0.0
    state.scan.set(Scan(array, Geometry.radiograph(array.shape, (0.1, 0.1)), "XR", "normalised"))
    view = fake_window.panes["coronal"]
    view.viewport_changed.emit(Viewport(0.3, -200.0, -0.5, 2000.0, 2000.5))
    reduced, tile = view.grey, view.tile
    assert reduced.shape == (900, 1000)
    assert (tile.level, tile.row, tile.column, tile.rows, tile.columns) == (1, 0, 0, 1800, 2000)
    assert np.all(reduced[500:502, 300:302] == 0)
    view.viewport_changed.emit(Viewport(2.0, 900.0, 500.0, 1100.0, 700.0))
    tile = view.tile
    assert tile.level == 0
    assert view.grey.shape == (tile.rows, tile.columns) == (260, 260)
    assert np.all(view.grey[1000 - tile.row : 1004 - tile.row, 600 - tile.column] == 0)
    assert view.grey[0, 0] == reduced[0, tile.column // 2]
    before = view.grey
    view.viewport_changed.emit(Viewport(2.0, 930.0, 520.0, 1130.0, 720.0))
    assert view.grey is before
    view.viewport_changed.emit(Viewport(2.0, 1100.0, 520.0, 1300.0, 720.0))
    assert view.grey is not before


def test_changes_in_one_turn_of_the_event_loop_are_drawn_once(make, state, fake_window):
    due = []
    PanesController(state, fake_window, later=due.append)
    scan = make.scan(make.geometry())
    state.scan.set(scan)
    view, drawn = fake_window.panes["axial"], []
    view.set_overlay = drawn.append
    row = state.queries.ask("lung mass")
    state.heats.put(row.key, make.heatmap(scan))
    state.queries.select(row.key)
    state.overlay.opacity = 0.2
    assert drawn == []
    for function in due:
        function()
    assert len(drawn) == 1
    assert view.grey is not None
