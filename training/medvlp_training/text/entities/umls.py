"""Concepts of the lexicon in UMLS, from files that the user has a licence for.

``MRCONSO.RRF`` (UMLS Reference Manual, "Concept Names and Sources") has one name a line, its 18
fields ended by ``|`` each: CUI, language, TS, LUI, STT, SUI, ISPREF, AUI, SAUI, SCUI, SDUI, source,
TTY, code, the string, SRL, SUPPRESS, CVF.
"""

from __future__ import annotations

import csv
import logging
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp.grounding.words import stems
from medvlp_training.text.entities.vectors import lexicon_concepts

logger = logging.getLogger(__name__)

_FIELDS = 18
_CUI, _LANGUAGE, _STRING, _SUPPRESS = 0, 1, 14, 16
_CUI_FORM = re.compile(r"C\d{7}")


def concept_cuis(mrconso: Path, concepts: Sequence[str]) -> dict[str, str]:
    """The CUI of each concept that UMLS has a name of.

    A CUI gets a vote for each of its English names that is a synonym of the concept; the preferred
    synonym decides between as many votes, then the lower CUI.

    Raises
    ------
    MedVLPError
        If the file is no ``MRCONSO.RRF``, or has no name of any concept.
    """
    found = lexicon_concepts(concepts)
    owner = {stems(synonym): c.name for c in found for synonym in c.synonyms}
    preferred = {stems(c.preferred) for c in found}
    longest = max((len(synonym) for c in found for synonym in c.synonyms), default=0)
    votes: dict[str, Counter[str]] = defaultdict(Counter)
    favoured: set[tuple[str, str]] = set()
    for cui, name in _english_names(mrconso):
        # Most names of UMLS are longer than any of ours, and stemming takes time.
        key = stems(name) if len(name) <= 2 * longest else ()
        if key in owner:
            votes[owner[key]][cui] += 1
            if key in preferred:
                favoured.add((owner[key], cui))
    chosen = {
        concept: min(cuis, key=lambda cui: (-cuis[cui], (concept, cui) not in favoured, cui))
        for concept, cuis in votes.items()
    }
    if concepts and not chosen:
        raise MedVLPError(
            f"{mrconso} has no English name of any of {len(concepts)} concepts: expected the "
            "MRCONSO.RRF of a UMLS release with its English sources."
        )
    logger.info("UMLS knows %d of %d concepts", len(chosen), len(concepts))
    return chosen


def cui_names(mrconso: Path, cuis: Collection[str]) -> dict[str, tuple[str, ...]]:
    """English names of each CUI, each once, in file order."""
    names: dict[str, dict[str, None]] = {cui: {} for cui in cuis}
    for cui, name in _english_names(mrconso):
        if cui in names:
            names[cui].setdefault(name)
    return {cui: tuple(found) for cui, found in names.items()}


class CuiVectors:
    """Entity vectors from a table of vectors by CUI, such as cui2vec (arXiv 1804.01486).

    Parameters
    ----------
    path
        CSV: a CUI and its numbers a line; a header is passed over.
    cuis
        Concept to CUI, as of :func:`concept_cuis`. A concept without CUI, or whose CUI the table
        lacks, gets 0.

    Raises
    ------
    MedVLPError
        If the file cannot be read, has lines of different lengths, or none of the CUIs.
    """

    def __init__(self, path: Path, cuis: Mapping[str, str]) -> None:
        self._cuis = cuis
        self._rows = _read_vectors(path, set(cuis.values()))

    @property
    def size(self) -> int:
        """Numbers of a line."""
        return len(next(iter(self._rows.values())))

    def vectors(self, concepts: Sequence[str]) -> Tensor:
        """Unit vectors, 0 for concepts that the table does not know."""
        table = torch.zeros(len(concepts), self.size)
        for row, concept in zip(table, concepts, strict=True):
            vector = self._rows.get(self._cuis.get(concept, ""))
            if vector is not None:
                row.copy_(torch.from_numpy(vector))
        return torch.nn.functional.normalize(table, dim=1)


def _english_names(mrconso: Path) -> Iterator[tuple[str, str]]:
    try:
        with mrconso.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                fields = line.rstrip("\r\n").split("|")
                if len(fields) != _FIELDS + 1 or not _CUI_FORM.fullmatch(fields[_CUI]):
                    raise MedVLPError(
                        f"{mrconso}, line {number}: found {len(fields) - 1} fields beginning with "
                        f"{fields[0][:20]!r}, expected the {_FIELDS} fields of MRCONSO.RRF, the "
                        "first a CUI, each ended by '|'."
                    )
                if fields[_LANGUAGE] == "ENG" and fields[_SUPPRESS] == "N":
                    yield fields[_CUI], fields[_STRING]
    except (OSError, UnicodeDecodeError) as error:
        raise MedVLPError(
            f"{mrconso} cannot be read ({error}); expected a UMLS MRCONSO.RRF."
        ) from error


def _read_vectors(path: Path, wanted: Collection[str]) -> dict[str, np.ndarray]:
    rows: dict[str, np.ndarray] = {}
    try:
        with path.open(newline="", encoding="utf-8") as lines:
            for cui, *numbers in filter(None, csv.reader(lines)):
                if cui in wanted:
                    rows[cui] = np.array(numbers, dtype=np.float32)
    except (OSError, ValueError) as error:
        raise MedVLPError(
            f"{path} cannot be read ({error}); expected CSV lines of a CUI and its numbers."
        ) from error
    lengths = {len(row) for row in rows.values()}
    if len(lengths) != 1 or not all(np.isfinite(row).all() for row in rows.values()):
        raise MedVLPError(
            f"{path}: found {len(rows)} of {len(wanted)} wanted CUIs, with vectors of lengths "
            f"{sorted(lengths)}; expected at least one, all of one length and of finite numbers."
        )
    return rows
