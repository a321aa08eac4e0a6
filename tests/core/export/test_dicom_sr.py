"""The report says what was answered, where, and by whom; nothing more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread

from medvlp.export.dicom_answers import heat_answers, organ_answers
from medvlp.export.dicom_seg import heat_segmentation
from medvlp.export.dicom_source import DicomSource, read_images
from medvlp.export.dicom_sr import structured_report, write_structured_report
from medvlp.grounding.heatmap import Heatmap, Peak
from medvlp.grounding.organs import OrganFinding, OrganRow, OrganTable
from medvlp.io.open import open_scan
from medvlp.scan import Scan

HotSpot = Callable[..., Heatmap]


@dataclass(frozen=True)
class Named:
    name: str = "fake"
    sha256: str = "fa" * 32


MODEL = Named()


def opened(path: Path) -> tuple[Scan, DicomSource]:
    scan = open_scan(path)
    return scan, read_images(path, scan, "structured report")


def written(report: Any, folder: Path) -> Any:
    """Through the file, and read by highdicom."""
    from highdicom.sr import srread

    write_structured_report(report, folder / "sr.dcm")
    return srread(folder / "sr.dcm")


def groups_of(report: Any) -> list[Any]:
    """Measurement groups in order, as plain data sets."""
    measurements = next(
        item
        for item in report.ContentSequence
        if item.ConceptNameCodeSequence[0].CodeValue == "126010"
    )
    return list(measurements.ContentSequence)


def items(group: Any, kind: str) -> list[Any]:
    return [item for item in group.ContentSequence if item.ValueType == kind]


def texts(group: Any) -> dict[str, str]:
    return {
        item.ConceptNameCodeSequence[0].CodeMeaning: item.TextValue for item in items(group, "TEXT")
    }


def test_values_and_places_equal_the_answers(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot, tmp_path: Path
) -> None:
    scan, source = opened(dicom_ct("oblique"))
    heatmaps = [hot_spot(scan, (4, 9, 19), "pleural effusion"), hot_spot(scan, (8, 3, 5), "liver")]
    report = written(structured_report(heat_answers(heatmaps), source, MODEL), tmp_path)
    groups = groups_of(report)
    assert len(groups) == 2
    for group, heatmap in zip(groups, heatmaps, strict=True):
        (number,) = items(group, "NUM")
        value = number.MeasuredValueSequence[0]
        assert float(value.NumericValue) == pytest.approx(100 * heatmap.probability)
        assert value.MeasurementUnitsCodeSequence[0].CodeValue == "%"
        assert number.ConceptNameCodeSequence[0].CodeValue == "111012"
        slice_of_peak = source.images[heatmap.peak_index[0]].SOPInstanceUID
        (seen_on,) = items(number, "IMAGE")
        assert seen_on.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == slice_of_peak
        (point,) = items(group, "SCOORD3D")
        assert point.GraphicType == "POINT"
        assert list(point.GraphicData) == pytest.approx(list(heatmap.peak_mm), abs=1e-3)
        frame = source.images[0].FrameOfReferenceUID
        assert point.ReferencedFrameOfReferenceUID == frame
        assert texts(group)["Tracking Identifier"] == heatmap.query.text
    finding = items(groups[0], "CODE")[0].ConceptCodeSequence[0]
    assert (finding.CodeValue, finding.CodingSchemeDesignator) == ("60046008", "SCT")


def test_highdicom_finds_the_groups_by_what_they_are_about(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot, tmp_path: Path
) -> None:
    from highdicom.sr import CodedConcept

    scan, source = opened(dicom_ct("reversed"))
    heatmaps = [hot_spot(scan, (4, 9, 19), "pleural effusion"), hot_spot(scan, (8, 3, 5), "liver")]
    report = written(structured_report(heat_answers(heatmaps), source, MODEL), tmp_path)
    (group,) = report.content.get_planar_roi_measurement_groups(
        finding_type=CodedConcept("10200004", "SCT", "Liver")
    )
    assert group.roi.value[0] == pytest.approx(heatmaps[1].peak_mm, abs=1e-3)
    assert group.get_measurements()[0].value == pytest.approx(80.0)
    assert group.tracking_identifier == "liver"


@pytest.mark.parametrize("kind", ["x-ray", "placeless"])
def test_without_a_frame_of_reference_the_peak_is_a_point_on_the_image(
    dicom_ct: Callable[..., Path], dicom_xray: Path, hot_spot: HotSpot, tmp_path: Path, kind: str
) -> None:
    scan, source = opened(dicom_xray if kind == "x-ray" else dicom_ct(kind))
    heatmap = hot_spot(scan, (20, 31) if kind == "x-ray" else (4, 9, 19), "pneumothorax")
    report = written(structured_report(heat_answers([heatmap]), source, MODEL), tmp_path)
    (group,) = groups_of(report)
    (point,) = items(group, "SCOORD")
    row, column = heatmap.peak_index[-2:]
    assert list(point.GraphicData) == pytest.approx([column + 0.5, row + 0.5], abs=1e-2)
    image = source.images[0] if kind == "x-ray" else source.images[heatmap.peak_index[0]]
    referred = point.ContentSequence[0].ReferencedSOPSequence[0]
    assert referred.ReferencedSOPInstanceUID == image.SOPInstanceUID


def test_a_question_that_is_not_answered_has_a_reason_and_no_number(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot, tmp_path: Path
) -> None:
    scan, source = opened(dicom_ct("oblique"))
    heatmap = hot_spot(scan, (4, 9, 19), "pizza", sure=False)
    report = written(structured_report(heat_answers([heatmap]), source, MODEL), tmp_path)
    (group,) = groups_of(report)
    assert not items(group, "NUM") + items(group, "SCOORD3D")
    meanings = [item.ConceptCodeSequence[0].CodeMeaning for item in items(group, "CODE")]
    assert "Not sure" in meanings
    assert texts(group)["Comment"] == heatmap.reason


def test_the_probability_of_absence_is_not_given_to_the_finding(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot, tmp_path: Path
) -> None:
    scan, source = opened(dicom_ct("oblique"))
    heatmap = hot_spot(scan, (4, 9, 19), "no pleural effusion")
    report = written(structured_report(heat_answers([heatmap]), source, MODEL), tmp_path)
    (group,) = groups_of(report)
    finding = items(group, "CODE")[0].ConceptCodeSequence[0]
    assert finding.CodingSchemeDesignator == "99MEDVLP"
    assert finding.CodeMeaning == "no pleural effusion"
    assert not items(group, "SCOORD3D")


def test_an_organ_table_is_reported_finding_by_finding_with_its_site(
    dicom_ct: Callable[..., Path], tmp_path: Path
) -> None:
    scan, source = opened(dicom_ct("oblique"))
    mm = tuple(float(x) for x in scan.geometry.index_to_world((3, 4, 5)))
    profile = np.zeros(14, dtype=np.float32)
    findings = (
        OrganFinding("pleural_effusion", "pleural effusion", 0.25, Peak((3, 4, 5), mm, 1), profile),
        OrganFinding("odd", "odd", None, None, profile, reason="Not learnt."),
    )
    rows = (OrganRow("lung_left", "left lung", True, False, 900.0, findings),)
    answers = organ_answers(OrganTable(rows, "builtin", ""))
    first, second = groups_of(written(structured_report(answers, source, MODEL), tmp_path))
    assert float(items(first, "NUM")[0].MeasuredValueSequence[0].NumericValue) == 25.0
    assert list(items(first, "SCOORD3D")[0].GraphicData) == pytest.approx(list(mm), abs=1e-3)
    site = items(first, "CODE")[1]
    assert site.ConceptCodeSequence[0].CodeMeaning == "Lung"
    assert site.ContentSequence[0].ConceptCodeSequence[0].CodeMeaning == "Left"
    assert texts(second)["Comment"] == "Not learnt."


@pytest.mark.parametrize(
    ("text", "site", "side"),
    [
        ("left lung", "Lung", "Left"),
        ("right kidney", "Kidney", "Right"),
        ("left pleural effusion", "Pleura", "Left"),
        ("nodule in the right lung", "Lung", "Right"),
    ],
)
def test_the_side_of_a_question_is_coded(
    dicom_ct: Callable[..., Path],
    hot_spot: HotSpot,
    tmp_path: Path,
    text: str,
    site: str,
    side: str,
) -> None:
    scan, source = opened(dicom_ct("oblique"))
    heatmap = hot_spot(scan, (4, 9, 19), text)
    (group,) = groups_of(
        written(structured_report(heat_answers([heatmap]), source, MODEL), tmp_path)
    )
    coded = items(group, "CODE")[1]
    assert coded.ConceptCodeSequence[0].CodeMeaning.lower() == site.lower()
    assert coded.ContentSequence[0].ConceptCodeSequence[0].CodeMeaning == side


def test_it_is_partial_unverified_and_for_research(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot, tmp_path: Path
) -> None:
    scan, source = opened(dicom_ct("oblique"))
    answers = heat_answers([hot_spot(scan, (4, 9, 19))])
    report = written(structured_report(answers, source, MODEL), tmp_path)
    assert (report.CompletionFlag, report.VerificationFlag) == ("PARTIAL", "UNVERIFIED")
    notice = "Research use only. Not for clinical decisions."
    assert report.CompletionFlagDescription == notice
    assert notice in [item.TextValue for item in items(report, "TEXT")]
    assert "fake" in str(texts(report))


def test_it_refers_to_its_images_and_to_the_segmentation_of_the_same_answers(
    dicom_ct: Callable[..., Path], hot_spot: HotSpot, tmp_path: Path
) -> None:
    scan, source = opened(dicom_ct("oblique"))
    heatmap = hot_spot(scan, (4, 9, 19))
    seg = heat_segmentation([heatmap], source, MODEL)
    report = written(structured_report(heat_answers([heatmap]), source, MODEL, [seg]), tmp_path)
    evidence = [
        *report.get("CurrentRequestedProcedureEvidenceSequence", []),
        *report.get("PertinentOtherEvidenceSequence", []),
    ]
    referred = {
        item.ReferencedSOPInstanceUID
        for study in evidence
        for series in study.ReferencedSeriesSequence
        for item in series.ReferencedSOPSequence
    }
    assert referred == {image.SOPInstanceUID for image in source.images} | {seg.SOPInstanceUID}
    (group,) = groups_of(report)
    uid = next(item.UID for item in items(group, "UIDREF"))
    assert uid == seg.SegmentSequence[0].TrackingUID


def test_identifiers_are_those_of_the_source_and_no_others(
    dicom_ct: Callable[..., Path],
    hot_spot: HotSpot,
    check_identifiers: Callable[..., None],
    tmp_path: Path,
) -> None:
    scan, source = opened(dicom_ct("oblique"))
    report = structured_report(heat_answers([hot_spot(scan, (4, 9, 19))]), source, MODEL)
    write_structured_report(report, tmp_path / "sr.dcm")
    check_identifiers(tmp_path / "sr.dcm", source.images[0])
    assert dcmread(tmp_path / "sr.dcm").SOPClassUID.name == "Comprehensive 3D SR Storage"
