"""DICOM files to a scan: parse, group, choose, read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from medvlp.errors import UnreadableScanError
from medvlp.io.dicom.files import ParsedFiles, parse_file, parse_files, transfer_syntax
from medvlp.io.dicom.group import Group, grouped
from medvlp.io.dicom.privacy import hashed, text_of
from medvlp.io.dicom.quiet import quiet_parsers
from medvlp.io.dicom.radiograph import read_radiograph
from medvlp.io.dicom.volume import read_ct
from medvlp.io.series import SeriesInfo, choose_series
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import Modality, Scan, ScanWarning

_HEADER_SHARE = 0.4


def read_dicom(
    paths: Sequence[Path],
    *,
    series: str | int | None = None,
    strict: bool = False,
    modality: Modality | None = None,
    progress: Progress = ignore_progress,
) -> Scan:
    """Open one series out of DICOM files in any order.

    Raises
    ------
    UnreadableScanError
        If no file can be parsed, or the pixel data of the series is incomplete.
    RefusedScanError
        If nothing (or not what ``series`` names) is a CT in Hounsfield units or a radiograph.
    GeometryError
        If the slices form no volume; with ``strict`` also if they are irregular.
    """
    with quiet_parsers():
        parsed = parse_headers(paths, lambda f, text: progress(f * _HEADER_SHARE, text))
        groups = grouped(parsed.datasets, modality)
        chosen = groups[_choose(groups, series)]
        return _read(
            chosen,
            [group for group in groups if group is not chosen],
            parsed.damaged,
            strict,
            lambda f, text: progress(_HEADER_SHARE + f * (1 - _HEADER_SHARE), text),
        )


def list_dicom(paths: Sequence[Path]) -> list[SeriesInfo]:
    """What the files hold, in the order of preference.

    Raises
    ------
    UnreadableScanError
        If no file can be parsed.
    """
    with quiet_parsers():
        return [group.info for group in grouped(parse_headers(paths).datasets, None)]


def parse_headers(paths: Sequence[Path], progress: Progress = ignore_progress) -> ParsedFiles:
    """Headers of one or many files; damaged ones among many are counted.

    Raises
    ------
    UnreadableScanError
        If no file can be parsed.
    """
    if len(paths) == 1:
        return ParsedFiles([parse_file(paths[0])])
    parsed = parse_files(paths, progress)
    if not parsed.datasets:
        raise UnreadableScanError(
            f"None of the {len(paths)} DICOM files can be read: they are damaged or incomplete. "
            "Copy them again."
        )
    return parsed


def _choose(groups: Sequence[Group], series: str | int | None) -> int:
    alone = groups[0].problem if len(groups) == 1 else None
    if alone is not None:
        raise alone
    return choose_series([group.info for group in groups], series)


def _read(
    group: Group, others: Sequence[Group], damaged: int, strict: bool, progress: Progress
) -> Scan:
    notes = []
    if damaged:
        notes.append(
            ScanWarning(
                "files-damaged",
                f"{damaged} files that look like DICOM could not be read and were left out.",
            )
        )
    usable = sum(other.info.usable for other in others)
    if usable:
        notes.append(
            ScanWarning(
                "other-series",
                f"{usable} other usable series or images were found and not opened.",
            )
        )
    provenance: dict[str, object] = {
        "format": "DICOM",
        "transfer_syntax": _syntax_names(group),
        "series": group.info.id,
        "frame_of_reference": _frame_of_reference(group),
        "series_number": group.info.number,
        "series_description": group.info.description,
        "files": len(group.datasets),
        "other_series": [other.info.to_dict() for other in others],
    }
    if group.info.modality == "XR":
        progress(0.0, "Reading the radiograph")
        return read_radiograph(group.datasets[0], provenance, tuple(notes))
    return read_ct(group.planes, provenance, tuple(notes), strict, progress)


def _frame_of_reference(group: Group) -> str:
    """Hash of the frame that positions are in: masks drawn elsewhere name another one; "" if unknown."""
    frames = {text_of(dataset, "FrameOfReferenceUID") for dataset in group.datasets}
    return hashed(*frames) if len(frames) == 1 and "" not in frames else ""


def _syntax_names(group: Group) -> str:
    from pydicom.uid import UID

    return ", ".join(sorted({UID(transfer_syntax(d)).name for d in group.datasets}))
