import numpy as np
import pytest

from medvlp_viewer.models.histogram import BINS, histogram


def test_counts_are_those_of_the_values_in_the_bins():
    rng = np.random.default_rng(4)
    values = rng.integers(-900, 900, (90, 110)).astype(np.int16)
    found = histogram(values, "HU")
    expected, _ = np.histogram(values, bins=BINS, range=(found.low, found.high))
    assert np.abs(found.counts - expected).max() <= 1  # a value on the edge of two bins
    assert found.count == values.size
    assert found.mean == pytest.approx(values.mean())


def test_a_few_extreme_values_do_not_squeeze_the_axis():
    values = np.zeros(100_000, np.int16)
    values[:50_000] = 100
    values[:5] = 3000
    found = histogram(values, "HU")
    assert found.high < 200
    assert found.counts.sum() == values.size - 5


def test_a_constant_slice_has_an_axis_with_a_width():
    found = histogram(np.full((20, 20), 40, np.int16), "HU")
    assert found.low < 40 < found.high
    assert found.counts.max() == found.counts.sum() == 400


def test_nothing_gives_an_empty_histogram():
    found = histogram(np.zeros((0,), np.float32), "normalised")
    assert found.count == 0
    assert found.counts.sum() == 0
    assert (found.low, found.high) == (0.0, 1.0)


def test_an_xray_is_counted_in_its_own_unit():
    values = np.repeat(np.float32([0.1, 0.4, 0.8]), [300, 200, 100])
    found = histogram(values, "normalised")
    middle = int((0.4 - found.low) / (found.high - found.low) * BINS)
    assert (found.counts[0], found.counts[-1]) == (300, 100)
    assert found.counts[middle - 1 : middle + 2].sum() == 200
    assert 0.0 <= found.low < found.high <= 1.0
