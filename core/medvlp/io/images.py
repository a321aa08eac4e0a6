"""PNG, JPEG and TIFF: one picture becomes one X-ray, without any spacing being invented."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import MedVLPError, RefusedScanError, UnreadableScanError
from medvlp.geometry import Geometry
from medvlp.scan import Scan, ScanWarning

if TYPE_CHECKING:
    from PIL import Image

MAX_PIXELS = 80_000_000
"""Largest picture that is decoded. Radiographs stay below 30 million pixels."""

_TIFF_PHOTOMETRIC = 262
_WHITE_IS_ZERO = 0


def read_picture(path: Path) -> Scan:
    """Read a PNG, JPEG or TIFF as an X-ray in [0, 1].

    8-bit pictures keep their scale (255 becomes 1). Deeper ones rarely fill their 16 bits, so
    their own darkest and brightest pixels become 0 and 1. Colour is turned to grey (ITU-R BT.601).

    Raises
    ------
    UnreadableScanError
        If the file is damaged or no such picture.
    RefusedScanError
        If it is too large to decode safely, or holds several pages.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        pixels, provenance = _decode(path)
    except MedVLPError:
        raise
    except Image.DecompressionBombError as error:
        raise RefusedScanError(
            f"{path.name}: the picture is too large to decode safely ({error}); at most "
            f"{MAX_PIXELS / 1e6:.0f} million pixels are read. Make it smaller."
        ) from None
    except UnidentifiedImageError:
        raise UnreadableScanError(
            f"{path.name}: no PNG, JPEG or TIFF picture could be decoded from this file."
        ) from None
    except Exception as error:  # Pillow raises OSError, SyntaxError, ValueError, struct.error ...
        raise UnreadableScanError(
            f"{path.name}: the picture is damaged or incomplete ({error}). Copy it again."
        ) from None
    array, notes = _normalised(pixels)
    return Scan(
        array=array,
        geometry=Geometry.radiograph((array.shape[0], array.shape[1])),
        modality="XR",
        intensity="normalised",
        warnings=notes,
        provenance=provenance,
    )


def _decode(path: Path) -> tuple[NDArray[np.generic], dict[str, object]]:
    from PIL import Image

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(path, formats=("PNG", "JPEG", "TIFF")) as picture:
            _refuse_unsuitable(picture, path.name)
            return _grey(picture), {"format": picture.format, "mode": picture.mode}


def _refuse_unsuitable(picture: Image.Image, name: str) -> None:
    width, height = picture.size
    if width * height > MAX_PIXELS:
        raise RefusedScanError(
            f"{name}: the picture has {width} x {height} pixels; at most {MAX_PIXELS / 1e6:.0f} "
            "million pixels are read. Make it smaller."
        )
    pages = getattr(picture, "n_frames", 1)
    if pages > 1:
        raise RefusedScanError(
            f"{name}: the picture has {pages} pages; expected one. A stack of pictures says nothing "
            "of its spacing: open the DICOM or NIfTI volume instead."
        )


def _grey(picture: Image.Image) -> NDArray[np.generic]:
    """Decode to ``(rows, columns)``: uint8, or the file's own depth when it is deeper."""
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I") or upright.mode == "F":
        deep = np.asarray(upright)
        if getattr(picture, "tag_v2", {}).get(_TIFF_PHOTOMETRIC) == _WHITE_IS_ZERO:
            deep = deep.max() - deep  # Pillow inverts only the 8-bit kind
        return deep
    if upright.mode in ("LA", "RGBA", "PA", "P"):
        upright = upright.convert("RGB")
    return np.asarray(upright.convert("L"))


def _normalised(
    pixels: NDArray[np.generic],
) -> tuple[NDArray[np.float32], tuple[ScanWarning, ...]]:
    if pixels.dtype == np.uint8:
        return pixels.astype(np.float32) / np.float32(255), ()
    return stretched(pixels)


def stretched(
    pixels: NDArray[np.generic],
) -> tuple[NDArray[np.float32], tuple[ScanWarning, ...]]:
    """Map the darkest value to 0 and the brightest to 1; what is not finite becomes 0, with a warning.

    Raises
    ------
    UnreadableScanError
        If no value is finite.
    """
    values = np.array(pixels, dtype=np.float64)
    finite = np.isfinite(values)
    if not finite.any():
        raise UnreadableScanError("The picture holds no finite pixel value.")
    low, high = float(values[finite].min()), float(values[finite].max())
    values[~finite] = low
    scaled = (values - low) / (high - low) if high > low else np.zeros_like(values)
    lost = int(values.size - np.count_nonzero(finite))
    if not lost:
        return scaled.astype(np.float32), ()
    note = ScanWarning("values-not-finite", f"{lost} pixels were not finite and were set to 0.")
    return scaled.astype(np.float32), (note,)
