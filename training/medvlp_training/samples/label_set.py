"""Labels of a collection in the lexicon's words; one JSON file for each set of labels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict

from medvlp.grounding.lexicon import load_lexicon
from medvlp_training.datasets.concepts import broader
from medvlp_training.reports.label_sets import NO_FINDING
from medvlp_training.samples.errors import SampleError
from medvlp_training.samples.sample import ABSENT, PRESENT, UNCERTAIN

SCHEMA = "medvlp/label-set/1"
_DEVICES = frozenset(c.name for c in load_lexicon().of_kind("device"))
_STRONGEST_FIRST = (PRESENT, UNCERTAIN, ABSENT)


class LabelSet(BaseModel):
    """How the labels of a collection are read.

    Parameters
    ----------
    name, source
        Of the label set, and where it is documented.
    concepts
        Label to the lexicon's concepts. An empty list: the label is known and deliberately not
        used, because the lexicon has no concept that means the same.
    normal
        Labels that say that nothing else of the set is there.
    not_excluded_by_normal
        Labels of which ``normal`` says nothing (devices).
    closed
        Whether a label that is not listed is absent rather than unknown.
    open_vocabulary
        Whether labels that are not in ``concepts`` are passed over rather than an error.
    interchangeable
        Concepts that stand for one another in text-mined labels: where one is present, those of its
        group that are not listed are unknown, not absent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    schema_: str
    name: str
    source: str
    concepts: dict[str, tuple[str, ...]]
    normal: tuple[str, ...] = ()
    not_excluded_by_normal: tuple[str, ...] = ()
    closed: bool = False
    open_vocabulary: bool = False
    interchangeable: tuple[tuple[str, ...], ...] = ()

    def read(self, values: Mapping[str, int]) -> dict[str, int]:
        """Labels by concept, from values of 1, 0 and -1 by the collection's own label.

        Where several labels mean one concept, present goes before uncertain and uncertain before
        absent; an absent concept is left out where a narrower one is present or uncertain.

        Raises
        ------
        SampleError
            If a label is not of the set, or a value is out of range.
        """
        by_concept: dict[str, int] = {}
        for label, value in values.items():
            if value not in _STRONGEST_FIRST:
                raise SampleError(
                    f"label {label!r} of {self.name}: {value} is out of range; expected 1, 0 or -1."
                )
            for concept in self._of(label):
                known = by_concept.get(concept, value)
                by_concept[concept] = min(known, value, key=_STRONGEST_FIRST.index)
        if any(values.get(label) == PRESENT for label in self.normal):
            self._exclude(by_concept, self._concepts(self.not_excluded_by_normal))
        elif self.closed:
            self._exclude(by_concept, frozenset())
        return _consistent(by_concept)

    def read_cells(self, row: Mapping[str, str]) -> dict[str, int]:
        """Labels by concept, from a row with a column for each label: 1.0, 0.0, -1.0 or empty.

        Raises
        ------
        SampleError
            If a cell holds something else.
        """
        values: dict[str, int] = {}
        for label in self.concepts:
            cell = row.get(label, "").strip()
            if cell:
                values[label] = parse_label(cell, label)
        return self.read(values)

    def read_listed(self, labels: Iterable[str]) -> dict[str, int]:
        """Labels by concept, from a list of what is present."""
        return self.read(dict.fromkeys(labels, PRESENT))

    def _of(self, label: str) -> tuple[str, ...]:
        if label not in self.concepts and not self.open_vocabulary:
            raise SampleError(
                f"label {label!r} is not of the set {self.name}; expected one of "
                f"{', '.join(self.concepts)}."
            )
        return self.concepts.get(label, ())

    def _concepts(self, labels: Iterable[str]) -> frozenset[str]:
        return frozenset(concept for label in labels for concept in self.concepts[label])

    def _exclude(self, labels: dict[str, int], untouched: frozenset[str]) -> None:
        """Mark as absent what is not listed."""
        unknown = set(untouched)
        for group in self.interchangeable:
            if any(labels.get(concept) in (PRESENT, UNCERTAIN) for concept in group):
                unknown |= set(group)
        for concept in self._concepts(self.concepts) - unknown:
            labels.setdefault(concept, ABSENT)


def parse_label(cell: str, label: str) -> int:
    """1, 0 or -1 from a cell such as ``"1"`` or ``"-1.0"``.

    Raises
    ------
    SampleError
        If it is something else.
    """
    try:
        value = float(cell)
    except ValueError:
        value = float("nan")
    if value not in _STRONGEST_FIRST:
        raise SampleError(
            f"label {label!r}: {cell!r} is out of range; expected 1 (present), 0 (absent), -1 "
            "(uncertain) or an empty cell (not known)."
        )
    return int(value)


def join_labels(of_report: Mapping[str, int], of_collection: Mapping[str, int]) -> dict[str, int]:
    """Labels of a report's text and of its collection, which goes first where both say something.

    ``no_finding`` of the one is left out where the other has a finding (devices are none).
    """
    labels = _consistent({**of_report, **of_collection})
    found = [c for c, v in labels.items() if v != ABSENT and c not in (NO_FINDING, *_DEVICES)]
    if found and labels.get(NO_FINDING) == PRESENT:
        del labels[NO_FINDING]
    return labels


@cache
def load_label_set(name: str) -> LabelSet:
    """One of the sets that ship with the package, by the name of its file."""
    path = resources.files("medvlp_training.samples") / "label_sets" / f"{name}.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["schema_"] = content.pop("schema")
    label_set = LabelSet.model_validate(content)
    if label_set.schema_ != SCHEMA:
        raise SampleError(f"{name}.json: expected schema {SCHEMA}, found {label_set.schema_!r}.")
    return label_set


def _consistent(labels: dict[str, int]) -> dict[str, int]:
    """Without absent concepts of which a kind is there: consolidation is a lung opacity."""
    implied = {
        above
        for concept, value in labels.items()
        if value in (PRESENT, UNCERTAIN)
        for above in broader(concept) - {concept}
    }
    return {c: v for c, v in sorted(labels.items()) if not (v == ABSENT and c in implied)}
