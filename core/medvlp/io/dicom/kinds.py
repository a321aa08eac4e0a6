"""What a DICOM object is: a CT image, a radiograph, or something to refuse by its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from medvlp.io.dicom.privacy import text_of

_IMAGE = "1.2.840.10008.5.1.4.1.1."
CT_CLASSES = {_IMAGE + "2": "CT", _IMAGE + "2.1": "enhanced CT", _IMAGE + "2.2": "enhanced CT"}
_RADIOGRAPH_CLASSES = {_IMAGE + "1", _IMAGE + "1.1", _IMAGE + "1.1.1"}
_RADIOGRAPH_MODALITIES = {"CR", "DX", "RG", "XR"}
_SECONDARY_CAPTURE = _IMAGE + "7"

# SOP class (PS3.4 table B.5-1) or the beginning of several -> what a person calls it.
_REFUSED = (
    (_IMAGE + "88.67", "a radiation dose report"),
    (_IMAGE + "88.68", "a radiation dose report"),
    (_IMAGE + "88.76", "a radiation dose report"),
    (_IMAGE + "88", "a structured report"),
    (_IMAGE + "66.5", "a surface segmentation"),
    (_IMAGE + "66.4", "a segmentation"),
    (_IMAGE + "66.7", "a segmentation"),
    (_IMAGE + "66.1", "a spatial registration"),
    (_IMAGE + "66.2", "a set of spatial fiducials"),
    (_IMAGE + "66", "raw data"),
    (_IMAGE + "67", "a real world value mapping"),
    (_IMAGE + "30", "a parametric map"),
    (_IMAGE + "104", "an encapsulated document"),
    (_IMAGE + "481", "a radiotherapy object"),
    (_IMAGE + "128", "a PET image"),
    (_IMAGE + "130", "a PET image"),
    (_IMAGE + "20", "a nuclear medicine image"),
    (_IMAGE + "11", "a presentation state"),
    (_IMAGE + "12", "an angiography or fluoroscopy image"),
    (_IMAGE + "13", "a tomosynthesis or 3D X-ray image"),
    (_IMAGE + "1.2", "a mammogram"),
    (_IMAGE + "1.3", "an intra-oral radiograph"),
    (_IMAGE + "77", "a visible light photograph or slide"),
    (_IMAGE + "9", "a waveform"),
    (_IMAGE + "3", "an ultrasound image"),
    (_IMAGE + "6", "an ultrasound image"),
    (_IMAGE + "4", "an MR image"),
    ("1.2.840.10008.1.3.10", "a directory of a DICOM medium"),
)
_MODALITY_NAMES = {
    "MR": "an MR image",
    "US": "an ultrasound image",
    "PT": "a PET image",
    "NM": "a nuclear medicine image",
    "MG": "a mammogram",
    "XA": "an angiography image",
    "RF": "a fluoroscopy image",
    "IO": "an intra-oral radiograph",
    "PX": "a panoramic dental radiograph",
    "SEG": "a segmentation",
    "SR": "a structured report",
    "PR": "a presentation state",
    "BMD": "a bone densitometry image",
}


@dataclass(frozen=True)
class Kind:
    """What an object is.

    Parameters
    ----------
    modality
        "CT" or "XR", or None if medvlp cannot use it.
    name
        What a person calls it, with its article.
    unspecified
        A grey secondary capture that does not say its modality: an X-ray if the caller says so.
    """

    modality: Literal["CT", "XR"] | None
    name: str
    unspecified: bool = False


def kind_of(dataset: Any) -> Kind:
    """Classify a data set by its SOP class, then its modality, then its image type."""
    sop_class = str(dataset.get("SOPClassUID", "") or "")
    modality = str(dataset.get("Modality", "") or "").upper()
    refused = _refused_class(sop_class)
    if refused:
        return Kind(None, refused)
    if "Rows" not in dataset or "Columns" not in dataset:
        return Kind(None, "a DICOM object without an image")
    if sop_class in CT_CLASSES or (not sop_class and modality == "CT"):
        return _kind_of_ct(dataset)
    colour = _colour(dataset)
    if sop_class.startswith(_SECONDARY_CAPTURE):
        return _kind_of_capture(modality, colour)
    if modality in _MODALITY_NAMES:
        return Kind(None, _MODALITY_NAMES[modality])
    if sop_class in _RADIOGRAPH_CLASSES or (not sop_class and modality in _RADIOGRAPH_MODALITIES):
        return Kind(None, f"a colour image ({colour})") if colour else Kind("XR", "a radiograph")
    return Kind(None, f"an object of an unsupported kind (modality {modality or 'not given'})")


def _refused_class(sop_class: str) -> str:
    for prefix, name in _REFUSED:
        if sop_class == prefix or sop_class.startswith(prefix + "."):
            return name
    return ""


def _kind_of_ct(dataset: Any) -> Kind:
    modality = str(dataset.get("Modality", "") or "").upper()
    if modality in _MODALITY_NAMES or modality in _RADIOGRAPH_MODALITIES:
        return Kind(None, f"an image that is a CT by its class and {modality} by its modality")
    words = {str(word).upper() for word in _as_list(dataset.get("ImageType"))}
    if words & {"LOCALIZER", "SCOUT", "TOPOGRAM"}:
        return Kind(None, "a localiser (scout) of a CT")
    if (
        any("PROT" in word.split() for word in words)
        or "dose report" in text_of(dataset, "SeriesDescription").lower()
    ):
        return Kind(None, "a dose report of a CT")
    colour = _colour(dataset)
    if colour:
        return Kind(None, f"a colour image ({colour})")
    return Kind("CT", "a CT image")


def _kind_of_capture(modality: str, colour: str) -> Kind:
    if colour:
        return Kind(None, f"a colour secondary capture ({colour})")
    if modality in _RADIOGRAPH_MODALITIES:
        return Kind("XR", "a radiograph")
    if modality == "CT":
        return Kind(None, "a secondary capture of a CT workstation (screen save or dose report)")
    if modality in _MODALITY_NAMES:
        return Kind(None, f"a secondary capture of {_MODALITY_NAMES[modality]}")
    found = f"modality {modality}" if modality else "no modality"
    return Kind(None, f"a secondary capture that does not say what it shows ({found})", True)


def _colour(dataset: Any) -> str:
    """Photometric interpretation if it is not grey, else ""."""
    samples = int(dataset.get("SamplesPerPixel", 1) or 1)
    photometric = str(dataset.get("PhotometricInterpretation", "") or "MONOCHROME2")
    if samples == 1 and photometric.startswith("MONOCHROME"):
        return ""
    return photometric if samples == 1 else f"{photometric}, {samples} samples per pixel"


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)
