"""Rows of the organ table, without any GUI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from medvlp_widgets.models.queries import describe_peak

if TYPE_CHECKING:
    from medvlp.grounding.organs import OrganTable


@dataclass(frozen=True)
class FindingEntry:
    """One finding in one organ.

    Parameters
    ----------
    name
        Display name.
    probability
        In [0, 1].
    peak_index, peak_mm
        Hottest voxel: array index, and LPS millimetres where the spacing is known.
    """

    name: str
    probability: float
    peak_index: tuple[int, ...] | None = None
    peak_mm: tuple[float, ...] | None = None

    @property
    def peak(self) -> str:
        """Where the peak is, in words."""
        return describe_peak(self.peak_mm, self.peak_index)


@dataclass(frozen=True)
class OrganEntry:
    """One row of the organ table.

    Parameters
    ----------
    name
        Organ name as in the lexicon (TotalSegmentator names).
    present
        Whether the organ lies in the field of view; None when it is not known.
    truncated
        Whether the field of view cuts it; None when it is not known.
    volume_ml
        Volume inside the field of view; None without a mask or without a spacing.
    findings
        Findings, the most probable first.
    profile
        One score in [0, 1] per slice of the scan; empty when unknown.
    note
        Why something is missing, such as the lack of an organ mask; ``""`` otherwise.
    """

    name: str
    present: bool | None
    truncated: bool | None
    volume_ml: float | None
    findings: tuple[FindingEntry, ...] = ()
    profile: tuple[float, ...] = ()
    note: str = ""

    @property
    def display(self) -> str:
        """Name for people: ``"kidney left"``."""
        return self.name.replace("_", " ")

    @property
    def leading(self) -> FindingEntry | None:
        """The most probable finding."""
        return self.findings[0] if self.findings else None

    @property
    def presence_text(self) -> str:
        """``"yes"``, ``"no"`` or ``"unknown"``."""
        return _yes_no(self.present)

    @property
    def truncated_text(self) -> str:
        """``"cut off"``, ``"whole"`` or ``"unknown"``."""
        return {True: "cut off", False: "whole", None: "unknown"}[self.truncated]

    @property
    def spoken(self) -> str:
        """The findings as lines, for tool tips and screen readers: which texts were compared."""
        lines = [f"{f.name}: {100 * f.probability:.0f} %" for f in self.findings]
        return "\n".join([self.display, *([self.note] if self.note else []), *lines])


def entries_from_table(table: OrganTable | Mapping[str, Any]) -> list[OrganEntry]:
    """Rows of an :class:`medvlp.OrganTable`, or of the dictionary that ``medvlp score`` prints."""
    data = table if isinstance(table, Mapping) else table.to_dict()
    return [_entry(row) for row in data["organs"]]


def _entry(row: Mapping[str, Any]) -> OrganEntry:
    findings = sorted((_finding(f) for f in row["findings"]), key=lambda f: -f.probability)
    return OrganEntry(
        name=row["organ"],
        present=row["present"],
        truncated=row["truncated"],
        volume_ml=row["volume_ml"],
        findings=tuple(findings),
        profile=tuple(float(v) for v in row.get("profile") or ()),
        note=row.get("note") or "",
    )


def _finding(data: Mapping[str, Any]) -> FindingEntry:
    peak = data.get("peak") or {}
    return FindingEntry(
        name=data["finding"],
        probability=float(data["probability"]),
        peak_index=_tuple(peak.get("index")),
        peak_mm=_tuple(peak.get("mm")),
    )


def _tuple(values: Sequence[Any] | None) -> tuple | None:
    return None if values is None else tuple(values)


def _yes_no(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "unknown"}[value]
