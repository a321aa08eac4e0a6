"""Answers as a DICOM structured report: TID 1500 Measurement Report, Comprehensive 3D SR.

One measurement group per answer. Its tracking UID is that of the segment of the same answer in a
Segmentation that :mod:`medvlp.export.dicom_seg` makes. Like the Parametric Map, the object carries
the patient's identifiers of its source.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from medvlp import RESEARCH_NOTICE
from medvlp.export.dicom_answers import Answer
from medvlp.export.dicom_equipment import (
    UNICODE,
    NamedModel,
    as_long_string,
    described,
    device_uid,
    equipment,
    model_version,
    tracking_uid,
)
from medvlp.export.dicom_source import DicomSource
from medvlp.export.staging import staged
from medvlp.io.dicom.quiet import quiet_parsers

if TYPE_CHECKING:
    from highdicom.sr import (
        Comprehensive3DSR,
        FindingSite,
        ImageRegion,
        ImageRegion3D,
        Measurement,
        MeasurementReport,
        MeasurementsAndQualitativeEvaluations,
        ObservationContext,
        PlanarROIMeasurementsAndQualitativeEvaluations,
    )

    from medvlp.grounding.heatmap import Peak

    Group = MeasurementsAndQualitativeEvaluations | PlanarROIMeasurementsAndQualitativeEvaluations

_SERIES_NUMBER = 9402


def structured_report(
    answers: Sequence[Answer],
    source: DicomSource,
    model: NamedModel,
    segmentations: Sequence[Any] = (),
) -> Comprehensive3DSR:
    """The report (PS3.3 A.35.13, PS3.16 TID 1500): partial and unverified.

    Parameters
    ----------
    answers
        One measurement group each. The probability is the number "Certainty of Finding"
        (111012, DCM) in percent. The peak is a point in the patient (SCOORD3D), or on the image
        (SCOORD) where there is no frame of reference, as for an X-ray. Where no answer is given, the
        group says "Not sure" and why.
    source
        What the scan was read from; all its images are listed as evidence (an image library in the
        content would take half a second an image), and each number names the one with the peak.
    model
        That answered: the observer.
    segmentations
        Segmentations of the same answers, to refer to.
    """
    from highdicom import UID
    from highdicom.sr import Comprehensive3DSR

    with quiet_parsers():  # their warnings quote the patient's name
        result = Comprehensive3DSR(
            evidence=[*source.images, *segmentations],
            content=_content(answers, source, model)[0],
            series_instance_uid=UID(),
            series_number=_SERIES_NUMBER,
            sop_instance_uid=UID(),
            instance_number=1,
            is_complete=False,
            is_verified=False,
            series_description=described("answers"),
            manufacturer=equipment(model.name)["manufacturer"],
            specific_character_set=UNICODE,
        )
    result.ManufacturerModelName = equipment(model.name)["manufacturer_model_name"]
    result.SoftwareVersions = equipment(model.name)["software_versions"]
    result.CompletionFlagDescription = as_long_string(RESEARCH_NOTICE)
    return result


def write_structured_report(report: Comprehensive3DSR, path: Path) -> None:
    """Write a report, whole or not at all."""
    with staged(path) as temporary:
        report.save_as(temporary)


def _content(
    answers: Sequence[Answer], source: DicomSource, model: NamedModel
) -> MeasurementReport:
    from highdicom.sr import MeasurementReport, RelationshipTypeValues, TextContentItem
    from pydicom.sr.codedict import codes

    is_ct = bool(source.planes)
    report = MeasurementReport(
        observation_context=_observer(model),
        procedure_reported=codes.SCT.ComputedTomography if is_ct else codes.SCT.PlainRadiography,
        imaging_measurements=[_group(answer, source, model) for answer in answers],
    )
    report[0].ContentSequence.append(
        TextContentItem(codes.DCM.Comment, RESEARCH_NOTICE, RelationshipTypeValues.CONTAINS)
    )
    return report


def _observer(model: NamedModel) -> ObservationContext:
    from highdicom.sr import (
        DeviceObserverIdentifyingAttributes,
        ObservationContext,
        ObserverContext,
    )
    from pydicom.sr.codedict import codes

    device = DeviceObserverIdentifyingAttributes(
        uid=device_uid(model),
        name="medvlp",
        manufacturer_name="medvlp",
        model_name=as_long_string(f"{model.name} {model_version(model)}"),
    )
    return ObservationContext(observer_device_context=ObserverContext(codes.DCM.Device, device))


def _group(answer: Answer, source: DicomSource, model: NamedModel) -> Group:
    """TID 1410 with the peak as its region, else TID 1501."""
    from highdicom.sr import (
        AlgorithmIdentification,
        MeasurementsAndQualitativeEvaluations,
        PlanarROIMeasurementsAndQualitativeEvaluations,
        TrackingIdentifier,
    )

    common: dict[str, Any] = {
        "tracking_identifier": TrackingIdentifier(
            uid=tracking_uid(source.images[0], model, answer.text),
            identifier=as_long_string(answer.text) or "query",
        ),
        "finding_type": answer.finding,
        "finding_sites": _sites(answer),
        "algorithm_id": AlgorithmIdentification(
            as_long_string(model.name), as_long_string(model_version(model))
        ),
    }
    if answer.probability is None:
        return _unsure(answer, common)
    measurements = [_certainty(answer, source)]
    if answer.peak is None:
        return MeasurementsAndQualitativeEvaluations(**common, measurements=measurements)
    return PlanarROIMeasurementsAndQualitativeEvaluations(
        **common, measurements=measurements, referenced_region=_point(answer.peak, source)
    )


def _unsure(answer: Answer, common: dict[str, Any]) -> Group:
    """No number, but that the model is not sure, and why."""
    from highdicom.sr import (
        MeasurementsAndQualitativeEvaluations,
        QualitativeEvaluation,
        RelationshipTypeValues,
        TextContentItem,
    )
    from pydicom.sr.codedict import codes

    from medvlp.export.dicom_codes import private_code

    unsure = QualitativeEvaluation(private_code("Answer"), private_code("Not sure"))
    group = MeasurementsAndQualitativeEvaluations(**common, qualitative_evaluations=[unsure])
    if answer.reason:
        group[0].ContentSequence.append(
            TextContentItem(codes.DCM.Comment, answer.reason, RelationshipTypeValues.CONTAINS)
        )
    return group


def _certainty(answer: Answer, source: DicomSource) -> Measurement:
    from highdicom.sr import Measurement, SourceImageForMeasurement
    from pydicom.sr.codedict import codes

    assert answer.probability is not None
    seen_on = []
    if answer.peak is not None:
        image, frame, *_ = _pixel(answer.peak, source)
        frames = None if frame is None else [frame + 1]
        seen_on = [SourceImageForMeasurement(image.SOPClassUID, image.SOPInstanceUID, frames)]
    return Measurement(
        codes.DCM.CertaintyOfFinding,
        round(100.0 * float(answer.probability), 4),
        codes.UCUM.Percent,
        referenced_images=seen_on or None,
    )


def _sites(answer: Answer) -> list[FindingSite]:
    from highdicom.sr import FindingSite

    from medvlp.export.dicom_codes import named_code, side_code, side_named

    side = None if answer.side is None else side_named(answer.side)
    return [FindingSite(named_code(name), side_code(name) or side) for name in answer.sites]


def _point(peak: Peak, source: DicomSource) -> ImageRegion | ImageRegion3D:
    """The hottest spot, as a point in the patient if there is such a frame, else on an image."""
    from highdicom.sr import ImageRegion, ImageRegion3D, SourceImageForRegion

    if source.frame_of_reference and peak.mm is not None:
        return ImageRegion3D("POINT", np.array([peak.mm]), source.frame_of_reference)
    image, frame, row, column = _pixel(peak, source)
    referred = SourceImageForRegion(
        image.SOPClassUID, image.SOPInstanceUID, None if frame is None else [frame + 1]
    )
    # The centre of the first pixel is at (0.5, 0.5) (PS3.3 C.18.6.1.2).
    return ImageRegion("POINT", np.array([[column + 0.5, row + 0.5]]), referred)


def _pixel(peak: Peak, source: DicomSource) -> tuple[Any, int | None, float, float]:
    """Image, frame from 0, row and column of the peak."""
    if not source.planes or peak.mm is None:
        return source.images[0], None, float(peak.index[-2]), float(peak.index[-1])
    away = [abs(float((np.array(peak.mm) - p.position) @ p.normal)) for p in source.planes]
    plane = source.planes[int(np.argmin(away))]
    offset = np.array(peak.mm) - plane.position
    row = float(offset @ plane.along_columns) / plane.pixel_spacing[0]
    column = float(offset @ plane.along_rows) / plane.pixel_spacing[1]
    return plane.dataset, plane.frame, row, column
