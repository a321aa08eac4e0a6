"""DICOM objects grouped into what can be opened as one scan."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from medvlp.errors import MedVLPError
from medvlp.io.dicom.kinds import Kind, kind_of
from medvlp.io.dicom.planes import Plane, planes_of
from medvlp.io.dicom.privacy import clean_description, hashed, text_of
from medvlp.io.series import SeriesInfo, in_order
from medvlp.scan import Modality


@dataclass(frozen=True, eq=False)
class Group:
    """Objects that belong together.

    Parameters
    ----------
    info
        What the user is told.
    datasets
        Their parsed headers.
    planes
        For a usable CT, its slices.
    problem
        Why it is unusable, if that is more than what it is.
    """

    info: SeriesInfo
    datasets: tuple[Any, ...]
    planes: tuple[Plane, ...] = ()
    problem: MedVLPError | None = None


def grouped(datasets: Sequence[Any], modality: Modality | None) -> list[Group]:
    """Group by series, and within a series by size, orientation and pixel spacing.

    A localiser that shares a series with axial slices is thus kept apart; each radiograph and each
    multi-frame object stands alone. Usable and large groups come first.

    Parameters
    ----------
    datasets
        Parsed headers.
    modality
        If given, only this modality is usable, and a grey secondary capture that does not say what
        it shows is taken for an X-ray when "XR" is asked for.
    """
    together: dict[tuple[object, ...], list[Any]] = defaultdict(list)
    kinds: dict[tuple[object, ...], Kind] = {}
    for dataset in datasets:
        kind = kind_of(dataset)
        if kind.unspecified and modality == "XR":
            kind = Kind("XR", "a radiograph")
        elif kind.modality is not None and modality not in (None, kind.modality):
            kind = Kind(None, f"{kind.name}, where modality {modality} was asked for")
        key = _key(dataset, kind)
        together[key].append(dataset)
        kinds[key] = kind
    groups = [_group(members, kinds[key], hashed(*key)) for key, members in together.items()]
    return [groups[i] for i in in_order([group.info for group in groups])]


def _key(dataset: Any, kind: Kind) -> tuple[object, ...]:
    series = str(dataset.get("SeriesInstanceUID", "") or "")
    instance = str(dataset.get("SOPInstanceUID", "") or id(dataset))
    if kind.modality is None:
        return (series, kind.name, dataset.get("Rows"), dataset.get("Columns"))
    if kind.modality == "XR" or "PerFrameFunctionalGroupsSequence" in dataset:
        return (series, kind.name, instance)
    return (
        series,
        kind.name,
        int(dataset.Rows),
        int(dataset.Columns),
        _rounded(dataset.get("ImageOrientationPatient"), 3),
        _rounded(dataset.get("PixelSpacing"), 4),
    )


def _rounded(value: Any, digits: int) -> tuple[float, ...]:
    try:
        return tuple(round(float(v), digits) + 0.0 for v in value)
    except (TypeError, ValueError):
        return ()


def _group(datasets: list[Any], kind: Kind, identity: str) -> Group:
    first = datasets[0]
    n = sum(int(d.get("NumberOfFrames", 1) or 1) for d in datasets)
    size = tuple(int(first.get(k, 0) or 0) for k in ("Rows", "Columns"))
    info = SeriesInfo(
        id=identity,
        number=_number(first),
        description=clean_description(first),
        modality=kind.modality or str(first.get("Modality", "") or ""),
        n_slices=n,
        shape=size if kind.modality == "XR" else (n, *size),
        spacing_mm=None,
        usable=kind.modality is not None,
        reason="" if kind.modality else kind.name,
    )
    if kind.modality != "CT":
        return Group(info, tuple(datasets))
    try:
        planes = [plane for dataset in datasets for plane in planes_of(dataset)]
    except MedVLPError as error:
        reason = f"a CT that cannot be interpreted ({str(error).rstrip('.')})"
        return Group(replace(info, usable=False, reason=reason), tuple(datasets), (), error)
    planes = _parallel(planes)
    info = replace(info, spacing_mm=_ct_spacing(planes))
    return Group(info, tuple(datasets), tuple(planes))


def _parallel(planes: list[Plane]) -> list[Plane]:
    """Slices of the most common orientation and size: an enhanced object may hold several stacks."""
    sets: dict[tuple[object, ...], list[Plane]] = defaultdict(list)
    for plane in planes:
        key = (
            plane.shape,
            _rounded([*plane.along_rows, *plane.along_columns], 3),
            _rounded(plane.pixel_spacing, 4),
        )
        sets[key].append(plane)
    return max(sets.values(), key=len)


def _number(dataset: Any) -> int | None:
    try:
        return int(text_of(dataset, "SeriesNumber"))
    except ValueError:
        return None


def _ct_spacing(planes: list[Plane]) -> tuple[float, ...] | None:
    """Median distance of distinct neighbours, and pixel spacing; None across a single slice."""
    normal = planes[0].normal
    heights = np.unique(np.round([plane.position @ normal for plane in planes], 2))
    if len(heights) < 2:
        return None
    return (float(np.median(np.diff(heights))), *planes[0].pixel_spacing)
