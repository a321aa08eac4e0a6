from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from medvlp.models.slabs import blend_weights, iterate_slabs


@given(length=st.integers(1, 120), slab=st.integers(4, 20), overlap=st.integers(0, 3))
def test_slabs_cover_every_slice_with_positive_weight(length, slab, overlap):
    length, slab, overlap = 8 * length, 8 * slab, 8 * overlap
    total = np.zeros(length)
    for part, first, last in iterate_slabs(length, slab, overlap, 8):
        assert part.start % 8 == 0
        size = part.stop - part.start
        total[part] += blend_weights(size, min(overlap, size // 2), first, last)
    assert total.min() > 0


def test_a_short_scan_is_one_slab():
    assert list(iterate_slabs(40, 96, 32, 8)) == [(slice(0, 40), True, True)]


def test_ramps_of_neighbours_add_up_to_one():
    falling = blend_weights(20, 4, True, False)[-4:]
    rising = blend_weights(20, 4, False, True)[:4]
    np.testing.assert_allclose(falling + rising, 1.0)
