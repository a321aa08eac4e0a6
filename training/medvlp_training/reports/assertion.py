"""Is a mention asserted, denied or doubted by the clause it stands in?

Cues with a direction, in the manner of NegEx (Chapman et al., J Biomed Inform 2001) and of the
CheXpert labeler's order (Irvin et al., AAAI 2019: doubt that looks like a denial first, then
denial, then doubt). Queries have a simpler grammar of their own: :mod:`medvlp.grounding.negation`.
The cues are data: ``rules/assertion.json``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from medvlp.errors import MedVLPError
from medvlp_training.reports.clauses import Clause
from medvlp_training.samples.sample import ABSENT, PRESENT, UNCERTAIN


@dataclass(frozen=True)
class Cues:
    """Patterns over a clause's normal form; see the keys of ``rules/assertion.json``."""

    doubt_first_before: re.Pattern[str]
    doubt_first_after: re.Pattern[str]
    denial_before: re.Pattern[str]
    denial_after: re.Pattern[str]
    doubt_before: re.Pattern[str]
    doubt_after: re.Pattern[str]
    no_denial: re.Pattern[str]
    ends_scope: re.Pattern[str]


def read_rules(name: str) -> dict:
    """A rule file of this package.

    Raises
    ------
    MedVLPError
        If it is missing or no JSON object.
    """
    try:
        path = resources.files("medvlp_training.reports") / "rules" / name
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise MedVLPError(
            f"The rule file {name} of medvlp_training.reports cannot be read ({error}); "
            "reinstall medvlp."
        ) from error
    if not isinstance(content, dict):
        raise MedVLPError(
            f"The rule file {name} holds {type(content).__name__}, expected an object."
        )
    return content


def any_of(patterns: list[str]) -> re.Pattern[str]:
    """One pattern of several, at word boundaries; without any, one that matches nothing."""
    return re.compile(r"\b(?:" + "|".join(patterns) + r")\b" if patterns else r"(?!)")


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """The cues, compiled once."""
    content = read_rules("assertion.json")
    return Cues(**{name: any_of(content[name]) for name in Cues.__dataclass_fields__})


def state_of(clause: Clause, first: int, last: int) -> int:
    """``PRESENT``, ``ABSENT`` or ``UNCERTAIN`` for words ``first`` to ``last`` (exclusive)."""
    cues = load_cues()
    start, end = clause.characters(first, last)
    text = cues.no_denial.sub(lambda match: "_" * len(match.group()), clause.text)
    before, inside, after = text[:start], text[start:end], text[end:]
    ends = [match.end() for match in cues.ends_scope.finditer(before)]
    before = before[ends[-1] :] if ends else before
    stop = cues.ends_scope.search(after)
    near = after[: stop.start()] if stop else after
    if cues.doubt_first_before.search(before) or cues.doubt_first_after.search(after):
        return UNCERTAIN
    if cues.denial_before.search(before) or cues.denial_after.search(near):
        return ABSENT
    if cues.denial_before.search(inside):
        return ABSENT
    doubted = any(position in clause.doubted for position in range(first, last))
    if doubted or cues.doubt_before.search(before + inside) or cues.doubt_after.search(near):
        return UNCERTAIN
    return PRESENT
