"""What a grid says of a slice does not depend on how much of the slice was looked at."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from medvlp.export.plane_sampling import cropped_to_level, part_of_plane, values_on_plane
from medvlp.geometry import Geometry
from medvlp.io.dicom.planes import Plane

LEVEL = 0.5


def plane_at(turn: Rotation, position: np.ndarray) -> Plane:
    along_rows, along_columns, _ = turn.as_matrix().T
    return Plane(
        dataset=None,
        frame=None,
        shape=(46, 57),
        position=position - 30 * along_rows - 25 * along_columns,
        along_rows=along_rows,
        along_columns=along_columns,
        pixel_spacing=(1.1, 1.3),
        slope=1.0,
        intercept=0.0,
        sources=[],
    )


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    turn=st.tuples(*[st.floats(-180, 180)] * 3),
    grid_turn=st.tuples(*[st.floats(-180, 180)] * 3),
    off=st.tuples(*[st.floats(-12, 12)] * 3),
)
def test_the_part_that_a_grid_reaches_holds_all_that_is_hot(seed, turn, grid_turn, off):
    rng = np.random.default_rng(seed)
    values = rng.random((4, 5, 6)).astype(np.float32)
    axes = Rotation.from_euler("xyz", grid_turn, degrees=True).as_matrix() * (5.0, 4.0, 3.0)
    affine = np.eye(4)
    affine[:3, :3] = axes
    affine[:3, 3] = -axes @ (1.5, 2.0, 2.5)
    grid = Geometry((4, 5, 6), affine)
    plane = plane_at(Rotation.from_euler("xyz", turn, degrees=True), np.array(off))

    expected = values_on_plane(values, grid, plane) >= LEVEL
    found = np.zeros_like(expected)
    crop = cropped_to_level(values, grid, LEVEL)
    part = None if crop is None else part_of_plane(plane, crop[1])
    if crop is not None and part is not None:
        found[part[0]] = values_on_plane(*crop, part[1]) >= LEVEL

    # A value that rounding puts on either side of the level may fall out differently.
    assert np.count_nonzero(found != expected) <= 1


def test_the_rim_of_a_grid_that_is_turned_by_45_degrees_is_kept():
    """Half a cell beyond the outermost centres belongs to the grid in every direction."""
    axes = Rotation.from_euler("z", 45, degrees=True).as_matrix() * 4.0
    affine = np.eye(4)
    affine[:3, :3] = axes
    grid = Geometry((1, 1, 1), affine)
    plane = plane_at(Rotation.identity(), np.zeros(3))

    rows, columns = part_of_plane(plane, grid)[0]

    hot = np.argwhere(values_on_plane(np.ones((1, 1, 1)), grid, plane) > 0)
    assert hot[:, 0].min() >= rows.start
    assert hot[:, 0].max() < rows.stop
    assert hot[:, 1].min() >= columns.start
    assert hot[:, 1].max() < columns.stop
    assert len(hot) > 8
