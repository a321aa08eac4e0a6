"""Sections of a report, and the part of it that describes the image: findings and impression."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

SectionName = Literal["findings", "impression", "indication", "technique", "comparison", "other"]

_HEADINGS: dict[SectionName, str] = {
    "findings": r"findings?(?: and impression|/impression)?|report|description|observations?",
    "impression": r"(?:final )?impressions?|conclusions?|opinion|summary|interpretation",
    "indication": r"(?:clinical )?(?:indications?|history|information|details|data)"
    r"|reason for (?:the )?(?:exam(?:ination)?|study)|clinical question",
    "technique": r"techniques?|procedure(?: comments)?|exam(?:ination)?(?: type)?|study|protocol|views?",
    "comparison": r"comparisons?(?: studies| study)?|prior(?: stud(?:y|ies))?",
    "other": r"final report|wet read|addendum|notifications?|recommendations?|signed by|dictated by",
}
_NAMES = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _HEADINGS.items())
# In running text a heading needs a colon and a sentence's start, alone on its line it needs neither.
_HEADING = re.compile(
    rf"(?:(?:^|(?<=[.!?\n\"])|(?<=\s\s))\s*(?:{_NAMES})\s*:)",
    re.IGNORECASE,
)
_ALONE = re.compile(rf"^[ \t]*(?:{_NAMES})[ \t]*:?[ \t]*$", re.IGNORECASE | re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*\n")
_DESCRIBES: frozenset[SectionName] = frozenset(["findings", "impression"])


@dataclass(frozen=True)
class Section:
    """A named part of a report."""

    name: SectionName
    text: str


def split_sections(text: str) -> tuple[Section, ...]:
    """Sections in order; text before the first heading is ``findings``.

    What follows a blank line after an indication, technique or comparison and has no heading of its
    own is ``findings`` too: many reports describe the image without saying so. In a report without
    a heading for findings or impression the other headings end with their first sentence.
    """
    marks = _marks(text)
    parts = [Section("findings", text[: marks[0][0] if marks else len(text)])]
    described = any(name in _DESCRIBES for _, _, name in marks)
    ends = [start for start, _, _ in [*marks[1:], (len(text), 0, "other")]]
    for (_, start, name), end in zip(marks, ends, strict=False):
        parts += _part(name, text[start:end], described)
    return tuple(Section(part.name, part.text.strip()) for part in parts if part.text.strip())


def described_text(text: str) -> str:
    """Findings and impression of a report, headings and other sections removed.

    The title above a first heading ("FINAL REPORT", "CHEST RADIOGRAPH") carries no sentence and is
    left out where headings follow it.
    """
    sections = [section for section in split_sections(text) if section.name in _DESCRIBES]
    if _marks(text) and sections and _is_title(sections[0].text) and len(sections) > 1:
        sections = sections[1:]
    return "\n\n".join(section.text for section in sections)


def _marks(text: str) -> list[tuple[int, int, SectionName]]:
    """Start and end of each heading, and the section it opens."""
    found: dict[int, tuple[int, int, SectionName]] = {}
    for pattern in (_HEADING, _ALONE):
        for match in pattern.finditer(text):
            name = next(name for name in _HEADINGS if match.group(name))
            found.setdefault(match.start(name), (match.start(name), match.end(), name))
    return [found[key] for key in sorted(found)]


def _part(name: SectionName, text: str, described: bool) -> list[Section]:
    if name in _DESCRIBES:
        return [Section(name, text)]
    blank = _BLANK.search(text, len(text) - len(text.lstrip()))
    sentence = re.search(r"(?<=[a-z0-9)])\.\s+(?=[A-Z])", text)
    if blank:
        return [Section(name, text[: blank.start()]), Section("findings", text[blank.end() :])]
    if sentence and not described and "\n" not in text.strip():
        return [Section(name, text[: sentence.end()]), Section("findings", text[sentence.end() :])]
    return [Section(name, text)]


def _is_title(text: str) -> bool:
    return text.upper() == text and not re.search(r"[.!?]\s*$", text)
