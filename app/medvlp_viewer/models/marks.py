"""Measurements as one pane draws them."""

from __future__ import annotations

from dataclasses import dataclass

from medvlp.scan import Scan
from medvlp_viewer.models.measurement_text import measurement_lines
from medvlp_viewer.models.measurements import MeasurementKind, MeasurementModel
from medvlp_viewer.models.measuring import pane_points, slice_of
from medvlp_viewer.models.planes import PlaneFrame


@dataclass(frozen=True)
class Mark:
    """A measurement on the slice that is shown.

    Parameters
    ----------
    number
        Of the measurement.
    kind
        What is drawn between the points.
    points
        Fractional (row, column) on screen.
    lines
        Text beside it.
    chosen
        Whether it is the one that Delete removes.
    draft
        Whether it is being drawn.
    """

    number: int
    kind: MeasurementKind
    points: tuple[tuple[float, float], ...]
    lines: tuple[str, ...]
    chosen: bool
    draft: bool = False


def marks_on_slice(
    scan: Scan, frame: PlaneFrame, position: int, measurements: MeasurementModel
) -> list[Mark]:
    """The measurements that were drawn in this pane on this slice."""
    chosen, draft = measurements.chosen, measurements.draft
    return [
        Mark(
            item.number,
            item.kind,
            tuple((float(row), float(column)) for _, row, column in pane_points(frame, item)),
            measurement_lines(scan, item, measurements.statistics.get(item.number)),
            item is chosen,
            item is draft,
        )
        for item in measurements
        if item.plane == frame.name and slice_of(frame, item) == position
    ]
