"""The DICOM images that a scan was read from, found again: a scan itself keeps no identifiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import RefusedScanError
from medvlp.scan import Scan

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

# Type 2 attributes of the patient and study modules (PS3.3 C.7.1.1, C.7.2.1): may be empty, but a
# derived object must carry them.
_MAY_BE_EMPTY = (
    "PatientID",
    "PatientName",
    "PatientBirthDate",
    "PatientSex",
    "AccessionNumber",
    "StudyID",
    "StudyDate",
    "StudyTime",
)
# The fields of view of scan and source may differ by this many slices (gaps filled, tilt undone).
_SLACK_SLICES = 1.5


@dataclass(frozen=True, eq=False)
class Plane:
    """One frame of a source series in the patient.

    Parameters
    ----------
    position
        ``(3,)`` LPS of the centre of the first pixel (PS3.3 C.7.6.2.1.1).
    steps
        ``(2, 3)`` LPS step of one row and of one column.
    shape
        ``(rows, columns)``.
    """

    position: NDArray[np.float64]
    steps: NDArray[np.float64]
    shape: tuple[int, int]

    def points(self) -> NDArray[np.float64]:
        """``(rows, columns, 3)`` LPS of every pixel centre."""
        rows, columns = (np.arange(n, dtype=np.float64)[:, None] for n in self.shape)
        return self.position + (rows * self.steps[0])[:, None] + columns * self.steps[1]

    def corners(self) -> NDArray[np.float64]:
        """``(4, 3)`` LPS of the corner pixel centres."""
        ends = np.array([(r, c) for r in (0, self.shape[0] - 1) for c in (0, self.shape[1] - 1)])
        return self.position + ends @ self.steps


@dataclass(frozen=True, eq=False)
class SourceSeries:
    """Headers of one series, without pixels, in order; ``planes`` are their frames."""

    datasets: tuple[Dataset, ...]
    planes: tuple[Plane, ...]


def read_source(source: Path, scan: Scan) -> SourceSeries:
    """The series under ``source`` that fills the same part of the patient as ``scan``.

    Raises
    ------
    RefusedScanError
        If the source is no DICOM, or no series with a frame of reference fits the scan.
    """
    if not scan.is_volume:
        raise RefusedScanError(
            "A DICOM Parametric Map needs a patient-related frame of reference; an X-ray has none. "
            "Use --format png or npy."
        )
    fitting = [
        (miss, series) for series in _all_series(source) if (miss := _miss(series, scan)) <= 1
    ]
    if not fitting:
        raise RefusedScanError(
            f"No DICOM series in {source.name} fits this scan: --format dicom needs the original "
            "DICOM images. Use --format nifti for other files."
        )
    return min(fitting, key=lambda pair: pair[0])[1]


def _all_series(source: Path) -> list[SourceSeries]:
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    from medvlp.io.dicom.quiet import quiet_parsers

    groups: dict[tuple[str, str], list[Dataset]] = {}
    with quiet_parsers(), _folder(source) as folder:
        files = sorted(p for p in folder.rglob("*") if p.is_file()) if folder.is_dir() else [folder]
        for path in files:
            try:
                dataset = dcmread(path, stop_before_pixels=True)
            except (InvalidDicomError, OSError, EOFError, ValueError, KeyError):
                continue
            uids = (dataset.get("SeriesInstanceUID", ""), dataset.get("FrameOfReferenceUID", ""))
            if all(uids) and "SOPInstanceUID" in dataset:
                groups.setdefault((str(uids[0]), str(uids[1])), []).append(dataset)
        return [s for group in groups.values() if (s := _ordered(group)) is not None]


@contextmanager
def _folder(source: Path) -> Iterator[Path]:
    import zipfile

    from medvlp.io.archive import unpacked

    if source.is_file() and zipfile.is_zipfile(source):
        with unpacked(source) as folder:
            yield folder
    else:
        yield source


def _ordered(datasets: Sequence[Dataset]) -> SourceSeries | None:
    """Single frames sorted along their common normal, each position once; None if not placed."""
    try:
        placed = [(dataset, planes_of(dataset)) for dataset in datasets]
    except (AttributeError, IndexError, TypeError, ValueError):
        return None
    if len(placed) > 1:
        if any(len(planes) != 1 for _, planes in placed):
            return None
        normal = np.cross(placed[0][1][0].steps[1], placed[0][1][0].steps[0])
        depth = {round(float(normal @ p[0].position), 3): (d, p) for d, p in placed}
        placed = [depth[key] for key in sorted(depth)]
    for dataset, _ in placed:
        for keyword in _MAY_BE_EMPTY:
            if keyword not in dataset:
                setattr(dataset, keyword, "")
    planes = tuple(plane for _, found in placed for plane in found)
    same_shape = len({plane.shape for plane in planes}) == 1
    return SourceSeries(tuple(d for d, _ in placed), planes) if same_shape else None


def planes_of(dataset: Dataset) -> list[Plane]:
    """Frames of a single-frame or an enhanced multi-frame image.

    Raises
    ------
    AttributeError, IndexError, TypeError, ValueError
        If an image does not say where it lies.
    """
    if "PerFrameFunctionalGroupsSequence" not in dataset:
        return [_plane(dataset, dataset, dataset, dataset)]
    shared = dataset.SharedFunctionalGroupsSequence[0]
    planes = []
    for frame in dataset.PerFrameFunctionalGroupsSequence:
        parts = [
            (frame if name in frame else shared)[name].value[0]
            for name in (
                "PlanePositionSequence",
                "PlaneOrientationSequence",
                "PixelMeasuresSequence",
            )
        ]
        planes.append(_plane(dataset, *parts))
    return planes


def _plane(image: Any, position: Any, orientation: Any, measures: Any) -> Plane:
    along_row, along_column = np.reshape(
        np.asarray(orientation.ImageOrientationPatient, dtype=np.float64), (2, 3)
    )
    between_rows, between_columns = (float(s) for s in measures.PixelSpacing)
    return Plane(
        np.asarray(position.ImagePositionPatient, dtype=np.float64),
        np.stack([along_column * between_rows, along_row * between_columns]),
        (int(image.Rows), int(image.Columns)),
    )


def _miss(series: SourceSeries, scan: Scan) -> float:
    """Largest distance between the two fields of view, over what is allowed; at most 1 fits."""
    corners = np.concatenate([plane.corners() for plane in series.planes])
    own = scan.geometry.corners()
    difference = max(
        np.abs(corners.min(axis=0) - own.min(axis=0)).max(),
        np.abs(corners.max(axis=0) - own.max(axis=0)).max(),
    )
    return float(difference) / (_SLACK_SLICES * max(scan.geometry.spacing))
