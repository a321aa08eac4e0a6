"""Letters outside ASCII, in a question and in the patient's name, in every DICOM object of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread

from medvlp.export.dicom import write_parametric_map
from medvlp.export.dicom_answers import heat_answers
from medvlp.export.dicom_equipment import as_long_string
from medvlp.export.dicom_sc import secondary_capture
from medvlp.export.dicom_seg import heat_segmentation
from medvlp.export.dicom_source import DicomSource, read_images
from medvlp.export.dicom_sr import structured_report
from medvlp.grounding.heatmap import Heatmap
from medvlp.io.open import open_scan

TEXT = "Erguß für Ärzte 胸水"
NAME = "Müller^Jürgen"


@dataclass(frozen=True)
class Named:
    name: str = "fake"
    sha256: str = "fa" * 32


MODEL = Named()


def save(kind: str, heatmap: Heatmap, source: DicomSource, path: Path) -> None:
    if kind == "map":
        write_parametric_map(heatmap, source.planes, path, MODEL.name)
    elif kind == "segmentation":
        heat_segmentation([heatmap], source, MODEL).save_as(path)
    elif kind == "report":
        structured_report(heat_answers([heatmap]), source, MODEL).save_as(path)
    else:
        picture = np.zeros((8, 8, 3), dtype=np.uint8)
        secondary_capture(picture, source, MODEL.name, TEXT).save_as(path)


def words_of(kind: str, image: Any) -> str:
    if kind == "segmentation":
        return str(image.SegmentSequence[0].SegmentLabel)
    if kind == "report":
        return str(image)
    return str(image.SeriesDescription)


@pytest.mark.parametrize("kind", ["map", "segmentation", "report", "capture"])
def test_every_letter_is_kept(
    dicom_ct: Callable[..., Path], hot_spot: Callable[..., Heatmap], tmp_path: Path, kind: str
) -> None:
    folder = dicom_ct("oblique")
    for path in folder.iterdir():
        image = dcmread(path)
        image.SpecificCharacterSet = "ISO_IR 100"
        image.PatientName = NAME
        image.save_as(path)
    scan = open_scan(folder)
    source = read_images(folder, scan, "object")
    save(kind, hot_spot(scan, (4, 9, 19), TEXT), source, tmp_path / "object.dcm")

    written = dcmread(tmp_path / "object.dcm")
    assert written.SpecificCharacterSet == "ISO_IR 192"
    assert str(written.PatientName) == NAME
    assert TEXT in words_of(kind, written)


def test_a_long_string_is_one_line_of_64_letters_without_controls():
    assert as_long_string("a\\b\n\x1b c\u200b") == "a/b c"
    assert len(as_long_string("ü" * 100)) == 64
