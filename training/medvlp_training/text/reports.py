"""Sentences of real reports with weak labels: the lexicon, the negation rules, the report's labels."""

from __future__ import annotations

import csv
import gzip
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from medvlp.grounding.lexicon import Lexicon
from medvlp.grounding.negation import assertion
from medvlp.grounding.words import SIDES, stems, tokens
from medvlp_training.reports import sentences
from medvlp_training.reports.label_sets import CT_RATE
from medvlp_training.text.meanings import Meaning, MeaningSpace

HELD_OUT_ONE_IN = 5
_NORMAL = frozenset(stems("normal unremarkable natural intact preserved"))


@dataclass(frozen=True)
class Report:
    """One report: its sentences, and its own labels if it has any."""

    identity: str
    sentences: tuple[str, ...]
    labels: Mapping[str, bool]

    @property
    def held_out(self) -> bool:
        """Whether the report is kept back for evaluation: a fixed property of its identity."""
        digest = hashlib.sha256(self.identity.encode()).hexdigest()
        return int(digest, 16) % HELD_OUT_ONE_IN == 0


@dataclass(frozen=True)
class LabelledSentence:
    """A sentence and the meanings found in it."""

    text: str
    meanings: tuple[Meaning, ...]


def split_sentences(text: str) -> tuple[str, ...]:
    """Sentences of three words or more, without list numbers."""
    return sentences.split_sentences(text, fewest_words=3)


def read_ct_reports(folder: Path) -> list[Report]:
    """Chest CT reports with 18 labels each (``ctclip_ct_reports_train.csv``)."""
    with open(folder / "ctclip_ct_reports_train.csv", newline="", encoding="utf-8") as file:
        return [
            Report(
                row["AccessionNo"],
                split_sentences(row["report_text"]),
                {concept: row[column] == "1" for column, concept in CT_RATE.items()},
            )
            for row in csv.DictReader(file)
        ]


def read_xray_reports(folder: Path) -> list[Report]:
    """Chest X-ray reports (``openi_reports.csv.gz``); removed words (XXXX) are dropped."""
    with gzip.open(folder / "openi_reports.csv.gz", "rt", newline="", encoding="utf-8") as file:
        return [
            Report(
                row["uid"],
                split_sentences(f"{row['findings']} {row['impression']}"),
                {},
            )
            for row in csv.DictReader(file)
        ]


def read_captions(folder: Path) -> list[str]:
    """Captions of radiology figures (``roco_captions_cc.csv.gz``)."""
    with gzip.open(folder / "roco_captions_cc.csv.gz", "rt", newline="", encoding="utf-8") as file:
        return [row["caption"] for row in csv.DictReader(file)]


def label_sentence(text: str, space: MeaningSpace) -> tuple[Meaning, ...] | None:
    """Meanings of a sentence; None where a finding is doubtful or the sentence is too long."""
    lexicon = space.lexicon
    words = tokens(text)
    if not 2 <= len(words) <= 40:
        return None
    found: list[Meaning] = list(_normal_statements(words, lexicon))
    sides = {SIDES[word] for word in words if word in SIDES}
    place = next(iter(sides)) if len(sides) == 1 else None
    organs: list[str] = []
    for match in lexicon.find_all(words):
        if match.concept.kind == "organ":
            organs.append(match.concept.name)
            continue
        state = assertion(words, match.start, match.end)
        if state == "uncertain":
            return None
        meaning = Meaning(match.concept.name, place if state == "present" else None, state)
        found.append(meaning if meaning in space.index else Meaning(meaning.concept, None, state))
    if not found and organs and _NORMAL & {*stems(text)}:
        found = [Meaning(organ, state="normal") for organ in organs]
    return tuple(dict.fromkeys(found))


def _normal_statements(words: list[str], lexicon: Lexicon) -> Iterator[Meaning]:
    sentence = f" {' '.join(words)} "
    for concept in lexicon.of_kind("finding", "device"):
        if any(f" {' '.join(tokens(phrase))} " in sentence for phrase in concept.normal):
            yield Meaning(concept.name, state="absent")


def labelled_sentences(report: Report, space: MeaningSpace) -> Iterator[LabelledSentence]:
    """Sentences of a report whose weak labels do not contradict the report's own labels."""
    for sentence in report.sentences:
        meanings = label_sentence(sentence, space)
        if not meanings:
            continue
        contradicted = any(
            m.state != "normal"
            and m.concept in report.labels
            and report.labels[m.concept] != (m.state == "present")
            for m in meanings
        )
        if not contradicted:
            yield LabelledSentence(sentence, meanings)
