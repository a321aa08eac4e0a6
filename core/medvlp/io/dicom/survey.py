"""What DICOM files hold, with a small picture of every series; pixels of one slice each are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from medvlp.errors import MedVLPError
from medvlp.geometry import Geometry
from medvlp.io.dicom.group import Group, grouped
from medvlp.io.dicom.pixels import hounsfield_units
from medvlp.io.dicom.planes import Plane
from medvlp.io.dicom.privacy import repeats_identifiers, text_of
from medvlp.io.dicom.quiet import quiet_parsers
from medvlp.io.dicom.radiograph import read_radiograph
from medvlp.io.dicom.read import parse_headers
from medvlp.io.dicom.stack import SAME_PLACE_MM, regular_spacing
from medvlp.io.series import SeriesInfo
from medvlp.io.thumbnail import Thumbnail, reduced, thumbnail_of
from medvlp.progress import Progress, ignore_progress

_HEADER_SHARE = 0.6


@dataclass(frozen=True, eq=False)
class DicomEntry:
    """One series.

    Parameters
    ----------
    info
        As in :func:`medvlp.io.open.list_series`.
    thumbnail
        Of its middle slice; None where it cannot be used or decoded.
    notes
        What should be known before it is opened, as sentences.
    patient
        Name and id of the patient; "" unless they were asked for.
    """

    info: SeriesInfo
    thumbnail: Thumbnail | None
    notes: tuple[str, ...]
    patient: str


@dataclass(frozen=True, eq=False)
class DicomSurvey:
    """What the files hold.

    Parameters
    ----------
    entries
        In the order of preference: what is opened by default comes first.
    damaged
        Number of files that could not be parsed.
    telling_name
        Whether the name that was given to :func:`survey_dicom` repeats an identifier.
    """

    entries: tuple[DicomEntry, ...]
    damaged: int
    telling_name: bool


def survey_dicom(
    paths: Sequence[Path],
    name: str,
    *,
    identifiers: bool = False,
    progress: Progress = ignore_progress,
) -> DicomSurvey:
    """List the series in some files.

    Parameters
    ----------
    paths
        The files, in any order.
    name
        Of the file or folder that they come from; compared with the identifiers in the headers.
    identifiers
        Tell patient names and ids, for a user who wants to see them.
    progress
        Called with a fraction and a sentence; may raise :class:`medvlp.Cancelled`.

    Raises
    ------
    UnreadableScanError
        If no file can be parsed.
    """
    with quiet_parsers():
        parsed = parse_headers(paths, lambda f, text: progress(f * _HEADER_SHARE, text))
        telling = any(repeats_identifiers(name, dataset) for dataset in parsed.datasets)
        groups = grouped(parsed.datasets, None)
        entries = []
        for number, group in enumerate(groups):
            share = _HEADER_SHARE + (1 - _HEADER_SHARE) * number / len(groups)
            progress(share, f"Looking at series {number + 1} of {len(groups)}")
            entries.append(_entry(group, identifiers))
    return DicomSurvey(tuple(entries), parsed.damaged, telling)


def _entry(group: Group, identifiers: bool) -> DicomEntry:
    thumbnail: Thumbnail | None = None
    notes: tuple[str, ...] = ()
    if group.info.usable:
        look = _look_at_ct if group.planes else _look_at_radiograph
        try:
            thumbnail, notes = look(group)
        except MedVLPError as error:
            notes = (str(error),)
    patient = _patient(group.datasets[0]) if identifiers else ""
    return DicomEntry(group.info, thumbnail, notes, patient)


def _look_at_ct(group: Group) -> tuple[Thumbnail, tuple[str, ...]]:
    planes = sorted(group.planes, key=lambda plane: plane.distance)
    middle = planes[len(planes) // 2]
    values = np.empty(middle.shape, dtype=np.int16)
    hounsfield_units(middle.dataset, middle.frame, middle.slope, middle.intercept, values)
    return reduced(values, _geometry(middle)), _notes(planes)


def _look_at_radiograph(group: Group) -> tuple[Thumbnail, tuple[str, ...]]:
    scan = read_radiograph(group.datasets[0], {}, ())
    return thumbnail_of(scan), tuple(warning.message for warning in scan.warnings)


def _geometry(plane: Plane) -> Geometry:
    affine = np.eye(4)
    affine[:3, 0] = plane.normal
    affine[:3, 1] = plane.along_columns * plane.pixel_spacing[0]
    affine[:3, 2] = plane.along_rows * plane.pixel_spacing[1]
    affine[:3, 3] = plane.position
    return Geometry(plane.shape, affine)


def _notes(planes: Sequence[Plane]) -> tuple[str, ...]:
    """What positions alone tell; opening the series finds the rest."""
    if len(planes) == 1:
        return ("The series is one slice.",)
    places = [planes[0]]
    for plane in planes[1:]:
        if plane.distance - places[-1].distance > SAME_PLACE_MM:
            places.append(plane)
    notes = []
    if len(places) < len(planes):
        notes.append(
            f"{len(planes) - len(places)} of {len(planes)} slices lie at the place of another one: "
            "copies, or several volumes."
        )
    if len(places) > 1 and regular_spacing(places) is None:
        gaps = np.diff([plane.distance for plane in places])
        notes.append(
            f"The slices are not evenly spaced ({gaps.min():.2f} to {gaps.max():.2f} mm apart) or "
            "not upright; the volume is regularised when it is opened."
        )
    return tuple(notes)


def _patient(dataset: Any) -> str:
    parts = (text_of(dataset, "PatientName").replace("^", " "), text_of(dataset, "PatientID"))
    return "  ·  ".join(" ".join(part.split()) for part in parts if part.strip())
