"""The organ table: what was looked at, how sure, how big, and where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.heatmap import Peak

SCHEMA = "medvlp/score/1"
WHOLE_SCAN = "whole_scan"

MaskSource = Literal["builtin", "label map", "totalsegmentator", "none"]


@dataclass(frozen=True, eq=False)
class OrganFinding:
    """One finding looked for in one organ.

    Parameters
    ----------
    finding
        Concept name, such as ``"pleural_effusion"``.
    display
        For people.
    probability
        Calibrated; None when abstained.
    peak
        Hottest spot in the organ's region, or None.
    profile
        ``(slices,)`` float32: greatest heat in the region on each scan slice.
    texts
        The texts that were compared.
    reason
        Why there is no probability; empty otherwise.
    """

    finding: str
    display: str
    probability: float | None
    peak: Peak | None
    profile: NDArray[np.float32]
    texts: tuple[str, ...] = ()
    reason: str = ""

    @property
    def peak_index(self) -> tuple[int, ...] | None:
        """Scan index of the peak."""
        return None if self.peak is None else self.peak.index

    @property
    def peak_mm(self) -> tuple[float, float, float] | None:
        """LPS millimetres of the peak."""
        return None if self.peak is None else self.peak.mm

    def to_dict(self) -> dict[str, object]:
        """``{"finding", "probability", "peak"}``."""
        none = {"index": None, "mm": None}
        peak = none if self.peak is None else self.peak.to_dict()
        return {"finding": self.finding, "probability": self.probability, "peak": peak}


@dataclass(frozen=True, eq=False)
class OrganRow:
    """One organ.

    Parameters
    ----------
    organ
        Concept or label name, such as ``"lung_left"``; ``"whole_scan"`` where no mask was had.
    display
        For people.
    present
        Whether it is in the field of view.
    truncated
        Whether it is cut by the border of the scanned region; None when there is no mask.
    volume_ml
        Of the part that was scanned; None without a mask, and for an X-ray.
    findings
        Most probable first.
    peak
        A spot inside the organ, to jump to; None when absent or without a mask.
    """

    organ: str
    display: str
    present: bool
    truncated: bool | None
    volume_ml: float | None
    findings: tuple[OrganFinding, ...] = ()
    peak: Peak | None = None

    @property
    def leading(self) -> OrganFinding | None:
        """The most probable finding, if any could be answered."""
        answered = [f for f in self.findings if f.probability is not None]
        return answered[0] if answered else None

    @property
    def probability(self) -> float | None:
        """Of the leading finding: how abnormal the organ looks."""
        return None if self.leading is None else self.leading.probability

    @property
    def profile(self) -> NDArray[np.float32] | None:
        """``(slices,)`` greatest heat of any finding on each scan slice."""
        profiles = [f.profile for f in self.findings]
        return np.max(profiles, axis=0) if profiles else None

    def to_dict(self) -> dict[str, object]:
        """``{"organ", "present", "truncated", "volume_ml", "findings"}``."""
        return {
            "organ": self.organ,
            "present": self.present,
            "truncated": self.truncated,
            "volume_ml": None if self.volume_ml is None else round(self.volume_ml, 2),
            "findings": [finding.to_dict() for finding in self.findings],
        }


@dataclass(frozen=True, eq=False)
class OrganTable:
    """Organs of one scan and the findings in each.

    Parameters
    ----------
    rows
        One per organ.
    source
        Where the organ masks came from; ``"none"``: no mask was had, the row is the whole scan.
    note
        A sentence for people: whose masks, and what could not be had.
    scan
        ``{"modality", "shape", "spacing_mm", "warnings"}``.
    model
        ``{"name", "sha256"}``.
    device
        Where the model ran.
    """

    rows: tuple[OrganRow, ...]
    source: MaskSource
    note: str
    scan: dict[str, object] = field(default_factory=dict)
    model: dict[str, object] = field(default_factory=dict)
    device: str = ""

    def row(self, organ: str) -> OrganRow | None:
        """The row of that name."""
        return next((row for row in self.rows if row.organ == organ), None)

    def to_dict(self) -> dict[str, object]:
        """JSON object of schema ``medvlp/score/1``."""
        return {
            "schema": SCHEMA,
            "scan": self.scan,
            "model": self.model,
            "device": self.device,
            "organ_source": self.source,
            "note": self.note,
            "organs": [row.to_dict() for row in self.rows],
        }
