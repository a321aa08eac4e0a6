"""Several paths chosen at once, as by dropping them on a window: what belongs together?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from medvlp.errors import UnreadableScanError
from medvlp.io.detect import FileFormat, detect_format


def in_units(paths: Sequence[Path]) -> list[tuple[Path, ...]]:
    """Split a selection into what is read as one.

    All DICOM files of a selection are one unit, since a series is a file per slice; every other
    file, folder or zip stands alone. Units are in the order of their first path.
    """
    kept = dict.fromkeys(paths)
    together = tuple(path for path in kept if _is_dicom_file(path))
    members = frozenset(together)
    units: list[tuple[Path, ...]] = []
    for path in kept:
        if path not in members:
            units.append((path,))
        elif path == together[0]:
            units.append(together)
    return units


def unit_name(unit: Sequence[Path]) -> str:
    """What a unit is called in messages."""
    return unit[0].absolute().name if len(unit) == 1 else f"{len(unit)} DICOM files"


def _is_dicom_file(path: Path) -> bool:
    try:
        return path.is_file() and detect_format(path) is FileFormat.DICOM
    except (UnreadableScanError, OSError, ValueError):
        return False  # it is told when it is opened
