"""The scans of a folder: one for each file, and one for each DICOM series wherever its files lie."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import UnreadableScanError
from medvlp.io.detect import FileFormat, detect_format
from medvlp.io.folder import files_below
from medvlp.io.worklist import WorklistItem, signature_of
from medvlp.progress import Progress

if TYPE_CHECKING:
    from medvlp.io.dicom.group import Group

_LOOSE = {FileFormat.NIFTI, FileFormat.NRRD, FileFormat.META, FileFormat.PICTURE, FileFormat.ZIP}
_LOOKING = 0.2


def folder_items(folder: Path, progress: Progress) -> tuple[tuple[WorklistItem, ...], int]:
    """Items of a folder in the order of their paths, and how many files are of other kinds.

    DICOM files are grouped by their headers, not by folder: a series may be spread over several.

    Raises
    ------
    RefusedScanError
        If the folder holds too many files.
    """
    items: list[WorklistItem] = []
    dicom: list[Path] = []
    ignored = 0
    paths = files_below(folder, folder.name)
    for number, path in enumerate(paths):
        progress(_LOOKING * number / len(paths), "Looking for scans")
        try:
            kind = detect_format(path)
        except UnreadableScanError as error:
            items.append(_item(folder, [path], problem=str(error)))
            continue
        if kind is FileFormat.DICOM:
            dicom.append(path)
        elif kind in _LOOSE:
            items.append(_item(folder, [path]))
        else:
            ignored += 1
    items += _dicom_items(folder, dicom, progress)
    return tuple(sorted(items, key=lambda item: item.key)), ignored


def _dicom_items(folder: Path, paths: Sequence[Path], progress: Progress) -> list[WorklistItem]:
    """One item for each series; files that are damaged or hold no image have their own."""
    from medvlp.io.dicom.files import parse_file
    from medvlp.io.dicom.group import grouped
    from medvlp.io.dicom.quiet import quiet_parsers

    items: list[WorklistItem] = []
    datasets: list[Any] = []
    file_of: dict[int, Path] = {}
    with quiet_parsers():
        for number, path in enumerate(paths):
            share = _LOOKING + (1 - _LOOKING) * number / len(paths)
            progress(share, f"Reading header {number + 1} of {len(paths)}")
            try:
                dataset = parse_file(path)
            except UnreadableScanError as error:
                items.append(_item(folder, [path], problem=str(error)))
                continue
            datasets.append(dataset)
            file_of[id(dataset)] = path
        groups = grouped(datasets, None)
    files = [sorted({file_of[id(d)] for d in group.datasets}) for group in groups]
    return items + _unique(folder, groups, files)


def _unique(
    folder: Path, groups: Sequence[Group], files: Sequence[Sequence[Path]]
) -> list[WorklistItem]:
    """Items of groups; where a path holds several, the series tells them apart."""
    series_at: Counter[Path] = Counter()
    for members in files:
        series_at.update({place for file in members for place in (file, *file.parents)})
    items = []
    for group, members in zip(groups, files, strict=True):
        info, place = group.info, _place(members)
        items.append(
            _item(
                folder,
                members,
                place=place,
                series=info.id if series_at[place] > 1 else None,
                title=info.description,
                modality=info.modality if info.usable else "",
                problem="" if info.usable else f"This is {info.reason}.",
            )
        )
    return items


def _place(files: Sequence[Path]) -> Path:
    """The file of a group, or the folder that all of its files are in."""
    return files[0] if len(files) == 1 else Path(os.path.commonpath([f.parent for f in files]))


def _item(
    folder: Path,
    files: Sequence[Path],
    place: Path | None = None,
    series: str | None = None,
    title: str = "",
    modality: str = "",
    problem: str = "",
) -> WorklistItem:
    place = place or files[0]
    relative = "." if place == folder else place.relative_to(folder).as_posix()
    return WorklistItem(
        key=f"{relative}#{series}" if series else relative,
        path=str(place),
        series=series,
        title=title,
        modality=modality,
        signature=signature_of(files),
        problem=problem,
    )
