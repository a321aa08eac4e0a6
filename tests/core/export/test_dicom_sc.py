"""The picture comes back pixel by pixel, in the study of its source."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from medvlp.errors import RefusedScanError
from medvlp.export.dicom_sc import picture_of_png, secondary_capture, write_secondary_capture
from medvlp.export.dicom_source import read_images
from medvlp.export.images import overlay
from medvlp.grounding.heatmap import Heatmap
from medvlp.io.open import open_scan
from medvlp.scan import Scan


@pytest.mark.parametrize("kind", ["oblique", "placeless", "x-ray"])
def test_the_picture_comes_back_in_the_study_of_its_source(
    dicom_ct: Callable[..., Path],
    dicom_xray: Path,
    hot_spot: Callable[..., Heatmap],
    check_identifiers: Callable[..., None],
    tmp_path: Path,
    kind: str,
) -> None:
    path = dicom_xray if kind == "x-ray" else dicom_ct(kind)
    scan = open_scan(path)
    source = read_images(path, scan, "Secondary Capture")
    at = (20, 31) if kind == "x-ray" else (4, 9, 19)
    picture = np.asarray(overlay(hot_spot(scan, at), scan))
    capture = secondary_capture(picture, source, "fake", "lung mass")
    write_secondary_capture(capture, tmp_path / "sc.dcm")
    check_identifiers(tmp_path / "sc.dcm", source.images[0])
    image = dcmread(tmp_path / "sc.dcm")
    assert image.SOPClassUID.name == "Secondary Capture Image Storage"
    assert image.PhotometricInterpretation == "RGB"
    np.testing.assert_array_equal(image.pixel_array, picture)
    referred = {item.ReferencedSOPInstanceUID for item in image.SourceImageSequence}
    assert referred == {one.SOPInstanceUID for one in source.images}
    assert image.SeriesDescription == "medvlp: lung mass"
    assert not image.PatientOrientation


def test_a_png_of_the_screen_is_taken_as_it_is() -> None:
    picture = np.random.default_rng(4).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    png = io.BytesIO()
    Image.fromarray(picture).save(png, format="PNG")
    np.testing.assert_array_equal(picture_of_png(png.getvalue()), picture)


def test_a_scan_of_another_format_is_refused(axial_ct: Scan, tmp_path: Path) -> None:
    with pytest.raises(RefusedScanError, match="Secondary Capture refers to the DICOM images"):
        read_images(tmp_path / "scan.nii", axial_ct, "Secondary Capture")
