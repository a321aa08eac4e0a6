import numpy as np
import pytest

from medvlp import Geometry
from medvlp_viewer.models.planes import PLANES, PlaneFrame, direction_letters

EXPECTED_LETTERS = {"axial": "RLAP", "coronal": "RLSI", "sagittal": "APSI"}
POSITIONS = ("HFS", "HFP", "FFS", "FFP", "coronal acquisition", "sagittal acquisition")


@pytest.mark.parametrize("position", POSITIONS)
@pytest.mark.parametrize("plane", PLANES)
def test_every_patient_position_is_shown_with_left_on_the_right(make, position, plane):
    frame = PlaneFrame.of(make.geometry(position), plane)
    letters = frame.letters
    assert letters.left + letters.right + letters.top + letters.bottom == EXPECTED_LETTERS[plane]


@pytest.mark.parametrize("position", POSITIONS)
def test_a_spot_on_the_patients_left_front_and_top_is_drawn_there(make, position):
    spot = np.array([8.0, -6.0, 15.0])
    scan = make.scan(make.geometry(position, (30, 30, 40), (2.0, 2.0, 2.0)), spot)
    for plane, across, down in (("axial", 0, 1), ("coronal", 0, 2), ("sagittal", 1, 2)):
        frame = PlaneFrame.of(scan.geometry, plane)
        where, row, column = frame.to_pane(spot)
        picture = frame.extract(scan.array, round(where))
        assert picture.shape == frame.shape
        rows, columns = np.nonzero(picture)
        assert rows.mean() == pytest.approx(row, abs=0.6)
        assert columns.mean() == pytest.approx(column, abs=0.6)
        rightward = spot[across] > 0
        assert (columns.mean() > (frame.shape[1] - 1) / 2) == rightward
        downward = spot[1] > 0 if down == 1 else spot[2] < 0
        assert (rows.mean() > (frame.shape[0] - 1) / 2) == downward


def test_scrolling_runs_to_the_feet_the_back_and_the_left(make):
    geometry = make.geometry("HFP")
    for plane, axis, sign in (("axial", 2, -1), ("coronal", 1, 1), ("sagittal", 0, 1)):
        frame = PlaneFrame.of(geometry, plane)
        step = frame.to_world(1, 0, 0) - frame.to_world(0, 0, 0)
        assert np.argmax(np.abs(step)) == axis
        assert np.sign(step[axis]) == sign


def test_screen_and_world_are_inverse_for_an_oblique_anisotropic_scan(make):
    for frame in PlaneFrame.all_of(make.oblique()):
        screen = np.array([2.3, 5.1, 7.7])
        assert frame.to_pane(frame.to_world(*screen)) == pytest.approx(screen, abs=1e-9)


def test_an_oblique_plane_names_two_directions():
    assert direction_letters((0.9, -0.43, 0.05)) == "LA"
    assert direction_letters((0.99, -0.1, 0.05)) == "L"


def test_pixels_keep_the_aspect_of_the_voxels(make):
    frame = PlaneFrame.of(make.geometry("HFS", spacing=(5.0, 1.0, 0.5)), "coronal")
    assert frame.pixel_size == (5.0, 0.5)


def test_a_frontal_radiograph_has_one_pane_with_left_on_the_right():
    frames = PlaneFrame.all_of(Geometry.radiograph((30, 20)))
    assert [frame.name for frame in frames] == ["coronal"]
    assert frames[0].letters == ("R", "L", "S", "I")
    image = np.arange(600).reshape(30, 20)
    assert np.array_equal(frames[0].extract(image, 0), image)


def test_extracting_a_plane_does_not_copy_the_volume(make):
    scan = make.scan(make.geometry())
    for frame in PlaneFrame.all_of(scan.geometry):
        assert np.shares_memory(frame.extract(scan.array, 0), scan.array)
