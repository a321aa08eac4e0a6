"""One number per scan and query."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from medvlp.geometry import Geometry
from medvlp.grounding.scan_score import scan_score, top_cells, top_mean


def test_the_same_lesion_scores_the_same_in_a_larger_scan():
    small, large = (Geometry.axial((n,) * 3, (6.0,) * 3) for n in (20, 40))
    scores = []
    for grid in (small, large):
        logits = np.full(grid.shape, -9.0, np.float32)
        logits[3:6, 3:6, 3:6] = 4.0
        scores.append(scan_score(logits, -2.0, grid, pooled_weight=0.25))
    assert scores[0] == scores[1] == pytest.approx(0.75 * 4.0 + 0.25 * -2.0)


def test_the_top_is_one_millilitre_of_a_volume_or_a_share_of_an_image():
    assert top_cells(Geometry.axial((40, 40, 40), (6.0, 6.0, 6.0))) == 5
    assert top_cells(Geometry.axial((40, 40, 40), (2.0, 2.0, 5.0))) == 50
    assert top_cells(Geometry.radiograph((48, 48))) == 4
    assert top_cells(Geometry.axial((1, 1, 2), (1.0, 1.0, 1.0))) == 2
    assert top_cells(Geometry.radiograph((2, 2))) == 1


def test_one_stray_hot_cell_counts_less_than_a_lesion():
    grid = Geometry.axial((20, 20, 20), (6.0, 6.0, 6.0))
    stray, lesion = (np.full(grid.shape, -9.0, np.float32) for _ in range(2))
    stray[4, 4, 4] = 6.0
    lesion[4:7, 4:7, 4:7] = 6.0
    assert scan_score(stray, 0.0, grid) < scan_score(lesion, 0.0, grid) - 5.0


@given(
    shape=st.tuples(*[st.integers(1, 24)] * 3),
    levels=st.integers(1, 400),
    spacing=st.floats(2.0, 9.0),
    seed=st.integers(0, 1000),
)
def test_the_mean_of_the_greatest_is_that_of_a_full_sort(shape, levels, spacing, seed):
    grid = Geometry.axial(shape, (spacing,) * 3)
    values = np.random.default_rng(seed).integers(0, levels, shape).astype(np.float32)
    greatest = np.sort(values.ravel())[-top_cells(grid) :]
    assert top_mean(values, grid) == pytest.approx(float(greatest.mean()), rel=1e-5)


def test_a_value_that_is_no_number_is_not_lost():
    values = np.zeros((20, 20, 20), np.float32)
    values[3, 4, 5] = np.nan
    assert np.isnan(top_mean(values, Geometry.axial(values.shape, (6.0,) * 3)))
