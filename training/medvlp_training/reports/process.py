"""From the text of a report to what pre-training needs of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from medvlp.errors import MedVLPError
from medvlp.grounding.lexicon import Lexicon, load_lexicon
from medvlp_training.reports.entities import find_entities
from medvlp_training.reports.labeler import label_report
from medvlp_training.reports.sections import described_text
from medvlp_training.reports.sentences import split_sentences
from medvlp_training.reports.statements import organ_statements
from medvlp_training.samples.sample import Entity, OrganStatement

_LABEL_SETS = {"CT": "ct_rate", "XR": "chexpert"}


@dataclass(frozen=True)
class ProcessedReport:
    """What a report says, in the nouns of :mod:`medvlp_training.samples.sample`.

    Parameters
    ----------
    sentences
        Of findings and impression, in order.
    labels
        Concept name to ``PRESENT``, ``ABSENT`` or ``UNCERTAIN``: the 18 labels of CT-RATE for a CT,
        the 14 of CheXpert for an X-ray. Not mentioned: no entry.
    entities
        Concepts of the lexicon with their characters in ``sentences``.
    statements
        What is said of which organ.
    """

    sentences: tuple[str, ...]
    labels: Mapping[str, int]
    entities: tuple[Entity, ...]
    statements: tuple[OrganStatement, ...]


def process_report(
    text: str, modality: Literal["CT", "XR"], lexicon: Lexicon | None = None
) -> ProcessedReport:
    """Split, label and index one report; an empty text gives an empty result.

    Raises
    ------
    MedVLPError
        If ``modality`` is neither ``"CT"`` nor ``"XR"``.
    """
    if modality not in _LABEL_SETS:
        raise MedVLPError(f"A report's modality is {modality!r}; expected one of 'CT', 'XR'.")
    known = lexicon or load_lexicon()
    sentences = split_sentences(described_text(text))
    return ProcessedReport(
        sentences=sentences,
        labels=label_report(sentences, _LABEL_SETS[modality]),
        entities=find_entities(sentences, known),
        statements=organ_statements(sentences, known),
    )
