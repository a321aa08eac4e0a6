"""The simulated and prepared case files of this package as image-text samples.

A file holds a report but no annotated text: sentences are split at full stops, concepts are found
with the lexicon's phrases, and a statement is abnormal if its finding lies in the image.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import MedVLPError
from medvlp.grounding.lexicon import Lexicon, load_lexicon
from medvlp.grounding.words import tokens
from medvlp_training.datasets.case import read_case
from medvlp_training.datasets.case_file import case_facts
from medvlp_training.datasets.xray import read_xr
from medvlp_training.pretraining.source import Kind
from medvlp_training.reports.sentences import split_sentences
from medvlp_training.samples.sample import (
    ABSENT,
    PRESENT,
    Entity,
    ImageTextSample,
    OrganStatement,
)


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    return load_lexicon()


def find_entities(sentences: Sequence[str], present: frozenset[str]) -> tuple[Entity, ...]:
    """Findings and organs that sentences name; one among ``present`` is present, others absent."""
    found = []
    for number, sentence in enumerate(sentences):
        for match in _lexicon().find_all(tokens(sentence)):
            place = re.search(r"\W+".join(map(re.escape, match.phrase.split())), sentence, re.I)
            if place is None:  # an inflected or misspelt form: its place is not known
                continue
            name = match.concept.name
            organ = match.concept.kind == "organ"
            state = PRESENT if organ or name in present else ABSENT
            found.append(Entity(number, place.start(), place.end(), name, state))
    return tuple(found)


def organ_statements(
    sentences: Sequence[str], entities: Sequence[Entity], organs: Sequence[str]
) -> tuple[OrganStatement, ...]:
    """A sentence that names one finding is a statement about the finding's hosts among ``organs``."""
    lexicon = _lexicon()
    statements = []
    for number, sentence in enumerate(sentences):
        findings = [
            e for e in entities
            if e.sentence == number and lexicon.concepts[e.concept].kind == "finding"
        ]  # fmt: skip
        hosts = {host for e in findings for host in lexicon.concepts[e.concept].hosts}
        abnormal = any(e.state == PRESENT for e in findings)
        sides = {side for side in ("left", "right") if re.search(rf"\b{side}\b", sentence, re.I)}
        for organ in organs:
            side = lexicon.concepts[organ].laterality
            if len(sides) == 1 and side is not None and side not in sides:
                continue
            if any(lexicon.lies_in(organ, host) for host in hosts):
                statements.append(OrganStatement(organ, sentence, abnormal))
    return tuple(statements)


def _sample(
    path: Path, modality: Kind, patient: str, present: frozenset[str], absent: frozenset[str],
    organ_names: dict[int, str], **arrays: Any,
) -> ImageTextSample:  # fmt: skip
    sentences = split_sentences(case_facts(path).get("report", ""))
    entities = find_entities(sentences, present)
    known = [name for name in organ_names.values() if name in _lexicon().concepts]
    return ImageTextSample(
        identity=f"{path.parent.name}/{path.stem}",
        patient=patient,
        modality=modality,
        sentences=sentences,
        labels=dict.fromkeys(sorted(absent - present), ABSENT)
        | dict.fromkeys(sorted(present), PRESENT),
        organ_names=organ_names,
        entities=entities,
        statements=organ_statements(sentences, entities, known),
        **arrays,
    )


def read_ct(path: Path) -> ImageTextSample:
    """A CT case; its arrays are axes S, P, L, so the affine is a scaling that swaps the axes."""
    case = read_case(path)
    affine = np.zeros((4, 4))
    affine[[2, 1, 0, 3], [0, 1, 2, 3]] = (*(case.spacing_mm,) * 3, 1)
    return _sample(
        path, "CT", case.patient, frozenset(case.lesions), case.absent, case.names,
        image=case.volume, affine=affine, organs=case.organs, lesions=case.lesions,
        source="simulated/CT",
    )  # fmt: skip


def read_film(path: Path) -> ImageTextSample:
    """An X-ray case; where organs overlap in projection, the one of fewer pixels is kept on top."""
    case = read_xr(path)
    lexicon = _lexicon()
    masks = {n: m for n, m in case.masks.items() if n in lexicon.concepts}
    organs = sorted(
        (name for name in masks if lexicon.concepts[name].kind == "organ"),
        key=lambda name: -int(masks[name].sum()),
    )
    names = dict(enumerate(organs, start=1))
    labels: NDArray[np.uint8] = np.zeros(case.image.shape, np.uint8)
    for value, name in names.items():
        labels[masks[name]] = value
    lesions = {n: m for n, m in case.masks.items() if n not in organs}
    return _sample(
        path, "XR", case.patient, case.present, case.absent - case.present, names,
        image=case.image, organs=labels if names else None, lesions=lesions, source=case.source,
    )  # fmt: skip


class CaseFiles:
    """Case files of one kind, in the order of their names.

    Parameters
    ----------
    pattern
        Glob, relative to the working folder or absolute.
    kind
        What the files hold.

    Raises
    ------
    MedVLPError
        If no file matches.
    """

    def __init__(self, pattern: str, kind: Kind) -> None:
        from glob import glob

        self.kind = kind
        self.paths = tuple(Path(path) for path in sorted(glob(pattern)))
        if not self.paths:
            raise MedVLPError(f"No file matches {pattern!r}, which should name {kind} cases.")

    def __len__(self) -> int:
        return len(self.paths)

    def read(self, index: int) -> ImageTextSample:
        """The sample in the file of that number."""
        path = self.paths[index]
        return read_ct(path) if self.kind == "CT" else read_film(path)

    def describe(self, index: int) -> ImageTextSample:
        """The sample without its arrays (the whole file is read: masks say what is present)."""
        from dataclasses import replace

        sample = self.read(index)
        nothing = np.zeros((0,) * sample.image.ndim, sample.image.dtype)
        return replace(sample, image=nothing, organs=None, lesions={})

    def split(self, index: int) -> str | None:
        """Case files prescribe none."""
        return None
