"""Labels of a report by rules: every mention is asserted, denied or doubted; the report sums them up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from medvlp_training.reports.assertion import state_of
from medvlp_training.reports.clauses import Clause, split_clauses
from medvlp_training.reports.label_rules import LabelRule, load_label_rules
from medvlp_training.reports.label_sets import NO_FINDING
from medvlp_training.samples.sample import ABSENT, PRESENT, UNCERTAIN

_OVERALL = (PRESENT, UNCERTAIN, ABSENT)
"""One mention that states a finding outweighs others that doubt or deny it, as in CheXpert."""
_NOT_A_FINDING = frozenset(["medical_device"])


def label_report(sentences: Sequence[str], label_set: str) -> dict[str, int]:
    """Concept to ``PRESENT``, ``ABSENT`` or ``UNCERTAIN``; not mentioned: no entry.

    Parameters
    ----------
    sentences
        Of the report's findings and impression.
    label_set
        ``"ct_rate"`` or ``"chexpert"``.
    """
    rules = load_label_rules(label_set)
    states: dict[str, set[int]] = {}
    for sentence in sentences:
        for concept, state in _mentions(sentence, rules):
            states.setdefault(concept, set()).add(state)
    labels = {
        rule.concept: next(state for state in _OVERALL if state in states[rule.concept])
        for rule in rules
        if rule.concept in states
    }
    return _with_no_finding(labels) if label_set == "chexpert" and sentences else labels


def label_sentence(sentence: str, label_set: str) -> dict[str, int]:
    """Labels of one sentence."""
    return label_report([sentence], label_set)


def _mentions(sentence: str, rules: Iterable[LabelRule]) -> Iterator[tuple[str, int]]:
    clauses = _clauses(sentence)
    whole = " ".join(clause.text for clause in clauses)
    for rule in rules:
        if rule.not_in.search(whole):
            continue
        if rule.only_in and not rule.only_in.search(_without(whole, rule.unmention)):
            continue
        for clause in clauses:
            for state in _states(clause, rule):
                yield rule.concept, state


def _states(clause: Clause, rule: LabelRule) -> Iterator[int]:
    if rule.normal.search(clause.text):
        yield ABSENT
        return
    if rule.stated.search(clause.text):
        yield PRESENT
        return
    for match in rule.mention.finditer(_without(clause.text, rule.unmention)):
        yield state_of(clause, *clause.positions(match.start(), match.end()))


def _without(text: str, pattern: re.Pattern[str]) -> str:
    """The text with what matches blotted out, every character in its place."""
    return pattern.sub(lambda match: "_" * len(match.group()), text)


def _with_no_finding(labels: Mapping[str, int]) -> dict[str, int]:
    """``no_finding`` is present where nothing but devices is stated or suspected (CheXpert)."""
    found = any(
        state != ABSENT for concept, state in labels.items() if concept not in _NOT_A_FINDING
    )
    rest = {concept: state for concept, state in labels.items() if concept != NO_FINDING}
    return rest if found else {**rest, NO_FINDING: PRESENT}


@lru_cache(maxsize=4096)
def _clauses(sentence: str) -> tuple[Clause, ...]:
    return split_clauses(sentence)
