"""Segments of a DICOM Segmentation: what each is called, what it is, and who drew it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from medvlp.export.dicom_equipment import (
    NamedModel,
    algorithm,
    as_long_string,
    model_version,
    tracking_uid,
)
from medvlp.export.dicom_source import DicomSource
from medvlp.grounding.lexicon import Concept, load_lexicon
from medvlp.io.dicom.planes import Plane

if TYPE_CHECKING:
    from highdicom.seg import SegmentDescription
    from highdicom.sr import CodedConcept

    from medvlp.grounding.heatmap import Heatmap

_GIVEN = "given masks"


@dataclass(frozen=True, eq=False)
class Segment:
    """One segment.

    Parameters
    ----------
    label
        For people.
    tracked
        Text that its tracking UID is made of: that of the answer it belongs to.
    concept, code
        What it is; ``concept`` is None for a text that is none.
    organ
        Whose side is told beside the code; may be empty.
    side
        That of the question, told where ``organ`` has none.
    drawn_by
        Name and version of the algorithm.
    automatic
        False for masks that somebody gave: nobody says how they were drawn.
    """

    label: str
    tracked: str
    concept: Concept | None
    code: CodedConcept
    organ: str
    drawn_by: tuple[str, str]
    automatic: bool = True
    side: Literal["left", "right"] | None = None


def heat_segment(heatmap: Heatmap, model: NamedModel) -> Segment:
    """The segment of a query: where the subject is, also for the question whether it is absent."""
    from medvlp.export.dicom_codes import concept_code, private_code

    query = heatmap.query
    code = private_code(query.subject) if query.concept is None else concept_code(query.concept)
    return Segment(
        label=query.text if query.polarity == "present" else query.subject,
        tracked=query.text,
        concept=query.concept,
        code=code,
        organ=query.concept.name if query.concept is not None else "",
        drawn_by=(model.name, model_version(model)),
        side=query.laterality if query.laterality in ("left", "right") else None,
    )


def organ_segment(name: str, model: NamedModel, masks_from: str) -> Segment:
    """The segment of an organ; ``masks_from`` is ``OrganTable.source``."""
    from medvlp.export.dicom_codes import named_code

    concept = load_lexicon().concepts.get(name)
    drawn_by = {
        "builtin": (model.name, model_version(model)),
        "totalsegmentator": ("TotalSegmentator", "unknown"),
    }.get(masks_from, (_GIVEN, "unknown"))
    label = name.replace("_", " ") if concept is None else concept.display
    given = drawn_by[0] == _GIVEN
    return Segment(label, name, concept, named_code(name), name, drawn_by, not given)


def segment_description(
    number: int,
    segment: Segment,
    source: DicomSource,
    model: NamedModel,
    rgb: tuple[int, int, int],
) -> SegmentDescription:
    """Segment description (PS3.3 C.8.20.4) with codes, algorithm, tracking UID and colour."""
    from highdicom.color import CIELabColor
    from highdicom.seg import SegmentDescription

    from medvlp.export.dicom_codes import category_code, side_code, side_named

    label = as_long_string(segment.label) or "segment"
    description = SegmentDescription(
        segment_number=number,
        segment_label=label,
        segmented_property_category=category_code(segment.concept),
        segmented_property_type=segment.code,
        algorithm_type="AUTOMATIC" if segment.automatic else "SEMIAUTOMATIC",
        algorithm_identification=algorithm(*segment.drawn_by),
        tracking_uid=tracking_uid(source.images[0], model, segment.tracked),
        tracking_id=label,
        display_color=CIELabColor.from_rgb(*rgb),
    )
    side = side_code(segment.organ)
    if side is None and segment.side is not None:
        side = side_named(segment.side)
    if side is not None:
        from highdicom.sr import CodedConcept

        kind = description.SegmentedPropertyTypeCodeSequence[0]
        kind.SegmentedPropertyTypeModifierCodeSequence = [CodedConcept.from_code(side)]
    return description


def placed_on(planes: tuple[Plane, ...]) -> dict[str, Any]:
    """Arguments that say where the frames lie (PS3.3 C.7.6.16.2); none for an X-ray."""
    if not planes:
        return {}
    from highdicom import PixelMeasuresSequence, PlaneOrientationSequence, PlanePositionSequence

    first = planes[0]
    return {
        "pixel_measures": PixelMeasuresSequence(
            pixel_spacing=first.pixel_spacing, slice_thickness=_thickness(planes)
        ),
        "plane_orientation": PlaneOrientationSequence(
            "PATIENT", [*first.along_rows.tolist(), *first.along_columns.tolist()]
        ),
        "plane_positions": [
            PlanePositionSequence("PATIENT", plane.position.tolist()) for plane in planes
        ],
    }


def _thickness(planes: Sequence[Plane]) -> float:
    """As the images state it, else the least distance of two slices, else 1 mm for a lone one."""
    stated = planes[0].number("SliceThickness")
    if stated is not None and stated > 0:
        return stated
    steps = np.diff([plane.position @ planes[0].normal for plane in planes])
    return float(steps.min()) if len(steps) else 1.0


def without_place(image: Any, source: DicomSource) -> Any:
    """An X-ray may name a frame of reference without any position in it: left out."""
    if source.planes or "FrameOfReferenceUID" not in image:
        return image
    from copy import copy

    flat = copy(image)
    del flat.FrameOfReferenceUID
    return flat
