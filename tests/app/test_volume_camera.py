import numpy as np
import pytest

from medvlp_viewer.models.camera import STANDARD_VIEWS, Camera
from medvlp_viewer.models.planes import PlaneFrame
from medvlp_viewer.models.volume_model import VolumeModel, faces, next_slice_direction

LEFT, BACK, HEAD = np.eye(3)


@pytest.fixture
def box(make):
    return faces(make.oblique())


@pytest.mark.parametrize(
    ("name", "edges"),
    [
        ("A", ("R", "L", "S", "I")),
        ("P", ("L", "R", "S", "I")),
        ("L", ("A", "P", "S", "I")),
        ("R", ("P", "A", "S", "I")),
        ("S", ("L", "R", "A", "P")),
        ("I", ("R", "L", "A", "P")),
    ],
)
def test_a_standard_view_has_the_letters_of_someone_standing_there(box, name, edges):
    assert tuple(Camera.standard(name, box, 1.0).letters) == edges


@pytest.mark.parametrize("name", STANDARD_VIEWS)
@pytest.mark.parametrize("aspect", [0.5, 1.0, 2.5])
def test_a_standard_view_shows_the_whole_scan(box, name, aspect):
    camera = Camera.standard(name, box, aspect)
    x, y = np.transpose([camera.on_screen(corner, 100 * aspect, 100) for corner in box])
    assert x.min() > 0
    assert x.max() < 100 * aspect
    assert y.min() > 0
    assert y.max() < 100
    assert max(np.ptp(x) / aspect, np.ptp(y)) > 80


def test_points_are_on_the_side_that_the_letters_say(box):
    camera = Camera.standard("A", box, 1.0)
    x, y = camera.on_screen(camera.focus + 10 * LEFT + 3 * HEAD, 200, 200)
    scale = 200 / (2 * camera.half_height)
    assert (x, y) == pytest.approx((100 + 10 * scale, 100 - 3 * scale))


def test_dragging_to_the_right_brings_the_side_that_was_on_the_left_of_the_screen_to_the_front(box):
    camera = Camera.standard("A", box, 1.0).turned(np.pi / 2, 0.0)
    # Seen from the front the right side is on the left of the screen; it now faces the viewer.
    assert camera.direction == pytest.approx(LEFT)
    assert camera.letters.right == "A"


def test_dragging_down_shows_the_patient_from_above(box):
    camera = Camera.standard("A", box, 1.0).turned(0.0, np.pi / 2)
    assert camera.direction == pytest.approx(-HEAD)
    assert camera.letters.bottom == "A"


def test_a_thousand_small_turns_leave_the_axes_at_right_angles(box):
    camera = Camera.standard("L", box, 1.0)
    for _ in range(1000):
        camera = camera.turned(0.013, -0.007)
    frame = np.stack([camera.right, camera.up, -camera.direction])
    assert frame @ frame.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(frame) == pytest.approx(1.0)


def test_moving_keeps_the_patient_under_the_pointer(box):
    camera = Camera.standard("P", box, 1.0).turned(0.4, 0.2)
    point = camera.focus + np.array((5.0, -8.0, 3.0))
    before = camera.on_screen(point, 300, 200)
    after = camera.moved(0.25, -0.1).on_screen(point, 300, 200)
    assert np.subtract(after, before) == pytest.approx((50.0, -20.0))


def test_zooming_keeps_the_middle_and_stops_at_a_limit(box):
    camera = Camera.standard("A", box, 1.0)
    assert camera.zoomed(2.0).half_height == pytest.approx(camera.half_height / 2)
    assert camera.zoomed(1e9).half_height > 1.0


def test_a_part_of_the_picture_shows_what_the_whole_shows_there(box):
    camera = Camera.standard("A", box, 1.5).turned(0.3, 0.1)
    point = camera.focus + np.array((4.0, 2.0, -6.0))
    x, y = camera.on_screen(point, 300, 200)
    part = camera.part((120, 40, 280, 180), 300, 200)
    assert part.on_screen(point, 160, 140) == pytest.approx((x - 120, y - 40))


@pytest.mark.parametrize("position", ["HFS", "HFP", "FFS", "coronal acquisition"])
def test_the_next_slice_lies_toward_feet_back_and_left_in_every_position(make, position):
    frames = PlaneFrame.all_of(make.geometry(position))
    found = {frame.name: next_slice_direction(frame) for frame in frames}
    assert found["axial"] == pytest.approx(-HEAD)
    assert found["coronal"] == pytest.approx(BACK)
    assert found["sagittal"] == pytest.approx(LEFT)


def test_a_cut_takes_away_what_is_in_front_and_follows_the_point(make):
    geometry = make.oblique()
    frames = {frame.name: frame for frame in PlaneFrame.all_of(geometry)}
    model = VolumeModel()
    model.look(Camera.standard("P", faces(geometry), 1.0))
    model.toggle_cut("coronal", frames["coronal"])
    (cut,) = model.cut_planes(frames, (1.0, 2.0, 3.0))
    assert cut.origin == (1.0, 2.0, 3.0)
    normal = np.asarray(cut.normal)
    assert normal @ model.camera.direction > 0.9  # the far side is kept
    rows, columns = (geometry.directions[a] for a in frames["coronal"].axes[1:])
    assert abs(normal @ rows) < 1e-9
    assert abs(normal @ columns) < 1e-9
    model.turn_cuts()
    (turned,) = model.cut_planes(frames, (1.0, 2.0, 3.0))
    assert np.asarray(turned.normal) == pytest.approx(-normal)
    model.toggle_cut("coronal", frames["coronal"])
    assert model.cut_planes(frames, (1.0, 2.0, 3.0)) == ()
