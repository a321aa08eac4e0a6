"""Radiographs: modality LUT, then VOI, then inversion; directions and spacing only as stated."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp import RefusedScanError, open_scan

PIXELS = np.arange(12 * 9).reshape(12, 9) * 30  # 0 to 3210


@pytest.fixture
def opened(radiograph, save_datasets, tmp_path):
    def open_with(stored=None, **tags):
        (path,) = save_datasets(tmp_path, [radiograph(stored, **tags)])
        return open_scan(path)

    return open_with


def codes(scan) -> set[str]:
    return {warning.code for warning in scan.warnings}


def window(values: np.ndarray, level: float, width: float) -> np.ndarray:
    """PS3.3 C.11.2.1.2.1."""
    return np.clip((values - (level - 0.5)) / (width - 1) + 0.5, 0, 1)


def test_without_voi_the_range_of_the_pixels_becomes_0_to_1(opened):
    scan = opened()
    assert scan.array.dtype == np.float32
    assert scan.intensity == "normalised"
    np.testing.assert_allclose(scan.array, PIXELS / 3210, atol=1e-6)


def test_8_bit_pixels_keep_their_scale(opened):
    stored = np.arange(108).reshape(12, 9) + 20
    tags = {"BitsAllocated": 8, "BitsStored": 8, "HighBit": 7}
    scan = opened(stored, PixelData=stored.astype("u1").tobytes(), **tags)
    np.testing.assert_allclose(scan.array, stored / 255, atol=1e-6)


def test_the_first_window_is_applied(opened):
    scan = opened(WindowCenter=[1500, 10], WindowWidth=[1000, 10])
    np.testing.assert_allclose(scan.array, window(PIXELS, 1500, 1000), atol=1e-6)


def test_the_window_applies_to_rescaled_values(opened):
    tags = {"RescaleSlope": -2.0, "RescaleIntercept": 9000.0}
    scan = opened(WindowCenter=6000, WindowWidth=3000, **tags)
    np.testing.assert_allclose(scan.array, window(9000 - 2.0 * PIXELS, 6000, 3000), atol=1e-6)


def test_inversion_comes_last(opened):
    """Windowing after inversion would give another picture for an off-centre window."""
    scan = opened(PhotometricInterpretation="MONOCHROME1", WindowCenter=800, WindowWidth=600)
    np.testing.assert_allclose(scan.array, 1 - window(PIXELS, 800, 600), atol=1e-6)
    assert scan.array[0, 0] == 1
    assert scan.array[-1, -1] == 0


def test_linear_exact_and_sigmoid_windows(opened):
    exact = opened(WindowCenter=1500, WindowWidth=1000, VOILUTFunction="LINEAR_EXACT")
    np.testing.assert_allclose(exact.array, np.clip((PIXELS - 1000) / 1000, 0, 1), atol=1e-5)
    soft = opened(WindowCenter=1500, WindowWidth=1000, VOILUTFunction="SIGMOID")
    np.testing.assert_allclose(soft.array, 1 / (1 + np.exp(-4 * (PIXELS - 1500) / 1000)), atol=1e-5)


def table(values: np.ndarray, first: int, bits: int = 16, kind: str | None = None):
    from pydicom.dataset import Dataset

    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(values), first, bits])
    item.add_new("LUTData", "US", values.tolist())
    if kind:
        item.ModalityLUTType = kind
    return [item]


def test_a_voi_table_wins_over_a_window(opened):
    curve = (np.linspace(0, 1, 4096) ** 2 * 4095).astype(int)
    scan = opened(VOILUTSequence=table(curve, 0), WindowCenter=10, WindowWidth=10)
    np.testing.assert_allclose(scan.array, curve[PIXELS] / 4095, atol=1e-6)


def test_a_modality_table_comes_before_the_voi(opened):
    first = (4095 - np.arange(4096)).astype(int)
    scan = opened(
        ModalityLUTSequence=table(first, 0, kind="US"), WindowCenter=2500, WindowWidth=1000
    )
    np.testing.assert_allclose(scan.array, window(4095 - PIXELS, 2500, 1000), atol=1e-6)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
def test_padding_is_dark_in_either_photometric_interpretation(opened, photometric):
    stored = PIXELS.copy()
    stored[0] = 4000
    scan = opened(stored, PhotometricInterpretation=photometric, PixelPaddingValue=4000)
    assert (scan.array[0] == 0).all()
    assert scan.array.max() == 1


def test_a_flat_picture_is_dark_not_a_division_by_zero(opened):
    assert (opened(np.full((12, 9), 7)).array == 0).all()


@pytest.mark.parametrize(
    ("stated", "rows", "columns"),
    [
        (["L", "F"], (0, 0, -1), (1, 0, 0)),
        (["R", "F"], (0, 0, -1), (-1, 0, 0)),
        (["L", "H"], (0, 0, 1), (1, 0, 0)),
        (["A", "F"], (0, 0, -1), (0, -1, 0)),
        (["PL", "FR"], (0, 0, -1), (0, 1, 0)),
        (["F", "R"], (-1, 0, 0), (0, 0, -1)),
    ],
)
def test_patient_orientation_sets_the_directions(opened, stated, rows, columns):
    scan = opened(PatientOrientation=stated)
    np.testing.assert_allclose(scan.geometry.directions, [rows, columns], atol=1e-12)
    assert "orientation-assumed" not in codes(scan)


def test_a_mirrored_radiograph_maps_the_same_pixels_to_the_other_side(opened):
    usual = opened(PatientOrientation=["L", "F"], PixelSpacing=[0.2, 0.1])
    mirrored = opened(PatientOrientation=["R", "F"], PixelSpacing=[0.2, 0.1])
    np.testing.assert_allclose(usual.geometry.index_to_world((3, 5)), (0.5, 0, -0.6))
    np.testing.assert_allclose(mirrored.geometry.index_to_world((3, 5)), (-0.5, 0, -0.6))


@pytest.mark.parametrize("stated", [None, [], ["L", "L"], ["X", "F"]])
def test_unusable_orientation_is_assumed_and_said(opened, stated):
    scan = opened(PatientOrientation=stated)
    assert scan.geometry.orientation == "IL"
    assert "orientation-assumed" in codes(scan)


def test_a_lateral_view_is_not_taken_for_a_frontal_one(opened):
    scan = opened(PatientOrientation=None, ViewPosition="LL")
    assert scan.geometry.orientation == "IP"
    assert "orientation-assumed" in codes(scan)


@pytest.mark.parametrize(
    "tags",
    [
        {"PatientOrientation": None, "ViewPosition": "LL"},
        {"PatientOrientation": ["A", "F"]},
        {"PatientOrientation": ["L", "F"], "ViewPosition": "LATERAL"},
    ],
)
def test_a_lateral_view_is_said_to_be_one(opened, tags):
    said = {w.code: w.message for w in opened(**tags).warnings}
    assert "trained on" in said["lateral-view"]
    assert "lateral-view" not in codes(opened(PatientOrientation=["L", "F"], ViewPosition="PA"))


def test_no_spacing_is_invented(opened):
    scan = opened()
    assert scan.geometry.units == "pixel"
    assert scan.geometry.spacing_mm is None
    assert "spacing-unknown" in codes(scan)


def test_zero_spacing_is_no_spacing(opened):
    assert opened(PixelSpacing=[0, 0]).geometry.units == "pixel"


def test_imager_pixel_spacing_holds_in_the_detector_plane(opened):
    scan = opened(ImagerPixelSpacing=[0.14, 0.15])
    assert scan.geometry.spacing_mm == pytest.approx((0.14, 0.15))
    (warning,) = (w for w in scan.warnings if w.code == "spacing-detector-plane")
    assert "detector plane" in warning.message


def test_pixel_spacing_that_repeats_the_imager_is_not_calibrated(opened):
    scan = opened(PixelSpacing=[0.14, 0.15], ImagerPixelSpacing=[0.14, 0.15])
    assert "spacing-detector-plane" in codes(scan)


def test_calibrated_pixel_spacing_wins_over_the_imager(opened):
    scan = opened(PixelSpacing=[0.12, 0.13], ImagerPixelSpacing=[0.14, 0.15])
    assert scan.geometry.spacing_mm == pytest.approx((0.12, 0.13))
    assert "spacing-detector-plane" not in codes(scan)
    stated = opened(
        PixelSpacing=[0.14, 0.15],
        ImagerPixelSpacing=[0.14, 0.15],
        PixelSpacingCalibrationType="FIDUCIAL",
    )
    assert "spacing-detector-plane" not in codes(stated)


def test_a_film_loop_is_refused(opened):
    with pytest.raises(RefusedScanError, match="2 frames"):
        opened(NumberOfFrames=2)


def test_a_raw_detector_image_is_opened_with_a_warning(opened):
    scan = opened(SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1.1")
    assert "for-processing" in codes(scan)


def lung_and_mediastinum(array: np.ndarray) -> tuple[float, float]:
    rows, columns = array.shape
    band = slice(int(0.40 * rows), int(0.50 * rows))
    lung = array[band, int(0.22 * columns) : int(0.32 * columns)]
    middle = array[band, int(0.46 * columns) : int(0.54 * columns)]
    return float(np.median(lung)), float(np.median(middle))


def test_real_radiographs_show_dense_tissue_bright(real_data):
    paths = sorted((real_data / "dicom_cxr").iterdir())
    assert len(paths) == 3
    for path in paths:
        scan = open_scan(path)
        assert scan.modality == "XR"
        lung, mediastinum = lung_and_mediastinum(scan.array)
        assert lung + 0.1 < mediastinum, path.name
        assert scan.geometry.orientation == "IL"


def test_real_radiographs_state_their_spacing_or_none(real_data):
    units = {p.name[:4]: open_scan(p).geometry.units for p in (real_data / "dicom_cxr").iterdir()}
    assert units == {"RG1_": "pixel", "gdcm": "pixel", "siim": "mm"}


def test_a_real_mirrored_radiograph_runs_to_the_right(real_data):
    scan = open_scan(real_data / "dicom_odd" / "RG3_J2KR.dcm")
    assert scan.geometry.orientation == "IR"
