"""One scan of a worklist as people read it, without any GUI."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

ScanState = Literal["waiting", "working", "examined", "unreadable"]

STATUS_WORDS = {
    "new": "New",
    "accepted": "Accepted",
    "rejected": "Rejected",
    "unsure": "Unsure",
}
UNREADABLE_WORD = "Unreadable"


@dataclass(frozen=True)
class WorklistRow:
    """One scan of a worklist.

    Parameters
    ----------
    key
        Names it within the worklist.
    name
        For people.
    path, series
        What to open.
    modality
        "CT", "XR" or "" while that is not known.
    signature
        Of its files.
    content
        Content hash; "" until it was examined.
    state
        Whether it was examined, is being examined, waits, or cannot be opened.
    probability
        Answer to the query in [0, 1]; None while there is none.
    reason
        Why it cannot be opened, or why the query has no answer.
    status
        "new", "accepted", "rejected" or "unsure".
    note
        Free text.
    decided_on
        Content hash of what was decided on; "" without a decision, or if it was not known then.
    """

    key: str
    name: str
    path: str = ""
    series: str | None = None
    modality: str = ""
    signature: str = ""
    content: str = ""
    state: ScanState = "waiting"
    probability: float | None = None
    reason: str = ""
    status: str = "new"
    note: str = ""
    decided_on: str = ""

    def changed(self, fields: Mapping[str, Any]) -> WorklistRow:
        """A copy with other values of some fields.

        As :func:`dataclasses.replace`, in a tenth of its time: a new query changes thousands of rows
        at once, while the window waits.
        """
        copy = object.__new__(WorklistRow)
        copy.__dict__.update(self.__dict__)
        copy.__dict__.update(fields)
        return copy

    @property
    def readable(self) -> bool:
        """Whether it is not known to be unreadable."""
        return self.state != "unreadable"

    @property
    def changed_since(self) -> bool:
        """Whether the scan is another one than that which was decided on."""
        return bool(self.content and self.decided_on and self.content != self.decided_on)

    @property
    def undecided(self) -> bool:
        """Whether it waits for a decision: readable, and not decided on as it is now."""
        return self.readable and (self.status == "new" or self.changed_since)

    @property
    def status_word(self) -> str:
        """Status for people; an unreadable scan that was not decided on says so."""
        if not self.readable and self.status == "new":
            return UNREADABLE_WORD
        return STATUS_WORDS[self.status] + (" (file changed)" if self.changed_since else "")

    @property
    def score_text(self) -> str:
        """Answer in one or two words."""
        if self.probability is not None:
            return f"{100 * self.probability:.0f} %"
        if self.state == "examined":
            return "not sure" if self.reason else ""
        return {"waiting": "waiting", "working": "scoring…", "unreadable": "no scan"}[self.state]

    @property
    def spoken(self) -> str:
        """The row as sentences, for tool tips and screen readers."""
        parts = [f"{self.name}: {self.status_word}"]
        parts += [self.score_text] if self.score_text else []
        parts += [self.reason] if self.reason else []
        parts += [f"Note: {self.note}"] if self.note else []
        return ". ".join(part.rstrip(".") for part in parts) + "."


@dataclass(frozen=True)
class AnsweredRows:
    """Rows with what is known about another query; made in a thread where they are many.

    Parameters
    ----------
    query
        That they answer.
    known
        Fields of the rows whose answer is known, by key; the other readable ones wait.
    before, after
        The same rows without and with these answers, in the order of the source.
    """

    query: str
    known: Mapping[str, Mapping[str, Any]]
    before: tuple[WorklistRow, ...]
    after: tuple[WorklistRow, ...]

    @classmethod
    def of(
        cls, rows: Iterable[WorklistRow], query: str, known: Mapping[str, Mapping[str, Any]]
    ) -> AnsweredRows:
        """Answer rows."""
        before = tuple(rows)
        return cls(query, known, before, tuple([_answered(row, known) for row in before]))

    def brought_to(self, rows: Iterable[WorklistRow]) -> tuple[WorklistRow, ...]:
        """The answered rows; those that changed since they were taken are answered anew."""
        present = zip(rows, self.before, self.after, strict=True)
        return tuple(
            [
                after if row is before else _answered(row, self.known)
                for row, before, after in present
            ]
        )


def _answered(row: WorklistRow, known: Mapping[str, Mapping[str, Any]]) -> WorklistRow:
    return row.changed(known.get(row.key, _WAITING)) if row.readable else row


_WAITING: Mapping[str, Any] = {"state": "waiting", "probability": None, "reason": ""}
