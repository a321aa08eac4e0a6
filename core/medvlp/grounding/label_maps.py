"""Organ label maps from files and arrays, checked to lie on the scan."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import GeometryError, LabelMapError, MedVLPError
from medvlp.geometry import Geometry
from medvlp.grounding.grid_to_scan import grid_to_scan

MAX_LABEL = 2**16 - 1

_ENDINGS = (".nii.gz", ".nii", ".seg.nrrd", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm")
_TABLE_ENDINGS = ("_labels.json", ".labels.json", ".json")


@dataclass(frozen=True, eq=False)
class LabelMap:
    """Organ ids on the scan's grid.

    Parameters
    ----------
    array
        Integers of the scan's shape; 0 is background.
    names
        Organ name of each id. Ids without a name are called ``"label_7"``.
    names_from
        A few words for people: where the names came from.
    """

    array: NDArray[np.integer]
    names: dict[int, str]
    names_from: str = "taken as TotalSegmentator's class ids, as no table of names was given"

    def name(self, label: int) -> str:
        """Of an id."""
        return self.names.get(label, f"label_{label}")


def load_label_map(path: Path, scan: Geometry) -> LabelMap:
    """Read NIfTI, NRRD, MHA or DICOM SEG and bring it onto the scan's array.

    Names come from ``NAME_labels.json`` or ``NAME.json`` beside the file (name to id, or id to
    name), from the segments of a DICOM SEG, or else are the class ids of TotalSegmentator v2.

    Raises
    ------
    LabelMapError
        If the file cannot be read, or does not lie on the scan in millimetres.
    """
    path = Path(path)
    if not path.is_file():
        raise LabelMapError(
            f"No label map at {path}. Give a NIfTI, NRRD, MHA or DICOM SEG file on the scan's "
            "grid, or 'builtin', 'totalsegmentator' or 'none'."
        )
    try:
        array, geometry, names = _read(path)
        sparse = names is not None  # a DICOM SEG leaves empty slices out
    except LabelMapError:
        raise
    except MedVLPError as error:
        raise LabelMapError(f"The label map cannot be read. {error}") from error
    on_scan = onto_scan(array, geometry, scan, path.name, sparse=sparse)
    table = _table_beside(path)
    if table is not None:
        return LabelMap(on_scan, _parse_table(table), f"from {table.name}")
    if names:
        return LabelMap(on_scan, names, "from the file itself")
    return LabelMap(on_scan, totalsegmentator_names())


def label_map_of(array: NDArray[Any], scan: Geometry) -> LabelMap:
    """An array that is on the scan's grid already, with TotalSegmentator's class ids.

    Raises
    ------
    LabelMapError
        If its shape is not the scan's, or it holds no whole numbers or too large ones.
    """
    if tuple(array.shape) != scan.shape:
        raise LabelMapError(
            f"A label array lies on the scan's grid: expected shape {scan.shape}, found "
            f"{tuple(array.shape)}. Give the file instead, so that its position can be used."
        )
    if not (np.issubdtype(array.dtype, np.integer) or array.dtype == np.bool_):
        raise LabelMapError(f"A label array holds whole numbers; found {array.dtype}.")
    if array.size and int(array.max()) > MAX_LABEL:
        raise LabelMapError(
            f"Label ids go up to {MAX_LABEL}; found {int(array.max())}. Number the labels anew."
        )
    labels = array.view(np.uint8) if array.dtype == np.bool_ else array
    return LabelMap(np.asarray(labels), totalsegmentator_names())


@lru_cache(maxsize=1)
def totalsegmentator_names() -> dict[int, str]:
    """Class ids of TotalSegmentator v2, task "total" (its documentation's class table)."""
    text = (resources.files("medvlp_resources") / "labels" / "totalsegmentator.json").read_text(
        encoding="utf-8"
    )
    return {label: name for name, label in json.loads(text)["names"].items()}


def onto_scan(
    array: NDArray[np.integer],
    geometry: Geometry,
    scan: Geometry,
    name: str,
    *,
    sparse: bool = False,
) -> NDArray[np.integer]:
    """Nearest label at every voxel of the scan.

    The map's axes may be permuted or reversed and its voxels coarser or finer, but it must cover
    the scan's field of view to within one voxel (``sparse``: lie within it; the rest is background)
    and must not be rotated against it.

    Raises
    ------
    LabelMapError
        With the two positions in millimetres, if it does not.
    """
    try:
        mapping = grid_to_scan(geometry, scan)
    except GeometryError as error:
        raise LabelMapError(f"{name} does not lie on the scan. {error}") from error
    mine, theirs = _box(geometry), _box(scan)
    tolerance = max(max(geometry.spacing), max(scan.spacing))
    beyond = np.stack([theirs[0] - mine[0], mine[1] - theirs[1]])
    if np.any((beyond if sparse else np.abs(beyond)) > tolerance):
        raise LabelMapError(
            f"{name} does not lie on the scan: expected it to cover {_words(theirs)}, found "
            f"{_words(mine)} (LPS mm). Use the label map that was made from this scan."
        )
    picks, covered = zip(*(mapping.nearest_cells(axis) for axis in range(scan.ndim)), strict=True)
    turned = array.transpose(mapping.axes)
    if all(np.array_equal(p, np.arange(n)) for p, n in zip(picks, turned.shape, strict=True)):
        return turned
    labels = np.zeros(scan.shape, dtype=array.dtype)
    labels[np.ix_(*covered)] = turned[np.ix_(*(p[c] for p, c in zip(picks, covered, strict=True)))]
    return labels


def _box(geometry: Geometry) -> NDArray[np.float64]:
    """``(2, 3)`` lowest and highest LPS coordinates of the outer voxel faces."""
    corners = geometry.corners()
    half = np.abs(geometry.axis_vectors).sum(axis=0) / 2
    return np.stack([corners.min(axis=0) - half, corners.max(axis=0) + half])


def _words(box: NDArray[np.float64]) -> str:
    return " x ".join(f"{low:.1f} to {high:.1f}" for low, high in box.T)


def _read(path: Path) -> tuple[NDArray[np.integer], Geometry, dict[int, str] | None]:
    lower = path.name.lower()
    if lower.endswith((".nii", ".nii.gz")):
        from medvlp.io.nifti import read_nifti

        raw = read_nifti(path)
        return raw.array, raw.geometry, None
    if lower.endswith((".nrrd", ".nhdr", ".mha", ".mhd")):
        from medvlp.io.itk import read_itk

        raw = read_itk(path)
        return raw.array, raw.geometry, None
    return _read_dicom_seg(path)


def _read_dicom_seg(path: Path) -> tuple[NDArray[np.integer], Geometry, dict[int, str]]:
    """Segments as one label map (PS3.3 A.51); highdicom's volume axes and LPS affine are ours."""
    from highdicom.seg import segread

    try:
        segmentation = segread(path)
        volume = segmentation.get_volume(combine_segments=True, skip_overlap_checks=True)
        names = {
            int(item.SegmentNumber): str(item.SegmentLabel) for item in segmentation.SegmentSequence
        }
    except Exception as error:  # pydicom and highdicom raise many kinds
        raise LabelMapError(
            f"{path.name} is not a label map that can be read: expected NIfTI, NRRD, MHA or a "
            f"DICOM SEG with regular slices; {type(error).__name__}: {str(error)[:160]}"
        ) from error
    tidy = {number: name.strip().lower().replace(" ", "_") for number, name in names.items()}
    return volume.array, Geometry(volume.array.shape, volume.affine), tidy


def _table_beside(path: Path) -> Path | None:
    stem = next(
        (path.name[: -len(e)] for e in _ENDINGS if path.name.lower().endswith(e)), path.stem
    )
    for ending in _TABLE_ENDINGS:
        table = path.with_name(stem + ending)
        if table.is_file():
            return table
    return None


def _parse_table(table: Path) -> dict[int, str]:
    try:
        data = json.loads(table.read_text(encoding="utf-8"))
        data = data.get("names", data)
        pairs = [(k, v) if str(k).lstrip("-").isdigit() else (v, k) for k, v in data.items()]
        return {int(label): str(name) for label, name in pairs}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise LabelMapError(
            f"{table.name} is not a table of labels: expected a JSON object such as "
            f'{{"liver": 5}}; {error}'
        ) from error
