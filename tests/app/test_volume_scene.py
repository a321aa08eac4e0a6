"""Pixels of the 3D picture, drawn by VTK off screen (software OpenGL is enough)."""

import numpy as np
import pytest

from medvlp_viewer.models.brick import BrickJob
from medvlp_viewer.models.camera import Camera
from medvlp_viewer.models.surfaces import heat_surfaces, organ_surface, scan_box
from medvlp_viewer.models.volume_model import faces
from medvlp_viewer.models.volume_presets import VOLUME_PRESETS
from medvlp_viewer.models.volume_scene import CutPlane, SceneUpdate, Surface
from medvlp_viewer.views.vtk.scene import Scene
from medvlp_viewer.views.vtk.surface_actor import surface_mesh

SIZE = (220, 160)
BONE = VOLUME_PRESETS[0]


@pytest.fixture(scope="module")
def scene():
    scene = Scene()
    yield scene
    scene.close()


def corner_scan(make, geometry, spot):
    """Air with one bright block of bone."""
    index = np.moveaxis(np.indices(geometry.shape), 0, -1)
    offset = np.abs(geometry.index_to_world(index) - np.asarray(spot)).max(axis=-1)
    array = np.where(offset < 7.0, 1200, -1000).astype(np.int16)
    scan = make.scan(geometry)
    return type(scan)(array, geometry, "CT", "HU")


def brick_update(scan, **more):
    job = BrickJob(scan)
    job.run()
    return SceneUpdate(1, brick=job.brick, preset=BONE, cuts=(), surfaces=(), **more)


def centre_of_light(picture):
    rows, columns = np.nonzero(picture.max(axis=2) > 60)
    assert len(rows)
    return columns.mean() + 0.5, rows.mean() + 0.5


GEOMETRIES = ["oblique", "HFS", "FFS", "HFP", "coronal acquisition"]


@pytest.mark.parametrize("name", GEOMETRIES)
@pytest.mark.parametrize("view", "APLRSI")
def test_a_bright_corner_is_seen_where_the_letters_say(scene, make, name, view):
    shape, spacing = (14, 40, 44), (4.0, 1.1, 1.3)
    oblique = name == "oblique"
    geometry = make.oblique(shape, spacing) if oblique else make.geometry(name, shape, spacing)
    spot = np.array([14.0, -10.0, 9.0])  # the patient's left, front, upper side
    scan = corner_scan(make, geometry, spot)
    scene.apply(brick_update(scan))
    camera = Camera.standard(view, faces(geometry), SIZE[0] / SIZE[1])
    x, y = centre_of_light(scene.render(camera, SIZE))
    assert (x, y) == pytest.approx(camera.on_screen(spot, *SIZE), abs=4)
    seen = camera.letters
    sides = {"L": 14.0, "R": -14.0, "A": 10.0, "P": -10.0, "S": 9.0, "I": -9.0}
    assert (x > SIZE[0] / 2) == (sides[seen.right[0]] > 0)
    assert (y < SIZE[1] / 2) == (sides[seen.top[0]] > 0)


def test_a_cut_hides_one_side_and_its_reverse_the_other(scene, make):
    geometry = make.geometry("HFS", (14, 40, 44), (4.0, 1.1, 1.3))
    scan = corner_scan(make, geometry, (14.0, -10.0, 9.0))
    scene.apply(brick_update(scan))
    camera = Camera.standard("A", faces(geometry), 1.0)

    def brightest(normal):
        cut = CutPlane((0.0, 0.0, 0.0), normal)
        scene.apply(SceneUpdate(2, cuts=(cut,)))
        return int(scene.render(camera, SIZE).max())

    assert brightest((1.0, 0.0, 0.0)) > 100
    assert brightest((-1.0, 0.0, 0.0)) == 0
    assert brightest((0.0, 0.0, 1.0)) > 100
    assert brightest((0.0, 0.0, -1.0)) == 0


def uniform_block(make, hounsfield):
    """Air with a block of one value in the middle, 40 mm wide."""
    geometry = make.oblique((16, 40, 44), (4.0, 1.5, 1.5))
    index = np.moveaxis(np.indices(geometry.shape), 0, -1)
    offset = np.abs(index - (np.asarray(geometry.shape) - 1) / 2) * geometry.spacing
    scan = make.scan(geometry)
    array = np.where(offset.max(axis=-1) < 20.0, hounsfield, -1000).astype(np.int16)
    return type(scan)(array, geometry, "CT", "HU")


def middle_of_cut(scene, make, hounsfield, preset):
    """Mean colour in the middle of a face that cuts a uniform block, seen at right angles."""
    scan = uniform_block(make, hounsfield)
    normal = scan.geometry.directions[1]
    origin = scan.geometry.index_to_world((np.asarray(scan.geometry.shape) - 1) / 2)
    cut = CutPlane(tuple(origin), tuple(normal))
    update = brick_update(scan).followed_by(SceneUpdate(2, preset=preset, cuts=(cut,)))
    scene.apply(update)
    seen = Camera.standard("A", faces(scan.geometry), SIZE[0] / SIZE[1])
    up = scan.geometry.directions[0]
    camera = Camera(origin, normal, up - (up @ normal) * normal, seen.half_height)
    picture = scene.render(camera, SIZE)
    return picture[70:90, 100:120].reshape(-1, 3).mean(axis=0)


@pytest.mark.parametrize("preset", [p for p in VOLUME_PRESETS if p.shaded], ids=lambda p: p.name)
def test_a_cut_lays_the_inside_of_an_organ_open_in_the_colours_of_the_preset(scene, make, preset):
    dense = middle_of_cut(scene, make, 1100, preset)
    assert dense.min() > 150  # its gradient is zero, so that light alone would leave it black
    middling = middle_of_cut(scene, make, 240, preset)
    assert 90 < middling.max() < dense.max()
    assert middling[0] > middling[1] > middling[2]  # flesh and bone: red, then green, then blue


def test_a_cut_shows_nothing_where_the_preset_shows_nothing(scene, make):
    assert middle_of_cut(scene, make, 40, BONE).max() == 0


def ball(make, geometry, scan_geometry, centre, sigma, kind="heat", level=0.5, rgb=(230, 159, 0)):
    index = np.moveaxis(np.indices(geometry.shape), 0, -1)
    distance = np.linalg.norm(geometry.index_to_world(index) - np.asarray(centre), axis=-1)
    values = np.exp(-(distance**2) / (2 * sigma**2)).astype(np.float32)
    box = scan_box(geometry, scan_geometry)
    return Surface("ball", kind, values, geometry.affine, level, rgb, box)


@pytest.mark.parametrize("reverse", [False, True])
def test_the_surface_lies_at_the_millimetres_of_the_heat(make, reverse):
    scan = make.oblique((30, 80, 90), (3.0, 1.0, 1.1))
    tokens = scan.resampled((15, 20, 22))
    if reverse:
        tokens = tokens.permuted((2, 0, 1), (True, False, True))
    centre, sigma = np.array([6.0, -8.0, 10.0]), 9.0
    mesh = surface_mesh(ball(make, tokens, scan, centre, sigma))
    radius = sigma * np.sqrt(2 * np.log(2))  # where a Gaussian is a half
    low, high = np.reshape(mesh.GetBounds(), (3, 2)).T
    assert (low + high) / 2 == pytest.approx(centre, abs=0.6)
    assert high - low == pytest.approx(2 * radius, abs=1.6)


def test_heat_at_the_border_ends_at_the_face_of_the_scan(make):
    scan = make.geometry("HFS", (12, 40, 44), (5.0, 1.0, 1.0))
    tokens = scan.resampled((6, 10, 11))
    values = np.ones(tokens.shape, dtype=np.float32)
    surface = Surface("all", "heat", values, tokens.affine, 0.3, (1, 2, 3), scan_box(tokens, scan))
    bounds = np.reshape(surface_mesh(surface).GetBounds(), (3, 2))
    expected = np.stack([faces(scan).min(axis=0), faces(scan).max(axis=0)], axis=1)
    assert bounds == pytest.approx(expected, abs=1e-3)


def test_a_level_that_nothing_reaches_has_no_surface(scene, make):
    scan = make.geometry()
    scene.apply(SceneUpdate(1, surfaces=(ball(make, scan, scan, (0, 0, 0), 5.0, level=1.5),)))
    camera = Camera.standard("A", faces(scan), 1.0)
    assert scene.render(camera, SIZE) is not None


def test_heat_is_translucent_in_its_hue_hidden_behind_bone_but_still_glowing(scene, make):
    geometry = make.geometry("HFS", (20, 40, 44), (2.0, 1.1, 1.3))
    array = np.full(geometry.shape, -1000, dtype=np.int16)
    array[:, 3:9, :22] = 1200  # a plate of bone in front of the patient's right half
    scan = type(make.scan(geometry))(array, geometry, "CT", "HU")
    left, right = (12.0, 8.0, 0.0), (-12.0, 8.0, 0.0)
    heat = tuple(ball(make, geometry, geometry, c, 4.0) for c in (left, right))
    camera = Camera.standard("A", faces(geometry), SIZE[0] / SIZE[1])

    def colour(picture, point):
        x, y = camera.on_screen(point, *SIZE)
        return picture[round(y), round(x)].astype(int)

    scene.apply(brick_update(scan))
    bare = scene.render(camera, SIZE)
    scene.apply(SceneUpdate(2, surfaces=heat))
    picture = scene.render(camera, SIZE)
    free, behind = colour(picture, left), colour(picture, right)
    assert free[0] > free[1] > free[2] + 40  # orange
    assert free.max() < 230  # not opaque
    bone = colour(bare, right)
    assert bone.min() > 100
    warmer = (behind[0] - behind[2]) - (bone[0] - bone[2])
    assert 5 < warmer < free[0] - free[2]


def test_a_coarse_picture_shows_the_same_as_a_fine_one(scene, make):
    geometry = make.oblique((14, 40, 44), (4.0, 1.1, 1.3))
    scene.apply(brick_update(corner_scan(make, geometry, (14.0, -10.0, 9.0))))
    camera = Camera.standard("A", faces(geometry), 1.0)
    fine, coarse = (centre_of_light(scene.render(camera, SIZE, r)) for r in (1.0, 4.0))
    assert fine == pytest.approx(coarse, abs=3)


def test_a_picture_that_is_given_up_is_none(scene, make):
    geometry = make.geometry()
    scene.apply(brick_update(make.scan(geometry)))
    camera = Camera.standard("A", faces(geometry), 1.0)
    assert scene.render(camera, SIZE, give_up=lambda: True) is None
    assert scene.render(camera, SIZE, give_up=lambda: False) is not None


def test_surfaces_of_visible_queries_and_of_the_outlined_organ(make):
    from medvlp_viewer.models.state import ViewerState

    state, scan = ViewerState(), make.scan(make.geometry())
    for text in ("lung mass", "effusion"):
        heatmap = make.heatmap(scan, text)
        state.queries.ask(text)
        state.heats.put(text, heatmap)
        state.queries.answer(heatmap)
    state.overlay.threshold = 0.35
    models = state.queries, state.heats, state.overlay
    mass, effusion = heat_surfaces(*models)
    assert mass.level == pytest.approx(0.35)
    assert mass.rgb == state.queries["lung mass"].hue.rgb != effusion.rgb
    state.queries.set_drawing("effusion", None, 0.6)
    assert [s.level for s in heat_surfaces(*models)] == pytest.approx([0.35, 0.6])
    state.queries.set_visible("lung mass", False)
    assert [s.name for s in heat_surfaces(*models)] == ["effusion"]
    state.overlay.visible = False
    assert heat_surfaces(*models) == ()
    tokens = heatmap.geometry
    organs = {"liver": np.full(tokens.shape, 0.9, dtype=np.float16)}
    state.outline.attach(organs, tokens, scan.geometry)
    assert organ_surface(state.outline, scan.geometry) is None
    state.outline.choose("liver")
    organ = organ_surface(state.outline, scan.geometry)
    assert organ.kind == "organ"
    assert np.array_equal(organ.affine, tokens.affine)
