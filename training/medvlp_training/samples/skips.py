"""What was left out and why: counted, logged, summed up; never silent."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field

from medvlp.errors import MedVLPError

_LOG = logging.getLogger(__name__)


@dataclass
class Skips:
    """Counts of what was left out, by reason.

    Messages name a table's row or a shard's member, never a patient or a file of a collection:
    those names may identify a person. With ``strict`` the first problem is raised instead, with
    its whole message.

    Parameters
    ----------
    strict
        Raise instead of skipping.
    skipped
        Reason to number of samples left out.
    noted
        Reason to number of samples kept with less than was hoped for.
    """

    strict: bool = False
    skipped: Counter[str] = field(default_factory=Counter)
    noted: Counter[str] = field(default_factory=Counter)

    def skip(self, where: str, reason: str, error: MedVLPError, samples: int = 1) -> None:
        """Count and log samples that are left out.

        Raises
        ------
        MedVLPError
            ``error`` itself, if strict.
        """
        if self.strict:
            raise error
        self.skipped[reason] += samples
        _LOG.warning("%s: skipped, %s", where, reason)

    def note(self, where: str, reason: str) -> None:
        """Count and log a sample that is kept, with something missing."""
        self.noted[reason] += 1
        _LOG.info("%s: kept, %s", where, reason)

    def summary(self) -> str:
        """One line: how many, and why."""
        parts = [
            f"{sum(counts.values())} {verb} ("
            + ", ".join(f"{reason}: {count}" for reason, count in sorted(counts.items()))
            + ")"
            for verb, counts in (("skipped", self.skipped), ("kept in part", self.noted))
            if counts
        ]
        return "; ".join(parts) or "nothing skipped"

    def log_summary(self, of: str) -> None:
        """Log :meth:`summary`; a warning if anything was left out."""
        _LOG.log(logging.WARNING if self.skipped else logging.INFO, "%s: %s", of, self.summary())
