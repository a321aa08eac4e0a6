"""What can be opened in a file, folder or zip, and which of it is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import prod

from medvlp.errors import RefusedScanError


@dataclass(frozen=True)
class SeriesInfo:
    """One series (or single image) found.

    Parameters
    ----------
    id
        Hash that names it without revealing a UID.
    number
        Series number of the scanner, if any. It need not be unique.
    description
        Series description, or "" if absent or identifying.
    modality
        "CT" or "XR"; for what cannot be used, the DICOM modality code or "".
    n_slices
        Slices or images.
    shape
        ``(slices, rows, columns)`` or ``(rows, columns)``.
    spacing_mm
        Along each axis of ``shape``, or None if unknown.
    usable
        Whether it can be opened.
    reason
        Why not, as a phrase; "" if usable.
    """

    id: str
    number: int | None
    description: str
    modality: str
    n_slices: int
    shape: tuple[int, ...]
    spacing_mm: tuple[float, ...] | None
    usable: bool
    reason: str = ""

    def to_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        return asdict(self)


def in_order(found: Sequence[SeriesInfo]) -> list[int]:
    """Positions in ``found`` by preference: usable first, largest first, then number, then id."""
    return sorted(
        range(len(found)),
        key=lambda i: (
            not found[i].usable,
            -prod(found[i].shape),
            found[i].number if found[i].number is not None else 2**31,
            found[i].id,
        ),
    )


def choose_series(found: Sequence[SeriesInfo], wanted: str | int | None) -> int:
    """Position in ``found`` of the series to open.

    Parameters
    ----------
    found
        In the order of :func:`medvlp.io.open.list_series`: what ``None`` takes is first.
    wanted
        None for the largest usable series; else an id (or its first characters, at least 4), a
        series number, or, if no series has that number, a position in ``found`` from 0.

    Raises
    ------
    RefusedScanError
        If nothing usable is there, nothing matches, or what matches cannot be used.
    """
    if not found:
        raise RefusedScanError("No image was found.")
    if wanted is None:
        if not found[0].usable:
            raise RefusedScanError(_nothing_usable(found))
        return 0
    matches = _matching(found, wanted)
    if not matches:
        raise RefusedScanError(f"There is no series {wanted!r}. Found: {_listing(found)}.")
    if not found[matches[0]].usable:
        raise RefusedScanError(
            f"Series {wanted!r} cannot be used: it is {found[matches[0]].reason}."
        )
    return matches[0]


def _matching(found: Sequence[SeriesInfo], wanted: str | int) -> list[int]:
    text = str(wanted).strip()
    by_id = [i for i, s in enumerate(found) if s.id == text]
    if by_id:
        return by_id
    if text.isdigit():
        by_number = [i for i, s in enumerate(found) if s.number == int(text)]
        if by_number or int(text) < len(found):
            return by_number or [int(text)]
    return [i for i, s in enumerate(found) if len(text) >= 4 and s.id.startswith(text)]


def _nothing_usable(found: Sequence[SeriesInfo]) -> str:
    if len(found) == 1:
        return f"This is {found[0].reason}. Expected a CT or a radiograph."
    reasons = list(dict.fromkeys(s.reason for s in found))
    shown = "; ".join(reasons[:4]) + (f"; and {len(reasons) - 4} more kinds" if reasons[4:] else "")
    return f"None of the {len(found)} series found is a usable CT or radiograph: {shown}."


def _listing(found: Sequence[SeriesInfo]) -> str:
    rows = []
    for series in found[:8]:
        number = "" if series.number is None else f", number {series.number}"
        what = f"{series.n_slices} x {series.modality}" if series.usable else series.reason
        rows.append(f"{series.id} ({what}{number})")
    return "; ".join(rows) + (f"; and {len(found) - 8} more" if len(found) > 8 else "")
