"""The panel and napari's layer controls draw the same heat, and neither undoes the other."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp.errors import MedVLPError
from medvlp_napari import api
from medvlp_widgets import OverlayModel
from medvlp_widgets.colour.hues import hue_for

pytest.importorskip("napari.components", reason="napari is an extra")


def darkest_drawn(layer) -> float:
    """The least heat that the layer's colour map does not draw black."""
    heat = np.linspace(0.0, 1.0, 501)
    return float(heat[layer.colormap.map(heat)[:, :3].sum(axis=1) > 0][0])


@pytest.fixture
def two(controller, ask):
    ask("liver")
    ask("spleen")
    layers = controller.viewer.layers
    return layers["liver"], layers["spleen"]


def test_opacity_and_threshold_of_a_row_reach_its_layer_alone(controller, two):
    liver, spleen = two
    controller.queries.set_drawing("liver", 0.25, 0.6)
    assert liver.opacity == pytest.approx(0.25)
    assert darkest_drawn(liver) == pytest.approx(0.6, abs=0.01)
    assert spleen.opacity == pytest.approx(controller.overlay.opacity)
    assert darkest_drawn(spleen) == pytest.approx(controller.overlay.threshold, abs=0.01)


def test_a_row_with_its_own_drawing_ignores_the_controls_of_all(controller, two):
    liver, spleen = two
    controller.queries.set_drawing("liver", 0.25, None)
    controller.overlay.opacity = 0.9
    controller.overlay.threshold = 0.4
    assert liver.opacity == pytest.approx(0.25)
    assert spleen.opacity == pytest.approx(0.9)
    assert darkest_drawn(liver) == pytest.approx(0.4, abs=0.01)
    controller.queries.set_drawing("liver", None, None)
    assert liver.opacity == pytest.approx(0.9)


def test_another_colour_reaches_layer_and_marks(controller, two):
    liver, _ = two
    pink = hue_for(5)
    controller.queries.set_hue("liver", pink)
    np.testing.assert_allclose(liver.colormap.colors[-1][:3], np.array(pink.rgb) / 255, atol=0.01)
    marks = controller.viewer.layers["peaks"]
    of_liver = marks.border_color[(marks.features["query"] == "liver").to_numpy()]
    np.testing.assert_allclose(of_liver[:, :3] * 255, [pink.rgb] * len(of_liver), atol=1.0)


def test_one_question_has_the_default_map_and_several_have_hues(controller, ask):
    controller.overlay.colour_map = "automatic"
    ask("liver")
    alone = np.array(controller.viewer.layers["liver"].colormap.colors)
    ask("spleen")
    assert not np.allclose(alone, controller.viewer.layers["liver"].colormap.colors)
    controller.queries.set_visible("spleen", False)
    np.testing.assert_allclose(alone, controller.viewer.layers["liver"].colormap.colors)


def test_what_was_set_in_the_layer_controls_survives_asking_again(controller, two, ask):
    liver, _ = two
    liver.opacity = 0.33
    liver.colormap = "viridis"
    liver.contrast_limits = (0.2, 0.7)
    liver.gamma = 1.4
    liver.blending = "translucent"
    liver.interpolation2d = "nearest"
    ask("liver")
    ask("kidney")
    assert liver.opacity == pytest.approx(0.33)
    assert liver.colormap.name == "viridis"
    assert list(liver.contrast_limits) == pytest.approx([0.2, 0.7])
    assert liver.gamma == pytest.approx(1.4)
    assert (liver.blending, liver.interpolation2d) == ("translucent", "nearest")


def test_the_layers_opacity_and_eye_show_in_the_row(controller, two):
    liver, spleen = two
    liver.opacity = 0.33
    spleen.visible = False
    rows = controller.queries
    assert rows["liver"].opacity == pytest.approx(0.33)
    assert rows["liver"].threshold is None
    assert not rows["spleen"].visible
    controller.overlay.opacity = 0.8
    assert liver.opacity == pytest.approx(0.33)
    assert not spleen.visible


def test_hiding_all_heat_and_showing_it_again_keeps_what_was_hidden_before(controller, two):
    liver, spleen = two
    spleen.visible = False
    controller.overlay.visible = False
    assert not liver.visible
    controller.overlay.visible = True
    assert liver.visible
    assert not spleen.visible


def test_what_was_set_of_the_marks_stays_when_more_is_asked(controller, two, ask):
    marks = controller.viewer.layers["peaks"]
    marks.visible, marks.name = False, "my marks"
    marks.size = 3.0
    ask("kidney", cell=(3, 0, 5))
    assert controller.viewer.layers[-1] is marks
    assert (marks.visible, marks.name) == (False, "my marks")
    assert set(marks.size) == {3.0}
    assert list(marks.features["query"]) == ["liver", "spleen", "kidney"]
    found = [controller.answers.heatmap(key).peaks(5)[0] for key in ("liver", "spleen", "kidney")]
    np.testing.assert_array_equal(marks.data, [peak.index for peak in found])


def test_a_hidden_question_has_no_marks(controller, two):
    controller.queries.set_visible("liver", False)
    assert set(controller.viewer.layers["peaks"].features["query"]) == {"spleen"}


def test_coming_back_to_a_layer_keeps_colours_numbers_and_drawing(controller, two, ct):
    liver, spleen = two
    controller.queries.set_drawing("spleen", 0.4, 0.5)
    controller.queries.set_visible("liver", False)
    first, before = controller.source, {row.key: row for row in controller.queries}
    colours = [np.array(layer.colormap.colors) for layer in two]
    other = controller.viewer.add_image(ct.array, units=("mm",) * 3, name="other")
    controller.set_source(other)
    controller.set_source(first)
    assert {row.key: row for row in controller.queries} == before
    np.testing.assert_allclose(colours[0], liver.colormap.colors)
    np.testing.assert_allclose(colours[1], spleen.colormap.colors)


def test_a_script_draws_a_layer_and_the_row_follows(controller, two):
    liver, _ = two
    api.draw(liver, opacity=0.2, threshold=0.7, hue=hue_for(6), visible=False)
    row = controller.queries["liver"]
    assert (row.opacity, row.threshold, row.visible) == (pytest.approx(0.2), 0.7, False)
    assert row.hue.rgb == hue_for(6).rgb
    assert not liver.visible
    assert darkest_drawn(liver) == pytest.approx(0.7, abs=0.01)


def test_a_script_changes_only_what_it_names(controller, two):
    liver, _ = two
    controller.overlay.threshold = 0.35
    api.draw(liver, opacity=0.2)
    assert darkest_drawn(liver) == pytest.approx(0.35, abs=0.01)
    with pytest.raises(MedVLPError, match="not heat"):
        api.draw(controller.source, opacity=0.2)


def test_asking_again_from_a_script_keeps_the_drawing_unless_another_is_given(
    viewer_with_ct, fake_session
):
    viewer, layer = viewer_with_ct
    api.ask(viewer, "kidney", layer, session=fake_session)
    heat = viewer.layers["kidney"]
    heat.opacity = 0.15
    heat.colormap = "magma"
    api.ask(viewer, "kidney", layer, session=fake_session)
    assert heat.opacity == pytest.approx(0.15)
    assert heat.colormap.name == "magma"
    api.ask(viewer, "kidney", layer, session=fake_session, overlay=OverlayModel(threshold=0.5))
    assert darkest_drawn(heat) == pytest.approx(0.5, abs=0.01)
