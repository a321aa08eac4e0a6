"""Organ masks from DICOM: Segmentation (PS3.3 A.51) and RT Structure Set (A.19)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import LabelMapError
from medvlp.geometry import Geometry
from medvlp.grounding.label_names import Label
from medvlp.io.dicom.privacy import hashed
from medvlp.progress import Progress

LabelVolume = tuple[NDArray[np.integer], Geometry, dict[int, Label]]
"""Values, where they lie, and what each is called."""


def read_dicom_labels(
    path: Path, scan: Geometry, frame_of_reference: str, progress: Progress | None = None
) -> LabelVolume:
    """Segments of a DICOM SEG on their own grid, or filled contours of a structure set on the scan's.

    Parameters
    ----------
    frame_of_reference
        Hash of the scan's; empty if it has none.
    progress
        Called while contours are filled.

    Raises
    ------
    LabelMapError
        If the file is neither, is damaged, or was drawn in another frame of reference.
    Cancelled
        If ``progress`` raises it.
    """
    from pydicom import dcmread
    from pydicom.uid import RTStructureSetStorage

    try:
        dataset = dcmread(path, stop_before_pixels=True)
        kind = dataset.get("SOPClassUID", "")
    except Exception as error:  # pydicom raises many kinds
        raise _unreadable(path, error) from error
    _require_same_frame(dataset, frame_of_reference, path.name)
    if kind == RTStructureSetStorage:
        from medvlp.io.dicom.structure_set import fill_regions, read_regions

        regions = read_regions(dataset, path.name)
        labels = {n: Label(region.name) for n, region in enumerate(regions, start=1)}
        return fill_regions(regions, scan, path.name, progress), scan, labels
    return _segments(path)


def _segments(path: Path) -> LabelVolume:
    """Segments as one label map; highdicom's volume axes and LPS affine are ours."""
    from highdicom.seg import segread

    try:
        segmentation = segread(path)
        volume = segmentation.get_volume(combine_segments=True, skip_overlap_checks=True)
        labels = {int(s.SegmentNumber): _label(s) for s in segmentation.SegmentSequence}
    except Exception as error:  # pydicom and highdicom raise many kinds
        raise _unreadable(path, error) from error
    return volume.array, Geometry(volume.array.shape, volume.affine), labels


def _label(segment: Any) -> Label:
    """Label, structure and side of a segment; codes other than SNOMED CT's are left out."""
    kind = (segment.get("SegmentedPropertyTypeCodeSequence") or [None])[0]
    modifiers = [] if kind is None else kind.get("SegmentedPropertyTypeModifierCodeSequence") or []
    return Label(str(segment.SegmentLabel), _sct(kind), _sct(modifiers[0] if modifiers else None))


def _sct(code: Any) -> str:
    if code is None or code.get("CodingSchemeDesignator") != "SCT":
        return ""
    return str(code.get("CodeValue", ""))


def _require_same_frame(dataset: Any, expected: str, name: str) -> None:
    found = _frames(dataset)
    if expected and found and expected not in {hashed(frame) for frame in found}:
        raise LabelMapError(
            f"{name} was drawn in another frame of reference than the scan: it belongs to another "
            "examination or patient. Use the file that was drawn on this scan."
        )


def _frames(dataset: Any) -> set[str]:
    """Every frame of reference that a file says its coordinates are in."""
    drawn = dataset.get("StructureSetROISequence", [])
    frames = [item.get("ReferencedFrameOfReferenceUID") for item in drawn] or [
        dataset.get("FrameOfReferenceUID")
    ]
    return {str(frame) for frame in frames if frame}


def _unreadable(path: Path, error: Exception) -> LabelMapError:
    return LabelMapError(
        f"{path.name} is not a label map that can be read: expected NIfTI, NRRD, MHA, an RT Structure Set "
        f"or a DICOM SEG with regular slices; {type(error).__name__}: {str(error)[:160]}"
    )
