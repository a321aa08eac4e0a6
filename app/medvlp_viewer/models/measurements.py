"""What the user measured: points in the scan's own coordinates, and which one is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from psygnal import Signal

from medvlp_viewer.models.planes import PlaneName

MeasurementKind = Literal["distance", "angle", "rectangle", "ellipse"]
KINDS: tuple[MeasurementKind, ...] = ("distance", "angle", "rectangle", "ellipse")
REGIONS: tuple[MeasurementKind, ...] = ("rectangle", "ellipse")
Point = tuple[float, float, float]


@dataclass(frozen=True)
class RegionStatistics:
    """Of the pixels whose centres lie in a region.

    Parameters
    ----------
    count
        Number of pixels.
    mean, deviation, minimum, maximum
        In HU, or in the normalised intensity of an X-ray; ``deviation`` is that of the population
        (divided by ``count``). NaN without a pixel.
    area
        Of the shape itself, in square millimetres (square pixels without a spacing).
    """

    count: int
    mean: float
    deviation: float
    minimum: float
    maximum: float
    area: float


@dataclass(frozen=True)
class Measurement:
    """One measurement on one slice.

    Parameters
    ----------
    number
        What it is called on the picture and in the list, from 1.
    kind
        Distance: two ends. Angle: end, vertex, end. Rectangle and ellipse: two opposite corners of
        the box, whose sides run along the rows and columns of the pane.
    plane
        Pane that it was drawn in.
    points
        LPS millimetres (pixels for an image without spacing).
    """

    number: int
    kind: MeasurementKind
    plane: PlaneName
    points: tuple[Point, ...]

    @property
    def is_region(self) -> bool:
        """Whether it has statistics of pixels."""
        return self.kind in REGIONS

    @property
    def is_complete(self) -> bool:
        """Whether all its points are set."""
        return len(self.points) == (3 if self.kind == "angle" else 2)


class MeasurementModel:
    """Measurements of the open scan, the chosen one, and the tool in hand.

    ``tool`` is None while the pointer moves the crosshair. ``statistics`` holds those of the regions
    by number; a region that is being computed has none.

    Events
    ------
    changed
        Emitted after a measurement was added, moved, removed or chosen.
    tool_changed
        Emitted after another tool was taken.
    """

    changed = Signal()
    tool_changed = Signal()

    def __init__(self) -> None:
        self._items: dict[int, Measurement] = {}
        self.statistics: dict[int, RegionStatistics] = {}
        self._chosen = 0
        self._draft = 0
        self._tool: MeasurementKind | None = None

    def __iter__(self) -> Iterator[Measurement]:
        return iter(tuple(self._items.values()))

    def __len__(self) -> int:
        return len(self._items)

    def __bool__(self) -> bool:
        return True

    @property
    def tool(self) -> MeasurementKind | None:
        """What a drag in a pane draws."""
        return self._tool

    @property
    def chosen(self) -> Measurement | None:
        """The measurement that Delete removes."""
        return self._items.get(self._chosen)

    @property
    def draft(self) -> Measurement | None:
        """The measurement that is being drawn: presses set its points."""
        return self._items.get(self._draft)

    def set_draft(self, number: int) -> None:
        """A measurement is being drawn; 0: none is any more."""
        if number != self._draft:
            self._draft = number
            self.changed.emit()

    def get(self, number: int) -> Measurement | None:
        """The measurement of that number."""
        return self._items.get(number)

    def take_tool(self, tool: MeasurementKind | None) -> None:
        """Take a tool in hand, or none."""
        if tool != self._tool:
            self._tool = tool
            self.tool_changed.emit()

    def begin(self, kind: MeasurementKind, plane: PlaneName, *points: Point) -> Measurement:
        """Add a measurement with its first points, and choose it."""
        number = next(n for n in range(1, len(self._items) + 2) if n not in self._items)
        item = Measurement(number, kind, plane, points)
        self.put(item)
        return item

    def put(self, item: Measurement) -> None:
        """Add or replace a measurement, and choose it."""
        self._items[item.number] = item
        self.statistics.pop(item.number, None)
        self._chosen = item.number
        self.changed.emit()

    def move_point(self, number: int, point: int, where: Point) -> None:
        """Move one point; ``point`` may be one past the last, which adds it."""
        item = self._items.get(number)
        if item is not None:
            points = (*item.points[:point], where, *item.points[point + 1 :])
            self.put(replace(item, points=points))

    def remove(self, number: int) -> Measurement | None:
        """Forget a measurement; it is returned."""
        item = self._items.pop(number, None)
        self.statistics.pop(number, None)
        if item is not None:
            if self._chosen == number:
                self._chosen = 0
            self.changed.emit()
        return item

    def choose(self, number: int) -> None:
        """Choose a measurement; an unknown number chooses none."""
        chosen = number if number in self._items else 0
        if chosen != self._chosen:
            self._chosen = chosen
            self.changed.emit()

    def set_statistics(self, item: Measurement, statistics: RegionStatistics) -> None:
        """Statistics of a region, unless it was moved or removed while they were computed."""
        if self._items.get(item.number) is item:
            self.statistics[item.number] = statistics
            self.changed.emit()

    def restore(self, items: Iterable[Measurement], chosen: int) -> None:
        """Put other measurements in the place of these."""
        self._items = {item.number: item for item in items}
        self.statistics.clear()
        self._chosen = chosen if chosen in self._items else 0
        self.changed.emit()

    def clear(self) -> None:
        """Forget all, as when another scan is opened."""
        if self._items:
            self._items.clear()
            self.statistics.clear()
            self._chosen = 0
            self.changed.emit()
