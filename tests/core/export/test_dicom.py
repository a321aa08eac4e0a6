from __future__ import annotations

import shutil
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from medvlp.errors import RefusedScanError
from medvlp.export.dicom import heat_on_plane, write_parametric_map
from medvlp.export.dicom_source import read_source
from medvlp.grounding.heatmap import Heatmap
from medvlp.io.open import open_scan
from medvlp.scan import Scan

HotSpot = Callable[..., Heatmap]


@pytest.fixture(scope="module")
def series(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty neighbouring slices of a real CT."""
    from pydicom import dcmread

    files = sorted((real_data / "dicom_ct_series").iterdir())
    heights = {f: float(dcmread(f, stop_before_pixels=True).ImagePositionPatient[2]) for f in files}
    folder = tmp_path_factory.mktemp("series")
    for file in sorted(files, key=heights.__getitem__)[20:40]:
        shutil.copy(file, folder)
    return folder


@pytest.fixture(scope="module")
def scan(series: Path) -> Scan:
    return open_scan(series)


def hottest(path: Path) -> tuple[np.ndarray, float]:
    """LPS of the hottest pixel of a Parametric Map, from its own header alone, and its value."""
    from pydicom import dcmread

    image = dcmread(path)
    shared = image.SharedFunctionalGroupsSequence[0]
    mapping = shared.RealWorldValueMappingSequence[0]
    heat = image.pixel_array * mapping.RealWorldValueSlope + mapping.RealWorldValueIntercept
    frame, row, column = np.unravel_index(heat.argmax(), heat.shape)
    position = image.PerFrameFunctionalGroupsSequence[frame].PlanePositionSequence[0]
    cosines = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, dtype=float)
    between_rows, between_columns = shared.PixelMeasuresSequence[0].PixelSpacing
    origin = np.array(position.ImagePositionPatient, dtype=float)
    across = column * between_columns * cosines[:3]
    return origin + across + row * between_rows * cosines[3:], float(heat.max())


def test_the_map_of_a_real_series_has_its_peak_at_the_same_millimetres(
    series: Path, scan: Scan, hot_spot: HotSpot, tmp_path: Path
) -> None:
    heatmap = hot_spot(scan, (12, 300, 180))
    write_parametric_map(heatmap, read_source(series, scan), tmp_path / "map.dcm", "fake")
    place, value = hottest(tmp_path / "map.dcm")
    assert value == pytest.approx(heatmap.on(scan).max(), abs=1e-4)
    assert np.linalg.norm(place - heatmap.peak_mm) <= max(scan.geometry.spacing)


def test_on_a_regular_series_the_planes_carry_the_map_of_the_scans_slices(
    series: Path, scan: Scan, hot_spot: HotSpot
) -> None:
    heatmap = hot_spot(scan, (12, 300, 180))
    for k, plane in enumerate(read_source(series, scan)):
        np.testing.assert_allclose(heat_on_plane(heatmap, plane), heatmap.slice(k), atol=1e-5)


def test_a_gapped_series_keeps_its_own_slices_and_the_right_place(
    series: Path, scan: Scan, hot_spot: HotSpot, tmp_path: Path
) -> None:
    """The scan is regularised, its slices are not the source's: the map lies on the source's."""
    folder = tmp_path / "gapped"
    folder.mkdir()
    whole = read_source(series, scan)
    for k, plane in enumerate(whole):
        if k not in (6, 7, 8):
            shutil.copy(plane.dataset.filename, folder)
    gapped = open_scan(folder)
    assert gapped.warnings
    heatmap = hot_spot(gapped, (14, 300, 180))
    planes = read_source(folder, gapped)
    assert len(planes) == 17
    write_parametric_map(heatmap, planes, tmp_path / "map.dcm", "fake")
    place, _ = hottest(tmp_path / "map.dcm")
    assert np.linalg.norm(place - heatmap.peak_mm) <= max(gapped.geometry.spacing)


def test_the_map_refers_to_its_source_and_says_what_it_is_for(
    series: Path, scan: Scan, hot_spot: HotSpot, tmp_path: Path
) -> None:
    from pydicom import dcmread

    planes = read_source(series, scan)
    write_parametric_map(hot_spot(scan, (12, 300, 180)), planes, tmp_path / "map.dcm", "fake")
    image, source = dcmread(tmp_path / "map.dcm"), planes[0].dataset
    assert image.SOPClassUID.name == "Parametric Map Storage"
    for keyword in ("StudyInstanceUID", "FrameOfReferenceUID", "PatientID"):
        assert image[keyword].value == source[keyword].value
    assert image.SeriesInstanceUID != source.SeriesInstanceUID
    assert "Not for clinical decisions" in image.ImageComments
    assert image.ContentDescription == "medvlp: lung mass"
    assert len(image.PerFrameFunctionalGroupsSequence) == len(planes)


def test_nothing_about_the_patient_is_said_in_warnings(
    series: Path, scan: Scan, hot_spot: HotSpot, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        planes = read_source(series, scan)
        write_parametric_map(hot_spot(scan, (12, 300, 180)), planes, tmp_path / "map.dcm", "fake")
    said = " ".join(str(w.message) for w in caught) + "".join(capfd.readouterr())
    assert str(planes[0].dataset.PatientName) not in said


def test_a_series_that_is_gone_is_refused(scan: Scan, tmp_path: Path) -> None:
    with pytest.raises(RefusedScanError, match="no longer holds"):
        read_source(tmp_path, scan)


def test_scans_of_other_formats_are_refused(axial_ct: Scan, xray: Scan, tmp_path: Path) -> None:
    with pytest.raises(RefusedScanError, match="not DICOM"):
        read_source(tmp_path, axial_ct)
    with pytest.raises(RefusedScanError, match="X-ray"):
        read_source(tmp_path, xray)
