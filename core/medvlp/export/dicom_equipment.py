"""What every DICOM object of ours says about what made it, and texts as DICOM can hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from medvlp import __version__

if TYPE_CHECKING:
    from highdicom import UID, AlgorithmIdentificationSequence

_LONG_STRING = 64
UNICODE = "ISO_IR 192"
"""Specific Character Set (PS3.3 C.12.1.1.2) of every object of ours: questions may hold any letter."""


class NamedModel(Protocol):
    """A model as far as a file tells of it."""

    @property
    def name(self) -> str:
        """Short name, such as ``"small"``."""

    @property
    def sha256(self) -> str:
        """Hash of the weights."""


def equipment(model_name: str) -> dict[str, Any]:
    """Arguments for the General Equipment module (PS3.3 C.7.5.1), no name of this machine, and for texts."""
    return {
        "manufacturer": "medvlp",
        "manufacturer_model_name": f"medvlp {model_name}"[:_LONG_STRING],
        "software_versions": __version__,
        "device_serial_number": "none",
        "specific_character_set": UNICODE,
    }


def model_version(model: NamedModel) -> str:
    """Version of the program and the beginning of the hash of the weights."""
    return f"{__version__} {model.sha256[:16]}".strip()


def algorithm(name: str, version: str) -> AlgorithmIdentificationSequence:
    """Algorithm identification macro (PS3.3 10.16), family artificial intelligence."""
    from highdicom import AlgorithmIdentificationSequence
    from pydicom.sr.codedict import codes

    return AlgorithmIdentificationSequence(
        name=as_long_string(name),
        family=codes.DCM.ArtificialIntelligence,
        version=as_long_string(version),
    )


def device_uid(model: NamedModel) -> UID:
    """UID of the model as an observer: the same weights have the same one."""
    from highdicom import UID
    from pydicom.uid import generate_uid

    return UID(generate_uid(entropy_srcs=["medvlp", model.name, model.sha256]))


def tracking_uid(image: Any, model: NamedModel, text: str) -> UID:
    """UID of one answer on one series: the same in every object that tells of it.

    Parameters
    ----------
    image
        One of the series.
    model
        That answered.
    text
        What it is about.
    """
    from highdicom import UID
    from pydicom.uid import generate_uid

    series = str(image.SeriesInstanceUID), str(image.SOPInstanceUID)
    return UID(generate_uid(entropy_srcs=[*series, model.name, model.sha256, text]))


def described(text: str) -> str:
    """A description for people, beginning with our name."""
    return as_long_string(f"medvlp: {text}")


def as_long_string(text: str) -> str:
    """As a long string (PS3.5 6.2): one line, at most 64 characters, none of them a control or a backslash.

    It is in Unicode: the object says so by :data:`UNICODE`.
    """
    plain = "".join(c if c.isprintable() else " " for c in text.replace("\\", "/"))
    return " ".join(plain.split())[:_LONG_STRING].rstrip()
