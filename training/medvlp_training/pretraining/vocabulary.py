"""What the indices of a run's batches mean, collected from its training samples."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from medvlp.errors import MedVLPError
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.reports.abnormality_dictionary import build_dictionary
from medvlp_training.samples.sample import ImageTextSample, OrganStatement


def build_vocabulary(samples: Iterable[ImageTextSample], min_label_count: int = 1) -> Vocabulary:
    """Labels, organs and concepts of samples, each sorted, and phrases by organ and frequency.

    Parameters
    ----------
    samples
        Of the training split alone; pixels are not looked at.
    min_label_count
        Findings known (present, absent or uncertain) in fewer samples are left out.
    """
    labels: Counter[str] = Counter()
    organs: set[str] = set()
    concepts: set[str] = set()
    statements: list[OrganStatement] = []
    for sample in samples:
        labels.update(sample.labels.keys())
        organs.update(sample.organ_names.values())
        organs.update(statement.organ for statement in sample.statements)
        concepts.update(entity.concept for entity in sample.entities)
        statements += sample.statements
    vocabulary = Vocabulary(
        labels=tuple(sorted(name for name, n in labels.items() if n >= min_label_count)),
        organs=tuple(sorted(organs)),
        concepts=tuple(sorted(concepts)),
    )
    return build_dictionary(statements).fill(vocabulary)


def save_vocabulary(vocabulary: Vocabulary, path: Path) -> None:
    """Write it as JSON, atomically."""
    write_bytes_atomically(path, json.dumps(asdict(vocabulary), indent=1).encode())


def load_vocabulary(path: Path) -> Vocabulary:
    """Inverse of :func:`save_vocabulary`.

    Raises
    ------
    MedVLPError
        If the file is missing or holds something else.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Vocabulary(**{name: tuple(values) for name, values in fields.items()})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise MedVLPError(f"{path} is not a vocabulary ({error}).") from error
