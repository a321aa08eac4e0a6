"""A series of CT slices becomes one volume in Hounsfield units."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError, RefusedScanError, UnreadableScanError
from medvlp.geometry import Geometry
from medvlp.io.dicom.pixels import hounsfield_units
from medvlp.io.dicom.planes import Plane
from medvlp.io.dicom.regularise import plan_regular_grid, resample
from medvlp.io.dicom.stack import Stack, stack_geometry, stacked
from medvlp.io.hounsfield import (
    FAT_OR_AIR_BELOW,
    FAT_OR_AIR_SHARE,
    LOWEST_MUST_REACH,
    fat_or_air,
)
from medvlp.io.memory_limit import check_memory
from medvlp.progress import Progress
from medvlp.scan import Scan, ScanWarning

_DECODERS = 4
_EVERY = 4
"""Rows and columns that are looked at to judge the values."""


def read_ct(
    planes: Sequence[Plane],
    provenance: dict[str, object],
    warnings: tuple[ScanWarning, ...],
    strict: bool,
    progress: Progress,
) -> Scan:
    """Build the scan of one series whose planes share size, orientation and pixel spacing.

    Raises
    ------
    GeometryError
        If the slices form no volume; with ``strict`` also if they are irregular.
    RefusedScanError
        If the series holds several volumes that cannot be told apart.
    UnreadableScanError
        If pixel data is incomplete or damaged.
    ScanTooLargeError
        If it exceeds the :func:`medvlp.io.memory_limit.memory_limit` in force.
    """
    stack = stacked(planes, strict)
    notes = [*warnings, *stack.warnings]
    check_memory((len(stack.planes), *stack.planes[0].shape))
    try:
        if len(stack.planes) == 1:
            array, geometry, more = _single(stack, progress)
        elif stack.spacing is not None:
            geometry = stack_geometry(stack, stack.spacing)
            array = np.empty(geometry.shape, dtype=np.int16)
            more = _read_all(stack.planes, array, progress)
        else:
            array, geometry, more = _regularised(stack, strict, progress)
    except MemoryError:
        raise RefusedScanError(
            f"The series of {len(stack.planes)} slices does not fit into memory."
        ) from None
    return Scan(
        array=array,
        geometry=geometry,
        modality="CT",
        intensity="HU",
        warnings=(*notes, *more, *_value_note(array)),
        provenance=provenance,
        window=_window(stack.planes[0]),
    )


def _single(
    stack: Stack, progress: Progress
) -> tuple[NDArray[np.int16], Geometry, tuple[ScanWarning, ...]]:
    """One slice has no neighbour to measure a distance to: its nominal thickness stands in."""
    plane = stack.planes[0]
    thickness = max(0.0, plane.number("SliceThickness") or 0.0)
    geometry = stack_geometry(stack, thickness or 1.0)
    array = np.empty(geometry.shape, dtype=np.int16)
    notes = _read_all(stack.planes, array, progress)
    source = (
        f"its thickness of {thickness:g} mm" if thickness else "1 mm, as it states no thickness"
    )
    note = ScanWarning(
        "single-slice", f"The series is one slice; its extent across the slice is {source}."
    )
    return array, geometry, (*notes, note)


def _regularised(
    stack: Stack, strict: bool, progress: Progress
) -> tuple[NDArray[np.int16], Geometry, tuple[ScanWarning, ...]]:
    plan = plan_regular_grid(stack)
    if strict:
        reasons = " ".join(note.message for note in plan.warnings)
        raise GeometryError(
            f"The series is not a regular grid, and strict reading was asked for: {reasons} "
            "Open it without strict to have it regularised so."
        )
    slices = np.empty((len(stack.planes), *stack.planes[0].shape), dtype=np.int16)
    notes = _read_all(stack.planes, slices, progress)
    return resample(plan, slices), plan.geometry, (*plan.warnings, *notes)


def _read_all(
    planes: Sequence[Plane], array: NDArray[np.int16], progress: Progress
) -> tuple[ScanWarning, ...]:
    """Decode every plane into its slice of ``array``, a few at a time."""

    def read(k: int) -> int:
        plane = planes[k]
        try:
            return hounsfield_units(
                plane.dataset, plane.frame, plane.slope, plane.intercept, array[k]
            )
        except UnreadableScanError as error:
            raise UnreadableScanError(f"Slice {k + 1} of {len(planes)}: {error}") from None
        finally:
            if plane.frame is None and "PixelData" in plane.dataset:
                del plane.dataset["PixelData"]  # its values are in the array now

    if planes[0].frame is not None:
        with suppress(Exception):  # a failure shows, and is told, when the first frame is decoded
            planes[0].dataset.get("PixelData")  # loaded once, before several threads ask for it
    clipped = 0
    pool = ThreadPoolExecutor(max_workers=min(_DECODERS, os.cpu_count() or 1))
    try:
        for k, count in enumerate(pool.map(read, range(len(planes)))):
            progress(k / len(planes), f"Reading slice {k + 1} of {len(planes)}")
            clipped += count
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    if not clipped:
        return ()
    return (
        ScanWarning("values-clipped", f"{clipped} voxels outside -32768 to 32767 HU were clipped."),
    )


def _value_note(array: NDArray[np.int16]) -> tuple[ScanWarning, ...]:
    """The header says how values become Hounsfield units, and may be wrong: the values tell."""
    values = array[:, ::_EVERY, ::_EVERY]
    low, high, share = int(values.min()), int(values.max()), fat_or_air(values)
    if low <= LOWEST_MUST_REACH and share >= FAT_OR_AIR_SHARE:
        return ()
    return (
        ScanWarning(
            "values-implausible",
            f"The values do not look like Hounsfield units of a body: they run from {low} to {high} "
            f"and {100 * share:.1f} % of them are below {FAT_OR_AIR_BELOW}; expected air near -1000 "
            "and fat near -100. RescaleSlope or RescaleIntercept may be wrong: check them before "
            "trusting an answer.",
        ),
    )


def _window(plane: Plane) -> tuple[float, float] | None:
    """``(level, width)`` in HU of the first window that the file suggests."""
    level, width = plane.number("WindowCenter"), plane.number("WindowWidth")
    if level is None or width is None or not width >= 1:
        return None
    return level, width
