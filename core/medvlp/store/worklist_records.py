"""What a worklist remembers about its scans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Status = Literal["new", "accepted", "rejected", "unsure"]
Kind = Literal["status", "note"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True)
class Decision:
    """One line of the journal.

    Parameters
    ----------
    number
        Grows with time, over all windows.
    key
        Of the scan.
    kind
        "status" or "note".
    value, before
        What it says now, and what it said before.
    replaced
        Number of the line that counted before; 0 for the first about a scan.
    """

    number: int
    key: str
    kind: Kind
    value: str
    before: str
    replaced: int = 0


@dataclass(frozen=True)
class Verdict:
    """What was decided about a scan.

    Parameters
    ----------
    status
        One of :data:`STATUSES`.
    note
        Free text.
    content
        Content hash of the scan that was decided on; "" if it was not known then.
    decided_at
        UTC in ISO 8601; "" for a scan without a decision.
    """

    status: Status = "new"
    note: str = ""
    content: str = ""
    decided_at: str = ""


@dataclass(frozen=True)
class KnownScan:
    """What was learnt by opening the files of a signature: content hash and modality."""

    signature: str
    content: str
    modality: str


@dataclass(frozen=True)
class KnownAnswer:
    """Answer of a model to a query: probability, or why there is none."""

    probability: float | None
    reason: str = ""
