"""Organs and hot regions as a DICOM Segmentation on the images they were found in.

The segments lie on the planes of the source images, one bit a pixel: the kind that every viewer
reads. Like the Parametric Map, the object carries the patient's identifiers of its source.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medvlp import RESEARCH_NOTICE
from medvlp.export.colours import distinct_colours
from medvlp.export.dicom_equipment import NamedModel, described, equipment
from medvlp.export.dicom_segments import (
    Segment,
    heat_segment,
    organ_segment,
    placed_on,
    segment_description,
    without_place,
)
from medvlp.export.dicom_source import DicomSource
from medvlp.export.plane_sampling import cropped_to_level, part_of_plane, values_on_plane
from medvlp.export.staging import staged
from medvlp.io.dicom.planes import Plane
from medvlp.io.dicom.quiet import quiet_parsers
from medvlp.progress import Progress, ignore_progress

if TYPE_CHECKING:
    from highdicom.seg import Segmentation

    from medvlp.export.organ_planes import OrganPlanes
    from medvlp.grounding.heatmap import Heatmap

THRESHOLD = 0.5
"""Heat from which a place belongs to the segment of a query."""
_SERIES_NUMBER = 9401


def heat_segmentation(
    heatmaps: Sequence[Heatmap],
    source: DicomSource,
    model: NamedModel,
    threshold: float = THRESHOLD,
    colours: Sequence[tuple[int, int, int]] | None = None,
    progress: Progress = ignore_progress,
) -> Segmentation | None:
    """Where the heat of each query reaches a threshold, as a Segmentation (PS3.3 A.51).

    Parameters
    ----------
    heatmaps
        One segment each, in this order; segments may overlap.
    source
        What the scan was read from.
    model
        That answered.
    threshold
        Least heat of a segment, in (0, 1].
    colours
        sRGB of each segment; by default distinct ones.
    progress
        Called with a fraction and a message.

    Returns
    -------
    Segmentation or None
        None where no pixel is that hot.

    Raises
    ------
    RefusedScanError
        If the slices of a CT have no frame of reference.
    """

    def on_plane(plane: Plane) -> NDArray[np.bool_]:
        return np.stack([_hot_on_plane(m, plane, threshold) for m in heatmaps], axis=-1)

    def on_image() -> NDArray[np.bool_]:
        return np.stack([m.slice(0) >= threshold for m in heatmaps], axis=-1)

    frames = _frames(source, on_plane, on_image, progress)
    if frames is None:
        return None
    segments = [heat_segment(heatmap, model) for heatmap in heatmaps]
    words = ", ".join(heatmap.query.text for heatmap in heatmaps)
    return _segmentation(frames, segments, source, model, ("HEAT", words), colours)


def _hot_on_plane(heatmap: Heatmap, plane: Plane, threshold: float) -> NDArray[np.bool_]:
    hot = np.zeros(plane.shape, dtype=np.bool_)
    crop = cropped_to_level(heatmap.values, heatmap.geometry, threshold)
    part = None if crop is None else part_of_plane(plane, crop[1])
    if crop is not None and part is not None:
        hot[part[0]] = values_on_plane(*crop, part[1]) >= threshold
    return hot


def organ_segmentation(
    organs: OrganPlanes,
    source: DicomSource,
    model: NamedModel,
    masks_from: str = "builtin",
    progress: Progress = ignore_progress,
) -> Segmentation | None:
    """Organs, one segment each, as a Segmentation (PS3.3 A.51); None where there is none.

    Parameters
    ----------
    organs
        On the planes of the source.
    source
        What the scan was read from.
    model
        That was used.
    masks_from
        ``OrganTable.source``: masks that are not the model's own are not said to be.
    progress
        Called with a fraction and a message.

    Raises
    ------
    RefusedScanError
        If the slices of a CT have no frame of reference.
    """
    frames = _frames(source, organs.on_plane, organs.on_image, progress)
    if frames is None:
        return None
    segments = [organ_segment(name, model, masks_from) for name in organs.names]
    return _segmentation(frames, segments, source, model, ("ORGANS", "organs"), None)


def write_segmentation(segmentation: Segmentation, path: Path) -> None:
    """Write what one of the functions above made, whole or not at all."""
    with staged(path) as temporary:
        segmentation.save_as(temporary)


@dataclass(frozen=True, eq=False)
class _Frames:
    """``(frames, rows, columns)`` numbers, or ``(frames, rows, columns, segments)`` masks.

    ``planes`` are where they lie; none for an X-ray.
    """

    array: NDArray[np.generic]
    planes: tuple[Plane, ...]


def _frames(
    source: DicomSource,
    on_plane: Callable[[Plane], NDArray[Any]],
    on_image: Callable[[], NDArray[Any]],
    progress: Progress,
) -> _Frames | None:
    """What is on the planes that show anything; None if none does."""
    if not source.planes:
        image = on_image()
        return _Frames(image[None], ()) if image.any() else None
    planes = source.placed_planes("Segmentation")
    kept = []
    for number, plane in enumerate(planes):
        progress(0.7 * number / len(planes), f"Drawing slice {number + 1} of {len(planes)}")
        drawn = on_plane(plane)
        if drawn.any():
            kept.append((drawn, plane))
    if not kept:
        return None
    return _Frames(np.stack([drawn for drawn, _ in kept]), tuple(plane for _, plane in kept))


def _segmentation(
    frames: _Frames,
    segments: Sequence[Segment],
    source: DicomSource,
    model: NamedModel,
    content: tuple[str, str],
    colours: Sequence[tuple[int, int, int]] | None,
) -> Segmentation:
    from highdicom import UID
    from highdicom.seg import Segmentation

    label, words = content
    rgb = colours or distinct_colours(len(segments))
    used = _with_pixels(frames.array, len(segments))
    descriptions = [
        segment_description(number, segments[i], source, model, rgb[i])
        for number, i in enumerate(used, start=1)
    ]
    with quiet_parsers():  # their warnings quote the patient's name
        result = Segmentation(
            source_images=[without_place(image, source) for image in source.images],
            pixel_array=_renumbered(frames.array, used),
            segmentation_type="BINARY",
            segment_descriptions=descriptions,
            series_instance_uid=UID(),
            series_number=_SERIES_NUMBER,
            sop_instance_uid=UID(),
            instance_number=1,
            **equipment(model.name),
            **placed_on(frames.planes),
            content_label=label,
            content_description=described(words),
            series_description=described(words),
        )
    result.ImageComments = RESEARCH_NOTICE
    if not frames.planes:  # the X-ray's own pixels hang as it does (PS3.3 C.7.6.1.1.1)
        result.PatientOrientation = list(source.images[0].get("PatientOrientation") or [])
    return result


def _with_pixels(array: NDArray[Any], n_segments: int) -> list[int]:
    """Segments, from 0, that have any pixel."""
    if array.ndim == 4:
        return [i for i in range(n_segments) if array[..., i].any()]
    return [i for i in range(n_segments) if i + 1 in set(np.unique(array).tolist())]


def _renumbered(array: NDArray[Any], used: Sequence[int]) -> NDArray[np.uint8]:
    """Segment numbers run from 1 without gaps (PS3.3 C.8.20.2)."""
    if array.ndim == 4:
        return np.ascontiguousarray(array[..., list(used)], dtype=np.uint8)
    numbers = np.zeros(int(array.max()) + 1, dtype=np.uint8 if len(used) < 256 else np.uint16)
    numbers[[i + 1 for i in used]] = np.arange(1, len(used) + 1)
    renumbered: NDArray[np.uint8] = numbers[array]
    return renumbered
