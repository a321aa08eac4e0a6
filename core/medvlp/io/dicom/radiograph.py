"""A DICOM radiograph: intensities in the order of PS3.3 C.7.6.3, C.11, and directions as stated."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import RefusedScanError, UnreadableScanError
from medvlp.geometry import Geometry
from medvlp.io.dicom.pixels import stored_values
from medvlp.scan import Scan, ScanWarning

_LETTERS = {
    "L": (1, 0, 0), "R": (-1, 0, 0), "P": (0, 1, 0),
    "A": (0, -1, 0), "H": (0, 0, 1), "F": (0, 0, -1),
}  # fmt: skip
_LATERAL_VIEWS = {"LL", "RL", "LATERAL", "LAT", "LLAT", "RLAT"}
_FOR_PROCESSING = "1.2.840.10008.5.1.4.1.1.1.1.1"
_SAME_SPACING_MM = 1e-4


def read_radiograph(
    dataset: Any, provenance: dict[str, object], warnings: tuple[ScanWarning, ...]
) -> Scan:
    """Build the scan of one computed or digital radiograph.

    Raises
    ------
    RefusedScanError
        If it has several frames.
    UnreadableScanError
        If its pixel data is incomplete or damaged.
    """
    frames = int(dataset.get("NumberOfFrames", 1) or 1)
    if frames > 1:
        raise RefusedScanError(
            f"A radiograph of {frames} frames (a film loop); expected one frame."
        )
    array = radiograph_intensity(dataset)
    shape = (int(array.shape[0]), int(array.shape[1]))
    try:
        spacing, spacing_notes = _spacing(dataset)
        directions, direction_notes = _directions(dataset)
    except Exception:  # pydicom converts on access, and each damaged element fails in its own way
        raise UnreadableScanError(
            "The spacing or orientation of the radiograph is damaged: it cannot be decoded. Copy "
            "the file again."
        ) from None
    notes = (
        *warnings,
        *spacing_notes,
        *direction_notes,
        *_lateral_note(dataset, directions),
        *_processing_note(dataset),
    )
    return Scan(
        array=array,
        geometry=_geometry(shape, spacing, directions),
        modality="XR",
        intensity="normalised",
        warnings=notes,
        provenance=provenance,
    )


def _processing_note(dataset: Any) -> tuple[ScanWarning, ...]:
    if str(dataset.get("SOPClassUID", "")) != _FOR_PROCESSING:
        return ()
    return (
        ScanWarning(
            "for-processing",
            "This is a raw detector image (for processing), which looks flatter than the radiograph "
            "made from it; expected an image for presentation.",
        ),
    )


def _lateral_note(
    dataset: Any, directions: tuple[NDArray[np.float64], NDArray[np.float64]]
) -> tuple[ScanWarning, ...]:
    """By what the file calls the view, or by its columns: they run from front to back of the patient."""
    front_to_back = any(abs(float(direction[1])) > 0.5 for direction in directions)
    if not front_to_back and _view(dataset) not in _LATERAL_VIEWS:
        return ()
    return (
        ScanWarning(
            "lateral-view",
            "This is a lateral radiograph; expected a frontal one, the only kind that the default model "
            "was trained on. Do not rely on its answers, least of all on sides.",
        ),
    )


def _view(dataset: Any) -> str:
    return str(dataset.get("ViewPosition", "") or "").strip().upper()


def radiograph_intensity(dataset: Any) -> NDArray[np.float32]:
    """Intensities in [0, 1], dense tissue bright: modality LUT, then VOI, then inversion.

    Without a VOI transformation, 8-bit pixels keep their scale and deeper ones are stretched from
    their own least to greatest value. Padding pixels are 0, whatever the photometric
    interpretation.

    Raises
    ------
    UnreadableScanError
        If the pixel data, a table or a window is damaged.
    """
    stored, padding = stored_values(dataset)
    try:
        scaled = _transformed(stored, padding, dataset)
    except Exception:  # a table may lack its data, its length, its type ...
        raise UnreadableScanError(
            "The grey scale of the radiograph cannot be worked out: its rescale, lookup table or "
            "window is damaged. Copy the file again."
        ) from None
    if str(dataset.get("PhotometricInterpretation", "")) == "MONOCHROME1":
        scaled = 1.0 - scaled
    result = np.clip(scaled, 0.0, 1.0).astype(np.float32)
    if padding is not None:
        result[padding] = 0.0
    return result


def _transformed(
    stored: NDArray[Any], padding: NDArray[np.bool_] | None, dataset: Any
) -> NDArray[np.floating[Any]]:
    from pydicom.pixels import apply_modality_lut

    values = apply_modality_lut(stored, dataset)
    scaled = _value_of_interest(values, dataset)
    return _full_range(values, padding, dataset) if scaled is None else scaled


def _value_of_interest(
    values: NDArray[np.generic], dataset: Any
) -> NDArray[np.floating[Any]] | None:
    """VOI LUT, else window, to [0, 1]; None if the file has neither."""
    table = (dataset.get("VOILUTSequence") or [None])[0]
    if table is not None and "LUTData" in table:
        from pydicom.pixels import apply_voi

        mapped = apply_voi(np.rint(values).astype(np.int32), dataset).astype(np.float64)
        low, high = _table_range(table)
        return (mapped - low) / (high - low) if high > low else None
    level, width = _first(dataset.get("WindowCenter")), _first(dataset.get("WindowWidth"))
    function = str(dataset.get("VOILUTFunction", "") or "LINEAR").upper()
    narrowest = 1.0 if function == "LINEAR" else 0.0
    if level is None or width is None or width <= narrowest:
        return None
    from highdicom.pixels import apply_voi_window

    known = function if function in ("LINEAR", "LINEAR_EXACT", "SIGMOID") else "LINEAR"
    return np.asarray(apply_voi_window(values, level, width, known))


def _table_range(table: Any) -> tuple[float, float]:
    """Least and greatest output of a LUT: descriptors often claim more bits than are used."""
    data = table.LUTData
    if isinstance(data, bytes):
        data = np.frombuffer(data, dtype=np.uint16)
    return float(np.min(data)), float(np.max(data))


def _full_range(
    values: NDArray[np.generic], padding: NDArray[np.bool_] | None, dataset: Any
) -> NDArray[np.floating[Any]]:
    numbers = values.astype(np.float64)
    if int(dataset.BitsAllocated) == 8 and values.min() >= 0 and values.max() <= 255:
        return numbers / 255.0
    shown = numbers if padding is None or padding.all() else numbers[~padding]
    low, high = float(shown.min()), float(shown.max())
    return (numbers - low) / (high - low) if high > low else np.zeros_like(numbers)


def _first(value: Any) -> float | None:
    if value is None or value == "":
        return None
    try:
        return float(
            value if not hasattr(value, "__iter__") or isinstance(value, str) else value[0]
        )
    except (TypeError, ValueError, IndexError):
        return None


def _spacing(dataset: Any) -> tuple[tuple[float, float] | None, tuple[ScanWarning, ...]]:
    """Pixel spacing and what plane it holds in (PS3.3 10.7.1.3).

    PixelSpacing that differs from ImagerPixelSpacing, or says how it was calibrated, holds in the
    patient; otherwise both are measured at the detector, where the patient appears magnified.
    """
    pixel = _pair(dataset.get("PixelSpacing"))
    imager = _pair(dataset.get("ImagerPixelSpacing"))
    if pixel is None and imager is None:
        note = ScanWarning(
            "spacing-unknown",
            "The radiograph states no usable pixel spacing; positions are in pixels, not mm.",
        )
        return None, (note,)
    calibrated = bool(dataset.get("PixelSpacingCalibrationType"))
    if pixel is not None and (
        calibrated or imager is None or np.abs(np.subtract(pixel, imager)).max() > _SAME_SPACING_MM
    ):
        return pixel, ()
    spacing = imager or pixel
    note = ScanWarning(
        "spacing-detector-plane",
        "The pixel spacing holds in the detector plane; lengths in the patient are shorter by the "
        "geometric magnification.",
    )
    return spacing, (note,)


def _pair(value: Any) -> tuple[float, float] | None:
    try:
        rows, columns = (float(v) for v in value)
    except (TypeError, ValueError):
        return None
    usable = rows > 0 and columns > 0 and np.isfinite([rows, columns]).all()
    return (rows, columns) if usable else None


def _directions(
    dataset: Any,
) -> tuple[tuple[NDArray[np.float64], NDArray[np.float64]], tuple[ScanWarning, ...]]:
    """Unit vectors along increasing row and column index, from PatientOrientation (0020,0020)."""
    stated = [str(v).strip().upper() for v in dataset.get("PatientOrientation") or []]
    if len(stated) == 2 and all(s and s[0] in _LETTERS for s in stated):
        columns, rows = (np.array(_LETTERS[s[0]], dtype=np.float64) for s in stated)
        if abs(float(rows @ columns)) < 0.5:
            return (rows, columns), ()
    if _view(dataset) in _LATERAL_VIEWS:
        note = ScanWarning(
            "orientation-assumed",
            "The lateral radiograph states no usable PatientOrientation; it is taken to be hung "
            "with the front of the patient on the left of the picture.",
        )
        return (np.array([0.0, 0.0, -1.0]), np.array([0.0, 1.0, 0.0])), (note,)
    note = ScanWarning(
        "orientation-assumed",
        "The radiograph states no usable PatientOrientation; it is taken to be hung as usual, with "
        "the left of the patient on the right of the picture.",
    )
    return (np.array([0.0, 0.0, -1.0]), np.array([1.0, 0.0, 0.0])), (note,)


def _geometry(
    shape: tuple[int, int],
    spacing: tuple[float, float] | None,
    directions: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> Geometry:
    rows, columns = directions
    row_mm, column_mm = spacing or (1.0, 1.0)
    affine = np.eye(4)
    affine[:3, 0] = np.cross(columns, rows)
    affine[:3, 1] = rows * row_mm
    affine[:3, 2] = columns * column_mm
    return Geometry(shape, affine, "mm" if spacing else "pixel")
