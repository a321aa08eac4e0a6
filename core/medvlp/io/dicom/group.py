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

_SAME_DIRECTION = 1e-3
"""Largest difference of a direction cosine between slices of one stack."""
_SAME_SPACING = 1e-3
"""Largest relative difference of pixel spacing between slices of one stack."""


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
    groups: list[Group] = []
    for key, members in together.items():
        if kinds[key].modality == "CT":
            groups.extend(_ct_groups(members, key))
        else:
            groups.append(Group(_info(members, kinds[key], hashed(*key)), tuple(members)))
    return [groups[i] for i in in_order([group.info for group in groups])]


def _key(dataset: Any, kind: Kind) -> tuple[object, ...]:
    """What objects must have in common; each radiograph and multi-frame object stands alone."""
    series = str(dataset.get("SeriesInstanceUID", "") or "")
    alone = kind.modality == "XR" or "PerFrameFunctionalGroupsSequence" in dataset
    instance = str(dataset.get("SOPInstanceUID", "") or id(dataset)) if alone else ""
    return (series, kind.name, dataset.get("Rows"), dataset.get("Columns"), instance)


def _ct_groups(datasets: list[Any], key: tuple[object, ...]) -> list[Group]:
    """One group for each set of parallel slices, or one that says why there is none."""
    info = _info(datasets, Kind("CT", "a CT image"), hashed(*key))
    try:
        planes = [plane for dataset in datasets for plane in planes_of(dataset)]
    except MedVLPError as error:
        reason = f"a CT that cannot be interpreted ({str(error).rstrip('.')})"
        return [Group(replace(info, usable=False, reason=reason), tuple(datasets), (), error)]
    groups = []
    for number, members in enumerate(_parallel(planes)):
        used = {id(plane.dataset): plane.dataset for plane in members}
        described = replace(
            info,
            id=hashed(*key, number) if number else info.id,
            n_slices=len(members),
            shape=(len(members), *members[0].shape),
            spacing_mm=_ct_spacing(members),
        )
        groups.append(Group(described, tuple(used.values()), tuple(members)))
    return groups


def _info(datasets: list[Any], kind: Kind, identity: str) -> SeriesInfo:
    first = datasets[0]
    n = sum(int(d.get("NumberOfFrames", 1) or 1) for d in datasets)
    size = tuple(int(first.get(k, 0) or 0) for k in ("Rows", "Columns"))
    return SeriesInfo(
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


def _parallel(planes: list[Plane]) -> list[list[Plane]]:
    """Sets of slices of one orientation and pixel spacing, the largest set first.

    Slices are visited by position, so that the sets do not depend on the order of files.
    """
    sets: list[list[Plane]] = []
    for plane in sorted(planes, key=lambda p: p.position.tolist()):
        home = next((members for members in sets if _fits(members[0], plane)), None)
        if home is None:
            sets.append([plane])
        else:
            home.append(plane)
    return sorted(sets, key=len, reverse=True)


def _fits(a: Plane, b: Plane) -> bool:
    """Whether two slices can belong to one stack. Headers round, so this is not equality."""
    if a.shape != b.shape:
        return False
    turned = max(
        np.abs(a.along_rows - b.along_rows).max(),
        np.abs(a.along_columns - b.along_columns).max(),
    )
    stretched = max(abs(x / y - 1) for x, y in zip(a.pixel_spacing, b.pixel_spacing, strict=True))
    return bool(turned <= _SAME_DIRECTION and stretched <= _SAME_SPACING)


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
