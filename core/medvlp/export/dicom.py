"""A heatmap as a DICOM Parametric Map on the pixels of the images it was made from.

The map belongs to the patient and study of its source and carries their identifiers: it is meant
for the archive that the source came from.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medvlp import RESEARCH_NOTICE
from medvlp.export.dicom_equipment import described, equipment
from medvlp.export.plane_sampling import values_on_plane
from medvlp.export.staging import staged
from medvlp.io.dicom.planes import Plane
from medvlp.io.dicom.quiet import quiet_parsers
from medvlp.progress import Progress, ignore_progress

if TYPE_CHECKING:
    from highdicom.pm import ParametricMap, RealWorldValueMapping

    from medvlp.grounding.heatmap import Heatmap

_LARGEST = 65535
_SERIES_NUMBER = 9400


def write_parametric_map(
    heatmap: Heatmap, planes: Sequence[Plane], path: Path, model_name: str
) -> None:
    """Write the map, sampled at every pixel of the source slices, as one multi-frame object.

    Stored values are unsigned 16-bit; the real world value mapping gives the heat in [0, 1].
    """
    result = parametric_map(heatmap, planes, model_name)
    with staged(path) as temporary:
        result.save_as(temporary)


def parametric_map(
    heatmap: Heatmap, planes: Sequence[Plane], model_name: str, progress: Progress = ignore_progress
) -> ParametricMap:
    """The DICOM object (PS3.3 A.75) that :func:`write_parametric_map` writes."""
    from highdicom import UID, PlanePositionSequence, VOILUTTransformation
    from highdicom.pm import ParametricMap

    slices = []
    for k, plane in enumerate(planes):
        progress(0.9 * k / len(planes), f"Drawing slice {k + 1} of {len(planes)}")
        slices.append(heat_on_plane(heatmap, plane))
    heat = np.stack(slices)
    positions = [
        PlanePositionSequence(coordinate_system="PATIENT", image_position=plane.position.tolist())
        for plane in planes
    ]
    with quiet_parsers():  # their warnings quote the patient's name
        result = ParametricMap(
            source_images=list({id(plane.dataset): plane.dataset for plane in planes}.values()),
            pixel_array=np.round(heat * _LARGEST).astype(np.uint16),
            series_instance_uid=UID(),
            series_number=_SERIES_NUMBER,
            sop_instance_uid=UID(),
            instance_number=1,
            **equipment(model_name),
            contains_recognizable_visual_features=False,
            real_world_value_mappings=[_mapping()],
            plane_positions=positions,
            voi_lut_transformations=[
                VOILUTTransformation(window_center=_LARGEST / 2, window_width=_LARGEST)
            ],
            content_label="HEATMAP",
            content_description=described(heatmap.query.text),
            series_description=described(heatmap.query.text),
        )
    result.ImageComments = RESEARCH_NOTICE
    return result


def heat_on_plane(heatmap: Heatmap, plane: Plane) -> NDArray[np.float32]:
    """``(rows, columns)`` heat at the pixel centres of a slice, wherever it lies.

    Linear between cells; 0 outside the token grid, which ends half a cell beyond its last centres.
    """
    return np.clip(values_on_plane(heatmap.values, heatmap.geometry, plane), 0.0, 1.0)


def _mapping() -> RealWorldValueMapping:
    from highdicom.pm import RealWorldValueMapping
    from highdicom.sr import CodedConcept
    from pydicom.sr.codedict import codes

    return RealWorldValueMapping(
        lut_label="heat",
        lut_explanation="Agreement of image and text, 0 to 1",
        unit=codes.UCUM.NoUnits,
        value_range=(0, _LARGEST),
        slope=1.0 / _LARGEST,
        intercept=0.0,
        quantity_definition=CodedConcept("heat", "99MEDVLP", "Agreement of image and text"),
    )
