from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medvlp.export import images
from medvlp.grounding.heatmap import Heatmap
from medvlp.scan import Scan

HotSpot = Callable[..., Heatmap]


def pixels(picture: Image.Image) -> np.ndarray:
    """Without header and footer."""
    return np.asarray(picture).astype(int)[images.HEADER : -images.FOOTER]


def warm(picture: Image.Image) -> np.ndarray:
    """Where the picture is coloured by heat: (height, width) bool."""
    rgb = pixels(picture)
    return rgb[..., 0] - rgb[..., 2] > 60


def test_heat_on_the_patients_left_is_on_the_right_side_of_the_axial_pane(
    axial_ct: Scan, hot_spot: HotSpot, tmp_path: Path
) -> None:
    images.write_png(hot_spot(axial_ct, (10, 12, 24)), axial_ct, tmp_path / "left.png")
    axial = warm(Image.open(tmp_path / "left.png"))[:, : images.MARGIN + images.SHARED_SIZE]
    columns = np.flatnonzero(axial.any(axis=0))
    assert columns.size > 20
    assert columns.min() > images.SHARED_SIZE / 2


def test_heat_near_the_feet_is_at_the_bottom_of_the_coronal_pane(
    axial_ct: Scan, hot_spot: HotSpot
) -> None:
    picture = images.overlay(hot_spot(axial_ct, (2, 12, 14)), axial_ct)
    second = images.MARGIN * 2 + images.SHARED_SIZE
    rows = np.flatnonzero(warm(picture)[:, second : second + 250].any(axis=1))
    assert rows.size > 10
    assert rows.min() > images.SHARED_SIZE / 2


def test_heat_of_an_x_ray_lies_on_the_side_where_it_was_found(
    xray: Scan, hot_spot: HotSpot
) -> None:
    coloured = np.argwhere(warm(images.overlay(hot_spot(xray, (12, 40)), xray)))
    rows, columns = coloured.mean(axis=0)
    assert rows == pytest.approx(12.5 / 60 * images.LONE_SIZE, abs=20)
    assert columns == pytest.approx(40.5 / 60 * images.LONE_SIZE, abs=20)


def test_voxels_are_shown_in_their_true_proportions(axial_ct: Scan, hot_spot: HotSpot) -> None:
    """20 slices of 5 mm are 100 mm high, 28 columns of 2 mm are 56 mm wide."""
    picture = images.overlay(hot_spot(axial_ct, (10, 12, 14)), axial_ct)
    widths = [448, round(448 * 56 / 100), round(448 * 48 / 100)]
    assert picture.width == sum(widths) + 4 * images.MARGIN
    assert picture.height == images.SHARED_SIZE + images.HEADER + images.FOOTER


def test_the_research_notice_is_burnt_in(
    axial_ct: Scan, hot_spot: HotSpot, monkeypatch: pytest.MonkeyPatch
) -> None:
    heatmap = hot_spot(axial_ct, (10, 12, 14))
    with_notice = np.asarray(images.overlay(heatmap, axial_ct)).astype(int)
    monkeypatch.setattr(images, "RESEARCH_NOTICE", "")
    without = np.asarray(images.overlay(heatmap, axial_ct)).astype(int)
    changed = np.argwhere(np.abs(with_notice - without).sum(axis=-1) > 300)
    assert len(changed) > 200
    assert changed[:, 0].min() > with_notice.shape[0] - images.FOOTER
    assert images.overlay.__module__ == "medvlp.export.images"


@pytest.mark.parametrize("letter", range(4))
def test_every_orientation_letter_is_drawn_at_its_own_edge(
    axial_ct: Scan, hot_spot: HotSpot, monkeypatch: pytest.MonkeyPatch, letter: int
) -> None:
    heatmap = hot_spot(axial_ct, (10, 12, 14))
    before = pixels(images.overlay(heatmap, axial_ct))
    original = images.panes_at_peak

    def without_one(scan: Scan, heat: Heatmap) -> list:
        axial, *others = original(scan, heat)
        letters = tuple("" if i == letter else c for i, c in enumerate(axial.letters))
        return [replace(axial, letters=letters), *others]

    monkeypatch.setattr(images, "panes_at_peak", without_one)
    changed = np.argwhere(np.any(before != pixels(images.overlay(heatmap, axial_ct)), axis=-1))
    row, column = changed.mean(axis=0)
    height = 448 * 48 / 56
    expected = [(14, 232), (height - 14, 232), (height / 2, 20), (height / 2, 444)][letter]
    assert (row, column) == pytest.approx(expected, abs=14)


def test_query_and_answer_are_in_the_header(axial_ct: Scan, hot_spot: HotSpot) -> None:
    one = np.asarray(images.overlay(hot_spot(axial_ct, (10, 12, 14), "lung mass"), axial_ct))
    two = np.asarray(images.overlay(hot_spot(axial_ct, (10, 12, 14), "liver"), axial_ct))
    rows = np.flatnonzero(np.any(one != two, axis=(1, 2)))
    assert rows.size
    assert rows.max() < images.HEADER


@pytest.mark.parametrize("query", ["fluid " * 80, "plèvre\n\tgauche", "胸水", "\u202eliver\x00"])
def test_any_text_fits_into_the_header(axial_ct: Scan, hot_spot: HotSpot, query: str) -> None:
    heatmap = hot_spot(axial_ct, (10, 12, 14))
    odd = replace(heatmap, query=replace(heatmap.query, text=query))
    plain = images.overlay(heatmap, axial_ct)
    assert images.overlay(odd, axial_ct).size == plain.size
    np.testing.assert_array_equal(pixels(images.overlay(odd, axial_ct)), pixels(plain))


def test_an_abstained_map_shows_the_scan_without_colour(axial_ct: Scan, hot_spot: HotSpot) -> None:
    picture = images.overlay(hot_spot(axial_ct, (10, 12, 24), sure=False), axial_ct)
    rgb = pixels(picture)
    assert np.all(rgb.max(axis=-1) == rgb.min(axis=-1))


def test_the_window_is_the_files_own_or_fits_the_tissue_at_the_peak(
    axial_ct: Scan, hot_spot: HotSpot, xray: Scan
) -> None:
    heatmap = hot_spot(axial_ct, (10, 12, 14))
    assert images.display_window(axial_ct, heatmap) == images.SOFT_TISSUE
    lung = replace(axial_ct, array=np.full_like(axial_ct.array, -850))
    assert images.display_window(lung, heatmap) == images.LUNG
    own = replace(axial_ct, window=(50.0, 350.0))
    assert images.display_window(own, heatmap) == (50.0, 350.0)
    assert images.display_window(xray, hot_spot(xray, (5, 5))) == (0.5, 1.0)


def test_full_heat_hides_less_than_all_of_the_scan() -> None:
    dark, bright = np.zeros((1, 1)), np.ones((1, 1))
    heat = np.ones((1, 1))
    a, b = (images.blend(image, heat, (0.5, 1.0)).astype(int) for image in (dark, bright))
    assert np.all(b - a >= 255 * (1 - images.OPACITY) - 2)
