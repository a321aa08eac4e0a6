import numpy as np
import pytest

from medvlp import Geometry, Scan
from medvlp_viewer.models.window import (
    CT_PRESETS,
    Window,
    display_values,
    dragged,
    first_window,
    lookup_table,
)


def grey_of(array, window):
    if array.ndim == 3:
        scan = Scan(array, Geometry.axial(array.shape, (1.0, 1.0, 1.0)), "CT", "HU")
    else:
        scan = Scan(array, Geometry.radiograph(array.shape), "XR", "normalised")
    return lookup_table(window, scan.intensity)[display_values(scan)]


@pytest.mark.parametrize("preset", CT_PRESETS, ids=lambda p: p.name)
def test_hounsfield_units_become_grey_by_the_dicom_linear_function(preset):
    level, width = preset.window.level, preset.window.width
    values = np.arange(-2000, 3001, dtype=np.int16).reshape(1, 3, -1)
    grey = grey_of(values, preset.window)
    x = values.astype(np.float64)
    expected = np.where(
        x <= level - 0.5 - (width - 1) / 2,
        0.0,
        np.where(
            x > level - 0.5 + (width - 1) / 2,
            255.0,
            ((x - (level - 0.5)) / (width - 1) + 0.5) * 255.0,
        ),
    )
    assert grey.dtype == np.uint8
    assert np.abs(grey - expected).max() <= 0.51


def test_an_xray_is_windowed_exactly():
    values = np.linspace(0, 1, 101, dtype=np.float32).reshape(1, -1)
    grey = grey_of(values, Window(0.4, 0.5))
    expected = np.clip((values - 0.4) / 0.5 + 0.5, 0, 1) * 255
    assert np.abs(grey - expected).max() <= 0.52


def test_a_ct_is_shown_without_copying_it():
    array = np.full((2, 3, 4), -1000, np.int16)
    scan = Scan(array, Geometry.axial(array.shape, (1.0, 1.0, 1.0)), "CT", "HU")
    assert np.shares_memory(display_values(scan), array)


def test_dragging_right_widens_and_dragging_down_darkens():
    start = Window(40.0, 400.0)
    assert dragged(start, 0.1, 0.0, "HU").width > start.width
    lower = dragged(start, 0.0, 0.1, "HU")
    value = np.array([[[40]]], dtype=np.int16)
    assert grey_of(value, lower) < grey_of(value, start)


def test_a_drag_never_makes_the_width_vanish():
    assert dragged(Window(40.0, 10.0), -5.0, 0.0, "HU").width >= 2.0
    assert dragged(Window(0.5, 0.1), -5.0, 0.0, "normalised").width > 0.0


def test_the_window_of_the_file_comes_first():
    geometry = Geometry.axial((1, 2, 2), (1.0, 1.0, 1.0))
    array = np.zeros((1, 2, 2), np.int16)
    assert first_window(Scan(array, geometry, "CT", "HU", window=(-600.0, 1500.0))) == Window(
        -600.0, 1500.0
    )
    assert first_window(Scan(array, geometry, "CT", "HU")) == CT_PRESETS[1].window
