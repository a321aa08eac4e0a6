"""Vectors of the lexicon's texts, kept beside the weights that made them.

Most questions name a concept of the lexicon, and every organ table asks the same texts: with their
vectors in the model folder neither waits for the text tower.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import ModelMismatchError
from medvlp.models.folder import WEIGHTS, file_sha256

TEXT_VECTORS = "text_vectors.safetensors"
_SIDES, _LUNGS = ("left", "right", "bilateral"), "lungs"
_VECTORS, _TEXTS, _MADE_BY = "vectors", "texts", "weights_sha256"


def lexicon_texts() -> list[str]:
    """Every text that these questions are made of.

    A concept alone, by any of its names; a finding on a side; and a finding of the lungs in a lobe or a zone.
    """
    from medvlp.grounding.lexicon import load_lexicon
    from medvlp.grounding.query import parse_query

    lexicon = load_lexicon()
    concepts = lexicon.concepts.values()
    questions = [name for c in concepts for name in (c.preferred, *c.synonyms)]
    findings = [c for c in concepts if c.kind != "organ"]
    questions += [f"{side} {c.preferred}" for c in findings for side in _SIDES]
    parts = [c for c in concepts if c.name != _LUNGS and lexicon.lies_in(c.name, _LUNGS)]
    questions += [
        f"{c.preferred} in the {part.display}"
        for c in findings
        for part in parts
        if any(lexicon.lies_in(host, _LUNGS) for host in c.hosts)
    ]
    return list(dict.fromkeys(text for q in questions for text in parse_query(q).positives))


def write_text_vectors(folder: Path, vectors: Mapping[str, NDArray[np.float32]]) -> None:
    """Keep vectors in a model folder whose weights are final; its manifest is written afterwards.

    Parameters
    ----------
    folder
        With ``model.safetensors``, which made the vectors.
    vectors
        Text to ``(D,)`` unit vector.
    """
    from safetensors.numpy import save

    from medvlp.store.atomic import write_bytes_atomically

    facts = {_TEXTS: json.dumps(list(vectors)), _MADE_BY: file_sha256(folder / WEIGHTS)}
    table = np.stack(list(vectors.values())).astype(np.float32)
    write_bytes_atomically(folder / TEXT_VECTORS, save({_VECTORS: table}, facts))


def read_text_vectors(folder: Path, sha256: str) -> dict[str, NDArray[np.float32]]:
    """Text to unit vector; empty if the folder has none, or those of other weights.

    Parameters
    ----------
    folder
        Checked against its manifest before.
    sha256
        Of the weights.

    Raises
    ------
    ModelMismatchError
        If the file is not what :func:`write_text_vectors` writes.
    """
    from safetensors import SafetensorError, safe_open

    path = folder / TEXT_VECTORS
    if not path.is_file():
        return {}
    try:
        with safe_open(path, framework="numpy") as file:
            facts = file.metadata() or {}
            texts: Sequence[str] = json.loads(facts[_TEXTS])
            table = file.get_tensor(_VECTORS)
        made_by = facts[_MADE_BY]
        vectors = dict(zip(texts, table, strict=True))
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelMismatchError(
            f"{path} does not hold texts and their vectors ({error}). Get the folder again, or delete "
            "this file and its line in manifest.json: the text tower makes the same."
        ) from error
    return vectors if made_by == sha256 else {}
