"""Scans as samples hold them, and what is drawn on them brought along."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.io.open import open_scan
from medvlp.models.preprocessing import canonical
from medvlp_training.samples.errors import MaskError, SampleError
from medvlp_training.samples.sample import Box


@dataclass(frozen=True, eq=False)
class Picture:
    """An image as a sample holds it.

    Parameters
    ----------
    image
        CT: int16 HU ``(slices, rows, columns)`` as stored. X-ray: uint8 ``(rows, columns)``, hung:
        rows to the feet, columns to the patient's left, dense tissue bright.
    stored, hung
        Geometry of the file's array and of ``image``; the same for a CT.
    """

    image: NDArray[Any]
    stored: Geometry
    hung: Geometry

    @property
    def affine(self) -> NDArray[np.float64] | None:
        """``(4, 4)`` to LPS millimetres, or None where the file states no spacing."""
        return np.array(self.hung.affine) if self.hung.units == "mm" else None

    def spaced(self, spacing: tuple[float, float] | None) -> Picture:
        """The same X-ray with a spacing that its collection states apart from the file.

        ``spacing`` is ``(between rows, between columns)`` in millimetres; a file's own one stays.
        """
        if spacing is None or self.stored.units == "mm":
            return self
        rows, columns = self.stored.shape
        geometry = Geometry.radiograph((rows, columns), spacing)
        return Picture(self.image, geometry, geometry)

    def mask(self, drawn: NDArray[Any]) -> NDArray[Any]:
        """What was drawn on the file's array, on ``image``.

        Raises
        ------
        MaskError
            If it is of another size.
        """
        if drawn.shape != self.stored.shape:
            raise MaskError(
                f"A mask of shape {drawn.shape} was drawn on an image of shape "
                f"{self.stored.shape}; expected the same. Use the mask of this image."
            )
        return np.ascontiguousarray(canonical(drawn, self.stored)[0]) if drawn.ndim == 2 else drawn

    def box(
        self, concept: str, x: float, y: float, width: float, height: float, sentence: str = ""
    ) -> Box:
        """Box of an X-ray, given in pixels of the file: columns ``x`` to ``x + width``, and rows.

        The pixels that it touches, clipped to the image.

        Raises
        ------
        SampleError
            If it lies outside the image, or is empty.
        """
        rows, columns = self.stored.shape
        start = np.array([max(math.floor(y), 0), max(math.floor(x), 0)])
        stop = np.array([min(math.ceil(y + height), rows), min(math.ceil(x + width), columns)])
        if np.any(start >= stop):
            raise SampleError(
                f"A box at x {x}, y {y} of {width} x {height} pixels is empty or outside the image "
                f"of {columns} x {rows} pixels."
            )
        ends = self.stored.index_to_world(np.stack([start, stop - 1]))
        index = np.rint(self.hung.world_to_index(ends)).astype(int)
        low, high = index.min(axis=0), index.max(axis=0) + 1
        return Box(concept, tuple(map(int, low)), tuple(map(int, high)), sentence)


def read_radiograph(path: Path) -> Picture:
    """An X-ray with its own grey scale (LUTs, windows, inversion), hung, in 8 bits.

    Parameters
    ----------
    path
        DICOM, PNG, JPEG or TIFF.

    Raises
    ------
    MedVLPError
        As :func:`medvlp.open_scan`.
    """
    scan = open_scan(path, modality="XR")
    if scan.is_volume:
        raise SampleError(
            f"{path.name} is a volume of shape {scan.array.shape}; expected an X-ray."
        )
    array, hung = canonical(scan.array, scan.geometry)
    image = np.rint(array.astype(np.float32) * 255).astype(np.uint8)
    return Picture(np.ascontiguousarray(image), scan.geometry, hung)


def read_ct(path: Path) -> Picture:
    """A CT in Hounsfield units.

    Raises
    ------
    MedVLPError
        As :func:`medvlp.open_scan`.
    """
    scan = open_scan(path, modality="CT")
    return Picture(scan.array, scan.geometry, scan.geometry)
