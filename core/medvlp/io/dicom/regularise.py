"""Gapped, unevenly spaced or tilted slices put onto a regular upright grid, and said so in mm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError
from medvlp.geometry import Geometry
from medvlp.io.dicom.stack import (
    DRIFT_PIXELS,
    SPACING_TOLERANCE,
    SPACING_TOLERANCE_MM,
    Stack,
)
from medvlp.io.hounsfield import AIR_HU
from medvlp.scan import ScanWarning

_LISTED = 4
_GAP_FACTOR = 1.5
_LARGEST_GROWTH = 2.0
_TYPICAL_QUANTILE = 0.1
_LARGEST_TILT_DEGREES = 60.0
_EXACT = 1e-3


@dataclass(frozen=True, eq=False)
class Plan:
    """How a stack maps onto a regular grid.

    Parameters
    ----------
    geometry
        Of the result.
    heights
        ``(slices of the result,)`` fractional position of each in the list of source slices.
    shifts
        ``(source slices, 2)`` pixels by which each source slice moves along rows' and columns'
        index within the (possibly enlarged) result.
    warnings
        What is irregular, with slices and millimetres.
    """

    geometry: Geometry
    heights: NDArray[np.float64]
    shifts: NDArray[np.float64]
    warnings: tuple[ScanWarning, ...]


def plan_regular_grid(stack: Stack) -> Plan:
    """Choose the grid for a stack that is not regular.

    The spacing is the usual one (lowest decile of the distances, so that gaps do not count); a
    tilt, that is a sideways shift of the slices, is judged from positions and undone by enlarging
    the slices, so that nothing is cut off.

    Raises
    ------
    GeometryError
        If most of the result would have to be invented.
    """
    distances = stack.distances
    steps = np.diff(distances)
    expected = float(np.quantile(steps, _TYPICAL_QUANTILE, method="lower"))
    count = int(np.rint((distances[-1] - distances[0]) / expected)) + 1
    if count > _LARGEST_GROWTH * len(distances):
        raise GeometryError(
            f"The {len(distances)} slices are up to {steps.max():.2f} mm apart where "
            f"{expected:.2f} mm was expected: {count - len(distances)} of {count} slices would have "
            "to be invented. Slices are missing; export the series again."
        )
    spacing = float(distances[-1] - distances[0]) / (count - 1)
    targets = distances[0] + spacing * np.arange(count)
    heights = np.interp(targets, distances, np.arange(len(distances)))
    nearest = np.rint(heights)
    misses = np.abs(distances[nearest.astype(int)] - targets)
    heights = np.where(misses <= _EXACT * spacing, nearest, heights)
    shifts, notes = _sideways(stack)
    geometry = _grid(stack, spacing, count, shifts)
    return Plan(geometry, heights, shifts, (*_spacing_notes(distances, expected), *notes))


def resample(plan: Plan, slices: NDArray[np.int16]) -> NDArray[np.int16]:
    """Build the regular volume from the source slices ``(slices, rows, columns)``.

    Slices that already lie on the grid are copied unchanged, others are interpolated linearly.
    Pixels that no source slice covers are air.
    """
    result = np.empty(plan.geometry.shape, dtype=np.int16)
    canvas = (plan.geometry.shape[1], plan.geometry.shape[2])
    placed: dict[int, NDArray[np.int16]] = {}

    def moved(i: int) -> NDArray[np.int16]:
        if i not in placed:
            placed[i] = _moved(slices[i], plan.shifts[i], canvas)
        return placed[i]

    for k, height in enumerate(plan.heights):
        below = int(np.floor(height))
        part = float(height - below)
        for done in [i for i in placed if i < below]:
            del placed[done]
        if part == 0.0:
            result[k] = moved(below)
        else:
            blend = (1 - part) * moved(below).astype(np.float32) + part * moved(below + 1)
            result[k] = np.rint(blend)
    return result


def _sideways(stack: Stack) -> tuple[NDArray[np.float64], tuple[ScanWarning, ...]]:
    """Pixels by which each slice is displaced within the result, and a warning about a tilt."""
    first = stack.planes[0]
    positions = np.array([plane.position for plane in stack.planes]) - first.position
    along = np.stack([positions @ first.along_columns, positions @ first.along_rows], axis=1)
    if np.abs(along).max() <= DRIFT_PIXELS * min(first.pixel_spacing):
        return np.zeros_like(along), ()
    height = float(stack.distances[-1] - stack.distances[0])
    axis = int(np.argmax(np.abs(along[-1])))
    degrees = float(np.degrees(np.arctan2(np.linalg.norm(along[-1]), height)))
    if degrees > _LARGEST_TILT_DEGREES:
        raise GeometryError(
            f"The slices shift sideways by {np.linalg.norm(along[-1]):.1f} mm over {height:.1f} mm "
            f"({degrees:.1f} degrees); expected a stack. They do not form a volume."
        )
    step = abs(float(along[-1, axis])) / (len(along) - 1)
    note = ScanWarning(
        "tilt-regularised",
        f"Slices 1 to {len(along)} shift sideways by {step:.2f} mm per slice, "
        f"{abs(float(along[-1, axis])):.2f} mm in all, as with a gantry tilt of {degrees:.1f} "
        "degrees; expected 0 mm. They were resampled onto an upright grid.",
    )
    shifts = along / np.asarray(first.pixel_spacing)
    return shifts - np.floor(shifts.min(axis=0) + _EXACT), (note,)


def _grid(stack: Stack, spacing: float, count: int, shifts: NDArray[np.float64]) -> Geometry:
    first = stack.planes[0]
    grown = np.ceil(shifts.max(axis=0) - _EXACT).astype(int)
    rows, columns = first.shape[0] + int(grown[0]), first.shape[1] + int(grown[1])
    affine = np.eye(4)
    affine[:3, 0] = first.normal * spacing
    affine[:3, 1] = first.along_columns * first.pixel_spacing[0]
    affine[:3, 2] = first.along_rows * first.pixel_spacing[1]
    affine[:3, 3] = first.position - affine[:3, 1:3] @ shifts[0]
    return Geometry((count, rows, columns), affine)


def _moved(
    pixels: NDArray[np.int16], shift: NDArray[np.float64], canvas: tuple[int, int]
) -> NDArray[np.int16]:
    """Place a slice into a larger canvas of air at a fractional offset."""
    whole = np.rint(shift)
    if np.abs(shift - whole).max() <= _EXACT:
        if canvas == pixels.shape:
            return pixels
        result = np.full(canvas, AIR_HU, dtype=np.int16)
        row, column = whole.astype(int)
        result[row : row + pixels.shape[0], column : column + pixels.shape[1]] = pixels
        return result
    from scipy.ndimage import affine_transform

    moved = affine_transform(
        pixels.astype(np.float32),
        np.ones(2),
        offset=-shift,
        output_shape=canvas,
        order=1,
        mode="constant",
        cval=float(AIR_HU),
    )
    return np.rint(moved).astype(np.int16)


def _spacing_notes(distances: NDArray[np.float64], expected: float) -> tuple[ScanWarning, ...]:
    steps = np.diff(distances)
    tolerance = max(SPACING_TOLERANCE * expected, SPACING_TOLERANCE_MM)
    odd = np.flatnonzero(np.abs(steps - expected) > tolerance)
    if not len(odd):
        return _creeping_note(distances, expected)
    listed = [
        f"slices {i + 1} and {i + 2} (at {distances[i]:.2f} and {distances[i + 1]:.2f} mm) are "
        f"{steps[i]:.2f} mm apart"
        for i in odd[:_LISTED]
    ]
    if len(odd) > _LISTED:
        listed.append(f"and {len(odd) - _LISTED} more pairs")
    gaps = bool(np.all(steps[odd] > _GAP_FACTOR * expected))
    missing = int(np.sum(np.rint(steps[odd] / expected) - 1))
    done = f"{missing} missing slices were interpolated" if gaps else "All were put on an even grid"
    sentence = "; ".join(listed)
    return (
        ScanWarning(
            "gaps-regularised" if gaps else "spacing-regularised",
            f"{sentence[0].upper()}{sentence[1:]}; expected {expected:.2f} mm. {done}.",
        ),
    )


def _creeping_note(distances: NDArray[np.float64], expected: float) -> tuple[ScanWarning, ...]:
    ideal = np.linspace(distances[0], distances[-1], len(distances))
    miss = np.abs(distances - ideal)
    tolerance = max(SPACING_TOLERANCE * expected, SPACING_TOLERANCE_MM)
    worst = int(np.argmax(miss))
    if miss[worst] <= tolerance:
        return ()
    return (
        ScanWarning(
            "spacing-regularised",
            f"Slice {worst + 1} lies at {distances[worst]:.2f} mm where {ideal[worst]:.2f} mm was "
            "expected on an even grid. All slices were put on an even grid.",
        ),
    )
