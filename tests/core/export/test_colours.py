from __future__ import annotations

import numpy as np

from medvlp.export.colours import heat_colours


def test_lightness_rises_all_the_way_so_that_grey_print_keeps_the_order() -> None:
    linear = (heat_colours() / 255.0) ** 2.2
    luminance = linear @ [0.2126, 0.7152, 0.0722]
    assert np.all(np.diff(luminance) > -1e-3)
    assert luminance[-1] > 20 * luminance[0]


def test_heat_is_never_grey_so_that_it_stands_out_from_the_scan() -> None:
    table = heat_colours().astype(int)
    assert np.all(table.max(axis=1) - table.min(axis=1) > 40)


def test_neighbouring_values_differ_little() -> None:
    assert np.abs(np.diff(heat_colours().astype(int), axis=0)).max() <= 8
