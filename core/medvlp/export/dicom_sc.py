"""A picture of the screen as a DICOM Secondary Capture in the study it shows.

What is burnt in is what the picture shows: the question, the answer, the research notice; never
what identifies the patient. The header carries the patient's identifiers of the source.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medvlp import RESEARCH_NOTICE
from medvlp.export.dicom_equipment import described, equipment
from medvlp.export.dicom_source import DicomSource
from medvlp.export.staging import staged
from medvlp.io.dicom.quiet import quiet_parsers

if TYPE_CHECKING:
    from highdicom.sc import SCImage
    from pydicom.dataset import Dataset

_SERIES_NUMBER = 9403


def secondary_capture(
    picture: NDArray[np.uint8], source: DicomSource, model_name: str, text: str
) -> SCImage:
    """The picture as a Secondary Capture (PS3.3 A.8.1), RGB, that refers to its source.

    Parameters
    ----------
    picture
        ``(rows, columns, 3)`` sRGB, with the research notice in it.
    source
        What the scan was read from.
    model_name
        That answered.
    text
        What the picture shows, such as the query.
    """
    from highdicom import UID
    from highdicom.sc import SCImage

    made_by = equipment(model_name)
    with quiet_parsers():  # their warnings quote the patient's name
        result = SCImage.from_ref_dataset(
            ref_dataset=source.images[0],
            pixel_array=np.ascontiguousarray(picture, dtype=np.uint8),
            photometric_interpretation="RGB",
            bits_allocated=8,
            coordinate_system="PATIENT",
            patient_orientation=("L", "F"),
            series_instance_uid=UID(),
            series_number=_SERIES_NUMBER,
            sop_instance_uid=UID(),
            instance_number=1,
            manufacturer=made_by["manufacturer"],
            specific_character_set=made_by["specific_character_set"],
            series_description=described(text),
        )
    result.PatientOrientation = []  # several panes hang differently: unknown (PS3.3 C.7.6.1.1.1)
    result.Laterality = ""  # unknown as well (PS3.3 C.7.3.1)
    result.ConversionType = "WSD"
    result.SecondaryCaptureDeviceManufacturer = made_by["manufacturer"]
    result.SecondaryCaptureDeviceManufacturerModelName = made_by["manufacturer_model_name"]
    result.SecondaryCaptureDeviceSoftwareVersions = made_by["software_versions"]
    result.BurnedInAnnotation = "NO"  # nothing that identifies the patient
    result.ImageComments = RESEARCH_NOTICE
    result.DerivationDescription = described(text)
    result.SourceImageSequence = [_reference(image) for image in source.images]
    return result


def picture_of_png(content: bytes) -> NDArray[np.uint8]:
    """``(rows, columns, 3)`` sRGB of a PNG; what is transparent becomes black."""
    from PIL import Image

    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image.convert("RGB"), dtype=np.uint8)


def write_secondary_capture(capture: SCImage, path: Path) -> None:
    """Write a capture, whole or not at all."""
    with staged(path) as temporary:
        capture.save_as(temporary)


def _reference(image: Any) -> Dataset:
    from pydicom.dataset import Dataset

    item = Dataset()
    item.ReferencedSOPClassUID = image.SOPClassUID
    item.ReferencedSOPInstanceUID = image.SOPInstanceUID
    return item
