"""Every odd DICOM object is opened or refused by the name of what it is."""

from __future__ import annotations

import pytest

from medvlp import MedVLPError, RefusedScanError, UnreadableScanError, open_scan

COLOUR = "colour secondary capture"
ULTRASOUND = "ultrasound"
MR = "an MR image"
SEGMENTATION = "segmentation"
CAPTURE = "does not say what it shows"

ODD = {
    "693_J2KR.dcm": "CT",
    "693_UNCI.dcm": "CT",
    "693_UNCR.dcm": "CT",
    "HTJ2KLossless_08_RGB.dcm": COLOUR,
    "HTJ2K_08_RGB.dcm": COLOUR,
    "JLSL_08_07_0_1F.dcm": CAPTURE,
    "JLSL_16_15_1_1F.dcm": CAPTURE,
    "JLSL_RGB_ILV0.dcm": COLOUR,
    "JLSL_RGB_ILV1.dcm": COLOUR,
    "JLSL_RGB_ILV2.dcm": COLOUR,
    "JLSN_RGB_ILV0.dcm": COLOUR,
    "JPEG-LL.dcm": "nuclear medicine",
    "JPEG2000_UNC.dcm": "nuclear medicine",
    "JPGLosslessP14SV1_1s_1f_8b.dcm": ULTRASOUND,
    "LICENSE": "not recognised",
    "MR-SIEMENS-DICOM-WithOverlays.dcm": MR,
    "MR2_J2KI.dcm": MR,
    "MR2_J2KR.dcm": MR,
    "MR2_UNCI.dcm": MR,
    "MR2_UNCR.dcm": MR,
    "OBXXXX1A.dcm": ULTRASOUND,
    "OBXXXX1A_2frame.dcm": ULTRASOUND,
    "OBXXXX1A_expb.dcm": ULTRASOUND,
    "OBXXXX1A_expb_2frame.dcm": ULTRASOUND,
    "OBXXXX1A_rle.dcm": ULTRASOUND,
    "OBXXXX1A_rle_2frame.dcm": ULTRASOUND,
    "OT-PAL-8-face.dcm": COLOUR,
    "README.md": "not recognised",
    "RG1_J2KI.dcm": "XR",
    "RG3_J2KI.dcm": "XR",
    "RG3_J2KR.dcm": "XR",
    "SC_rgb.dcm": COLOUR,
    "SC_rgb_16bit.dcm": COLOUR,
    "SC_rgb_16bit_2frame.dcm": COLOUR,
    "SC_rgb_2frame.dcm": COLOUR,
    "SC_rgb_32bit.dcm": COLOUR,
    "SC_rgb_32bit_2frame.dcm": COLOUR,
    "SC_rgb_dcmtk_ebcr_dcmd.dcm": COLOUR,
    "SC_rgb_dcmtk_ebcyn1_dcmd.dcm": COLOUR,
    "SC_rgb_dcmtk_ebcyn2_dcmd.dcm": COLOUR,
    "SC_rgb_dcmtk_ebcynp_dcmd.dcm": COLOUR,
    "SC_rgb_dcmtk_ebcys2_dcmd.dcm": COLOUR,
    "SC_rgb_dcmtk_ebcys4_dcmd.dcm": COLOUR,
    "SC_rgb_expb.dcm": COLOUR,
    "SC_rgb_expb_16bit.dcm": COLOUR,
    "SC_rgb_expb_16bit_2frame.dcm": COLOUR,
    "SC_rgb_expb_2frame.dcm": COLOUR,
    "SC_rgb_expb_32bit.dcm": COLOUR,
    "SC_rgb_expb_32bit_2frame.dcm": COLOUR,
    "SC_rgb_gdcm2k_uncompressed.dcm": COLOUR,
    "SC_ybr_full_uncompressed.dcm": COLOUR,
    "US1_J2KI.dcm": ULTRASOUND,
    "US1_J2KR.dcm": ULTRASOUND,
    "US1_UNCI.dcm": ULTRASOUND,
    "US1_UNCR.dcm": ULTRASOUND,
    "bad_sequence.dcm": "CT",
    "color-pl.dcm": ULTRASOUND,
    "color-px.dcm": ULTRASOUND,
    "eCT_Supplemental.dcm": "perfusion",
    "emri_small.dcm": MR,
    "emri_small_RLE.dcm": MR,
    "emri_small_big_endian.dcm": MR,
    "emri_small_jpeg_2k_lossless.dcm": MR,
    "emri_small_jpeg_2k_lossless_too_short.dcm": "incomplete",
    "emri_small_jpeg_ls_lossless.dcm": MR,
    "explicit_VR-UN.dcm": "CT",
    "gdcm-US-ALOKA-16.dcm": ULTRASOUND,
    "gdcm-US-ALOKA-16_big.dcm": ULTRASOUND,
    "liver.dcm": SEGMENTATION,
    "liver_deflate.dcm": SEGMENTATION,
    "liver_expb.dcm": SEGMENTATION,
    "liver_j2k.dcm": SEGMENTATION,
    "liver_nonbyte_aligned.dcm": SEGMENTATION,
    "liver_nonbyte_aligned_deflate.dcm": SEGMENTATION,
    "liver_nonbyte_aligned_j2k.dcm": SEGMENTATION,
    "liver_nonbyte_aligned_rle.dcm": SEGMENTATION,
    "liver_rle.dcm": SEGMENTATION,
    "mlut_18.dcm": CAPTURE,
    "parametric_map_double_float.dcm": "parametric map",
    "parametric_map_float.dcm": "parametric map",
    "vlut_04.dcm": CAPTURE,
}


def test_the_table_names_every_file(real_data):
    assert set(ODD) == {path.name for path in (real_data / "dicom_odd").iterdir()}


@pytest.mark.parametrize(("name", "outcome"), ODD.items(), ids=ODD.keys())
def test_an_odd_file_is_opened_or_named(real_data, name, outcome):
    path = real_data / "dicom_odd" / name
    if outcome in ("CT", "XR"):
        assert open_scan(path).modality == outcome
        return
    with pytest.raises(MedVLPError) as caught:
        open_scan(path)
    assert type(caught.value) in (RefusedScanError, UnreadableScanError)
    message = str(caught.value)
    assert outcome in message
    assert "\n" not in message
    assert "1.2.840" not in message


@pytest.mark.parametrize("name", ["693_J2KR.dcm", "693_UNCR.dcm", "bad_sequence.dcm"])
def test_an_odd_ct_has_the_values_that_simpleitk_reads(real_data, name):
    import numpy as np
    import SimpleITK as sitk

    path = real_data / "dicom_odd" / name
    array = open_scan(path).array
    values = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
    inside = values > -1024  # padding differs on purpose: it becomes air
    np.testing.assert_array_equal(array[inside], values[inside])
    assert (array[~inside] <= -1000).all()


def test_the_two_lossless_forms_of_one_image_agree(real_data):
    import numpy as np

    folder = real_data / "dicom_odd"
    np.testing.assert_array_equal(
        open_scan(folder / "693_J2KR.dcm").array, open_scan(folder / "693_UNCR.dcm").array
    )


@pytest.mark.parametrize(
    ("tags", "what"),
    [
        ({"ImageType": ["ORIGINAL", "PRIMARY", "LOCALIZER"]}, "a localiser"),
        ({"ImageType": ["DERIVED", "SECONDARY", "OTHER", "CT_SOM5 PROT"]}, "a dose report"),
        ({"SeriesDescription": "Dose Report"}, "a dose report"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.7"}, "screen save or dose report"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.4"}, "an MR image"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.128"}, "a PET image"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.67"}, "a radiation dose report"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.88.33"}, "a structured report"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.481.3"}, "a radiotherapy object"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.104.1"}, "an encapsulated document"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.11.1"}, "a presentation state"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.1.2"}, "a mammogram"),
        ({"SOPClassUID": "1.2.840.10008.5.1.4.1.1.12.1"}, "an angiography"),
        ({"Modality": "MR"}, "a CT by its class and MR by its modality"),
        ({"Modality": "DX"}, "a CT by its class and DX by its modality"),
        ({"PhotometricInterpretation": "PALETTE COLOR"}, "a colour image"),
    ],
)
def test_what_is_no_ct_is_named(ct_writer, body, tmp_path, tags, what):
    (path,) = ct_writer(tags=tags).write(tmp_path, body[:1])
    with pytest.raises(RefusedScanError, match=what):
        open_scan(path)


def test_an_unspecified_grey_capture_opens_as_x_ray_on_request(real_data):
    path = real_data / "dicom_odd" / "vlut_04.dcm"
    scan = open_scan(path, modality="XR")
    assert scan.modality == "XR"
    assert scan.array.shape == (512, 512)
    assert 0 <= scan.array.min() < scan.array.max() <= 1


def test_a_modality_that_was_not_asked_for_is_refused(ct_writer, body, tmp_path):
    ct_writer().write(tmp_path, body)
    with pytest.raises(RefusedScanError, match="modality XR was asked for"):
        open_scan(tmp_path, modality="XR")
