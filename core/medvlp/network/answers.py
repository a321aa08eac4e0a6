"""From the data sets in an archive's answers to studies and series."""

from __future__ import annotations

from typing import Any

from medvlp.io.dicom.privacy import repeats_identifiers, text_of
from medvlp.network.server import Series, Study
from medvlp.network.uids import is_uid

STUDY_FIELDS = (
    *("StudyInstanceUID", "StudyDate", "ModalitiesInStudy", "StudyDescription"),
    *("NumberOfStudyRelatedSeries", "NumberOfStudyRelatedInstances"),
    # To show where that is asked for, and to keep descriptions that repeat them from being shown.
    *("PatientName", "PatientID", "AccessionNumber"),
)
SERIES_FIELDS = (
    *("SeriesInstanceUID", "SeriesNumber", "Modality", "SeriesDescription"),
    "NumberOfSeriesRelatedInstances",
)
IMAGE_FIELDS = ("SOPInstanceUID", "SOPClassUID")
_DATE_DIGITS = 8


def study_of(answer: Any) -> Study | None:
    """The study that an answer describes; None if it names none."""
    uid = text_of(answer, "StudyInstanceUID")
    if not is_uid(uid):
        return None
    return Study(
        uid=uid,
        date=_date(_line(answer, "StudyDate")),
        modalities=_several(answer, "ModalitiesInStudy"),
        description=_description(answer, "StudyDescription"),
        n_series=_count(answer, "NumberOfStudyRelatedSeries"),
        n_images=_count(answer, "NumberOfStudyRelatedInstances"),
        patient=_patient(answer),
    )


def series_of(answer: Any) -> Series | None:
    """The series that an answer describes; None if it names none."""
    uid = text_of(answer, "SeriesInstanceUID")
    if not is_uid(uid):
        return None
    return Series(
        uid=uid,
        number=_count(answer, "SeriesNumber"),
        modality=_line(answer, "Modality"),
        description=_description(answer, "SeriesDescription"),
        n_images=_count(answer, "NumberOfSeriesRelatedInstances"),
    )


def _line(answer: Any, keyword: str) -> str:
    """Text on one line, without what could steer a terminal."""
    text = text_of(answer, keyword)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _description(answer: Any, keyword: str) -> str:
    text = _line(answer, keyword)
    return "" if repeats_identifiers(text, answer) else text


def _several(answer: Any, keyword: str) -> tuple[str, ...]:
    try:
        value = answer.get(keyword)
    except Exception:
        return ()
    values = [value] if isinstance(value, str) or value is None else list(value)
    return tuple(sorted({str(v) for v in values if v and str(v).isalnum()}))


def _count(answer: Any, keyword: str) -> int | None:
    try:
        return int(answer.get(keyword))
    except Exception:
        return None


def _date(text: str) -> str:
    if len(text) != _DATE_DIGITS or not text.isdigit():
        return ""
    return f"{text[:4]}-{text[4:6]}-{text[6:]}"


def _patient(answer: Any) -> str:
    name = " ".join(_line(answer, "PatientName").replace("^", " ").split())
    return "  ·  ".join(part for part in (name, _line(answer, "PatientID")) if part)
