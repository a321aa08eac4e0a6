"""Rows of the organ table as people read them, without any GUI."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from medvlp_widgets.models.queries import describe_peak

if TYPE_CHECKING:
    from medvlp.grounding.organs import OrganFinding, OrganRow, OrganTable


@dataclass(frozen=True)
class FindingEntry:
    """One finding in one organ.

    Parameters
    ----------
    name
        Display name.
    probability
        In [0, 1]; None when the model declined to answer.
    peak_index, peak_mm
        Hottest voxel: array index, and LPS millimetres where the spacing is known.
    texts
        Texts that were compared with the scan.
    reason
        Why there is no probability; ``""`` otherwise.
    """

    name: str
    probability: float | None
    peak_index: tuple[int, ...] | None = None
    peak_mm: tuple[float, ...] | None = None
    texts: tuple[str, ...] = ()
    reason: str = ""

    @property
    def peak(self) -> str:
        """Where the peak is, in words."""
        return describe_peak(self.peak_mm, self.peak_index)

    @property
    def spoken(self) -> str:
        """Name, probability and compared texts on one line."""
        if self.probability is None:
            return f"{self.name}: not sure. {self.reason}".strip()
        texts = f" (compared: {'; '.join(self.texts)})" if self.texts else ""
        return f"{self.name}: {100 * self.probability:.0f} %{texts}"


@dataclass(frozen=True)
class OrganEntry:
    """One row of the organ table.

    Parameters
    ----------
    name
        Organ name as in the lexicon (TotalSegmentator names).
    display
        Name for people.
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
    peak_index
        Array index of a spot inside the organ, to jump to; None without a mask.
    """

    name: str
    display: str
    present: bool | None
    truncated: bool | None
    volume_ml: float | None
    findings: tuple[FindingEntry, ...] = ()
    profile: tuple[float, ...] = ()
    peak_index: tuple[int, ...] | None = None

    @property
    def leading(self) -> FindingEntry | None:
        """The most probable finding that could be answered."""
        return next((f for f in self.findings if f.probability is not None), None)

    @property
    def jump_index(self) -> tuple[int, ...] | None:
        """Where to jump to: the leading finding's peak, else the organ itself."""
        found = self.leading.peak_index if self.leading else None
        return self.peak_index if found is None else found

    @property
    def extent(self) -> str:
        """What is missing of the organ, in words; ``""`` if it is whole, or that is not known."""
        if self.present is False:
            return "not in view"
        return "cut off by the field of view" if self.truncated else ""

    @property
    def spoken(self) -> str:
        """Organ, what is missing of it, and findings as lines, for tool tips and screen readers."""
        lines = [self.display, self.extent, *(finding.spoken for finding in self.findings)]
        return "\n".join(filter(None, lines))

    def named_by(self, name: Callable[[str], str]) -> OrganEntry:
        """The row with other names of the organ and of its findings, such as another language's."""
        findings = tuple(replace(finding, name=name(finding.name)) for finding in self.findings)
        return replace(self, display=name(self.display), findings=findings)


def entries_from_table(table: OrganTable) -> list[OrganEntry]:
    """Rows of an :class:`medvlp.OrganTable`, in its order."""
    return [_entry(row) for row in table.rows]


def _entry(row: OrganRow) -> OrganEntry:
    findings = sorted(
        (_finding(finding) for finding in row.findings),
        key=lambda f: -1.0 if f.probability is None else f.probability,
        reverse=True,
    )
    return OrganEntry(
        name=row.organ,
        display=row.display,
        present=row.present,
        truncated=row.truncated,
        volume_ml=row.volume_ml,
        findings=tuple(findings),
        profile=() if row.profile is None else tuple(float(v) for v in row.profile),
        peak_index=None if row.peak is None else row.peak.index,
    )


def _finding(finding: OrganFinding) -> FindingEntry:
    return FindingEntry(
        name=finding.display,
        probability=finding.probability,
        peak_index=finding.peak_index,
        peak_mm=finding.peak_mm,
        texts=finding.texts,
        reason=finding.reason,
    )
