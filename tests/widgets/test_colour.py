from __future__ import annotations

import numpy as np
import pytest

from medvlp_widgets.colour.hues import HUES, hue_for
from medvlp_widgets.colour.maps import colour_map, colour_map_names, hue_map, overlay_lut
from medvlp_widgets.colour.oklab import oklab_to_srgb, srgb_to_oklab

# Machado, Oliveira, Fernandes (2009), severity 1.0, on linear RGB.
DEFICIENCIES = {
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}  # fmt: skip


def as_seen(rgb: np.ndarray, deficiency: str) -> np.ndarray:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(linear @ np.array(DEFICIENCIES[deficiency]).T, 0, 1)
    return np.where(seen <= 0.0031308, seen * 12.92, 1.055 * seen ** (1 / 2.4) - 0.055)


def test_oklab_of_white_and_back():
    np.testing.assert_allclose(srgb_to_oklab([1.0, 1.0, 1.0]), [1, 0, 0], atol=1e-4)
    colours = np.random.default_rng(0).random((50, 3))
    np.testing.assert_allclose(oklab_to_srgb(srgb_to_oklab(colours)), colours, atol=1e-6)


@pytest.mark.parametrize("name", colour_map_names())
def test_equal_steps_of_heat_look_equal(name):
    steps = np.linalg.norm(np.diff(srgb_to_oklab(colour_map(name)), axis=0), axis=1)
    assert steps.max() / steps.mean() < 1.15
    assert steps.min() / steps.mean() > 0.75


@pytest.mark.parametrize("name", colour_map_names())
def test_hotter_is_always_lighter_so_grey_prints_keep_the_order(name):
    assert np.all(np.diff(srgb_to_oklab(colour_map(name))[:, 0]) > 0)


@pytest.mark.parametrize("name", colour_map_names())
@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_hotter_is_lighter_for_colour_blind_eyes_too(name, deficiency):
    seen = srgb_to_oklab(as_seen(np.asarray(colour_map(name), float), deficiency))[::8, 0]
    assert np.all(np.diff(seen) > 0)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_the_first_four_query_colours_stay_apart_for_colour_blind_eyes(deficiency):
    colours = np.array([hue.rgb for hue in HUES[:4]]) / 255.0
    seen = srgb_to_oklab(as_seen(colours, deficiency))
    distances = np.linalg.norm(seen[:, None] - seen[None], axis=-1)
    assert distances[np.triu_indices(4, 1)].min() > 0.08


def test_an_unknown_map_is_named_with_those_that_exist():
    with pytest.raises(KeyError, match=r"no-such-map.*ember"):
        colour_map("no-such-map")


def test_a_hue_map_runs_from_black_to_its_colour():
    lut = hue_map(HUES[1].rgb)
    np.testing.assert_allclose(lut[0], 0, atol=1e-3)
    np.testing.assert_allclose(lut[-1] * 255, HUES[1].rgb, atol=1)


def test_nothing_is_drawn_below_the_threshold_or_where_there_is_no_heat():
    lut = overlay_lut(colour_map(), opacity=1.0, threshold=0.5)
    assert lut.dtype == np.uint8
    assert np.all(lut[:127, 3] == 0)
    assert np.all(lut[128:, 3] > 0)
    assert overlay_lut(colour_map(), 1.0, 0.0)[0, 3] == 0


def test_opacity_is_that_of_the_hottest_place():
    assert overlay_lut(colour_map(), opacity=0.4)[-1, 3] == round(0.4 * 255)


def test_shared_maps_cannot_be_changed_by_accident():
    with pytest.raises(ValueError, match="read-only"):
        colour_map()[0] = 1


def test_hues_repeat_with_another_number():
    assert hue_for(8).rgb == hue_for(1).rgb
    assert hue_for(8).number == 8
