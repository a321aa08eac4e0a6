"""What a sample holds of its report's text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from medvlp_training.samples.sample import Entity, OrganStatement
from medvlp_training.text.reports import split_sentences


@dataclass(frozen=True)
class ReportFacts:
    """Sentences of a report and what they say; all empty without a report."""

    sentences: tuple[str, ...] = ()
    labels: Mapping[str, int] = field(default_factory=dict)
    entities: tuple[Entity, ...] = ()
    statements: tuple[OrganStatement, ...] = ()


def describe_report(text: str) -> ReportFacts:
    """Sentences, labels, entities and statements of a report."""
    return ReportFacts(sentences=split_sentences(text))
