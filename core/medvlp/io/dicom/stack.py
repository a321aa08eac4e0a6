"""Slices in any order and number of copies become one ordered stack, judged by positions alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError, RefusedScanError
from medvlp.geometry import Geometry
from medvlp.io.dicom.keywords import PHASE
from medvlp.io.dicom.pixels import hounsfield_units
from medvlp.io.dicom.planes import Plane
from medvlp.scan import ScanWarning

SAME_PLACE_MM = 0.01
"""Slices closer than this lie at the same place."""
SPACING_TOLERANCE = 0.02
"""Part of the spacing by which a slice may miss its place ..."""
SPACING_TOLERANCE_MM = 0.1
"""... or this many mm, since headers round positions, whichever is more."""
DRIFT_PIXELS = 0.1
"""Sideways drift over the whole stack that is still called perpendicular."""


@dataclass(frozen=True, eq=False)
class Stack:
    """Slices in ascending order along their common normal, each place once.

    Parameters
    ----------
    planes
        At least one.
    spacing
        Mean distance in mm, or None if the slices are irregular or only one.
    warnings
        Duplicates dropped, volumes left out.
    """

    planes: tuple[Plane, ...]
    spacing: float | None
    warnings: tuple[ScanWarning, ...]

    @property
    def distances(self) -> NDArray[np.float64]:
        """``(n,)`` mm along the normal of the first plane, ascending."""
        normal = self.planes[0].normal
        return np.array([plane.position @ normal for plane in self.planes])


def stacked(planes: Sequence[Plane], strict: bool) -> Stack:
    """Order planes of equal orientation and size along their normal.

    Raises
    ------
    RefusedScanError
        If different images lie at the same place and nothing in the headers tells the volumes
        apart; with ``strict`` also if something does.
    GeometryError
        If slices at one height lie side by side.
    """
    places, dropped = _places(planes)
    notes = []
    if dropped:
        notes.append(
            ScanWarning(
                "duplicates-dropped",
                f"{dropped} of {len(planes)} slices repeat another slice (same place, same values) "
                "and were left out.",
            )
        )
    if any(len(copies) > 1 for copies in places):
        chosen, note = _one_volume([p for copies in places for p in copies], strict)
        places = [[plane] for plane in chosen]
        notes.append(note)
    ordered = tuple(copies[0] for copies in places)
    return Stack(ordered, regular_spacing(ordered), tuple(notes))


def regular_spacing(planes: Sequence[Plane]) -> float | None:
    """Slice spacing in mm if sorted planes form a regular, upright grid, else None.

    highdicom compares neighbours and the direction of stacking; small errors that add up over
    many slices are looked for here.
    """
    from highdicom.spatial import get_volume_positions

    if len(planes) < 2:
        return None
    positions = np.array([plane.position for plane in planes])
    first = planes[0]
    distances = positions @ first.normal
    spacing = float(distances[-1] - distances[0]) / (len(planes) - 1)
    tolerance = max(SPACING_TOLERANCE * spacing, SPACING_TOLERANCE_MM)
    found, _ = get_volume_positions(
        positions.tolist(),
        [*first.along_rows, *first.along_columns],
        atol=tolerance,
        perpendicular_tol=1e-2,
    )
    ideal = distances[0] + spacing * np.arange(len(planes))
    drift = positions - positions[0] - np.outer(distances - distances[0], first.normal)
    limit = DRIFT_PIXELS * min(first.pixel_spacing)
    if found is None or np.abs(distances - ideal).max() > tolerance:
        return None
    return spacing if np.linalg.norm(drift, axis=1).max() <= limit else None


def stack_geometry(stack: Stack, spacing: float) -> Geometry:
    """Geometry of a regular stack: axis 0 along the normal, origin at the first slice."""
    first = stack.planes[0]
    affine = np.eye(4)
    affine[:3, 0] = first.normal * spacing
    affine[:3, 1] = first.along_columns * first.pixel_spacing[0]
    affine[:3, 2] = first.along_rows * first.pixel_spacing[1]
    affine[:3, 3] = first.position
    return Geometry((len(stack.planes), *first.shape), affine)


def _places(planes: Sequence[Plane]) -> tuple[list[list[Plane]], int]:
    """Different images at each place, places ascending; and the number of true copies dropped."""
    normal = planes[0].normal
    ordered = sorted(planes, key=lambda p: (float(p.position @ normal), *p.position.tolist()))
    places: list[list[Plane]] = []
    dropped = 0
    for plane in ordered:
        if not places or not _same_height(places[-1][0], plane, normal):
            places.append([plane])
            continue
        if np.linalg.norm(places[-1][0].position - plane.position) > SAME_PLACE_MM:
            raise GeometryError(
                f"Two slices lie side by side at {float(plane.position @ normal):.2f} mm along the "
                "slice axis; expected one slice at each height."
            )
        if any(_same_values(other, plane) for other in places[-1]):
            dropped += 1
        else:
            places[-1].append(plane)
    return places, dropped


def _same_height(a: Plane, b: Plane, normal: NDArray[np.float64]) -> bool:
    return abs(float((a.position - b.position) @ normal)) <= SAME_PLACE_MM


def _same_values(a: Plane, b: Plane) -> bool:
    values = []
    for plane in (a, b):
        out = np.empty(plane.shape, dtype=np.int16)
        hounsfield_units(plane.dataset, plane.frame, plane.slope, plane.intercept, out)
        values.append(out)
    return bool(np.array_equal(values[0], values[1]))


def _one_volume(planes: Sequence[Plane], strict: bool) -> tuple[list[Plane], ScanWarning]:
    """The largest of several volumes in one series, told apart by one header attribute."""
    places = len({round(plane.distance / SAME_PLACE_MM) for plane in planes})
    for keyword in PHASE:
        parts: dict[str, list[Plane]] = defaultdict(list)
        for plane in planes:
            parts[plane.phase(keyword)].append(plane)
        best = min(parts, key=lambda value: (-len(parts[value]), _natural(value)))
        scattered = len(parts[best]) * 2 < places
        if len(parts) < 2 or scattered or any(_overlapping(part) for part in parts.values()):
            continue
        message = (
            f"The series holds {len(parts)} volumes at the same place, told apart by {keyword}"
        )
        if strict:
            raise RefusedScanError(f"{message}; expected one. Export one of them alone.")
        return parts[best], ScanWarning(
            "several-volumes", f"{message}; the one with {len(parts[best])} slices was taken."
        )
    raise RefusedScanError(
        "The series holds different images at the same place, and no acquisition number, time or "
        "phase tells them apart; expected one image at each place. Export one volume alone."
    )


def _natural(value: str) -> tuple[float, str]:
    try:
        return float(value), value
    except ValueError:
        return float("inf"), value


def _overlapping(planes: Sequence[Plane]) -> bool:
    heights = np.sort([plane.distance for plane in planes])
    return bool(len(heights) > 1 and np.diff(heights).min() <= SAME_PLACE_MM)
