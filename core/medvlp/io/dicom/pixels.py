"""Stored pixel values and CT numbers of one DICOM frame."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import RefusedScanError, UnreadableScanError
from medvlp.io.dicom.files import transfer_syntax
from medvlp.io.hounsfield import AIR_HU, INT16_MAX, INT16_MIN, to_int16

_FRAGILE = "gdcm"
_PLAIN_SYNTAXES = {"1.2.840.10008.1.2", "1.2.840.10008.1.2.1"}


def stored_values(
    dataset: Any, frame: int | None = None
) -> tuple[NDArray[np.integer[Any]], NDArray[np.bool_] | None]:
    """Decode one frame.

    Parameters
    ----------
    dataset
        A grey image.
    frame
        Number from 0 in a multi-frame image, None for a single one.

    Returns
    -------
    tuple
        ``(rows, columns)`` stored values, and the mask of padding pixels or None if the image
        declares none (PS3.3 C.7.5.1.1.2).

    Raises
    ------
    UnreadableScanError
        If the pixel data is incomplete, damaged, or its compression has no decoder here.
    """
    try:
        cells = _plain(dataset, frame)
        if cells is None:
            cells = _decoded(dataset, frame)
        padding = _padding_mask(dataset, cells)
    except MemoryError:
        raise RefusedScanError("The image does not fit into memory.") from None
    except Exception as error:  # each codec, and each damaged element, fails in its own way
        raise UnreadableScanError(
            "The pixel data cannot be decoded: it is incomplete, damaged, or in a compression "
            f"without a decoder here ({_syntax_name(dataset)}; {_short(error)}). Copy the files "
            "again, or decompress them."
        ) from None
    return _significant_bits(dataset, cells), padding


def hounsfield_units(
    dataset: Any, frame: int | None, slope: float, intercept: float, out: NDArray[np.int16]
) -> int:
    """Write one frame's CT numbers, ``slope * stored + intercept``, into ``out``; padding is air.

    Returns
    -------
    int
        How many values did not fit into int16 and were clipped.
    """
    stored, padding = stored_values(dataset, frame)
    if stored.shape != out.shape:
        raise UnreadableScanError(
            f"A slice decodes to {stored.shape} pixels; its header says {out.shape}."
        )
    if slope == 1 and padding is None and intercept.is_integer() and abs(intercept) <= INT16_MAX:
        low, high = int(stored.min()) + intercept, int(stored.max()) + intercept
        if low >= INT16_MIN and high <= INT16_MAX:  # so that 16-bit arithmetic cannot go wrong
            np.add(stored, int(intercept), out=out, dtype=np.int16, casting="unsafe")
            return 0
    if slope.is_integer() and intercept.is_integer():
        scaled: NDArray[Any] = stored.astype(np.int64 if abs(slope) > 2**14 else np.int32)
        scaled *= int(slope)
        scaled += int(intercept)
    else:
        scaled = stored * slope + intercept
    if padding is not None:
        scaled[padding] = AIR_HU
    clipped, _ = to_int16(scaled, out)
    return clipped


def _decoded(dataset: Any, frame: int | None) -> NDArray[np.integer[Any]]:
    """Decode with the first decoder that can; one that may end the process works in a child."""
    from pydicom.pixels import get_decoder

    from medvlp.io.dicom.apart import decode_apart

    syntax = transfer_syntax(dataset)
    decoder = get_decoder(syntax)
    here = [name for name in decoder.available_plugins if name != _FRAGILE]
    failure: Exception | None = None
    for plugin in here:
        try:
            return decoder.as_array(dataset, index=frame or 0, raw=True, decoding_plugin=plugin)[0]
        except Exception as error:  # each codec fails in its own way
            failure = error
    if _FRAGILE in decoder.available_plugins:
        return decode_apart(dataset, frame or 0, syntax, _FRAGILE)
    if failure is not None:
        raise failure
    return decoder.as_array(dataset, index=frame or 0, raw=True)[0]


def _plain(dataset: Any, frame: int | None) -> NDArray[np.integer[Any]] | None:
    """Uncompressed little-endian cells without a copy: the bulk of all CT, and worth a short cut.

    None for everything else, and for what is not of the announced length: pydicom judges that.
    """
    allocated = int(dataset.BitsAllocated)
    if allocated not in (8, 16) or transfer_syntax(dataset) not in _PLAIN_SYNTAXES:
        return None
    rows, columns = int(dataset.Rows), int(dataset.Columns)
    frames = int(dataset.get("NumberOfFrames", 1) or 1)
    data = dataset.get("PixelData")
    size = rows * columns * allocated // 8
    if not isinstance(data, bytes) or not size * frames <= len(data) <= size * frames + 1:
        return None
    kind = "i" if int(dataset.PixelRepresentation) else "u"
    cells = np.frombuffer(data, f"<{kind}{allocated // 8}", rows * columns, size * (frame or 0))
    return cells.reshape(rows, columns)


def _padding_mask(dataset: Any, cells: NDArray[np.integer[Any]]) -> NDArray[np.bool_] | None:
    first = _as_stored(dataset.get("PixelPaddingValue"), cells.dtype)
    if first is None:
        return None
    last = _as_stored(dataset.get("PixelPaddingRangeLimit"), cells.dtype)
    low, high = (first, first) if last is None else sorted((first, last))
    mask = cells == low if low == high else (cells >= low) & (cells <= high)
    return mask if mask.any() else None


def _as_stored(value: Any, dtype: np.dtype[Any]) -> int | None:
    """The padding value as a stored cell: files mix its signed and unsigned reading."""
    if value is None or value == "":
        return None
    number = int(value)
    info = np.iinfo(dtype)
    if not info.min <= number <= info.max:
        number = int(np.array(number & (2**info.bits - 1)).astype(f"u{dtype.itemsize}").view(dtype))
    return number


def _significant_bits(dataset: Any, cells: NDArray[np.integer[Any]]) -> NDArray[np.integer[Any]]:
    """Drop what lies above the stored bits (old overlays), extending the sign where there is one."""
    stored = int(dataset.get("BitsStored", 0) or 0)
    spare = cells.dtype.itemsize * 8 - stored
    if not 0 < spare < cells.dtype.itemsize * 8:
        return cells
    limit = 1 << (stored - 1 if cells.dtype.kind == "i" else stored)
    floor = -limit if cells.dtype.kind == "i" else 0
    if cells.min() >= floor and cells.max() < limit:
        return cells
    return (cells << spare) >> spare


def _syntax_name(dataset: Any) -> str:
    from pydicom.uid import UID

    return UID(transfer_syntax(dataset)).name


def _short(error: Exception) -> str:
    text = str(error).splitlines()
    return text[0][:140] if text else type(error).__name__
