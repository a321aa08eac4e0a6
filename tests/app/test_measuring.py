"""Measurements: numbers against hand computation, on oblique and anisotropic scans too."""

import numpy as np
import pytest

from medvlp import Geometry, Scan
from medvlp_viewer.controllers.measure_panel import MeasurePanelController
from medvlp_viewer.controllers.measuring import MeasuringController
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.models.measurements import Measurement
from medvlp_viewer.models.measuring import (
    angle_degrees,
    length,
    region_area,
    region_statistics,
    region_values,
)
from medvlp_viewer.models.planes import PLANES, PlaneFrame
from medvlp_viewer.models.state import ViewerState


@pytest.fixture
def state():
    return ViewerState()


@pytest.fixture
def panes(state, fake_window):
    return PanesController(state, fake_window)


@pytest.fixture
def measuring(state, panes):
    return MeasuringController(state, panes)


def drag(view, start, end):
    view.tool_pressed.emit(*start)
    for share in (0.3, 0.7, 1.0):
        row, column = (a + (b - a) * share for a, b in zip(start, end, strict=True))
        view.tool_moved.emit(row, column)
    view.tool_released.emit(*end, True)


def click(view, where):
    view.tool_moved.emit(*where)
    view.tool_pressed.emit(*where)
    view.tool_released.emit(*where, False)


@pytest.mark.parametrize("plane", PLANES)
def test_a_distance_is_that_of_the_voxels_also_in_an_oblique_anisotropic_scan(
    make, state, panes, measuring, fake_window, plane
):
    geometry = make.oblique(shape=(12, 20, 24), spacing=(5.0, 0.7, 0.9))
    state.scan.set(make.scan(geometry))
    measuring.use("distance")
    drag(fake_window.panes[plane], (2.0, 3.0), (9.0, 15.0))
    (item,) = state.measurements
    frame = state.scan.frames[plane]
    steps = {axis: 5.0 if axis == 0 else (0.7 if axis == 1 else 0.9) for axis in range(3)}
    rows, columns = (steps[axis] for axis in frame.axes[-2:])
    assert length(item) == pytest.approx(np.hypot(7 * rows, 12 * columns))
    ends = geometry.index_to_world(
        [frame.to_index(panes.panes[plane].position, r, c) for r, c in ((2, 3), (9, 15))]
    )
    assert np.asarray(item.points) == pytest.approx(ends)
    assert fake_window.panes[plane].marks[0].lines == (f"{length(item):.1f} mm",)


def test_an_angle_is_measured_in_millimetres_not_in_pixels(make, state, measuring, fake_window):
    state.scan.set(make.scan(make.geometry(spacing=(4.0, 1.0, 1.0))))
    measuring.use("angle")
    view = fake_window.panes["coronal"]  # rows are 4 mm high, columns 1 mm wide
    drag(view, (2.0, 2.0), (2.0, 10.0))
    assert not next(iter(state.measurements)).is_complete or view.marks[0].lines
    click(view, (4.0, 2.0))
    (item,) = state.measurements
    assert angle_degrees(item) == pytest.approx(45.0)
    assert view.marks[0].lines == ("45.0°",)


def test_points_may_be_clicked_one_by_one(make, state, measuring, fake_window):
    state.scan.set(make.scan(make.geometry()))
    measuring.use("distance")
    view = fake_window.panes["axial"]
    click(view, (2.0, 3.0))
    assert len(state.measurements) == 1
    click(view, (2.0, 9.0))
    (item,) = state.measurements
    assert length(item) == pytest.approx(6.0)
    click(view, (5.0, 5.0))
    assert len(state.measurements) == 2


def test_a_click_without_a_second_point_leaves_nothing(make, state, measuring, fake_window):
    state.scan.set(make.scan(make.geometry()))
    measuring.use("distance")
    click(fake_window.panes["axial"], (2.0, 3.0))
    measuring.use("distance")
    assert len(state.measurements) == 0
    assert state.measurements.tool is None
    assert not fake_window.panes["axial"].tool


class TestRegions:
    def region(self, geometry, kind, corners, plane="axial", k=4):
        frame = PlaneFrame.of(geometry, plane)
        points = tuple(tuple(frame.to_world(k, *corner)) for corner in corners)
        return frame, Measurement(1, kind, plane, points)

    def test_a_rectangle_counts_the_pixels_whose_centres_it_holds(self, make):
        geometry = make.geometry("HFS", (6, 8, 10), (5.0, 2.0, 3.0))
        array = np.arange(6 * 8 * 10, dtype=np.int16).reshape(6, 8, 10)
        scan = Scan(array, geometry, "CT", "HU")
        frame, item = self.region(geometry, "rectangle", ((1.6, 2.4), (4.4, 5.0)), k=1)
        kept = frame.extract(array, 1)[2:5, 3:6]
        found = region_statistics(scan, frame, item)
        assert found.count == 9
        assert (found.mean, found.deviation) == pytest.approx((kept.mean(), kept.std()))
        assert (found.minimum, found.maximum) == (kept.min(), kept.max())
        assert found.area == pytest.approx(2.8 * 2.0 * 2.6 * 3.0)

    def test_an_ellipse_holds_pi_quarters_of_its_box(self, make):
        geometry = make.geometry("FFP", (4, 200, 300), (5.0, 1.0, 0.5))
        scan = Scan(np.zeros(geometry.shape, np.int16), geometry, "CT", "HU")
        frame, item = self.region(geometry, "ellipse", ((20.0, 30.0), (120.0, 230.0)), k=2)
        values = region_values(scan, frame, item)
        assert values.size == pytest.approx(np.pi / 4 * 100 * 200, rel=0.01)
        assert region_area(frame, item) == pytest.approx(np.pi / 4 * 100 * 100)

    def test_the_values_are_those_inside_the_ellipse_on_its_own_slice(self, make):
        geometry = make.oblique((12, 40, 50), (3.0, 1.0, 1.0))
        array = np.zeros(geometry.shape, np.int16)
        frame = PlaneFrame.of(geometry, "coronal")
        slice_ = frame.extract(array, 7)  # a view: writing into it writes into the array
        slice_[4:9, 10:21] = 300
        scan = Scan(array, geometry, "CT", "HU")
        _, item = self.region(geometry, "ellipse", ((4, 10), (8, 20)), "coronal", k=7)
        inside = region_statistics(scan, frame, item)
        assert (inside.minimum, inside.maximum, inside.deviation) == (300, 300, 0)
        _, beside = self.region(geometry, "ellipse", ((4, 10), (8, 20)), "coronal", k=8)
        assert region_statistics(scan, frame, beside).maximum == 0

    def test_the_area_holds_where_rows_and_columns_are_sheared(self):
        affine = np.eye(4)
        affine[:3, 0], affine[:3, 1], affine[:3, 2] = (0, 0, 5), (0.6, 0.8, 0), (2, 0, 0)
        frame, item = self.region(
            Geometry((4, 20, 20), affine), "rectangle", ((0, 0), (10, 5)), k=0
        )
        assert region_area(frame, item) == pytest.approx(10 * 5 * 0.8 * 2)

    def test_a_region_outside_all_pixel_centres_says_so(self, make, state, measuring, fake_window):
        state.scan.set(make.scan(make.geometry()))
        measuring.use("rectangle")
        drag(fake_window.panes["axial"], (2.2, 3.2), (2.8, 3.8))
        assert fake_window.panes["axial"].marks[0].lines[0] == "no pixel inside"

    def test_an_image_without_spacing_is_measured_in_pixels(self, state, measuring, fake_window):
        array = np.linspace(0, 1, 600, dtype=np.float32).reshape(30, 20)
        state.scan.set(Scan(array, Geometry.radiograph((30, 20)), "XR", "normalised"))
        measuring.use("rectangle")
        view = fake_window.panes["coronal"]
        drag(view, (10.0, 4.0), (14.0, 8.0))
        box = array[10:15, 4:9]
        mean, limits, area = view.marks[0].lines
        assert mean == f"mean {box.mean():.3f}  SD {box.std():.3f}"
        assert limits == f"min {box.min():.3f}  max {box.max():.3f}"
        assert area == "16 px²"


def test_a_mark_is_drawn_on_its_slice_in_its_pane_only(make, state, panes, measuring, fake_window):
    state.scan.set(make.scan(make.geometry("HFP")))
    measuring.use("distance")
    drag(fake_window.panes["axial"], (2.0, 3.0), (9.0, 15.0))
    assert len(fake_window.panes["axial"].marks) == 1
    assert fake_window.panes["coronal"].marks == []
    panes.scroll(1)
    assert fake_window.panes["axial"].marks == []
    panes.scroll(-1)
    assert len(fake_window.panes["axial"].marks) == 1


def test_a_point_can_be_dragged_and_each_step_taken_back(make, state, measuring, fake_window):
    state.scan.set(make.scan(make.geometry()))
    measuring.use("distance")
    view = fake_window.panes["axial"]
    drag(view, (2.0, 3.0), (2.0, 13.0))
    view.mark_pressed.emit(1)
    view.mark_dragged.emit(1, 1, 2.0, 7.0)
    view.mark_released.emit(1)
    assert view.marks[0].lines == ("4.0 mm",)
    state.undo.undo()
    assert view.marks[0].lines == ("10.0 mm",)
    measuring.remove_chosen()
    assert view.marks == []
    state.undo.undo()
    assert view.marks[0].lines == ("10.0 mm",)
    state.undo.undo()
    assert len(state.measurements) == 0
    state.undo.redo()
    assert view.marks[0].lines == ("10.0 mm",)


def test_another_scan_gets_no_measurement_of_the_last_one(make, state, measuring, fake_window):
    state.scan.set(make.scan(make.geometry()))
    measuring.use("distance")
    for column in (9.0, 13.0):
        drag(fake_window.panes["axial"], (2.0, 3.0), (2.0, column))
    measuring.remove_chosen()
    state.undo.undo()
    state.undo.undo()
    state.scan.set(make.scan(make.oblique()))
    assert not state.undo.can_undo
    assert not state.undo.can_redo
    state.undo.undo()
    state.undo.redo()
    assert len(state.measurements) == 0
    assert fake_window.panes["axial"].marks == []


def test_points_stay_inside_the_picture(make, state, measuring, fake_window):
    state.scan.set(make.scan(make.geometry(shape=(12, 20, 24))))
    measuring.use("distance")
    drag(fake_window.panes["axial"], (5.0, 5.0), (5.0, 400.0))
    (item,) = state.measurements
    assert length(item) == pytest.approx(23.5 - 5.0)


def test_another_scan_starts_without_measurements(make, state, measuring, fake_window):
    state.scan.set(make.scan(make.geometry()))
    measuring.use("distance")
    drag(fake_window.panes["axial"], (2.0, 3.0), (9.0, 15.0))
    state.scan.set(make.scan(make.geometry("FFS")))
    assert len(state.measurements) == 0
    assert fake_window.panes["axial"].marks == []


def test_statistics_of_a_large_region_come_later_and_never_for_a_moved_one(
    make, state, panes, fake_window
):
    waiting = []
    state.scan.background = lambda work, then: waiting.append((work, then))
    measuring = MeasuringController(state, panes)
    array = np.zeros((3, 900, 900), np.int16)
    array[:, :, 450:] = 100
    geometry = Geometry.axial(array.shape, (5.0, 1.0, 1.0))
    state.scan.set(Scan(array, geometry, "CT", "HU"))
    measuring.use("rectangle")
    view = fake_window.panes["axial"]
    drag(view, (10.0, 10.0), (890.0, 890.0))
    assert view.marks[0].lines == ("…",)
    assert len(waiting) == 1  # one at a time, however often it was moved meanwhile
    work, then = waiting.pop()
    then(work())
    (work, then), found = waiting.pop(), work()
    assert view.marks[0].lines == ("…",)  # those were of an earlier place
    then(work())
    assert view.marks[0].lines[0] == "mean 50.1 HU  SD 50"
    assert found.count < 881 * 881


def test_statistics_that_fail_do_not_keep_later_ones_waiting(
    make, state, panes, fake_window, monkeypatch
):
    waiting = []
    state.scan.background = lambda work, then: waiting.append((work, then))
    measuring = MeasuringController(state, panes)
    state.scan.set(make.scan(make.geometry()))
    monkeypatch.setattr("medvlp_viewer.controllers.measuring._LARGE_REGION", -1)
    measuring.use("rectangle")
    monkeypatch.setattr("medvlp_viewer.models.measuring.region_values", lambda *_: 1 / 0)
    drag(fake_window.panes["axial"], (2.0, 3.0), (9.0, 15.0))
    work, then = waiting.pop()
    with pytest.raises(ZeroDivisionError):
        then(work())
    drag(fake_window.panes["axial"], (10.0, 3.0), (15.0, 9.0))
    assert len(waiting) == 1


class TestPanel:
    @pytest.fixture
    def panel(self, state, panes, measuring, fake_window):
        return MeasurePanelController(state, panes, measuring, fake_window.measure)

    def test_it_lists_what_was_measured_and_goes_there(
        self, make, state, panes, measuring, fake_window, panel
    ):
        state.scan.set(make.scan(make.geometry()))
        measuring.use("distance")
        drag(fake_window.panes["axial"], (2.0, 3.0), (2.0, 13.0))
        (row,) = fake_window.measure.rows
        place = f"Axial {panes.panes['axial'].position + 1}"
        assert (row.number, row.kind, row.place, row.value) == (1, "Distance", place, "10.0 mm")
        there = panes.panes["axial"].position
        panes.scroll(3)
        fake_window.measure.chosen.emit(1)
        assert panes.panes["axial"].position == there
        fake_window.measure.removed.emit(1)
        assert fake_window.measure.rows == ()

    def test_the_histogram_is_of_the_slice_and_then_of_the_chosen_region(
        self, make, state, panes, measuring, fake_window, panel
    ):
        scan = make.scan(make.geometry())
        state.scan.set(scan)
        assert fake_window.measure.histogram is None  # nobody sees it
        fake_window.measure.visibility_changed.emit(True)
        frame = state.scan.frames["axial"]
        values = frame.extract(scan.array, panes.panes["axial"].position)
        assert fake_window.measure.histogram.count == values.size
        assert fake_window.measure.histogram.mean == pytest.approx(values.mean())
        measuring.use("rectangle")
        drag(fake_window.panes["axial"], (2.0, 3.0), (5.0, 8.0))
        assert fake_window.measure.title == "Rectangle 1"
        assert fake_window.measure.histogram.count == 4 * 6
        state.measurements.choose(0)
        panes.activate("coronal")
        assert fake_window.measure.title.startswith("Coronal")

    def test_a_window_set_in_the_histogram_is_used_in_whole_units(
        self, make, state, fake_window, panel
    ):
        state.scan.set(make.scan(make.geometry()))
        from medvlp_viewer.models.window import Window

        fake_window.measure.window_chosen.emit(Window(41.7, 99999.0))
        assert state.display.window == Window(42.0, 8000.0)
        assert fake_window.measure.window == state.display.window
