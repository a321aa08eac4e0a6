"""Lines of equal heat, by marching squares on a coarse plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# Edges of a square cell: 0 top, 1 right, 2 bottom, 3 left. Corner bits: 1 top left, 2 top right,
# 4 bottom right, 8 bottom left. The two ambiguous cases separate the hot corners.
_SEGMENTS: dict[int, tuple[tuple[int, int], ...]] = {
    1: ((3, 0),),
    2: ((0, 1),),
    3: ((3, 1),),
    4: ((1, 2),),
    5: ((3, 0), (1, 2)),
    6: ((0, 2),),
    7: ((3, 2),),
    8: ((2, 3),),
    9: ((0, 2),),
    10: ((0, 1), (2, 3)),
    11: ((1, 2),),
    12: ((1, 3),),
    13: ((0, 1),),
    14: ((3, 0),),
}


def contour_segments(plane: NDArray[np.float32], level: float) -> NDArray[np.float32]:
    """Straight pieces of the line ``plane == level``.

    Parameters
    ----------
    plane
        ``(rows, columns)``; samples lie at integer coordinates. Outside it there is no heat, so
        that a hot region at the border is closed along it.
    level
        Value of the line, above 0.

    Returns
    -------
    ``(n, 4)``: row, column of one end, row, column of the other, in samples.
    """
    padded = np.pad(plane, 1)
    hot = padded >= level
    case = hot[:-1, :-1] * 1 + hot[:-1, 1:] * 2 + hot[1:, 1:] * 4 + hot[1:, :-1] * 8
    crossed_rows, crossed_columns = np.nonzero((case > 0) & (case < 15))
    codes = case[crossed_rows, crossed_columns]
    pieces = []
    for code, lines in _SEGMENTS.items():
        here = codes == code
        rows, columns = crossed_rows[here], crossed_columns[here]
        for first, second in lines if len(rows) else ():
            ends = [_crossing(padded, rows, columns, e, level) for e in (first, second)]
            pieces.append(np.concatenate(ends, axis=1))
    if not pieces:
        return np.zeros((0, 4), dtype=np.float32)
    return (np.concatenate(pieces) - 1.0).astype(np.float32)


def _crossing(
    plane: NDArray[np.float32],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    edge: int,
    level: float,
) -> NDArray[np.float64]:
    """Where the level crosses one edge of each cell: ``(n, 2)`` row, column."""
    (r0, c0), (r1, c1) = (
        ((0, 0), (0, 1)),
        ((0, 1), (1, 1)),
        ((1, 0), (1, 1)),
        ((0, 0), (1, 0)),
    )[edge]
    a = plane[rows + r0, columns + c0].astype(np.float64)
    b = plane[rows + r1, columns + c1].astype(np.float64)
    t = (level - a) / np.where(a == b, 1.0, b - a)
    return np.column_stack([rows + r0 + t * (r1 - r0), columns + c0 + t * (c1 - c0)])
