"""Volumes that do not say what they show (NIfTI, NRRD, MHA): read, judged, made into a scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import RefusedScanError
from medvlp.geometry import Geometry
from medvlp.io.hounsfield import refuse_unless_hounsfield
from medvlp.io.images import stretched
from medvlp.io.memory_limit import check_memory
from medvlp.progress import Progress
from medvlp.scan import Modality, Scan, ScanWarning

MAX_VOXELS = 4 * 2**30
"""8 GiB as int16. A 512 x 512 CT of 4000 slices has a quarter of it."""

_SKEW_DEGREES = 0.1


@dataclass(frozen=True, eq=False)
class RawVolume:
    """Voxels and geometry as found, not yet judged.

    Parameters
    ----------
    array
        ``(slices, rows, columns)``, rounded.
    geometry
        Of ``array``, LPS.
    warnings, provenance
        As in :class:`medvlp.Scan`.
    whole_numbers
        Whether the file stored integers.
    flat
        The values as stored, ``(rows, columns)``, if the file itself is two-dimensional.
    """

    array: NDArray[np.int16]
    geometry: Geometry
    warnings: tuple[ScanWarning, ...]
    provenance: dict[str, object] = field(default_factory=dict)
    whole_numbers: bool = True
    flat: NDArray[np.generic] | None = None


VolumeReader = Callable[[Path, Progress], RawVolume]


def check_size(shape: tuple[int, int, int], name: str) -> None:
    """Refuse, before anything is allocated, what a header claims and memory could not hold.

    Raises
    ------
    RefusedScanError
        If ``shape`` exceeds :data:`MAX_VOXELS`.
    ScanTooLargeError
        If it exceeds the :func:`medvlp.io.memory_limit.memory_limit` in force.
    """
    voxels = int(np.prod([int(n) for n in shape], dtype=object))
    if voxels > MAX_VOXELS:
        raise RefusedScanError(
            f"{name}: the header claims {' x '.join(str(n) for n in shape)} voxels; at most "
            f"{MAX_VOXELS / 1e9:.1f} billion are read. The file is damaged, or needs cropping."
        )
    check_memory(shape)


def open_volume(
    path: Path, reader: VolumeReader, modality: Modality | None, progress: Progress
) -> Scan:
    """Read with ``reader`` and accept the result as CT, or a flat file as X-ray on request.

    Raises
    ------
    RefusedScanError
        If the values are not Hounsfield units, or X-ray is asked of a volume.
    UnreadableScanError, GeometryError
        As ``reader`` does.
    """
    raw = reader(path, progress)
    if modality == "XR":
        return _as_radiograph(raw, path.name)
    refuse_unless_hounsfield(raw.array, path.name, raw.whole_numbers)
    return Scan(
        array=raw.array,
        geometry=raw.geometry,
        modality="CT",
        intensity="HU",
        warnings=(*raw.warnings, *_skew_note(raw.geometry)),
        provenance=raw.provenance,
    )


def _as_radiograph(raw: RawVolume, name: str) -> Scan:
    if raw.flat is None:
        raise RefusedScanError(
            f"{name}: an X-ray is two-dimensional, found a volume of "
            f"{' x '.join(str(n) for n in raw.array.shape)} voxels. Open it as CT."
        )
    array, notes = stretched(raw.flat)
    return Scan(
        array=array,
        geometry=Geometry.radiograph((array.shape[0], array.shape[1])),
        modality="XR",
        intensity="normalised",
        warnings=(*raw.warnings, *notes),
        provenance=raw.provenance,
    )


def _skew_note(geometry: Geometry) -> tuple[ScanWarning, ...]:
    cosines = geometry.directions @ geometry.directions.T
    largest = float(np.abs(cosines - np.eye(geometry.ndim)).max())
    degrees = float(np.degrees(np.arcsin(min(1.0, largest))))
    if degrees <= _SKEW_DEGREES:
        return ()
    return (
        ScanWarning(
            "axes-skewed",
            f"The axes of the volume are {degrees:.2f} degrees from perpendicular; expected 0. "
            "Positions are exact, but pictures of it look sheared.",
        ),
    )
