import numpy as np
import pytest

from medvlp import Geometry, Scan
from medvlp_viewer.models.contours import contour_segments
from medvlp_viewer.models.heat import MAXIMUM_SAMPLES, heat_plane, heat_profile, heat_value
from medvlp_viewer.models.heat_model import HeatModel
from medvlp_viewer.models.outline import OutlineModel
from medvlp_viewer.models.overlay import (
    Legend,
    blended,
    heat_overlay,
    legend,
    outline_contour,
    premultiplied,
)
from medvlp_viewer.models.planes import PlaneFrame
from medvlp_widgets.colour.maps import colour_map, overlay_lut
from medvlp_widgets.models.overlay import AUTOMATIC, BY_QUERY, OverlayModel
from medvlp_widgets.models.queries import QueryModel


@pytest.mark.parametrize("position", ["HFS", "HFP", "FFS", "coronal acquisition"])
def test_a_heat_plane_is_the_slice_of_the_heatmap_in_screen_order(make, position):
    scan = make.scan(make.geometry(position))
    heatmap = make.heatmap(scan)
    whole = heatmap.on(scan)
    for frame in PlaneFrame.all_of(scan.geometry):
        for k in (0, frame.n_slices // 2, frame.n_slices - 1):
            expected = frame.extract(whole, k)
            assert heat_plane(heatmap, frame, k) == pytest.approx(expected, abs=1e-5)


def test_the_profile_peaks_on_the_slice_with_the_spot(make):
    spot = (8.0, -5.0, 15.0)
    scan = make.scan(make.geometry("HFP"), spot)
    heatmap = make.heatmap(scan)
    for frame in PlaneFrame.all_of(scan.geometry):
        profile = heat_profile(heatmap, frame)
        assert profile.shape == (frame.n_slices,)
        there = round(frame.to_pane(spot)[0])
        away = 0 if there > frame.n_slices / 2 else frame.n_slices - 1
        assert profile[there] >= heat_plane(heatmap, frame, there).max()
        assert profile[there] > 0.5
        assert profile[away] == 0.0


def test_heat_under_the_pointer_is_that_of_the_voxel(make):
    scan = make.scan(make.geometry("FFS"))
    heatmap = make.heatmap(scan)
    whole = heatmap.on(scan)
    rng = np.random.default_rng(1)
    for index in rng.integers(0, scan.array.shape, (20, 3)):
        assert heat_value(heatmap, index + 0.3) == pytest.approx(whole[tuple(index)], abs=1e-5)
    assert heat_value(heatmap, (-3, 0, 0)) == 0.0


def test_a_large_radiograph_is_sampled_no_finer_than_the_screen_shows(make):
    array = np.zeros((2000, 1600), np.float32)
    array[1500:1700, 200:300] = 1.0
    scan = Scan(array, Geometry.radiograph(array.shape, (0.1, 0.1)), "XR", "normalised")
    plane = heat_plane(make.heatmap(scan, factor=50), PlaneFrame.all_of(scan.geometry)[0], 0)
    assert max(plane.shape) <= MAXIMUM_SAMPLES
    row, column = np.unravel_index(np.argmax(plane), plane.shape)
    assert row / plane.shape[0] == pytest.approx(0.8, abs=0.05)
    assert column / plane.shape[1] == pytest.approx(0.156, abs=0.05)


def test_a_contour_surrounds_what_is_hotter_than_its_level():
    y, x = np.mgrid[0:41, 0:61]
    plane = (1.0 - np.hypot(y - 15, x - 40) / 30).clip(0, 1).astype(np.float32)
    segments = contour_segments(plane, 0.7)
    ends = segments.reshape(-1, 2)
    assert np.hypot(ends[:, 0] - 15, ends[:, 1] - 40) == pytest.approx(
        np.full(len(ends), 9), abs=0.1
    )
    length = np.hypot(*(segments[:, :2] - segments[:, 2:]).T).sum()
    assert length == pytest.approx(2 * np.pi * 9, rel=0.02)


def test_a_contour_is_closed_at_the_border():
    segments = contour_segments(np.ones((3, 4), np.float32), 0.5)
    _, counts = np.unique(segments.reshape(-1, 2).round(4), axis=0, return_counts=True)
    assert len(segments) > 0
    assert np.all(counts == 2)
    assert len(contour_segments(np.zeros((3, 4), np.float32), 0.5)) == 0


def test_premultiplied_words_hold_alpha_red_green_blue():
    table = np.zeros((256, 4), np.uint8)
    table[7] = (255, 128, 0, 128)
    word = int(premultiplied(table)[7])
    assert [word >> s & 255 for s in (24, 16, 8, 0)] == [128, 128, 64, 0]


def test_the_chosen_organ_is_outlined_where_it_lies(make):
    spot = (8.0, -5.0, 15.0)
    scan = make.scan(make.geometry("HFP"), spot)
    heatmap = make.heatmap(scan)
    outline = OutlineModel()
    organs = {"liver": heatmap.values.astype(np.float16)}
    outline.attach(organs, heatmap.geometry, scan.geometry)
    frame = PlaneFrame.of(scan.geometry, "axial")
    where, row, column = frame.to_pane(spot)
    assert outline_contour(frame, round(where), outline) is None
    outline.choose("liver")
    segments = outline_contour(frame, round(where), outline).segments
    assert segments.reshape(-1, 2).mean(axis=0) == pytest.approx((row, column), abs=1.5)
    outline.choose("spleen")
    assert outline_contour(frame, round(where), outline) is None


def test_the_order_of_fills_does_not_change_their_blend():
    rng = np.random.default_rng(3)
    a, b = rng.random((2, 5, 4), dtype=np.float32)
    red, blue = (255, 0, 0), (0, 0, 255)
    assert np.array_equal(blended([a, b], [red, blue]), blended([b, a], [blue, red]))
    nothing = np.zeros_like(a)
    alone = blended([a, nothing], [red, blue])
    assert np.abs((alone >> 16 & 255).astype(int) - np.rint(a * 255)).max() <= 1
    assert np.all(alone & 255 == 0)


class TestOverlay:
    def ask(self, make, *texts: str, **overlay):
        scan = make.scan(make.geometry())
        queries, heats = QueryModel(), HeatModel()
        for text in texts:
            heats.put(queries.ask(text).key, make.heatmap(scan, text))
        frame = PlaneFrame.of(scan.geometry, "axial")
        position = round(frame.to_pane((8.0, -5.0, 15.0))[0])
        model = OverlayModel(**({"threshold": 0.3, "colour_map": "ember"} | overlay))
        return frame, position, queries, heats, model

    def test_one_query_is_filled_and_the_others_are_lines_in_their_hues(self, make):
        frame, k, queries, heats, model = self.ask(make, "lung mass", "liver", "spleen")
        queries.select("liver")
        overlay = heat_overlay(frame, k, queries, heats, model)
        assert len(overlay.layers) == 1
        hues = {queries["lung mass"].hue.rgb, queries["spleen"].hue.rgb}
        assert {contour.rgb for contour in overlay.contours} == hues
        assert legend(queries, heats, model).bar.label == "liver"

    def test_one_colour_per_query_blends_all_and_names_them_beside_their_lines(self, make):
        frame, k, queries, heats, model = self.ask(make, "lung mass", "liver", colour_map=BY_QUERY)
        overlay = heat_overlay(frame, k, queries, heats, model)
        assert len(overlay.layers) == 1
        assert [contour.label for contour in overlay.contours] == ["1", "2"]
        plane = heat_plane(heats.get("liver"), frame, k)
        hottest = np.unravel_index(np.argmax(plane), plane.shape)
        word = int(overlay.layers[0][hottest])
        alpha, red, green, blue = (word >> s & 255 for s in (24, 16, 8, 0))
        # Two equal fills of orange and sky blue: their mean colour, over what both leave.
        single = 0.6 * (0.25 + 0.75 * round(float(plane[hottest]) * 255) / 255)
        assert alpha == pytest.approx(255 * (1 - (1 - single) ** 2), abs=2)
        mean = np.mean([queries["lung mass"].hue.rgb, queries["liver"].hue.rgb], axis=0)
        assert (red, green, blue) == pytest.approx(tuple(mean * alpha / 255), abs=2)

    def test_the_automatic_map_gives_one_query_the_default_and_several_their_hues(self, make):
        _, _, queries, heats, model = self.ask(make, "lung mass", colour_map=AUTOMATIC)
        alone = legend(queries, heats, model)
        assert np.array_equal(alone.bar.table, np.rint(colour_map("ember") * 255))
        heats.put(queries.ask("liver").key, make.heatmap(make.scan(make.geometry()), "liver"))
        both = legend(queries, heats, model)
        assert both.bar is None
        assert [(key.number, key.label, key.filled) for key in both.keys] == [
            (1, "lung mass", True),
            (2, "liver", True),
        ]

    def test_a_row_may_have_its_own_threshold_and_opacity(self, make):
        frame, k, queries, heats, model = self.ask(make, "lung mass", threshold=0.2)
        queries.set_drawing("lung mass", opacity=0.3, threshold=0.7)
        layer = heat_overlay(frame, k, queries, heats, model).layers[0]
        plane = heat_plane(heats.get("lung mass"), frame, k)
        assert np.array_equal(layer >> 24 > 0, np.rint(plane * 255) / 255 >= 0.7)
        assert (layer >> 24).max() == pytest.approx(0.3 * 255 * (0.25 + 0.75 * plane.max()), abs=1)
        queries.set_drawing("lung mass", None, None)
        layer = heat_overlay(frame, k, queries, heats, model).layers[0]
        assert np.array_equal(layer >> 24 > 0, np.rint(plane * 255) / 255 >= 0.2)

    def test_hidden_rows_and_a_hidden_overlay_draw_nothing(self, make):
        frame, k, queries, heats, model = self.ask(make, "lung mass")
        queries.set_visible("lung mass", False)
        assert heat_overlay(frame, k, queries, heats, model).layers == ()
        queries.set_visible("lung mass", True)
        model.visible = False
        assert heat_overlay(frame, k, queries, heats, model).layers == ()
        assert legend(queries, heats, model) == Legend()

    def test_what_the_model_abstained_from_is_not_drawn(self, make):
        frame, k, queries, heats, model = self.ask(make, "lung mass")
        scan = make.scan(make.geometry())
        silent = make.heatmap(scan, probability=None, abstained=True, reason="outside")
        heats.put("lung mass", silent)
        assert heat_overlay(frame, k, queries, heats, model).layers == ()

    def test_heat_below_the_threshold_is_transparent(self, make):
        frame, k, queries, heats, model = self.ask(make, "lung mass", threshold=0.5)
        layer = heat_overlay(frame, k, queries, heats, model).layers[0]
        plane = heat_plane(heats.get("lung mass"), frame, k)
        assert np.array_equal(layer >> 24 > 0, np.rint(plane * 255) / 255 >= 0.5)
        hottest = np.unravel_index(np.argmax(plane), plane.shape)
        table = premultiplied(overlay_lut(colour_map("ember"), model.opacity, 0.5))
        assert layer[hottest] == table[round(float(plane[hottest]) * 255)]
