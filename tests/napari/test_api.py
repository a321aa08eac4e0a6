"""Asking and scoring from a script, on napari's viewer model without a window."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp.errors import MedVLPError, RefusedScanError
from medvlp_napari import api, scene
from medvlp_napari.heat_array import HeatArray
from medvlp_napari.navigation import current_slice
from medvlp_napari.reading import layer_data
from medvlp_widgets import OverlayModel

components = pytest.importorskip("napari.components", reason="napari is an extra")


@pytest.fixture
def viewer():
    return components.ViewerModel()


@pytest.fixture
def layer(viewer, ct):
    data, arguments, _ = layer_data(ct, "phantom")
    return viewer.add_image(data, **arguments)


def hottest_world(heat_layer) -> np.ndarray:
    """World coordinates of the centre of the heat above one half."""
    index = np.argwhere(np.asarray(heat_layer.data) > 0.5).mean(axis=0)
    return np.asarray(heat_layer.data_to_world(index))


def test_one_question_makes_one_layer_on_the_organ(viewer, layer, fake_session, phantoms):
    (heatmap,) = api.ask(viewer, "left kidney", session=fake_session)
    heat = viewer.layers["left kidney"]
    assert isinstance(heat.data, HeatArray)
    assert heat.blending == "additive"
    assert list(heat.contrast_limits) == [0.0, 1.0]
    np.testing.assert_allclose(heat.scale, layer.scale)
    np.testing.assert_allclose(heat.translate, layer.translate)
    np.testing.assert_allclose(heatmap.peak_mm, phantoms.kidney_mm, atol=14.0)
    np.testing.assert_allclose(hottest_world(heat), phantoms.kidney_mm[::-1], atol=4.0)


def test_asking_again_updates_the_layer_instead_of_adding(viewer, layer, fake_session):
    api.ask(viewer, "kidney", session=fake_session)
    heat, before = viewer.layers["kidney"], len(viewer.layers)
    heat.name = "renamed by the user"
    api.ask(viewer, " Kidney ", session=fake_session)
    assert len(viewer.layers) == before
    assert scene.heat_layer(viewer, layer, "kidney") is heat


def test_the_scan_is_encoded_once_for_many_questions(viewer, layer, fake_session):
    api.ask(viewer, ["kidney", "lung"], session=fake_session)
    api.ask(viewer, "bone", session=fake_session)
    assert fake_session.model.encoded == 1


def test_questions_have_different_numbered_colours(viewer, layer, fake_session):
    api.ask(viewer, ["kidney", "lung"], session=fake_session)
    maps = [viewer.layers[name].colormap.colors[-1] for name in ("kidney", "lung")]
    assert not np.allclose(maps[0], maps[1])


def test_heat_below_the_threshold_adds_nothing(viewer, layer, fake_session):
    overlay = OverlayModel(opacity=0.3, threshold=0.5, colour_map="ember")
    api.ask(viewer, "kidney", session=fake_session, overlay=overlay)
    heat = viewer.layers["kidney"]
    assert heat.opacity == pytest.approx(0.3)
    below, above = heat.colormap.map(np.array([0.45, 0.55]))
    assert np.all(below[:3] == 0)
    assert np.any(above[:3] > 0.2)


@pytest.mark.filterwarnings("ignore:Non-orthogonal slicing")
def test_heat_and_peaks_follow_a_users_rotated_layer(viewer, ct, fake_session):
    layer = viewer.add_image(
        ct.array, scale=(4.0, 2.0, 2.5), rotate=(30.0, 0.0, 0.0), units=("mm",) * 3, name="mine"
    )
    (heatmap,) = api.ask(viewer, "kidney", layer, session=fake_session)
    centre = np.argwhere(ct.array > 0).mean(axis=0)
    world = np.asarray(layer.data_to_world(centre))
    np.testing.assert_allclose(heatmap.peak_mm[::-1], world, atol=14.0)
    np.testing.assert_allclose(hottest_world(viewer.layers["kidney"]), world, atol=4.0)
    marks = viewer.layers["peaks"]
    np.testing.assert_allclose(marks.data_to_world(marks.data[0]), world, atol=14.0)


def test_peaks_say_which_question_they_belong_to(viewer, layer, fake_session):
    api.ask(viewer, ["kidney", "lung"], session=fake_session)
    features = viewer.layers["peaks"].features
    assert set(features["query"]) == {"kidney", "lung"}
    assert features["rank"].iloc[0] == 1
    assert set(features["number"]) == {1, 2}


def test_an_abstention_has_no_peak_and_keeps_its_reason(viewer, layer, fake_session):
    (heatmap,) = api.ask(viewer, "zxqv wobble", session=fake_session)
    assert heatmap.abstained
    assert "peaks" not in viewer.layers
    assert viewer.layers["zxqv wobble"].metadata["medvlp"]["reason"]


def test_jumping_moves_the_sliders_to_the_peak(viewer, layer, fake_session):
    (heatmap,) = api.ask(viewer, "kidney", session=fake_session)
    api.jump_to(viewer, layer, heatmap.peak_index)
    assert viewer.dims.point[0] == pytest.approx(heatmap.peak_mm[2], abs=4.0)
    assert current_slice(viewer, layer) == heatmap.peak_index[0]


def test_the_camera_moves_only_to_a_peak_out_of_sight(viewer, layer, fake_session):
    (heatmap,) = api.ask(viewer, "kidney", session=fake_session)
    camera = getattr(viewer, "scene", viewer).camera
    before = camera.center
    layer.corner_pixels = np.array([[0, 0, 0], [21, 39, 35]])
    api.jump_to(viewer, layer, heatmap.peak_index)
    assert camera.center == before
    layer.corner_pixels = np.array([[0, 0, 0], [21, 3, 3]])
    api.jump_to(viewer, layer, heatmap.peak_index)
    np.testing.assert_allclose(camera.center[1:], heatmap.peak_mm[1::-1], atol=2.5)


def test_organs_become_labels_where_they_are(viewer, layer, fake_session, phantoms):
    table = api.score_organs(viewer, session=fake_session)
    labels = viewer.layers["organs"]
    names = list(labels.features["organ"])
    value = int(labels.features["index"][names.index("kidney_left")])
    index = np.argwhere(np.asarray(labels.data) == value).mean(axis=0)
    world = np.asarray(labels.data_to_world(index))
    np.testing.assert_allclose(world, phantoms.kidney_mm[::-1], atol=3.0)
    assert table.row("kidney_left").present


def test_scoring_again_replaces_the_labels(viewer, layer, fake_session):
    api.score_organs(viewer, session=fake_session)
    before = len(viewer.layers)
    api.score_organs(viewer, session=fake_session)
    assert len(viewer.layers) == before


def test_a_heatmap_is_saved_in_patient_coordinates(viewer, layer, fake_session, phantoms, tmp_path):
    import nibabel

    api.ask(viewer, "kidney", session=fake_session)
    path = api.save_heatmap(viewer.layers["kidney"], tmp_path / "heat.nii.gz")
    image = nibabel.load(path)
    voxels = np.argwhere(image.get_fdata() > 0.5).mean(axis=0)
    ras = (image.affine @ [*voxels, 1.0])[:3]
    np.testing.assert_allclose(ras * (-1, -1, 1), phantoms.kidney_mm, atol=4.0)


def test_napari_saves_a_heat_layer_through_the_manifest(
    viewer, layer, fake_session, plugin, tmp_path
):
    import nibabel

    api.ask(viewer, "kidney", session=fake_session)
    written = viewer.layers["kidney"].save(str(tmp_path / "heat.nii.gz"), plugin="medvlp")
    assert written == [str(tmp_path / "heat.nii.gz")]
    assert nibabel.load(written[0]).shape == layer.data.shape[::-1]


def test_only_heat_can_be_saved(layer, tmp_path):
    with pytest.raises(RefusedScanError, match="not a heatmap"):
        api.save_heatmap(layer, tmp_path / "heat.nii.gz")
    assert list(tmp_path.iterdir()) == []


def test_without_an_image_the_question_is_refused(viewer, fake_session):
    with pytest.raises(MedVLPError, match="Open a CT or an X-ray"):
        api.ask(viewer, "kidney", session=fake_session)


def test_heat_is_never_taken_for_a_scan(viewer, layer, fake_session):
    api.ask(viewer, "kidney", session=fake_session)
    viewer.layers.selection.active = viewer.layers["kidney"]
    assert api.source_layer(viewer) is layer


def test_an_x_ray_is_answered_in_two_dimensions(viewer, fake_session):
    image = np.full((64, 48), 0.2, np.float32)  # lung, where an effusion can be
    image[:4], image[40:56, 30:44] = 0.0, 1.0
    layer = viewer.add_image(image, scale=(0.5, 0.5), units=("mm", "mm"), name="xray")
    (heatmap,) = api.ask(viewer, "effusion", layer, session=fake_session)
    row, column = heatmap.peak_index
    assert 40 <= row < 56
    assert 30 <= column < 44
    assert viewer.layers["effusion"].data.shape == (64, 48)


@pytest.mark.realdata
def test_a_real_dicom_folder_opens_as_a_layer(viewer, real_data):
    layer = api.open_scan(viewer, real_data / "dicom_ct_series")
    assert layer.data.shape == (64, 512, 512)
    assert layer.metadata["medvlp"]["modality"] == "CT"
