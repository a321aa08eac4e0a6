"""One CT slice as the file describes it, from single-frame and enhanced multi-frame objects alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError, MedVLPError, RefusedScanError, UnreadableScanError

_ORTHOGONAL = 0.02
_HOUNSFIELD_TYPES = {"", "HU"}


@dataclass(frozen=True, eq=False)
class Plane:
    """Where a slice lies and how its stored values become CT numbers.

    Parameters
    ----------
    dataset, frame
        Where the pixels are; ``frame`` is None in a single-frame object.
    shape
        ``(rows, columns)``.
    position
        ``(3,)`` LPS mm: centre of the first pixel (0020,0032).
    along_rows, along_columns
        ``(3,)`` unit vectors: toward higher column index, toward higher row index.
    pixel_spacing
        mm ``(between rows, between columns)``.
    slope, intercept
        Rescale to Hounsfield units.
    sources
        Where its attributes are looked up, in this order.
    """

    dataset: Any
    frame: int | None
    shape: tuple[int, int]
    position: NDArray[np.float64]
    along_rows: NDArray[np.float64]
    along_columns: NDArray[np.float64]
    pixel_spacing: tuple[float, float]
    slope: float
    intercept: float
    sources: list[Any]

    @property
    def normal(self) -> NDArray[np.float64]:
        """``(3,)`` unit vector out of the slice: rows x columns, as in PS3.3 C.7.6.2.1.1."""
        return np.cross(self.along_rows, self.along_columns)

    @property
    def distance(self) -> float:
        """Position along the normal in mm."""
        return float(self.position @ self.normal)

    def number(self, keyword: str) -> float | None:
        """First value of an optional numeric attribute, or None."""
        try:
            value = _find(self.sources, keyword)
            several = hasattr(value, "__iter__") and not isinstance(value, str)
            return float(next(iter(value)) if several else value)
        except Exception:  # absent, empty, or too damaged to be decoded
            return None

    def phase(self, keyword: str) -> str:
        """One of :data:`medvlp.io.dicom.keywords.PHASE`, or "": what may tell apart volumes that share a series."""
        try:
            return str(_find(self.sources, keyword) or "")
        except Exception:  # an element too damaged to be decoded tells nothing apart
            return ""


def planes_of(dataset: Any) -> list[Plane]:
    """Slices of a CT object: one, or one per frame.

    Raises
    ------
    RefusedScanError
        If values are not, or not said to be, Hounsfield units.
    GeometryError
        If position, orientation or pixel spacing is missing or senseless.
    UnreadableScanError
        If the header is damaged where this is stated.
    """
    try:
        return _planes(dataset)
    except MedVLPError:
        raise
    except Exception:  # pydicom converts on access, and each damaged element fails in its own way
        raise UnreadableScanError(
            "The description of the slices is damaged: an element of it cannot be decoded. Copy the "
            "files again."
        ) from None


def _planes(dataset: Any) -> list[Plane]:
    frames = int(dataset.get("NumberOfFrames", 1) or 1)
    if "PerFrameFunctionalGroupsSequence" not in dataset:
        if frames > 1:
            raise GeometryError(
                f"A multi-frame CT of {frames} frames has no positions for them "
                "(functional groups); expected one each."
            )
        return [_plane(dataset, None, [dataset])]
    shared = list(dataset.get("SharedFunctionalGroupsSequence") or [])[:1]
    groups = dataset.PerFrameFunctionalGroupsSequence
    if len(groups) != frames:
        raise GeometryError(f"{frames} frames but {len(groups)} frame descriptions.")
    return [
        _plane(dataset, number, [*_flattened([group, *shared]), dataset])
        for number, group in enumerate(groups)
    ]


def _flattened(groups: list[Any]) -> list[Any]:
    """Macro items of functional groups, the frame's own before the shared ones."""
    return [
        element.value[0]
        for group in groups
        for element in group
        if element.VR == "SQ" and element.value
    ]


def _plane(dataset: Any, frame: int | None, sources: list[Any]) -> Plane:
    slope, intercept = _rescale(sources)
    along_rows, along_columns = _directions(_find(sources, "ImageOrientationPatient"))
    return Plane(
        dataset=dataset,
        frame=frame,
        shape=(int(dataset.Rows), int(dataset.Columns)),
        position=np.array(
            _numbers(_find(sources, "ImagePositionPatient"), 3, "position (ImagePositionPatient)")
        ),
        along_rows=along_rows,
        along_columns=along_columns,
        pixel_spacing=_spacing(_find(sources, "PixelSpacing")),
        slope=slope,
        intercept=intercept,
        sources=sources,
    )


def _find(sources: list[Any], keyword: str) -> Any:
    for source in sources:
        value = source.get(keyword)
        if value is not None and value != "":
            return value
    return None


def _rescale(sources: list[Any]) -> tuple[float, float]:
    slope, intercept = _find(sources, "RescaleSlope"), _find(sources, "RescaleIntercept")
    if slope is None or intercept is None:
        raise RefusedScanError(
            "This CT has no scale in Hounsfield units: RescaleSlope and RescaleIntercept were "
            "expected, and are missing. Export it from the scanner or PACS again."
        )
    units = str(_find(sources, "RescaleType") or "").strip().upper()
    if units not in _HOUNSFIELD_TYPES:
        raise RefusedScanError(
            f"The values of this CT are not Hounsfield units but of type {units!r} (RescaleType), "
            "as in perfusion or material maps. Choose the original images."
        )
    values = _numbers([slope, intercept], 2, "rescale (RescaleSlope, RescaleIntercept)")
    if values[0] == 0:
        raise RefusedScanError("This CT has a RescaleSlope of 0, so all its values would be equal.")
    return values[0], values[1]


def _directions(value: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    cosines = np.array(_numbers(value, 6, "orientation (ImageOrientationPatient)"))
    row, column = cosines[:3], cosines[3:]
    lengths = np.linalg.norm(row), np.linalg.norm(column)
    if min(lengths) < 0.5 or abs(row @ column) > _ORTHOGONAL * lengths[0] * lengths[1]:
        raise GeometryError(
            "ImageOrientationPatient is not two perpendicular directions: "
            f"found {[round(float(c), 4) for c in cosines]}."
        )
    row = row / lengths[0]
    column = column - (column @ row) * row
    return row, column / np.linalg.norm(column)


def _spacing(value: Any) -> tuple[float, float]:
    rows, columns = _numbers(value, 2, "pixel spacing (PixelSpacing)")
    if rows <= 0 or columns <= 0:
        raise GeometryError(f"PixelSpacing must be positive; found {rows:g} and {columns:g} mm.")
    return rows, columns


def _numbers(value: Any, count: int, what: str) -> list[float]:
    if value is None:
        raise GeometryError(f"A CT slice has no {what}; expected {count} numbers.")
    try:
        numbers = [float(v) for v in value]
    except (TypeError, ValueError):
        raise GeometryError(f"The {what} of a CT slice is not made of numbers.") from None
    if len(numbers) != count or not np.all(np.isfinite(numbers)):
        raise GeometryError(f"The {what} of a CT slice has {len(numbers)} numbers, not {count}.")
    return numbers
