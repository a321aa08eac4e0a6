"""A scan: voxels, where they lie, and what was noticed on the way in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError
from medvlp.geometry import Geometry

Modality = Literal["CT", "XR"]
Intensity = Literal["HU", "normalised"]


@dataclass(frozen=True)
class ScanWarning:
    """Something that the reader noticed and the user should know.

    Parameters
    ----------
    code
        Stable, kebab-case, for programs: ``"gaps-regularised"``.
    message
        One sentence for people, with numbers.
    """

    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.message} [{self.code}]"


@dataclass(frozen=True, eq=False)
class Scan:
    """An image with its geometry. Never holds patient identifiers.

    Parameters
    ----------
    array
        CT: ``int16`` Hounsfield units ``(slices, rows, columns)``. X-ray: ``float32`` in [0, 1]
        ``(rows, columns)``, dense tissue bright (MONOCHROME2 sense).
    geometry
        Indices of ``array`` to LPS millimetres.
    modality
        ``"CT"`` or ``"XR"``.
    intensity
        ``"HU"`` or ``"normalised"``.
    warnings
        What the reader noticed.
    provenance
        Where the pixels came from, without identifiers: format, transfer syntax, series
        description, other series found.
    window
        ``(level, width)`` in the array's units, if the file suggests one.
    """

    array: NDArray[np.generic]
    geometry: Geometry
    modality: Modality
    intensity: Intensity
    warnings: tuple[ScanWarning, ...] = ()
    provenance: dict[str, object] = field(default_factory=dict)
    window: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if tuple(self.array.shape) != self.geometry.shape:
            raise GeometryError(
                f"Array {self.array.shape} and geometry {self.geometry.shape} disagree."
            )
        if self.array.dtype not in (np.int16, np.float32):
            raise GeometryError(f"A scan is int16 or float32; found {self.array.dtype}.")

    @property
    def is_volume(self) -> bool:
        """True for CT, False for an X-ray."""
        return self.array.ndim == 3

    @cached_property
    def scan_id(self) -> str:
        """SHA-256 of voxels, geometry, modality: the same image has the same id in any container."""
        digest = hashlib.sha256()
        digest.update(f"{self.modality} {self.intensity} {self.array.dtype.str}".encode())
        digest.update(str(self.geometry.shape).encode())
        digest.update((np.round(self.geometry.affine, 4) + 0.0).tobytes())
        digest.update(np.ascontiguousarray(self.array).data)
        return digest.hexdigest()
