"""One question about a scan and its answer, as people read them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from medvlp_widgets.colour.hues import Hue


def query_key(text: str) -> str:
    """Identity of a question: case and spacing do not make another one."""
    return " ".join(text.split()).casefold()


def split_queries(text: str) -> list[str]:
    """Separate several questions typed on one line with semicolons."""
    return [" ".join(part.split()) for part in text.split(";") if part.strip()]


def describe_peak(mm: tuple[float, ...] | None, index: tuple[int, ...] | None) -> str:
    """Where a peak is, in words: patient millimetres, or pixels when the spacing is unknown.

    Parameters
    ----------
    mm
        LPS coordinates, or None.
    index
        Array index (slice, row, column) or (row, column), or None.
    """
    if mm is not None:
        letters = (("L", "R"), ("P", "A"), ("S", "I"))
        return (
            ", ".join(
                f"{abs(value):.0f} {pair[0] if value >= 0 else pair[1]}"
                for value, pair in zip(mm, letters, strict=True)
            )
            + " mm"
        )
    if index is None:
        return ""
    names = ("slice", "row", "column")[3 - len(index) :]
    return ", ".join(f"{name} {i}" for name, i in zip(names, index, strict=True))


@dataclass(frozen=True)
class QueryRow:
    """One question and, once it is known, its answer.

    Parameters
    ----------
    key
        Identity: :func:`query_key` of the text.
    text
        As typed.
    hue
        Colour and number of the row.
    visible
        Whether its heat is drawn.
    pending
        True until the answer, or the failure, is known.
    probability
        Calibrated probability in [0, 1]; None while pending, after abstention or failure.
    abstained
        The model declined to answer; ``reason`` says why.
    reason
        Why there is no probability: abstention or error, one sentence.
    explanation
        How the text was understood.
    peak
        Where the spot on screen is, in words: the hottest one at first.
    peak_number, peak_count
        Which of the row's hot spots it is, from 1, and how many there are; 0 while unknown.
    opacity, threshold
        Of this row's heat, in [0, 1]; None: as for all queries.
    """

    key: str
    text: str
    hue: Hue
    visible: bool = True
    pending: bool = True
    probability: float | None = None
    abstained: bool = False
    reason: str = ""
    explanation: str = ""
    peak: str = ""
    peak_number: int = 0
    peak_count: int = 0
    opacity: float | None = None
    threshold: float | None = None

    @property
    def verdict(self) -> str:
        """The answer in one or two words, such as ``"87 %"`` or ``"not sure"``."""
        if self.pending:
            return "working…"
        if self.probability is None:
            return "not sure" if self.abstained else "failed"
        return f"{100 * self.probability:.0f} %"

    @property
    def peak_text(self) -> str:
        """``"peak 2 of 5: 77 L, 33 P, 206 I mm"``, or empty."""
        if not self.peak:
            return ""
        if self.peak_count > 1 and self.peak_number:
            return f"peak {self.peak_number} of {self.peak_count}: {self.peak}"
        return f"peak {self.peak}"

    @property
    def details(self) -> tuple[str, ...]:
        """What is written below the text: why there is no answer, or how it is to be read."""
        if self.reason:
            return (self.reason,)
        peak = (self.peak_text,) if self.peak else ()
        return (*peak, *_notes(self.text, self.explanation))

    @property
    def spoken(self) -> str:
        """The whole row as a sentence, for screen readers and tool tips."""
        parts = [f"{self.hue.number}, {self.text}: {self.verdict}"]
        parts += [self.reason] if self.reason else []
        parts += [self.peak_text] if self.peak else []
        parts += [self.explanation] if self.explanation not in self.reason else []
        parts += [f"drawn in {self.hue.name}" if self.visible else "hidden"]
        return ". ".join(part.rstrip(".") for part in parts) + "."


def _notes(text: str, explanation: str) -> list[str]:
    """Sentences of an explanation that say more than what was typed."""
    notes = []
    for sentence in re.split(r"(?<=\.) ", explanation):
        read_as = re.match(r'Read as "(.+?)"', sentence)
        as_typed = read_as is not None and read_as[1].casefold() in text.casefold()
        if sentence and not as_typed and not sentence.startswith("The question is whether"):
            notes.append(sentence)
    return notes
