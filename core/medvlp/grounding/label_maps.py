"""Organ label maps from files and arrays, checked to lie on the scan."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import Cancelled, LabelMapError, MedVLPError
from medvlp.geometry import Geometry
from medvlp.grounding.label_map_position import covers, onto_scan
from medvlp.grounding.label_names import (
    Label,
    nifti_labels,
    read_names,
    slicer_labels,
    table_beside,
)
from medvlp.progress import Progress

MAX_LABEL = 2**16 - 1
FROM_THE_FILE = "from the file itself"


@dataclass(frozen=True, eq=False)
class LabelMap:
    """Organ ids on the scan's grid.

    Parameters
    ----------
    array
        Integers of the scan's shape; 0 is background.
    names
        Organ name of each id: the lexicon's where it knows the organ, else as the file has it. Ids
        without a name are called ``"label_7"``.
    names_from
        A few words for people: where the names came from.
    cut
        Ids that reach the border of the file, where that lies inside the scan.
    """

    array: NDArray[np.integer]
    names: dict[int, str]
    names_from: str = "taken as TotalSegmentator's class ids, as no table of names was given"
    cut: frozenset[int] = frozenset()

    def name(self, label: int) -> str:
        """Of an id."""
        return self.names.get(label, f"label_{label}")


def load_label_map(
    path: Path,
    scan: Geometry,
    frame_of_reference: str = "",
    *,
    whole: bool = False,
    progress: Progress | None = None,
) -> LabelMap:
    """Read NIfTI, NRRD, MHA, DICOM SEG or RT Structure Set and bring it onto the scan's array.

    Names come from a table beside the file (``NAME_labels.json``, ``NAME.json``, ``NAME.csv``), from the
    file itself (DICOM, 3D Slicer, TotalSegmentator), or else are the class ids of TotalSegmentator v2.

    Parameters
    ----------
    frame_of_reference
        Hash of the scan's frame of reference (``Scan.provenance``), if it has one.
    whole
        Whether a volume that holds a part of the scan is refused. DICOM leaves empty slices out by design.
    progress
        Called while contours are filled, which takes seconds.

    Raises
    ------
    LabelMapError
        If the file cannot be read, was drawn in another frame of reference, or does not lie on the scan
        in millimetres.
    Cancelled
        If ``progress`` raises it.
    """
    path = Path(path)
    if not path.is_file():
        raise LabelMapError(
            f"No label map at {path}. Give a NIfTI, NRRD, MHA, DICOM SEG or RT Structure Set file of "
            "this scan, or 'builtin', 'totalsegmentator' or 'none'."
        )
    try:
        found = _read(path, scan, frame_of_reference, whole, progress)
        table = table_beside(path)
        names = {} if table is None else read_names(table)
    except (LabelMapError, Cancelled):
        raise
    except MedVLPError as error:
        raise LabelMapError(f"The label map cannot be read. {error}") from error
    if table is not None:
        return _named(found, {value: Label(name) for value, name in names.items()}, table.name)
    return found


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


def _read(
    path: Path, scan: Geometry, frame_of_reference: str, whole: bool, progress: Progress | None
) -> LabelMap:
    lower = path.name.lower()
    if lower.endswith((".nii", ".nii.gz")):
        from medvlp.io.nifti import read_nifti

        raw = read_nifti(path)
        return _placed(raw.array, raw.geometry, scan, path.name, nifti_labels(path), whole)
    if lower.endswith((".nrrd", ".nhdr", ".mha", ".mhd")):
        from medvlp.io.itk import read_itk

        raw = read_itk(path)
        return _placed(raw.array, raw.geometry, scan, path.name, slicer_labels(path), whole)
    from medvlp.grounding.dicom_labels import read_dicom_labels

    array, geometry, labels = read_dicom_labels(path, scan, frame_of_reference, progress)
    on_scan = onto_scan(array, geometry, scan, path.name)
    return _named(LabelMap(on_scan, {}), labels, FROM_THE_FILE)


def _placed(
    array: NDArray[np.integer],
    geometry: Geometry,
    scan: Geometry,
    name: str,
    labels: Mapping[int, Label],
    whole: bool,
) -> LabelMap:
    if whole and geometry.ndim == scan.ndim and not covers(geometry, scan):
        raise LabelMapError(
            f"{name} covers a part of the scan: expected the whole of {scan.shape} voxels, found "
            f"{geometry.shape}. Use the label map that was made from this scan."
        )
    on_scan = onto_scan(array, geometry, scan, name)
    cut = frozenset() if covers(geometry, scan) else frozenset(labels_on_faces(array))
    placed = LabelMap(on_scan, dict(totalsegmentator_names()), cut=cut)
    return _named(placed, labels, FROM_THE_FILE) if labels else placed


def labels_on_faces(array: NDArray[np.integer]) -> set[int]:
    """Ids in the outermost voxels of an array."""
    faces = [array.take(end, axis=axis) for axis in range(array.ndim) for end in (0, -1)]
    return {int(label) for face in faces for label in np.unique(face) if label > 0}


def _named(found: LabelMap, labels: Mapping[int, Label], source: str) -> LabelMap:
    """The map with the lexicon's names; values of one organ become one value."""
    first: dict[str, int] = {}
    array, cut, names = found.array, set(found.cut), {}
    for value, label in labels.items():
        organ = label.organ
        one = first.setdefault(organ, value)
        if one != value:
            array = np.where(array == value, np.asarray(one, dtype=array.dtype), array)
            cut |= {one} if value in cut else set()
        names[one] = organ
    words = source if source == FROM_THE_FILE else f"from {source}"
    return replace(found, array=array, names=names, names_from=words, cut=frozenset(cut))
