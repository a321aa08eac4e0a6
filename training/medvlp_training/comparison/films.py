"""Films of the comparison: real chest films with painted findings, at the comparison's size.

Hosts are JSRT films (normal, or with a nodule of their own), so that what is not painted is known to be
absent and can be said to be. A film is small and is painted in hundredths of a second, which gives
thousands of them: with the thousand films that the default model's shards hold, every method only
learned them by heart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp_training.comparison.splits import comparison_split
from medvlp_training.pretraining.simulated import find_entities, organ_statements
from medvlp_training.reports.sentences import split_sentences
from medvlp_training.samples.sample import ABSENT, PRESENT, ImageTextSample
from medvlp_training.simulation.case import Lesion, Request, SimulationError
from medvlp_training.simulation.radiograph.bases import SIZE, Base, jsrt_bases
from medvlp_training.simulation.radiograph.film import Painted
from medvlp_training.simulation.radiograph.paint import PaintedFilm, paint
from medvlp_training.simulation.report import write_report
from medvlp_training.simulation.shard_file import FILM_CONFOUNDS

FILM_SIDE = 192
FINDINGS = (
    "pneumothorax", "ground_glass_opacity", "consolidation", "atelectasis", "lung_mass",
    "lung_nodule", "pleural_effusion",
)  # fmt: skip
NUMBER_OF_FINDINGS = (0.15, 0.5, 0.35)
"""Shares of films with none, one and two."""
SEVERITY = (0.5, 1.0)
"""Slight findings are left out: they are not learned at this size and length of training."""
ATTEMPTS = 20


@dataclass(frozen=True)
class Counts:
    """Films to paint on hosts of each split."""

    train: int = 5000
    val: int = 200
    test: int = 600


def films(data: Path, counts: Counts, seed: int) -> Iterator[ImageTextSample]:
    """Painted films, hosts of each split drawn at random; film ``n`` depends on seed, split and ``n``.

    Parameters
    ----------
    data
        Folder of the real scans.
    """
    hosts = [smaller_base(base) for base in jsrt_bases(data)]
    for number, split in enumerate(("train", "val", "test")):
        own = [host for host in hosts if comparison_split(host.patient) == split]
        for film in range(getattr(counts, split)):
            yield _film(own, np.random.default_rng([seed, number, film]), f"{split}-{film:05d}")


def smaller_base(base: Base) -> Base:
    """A host at the comparison's size."""
    factor = SIZE // FILM_SIDE

    def shrink(values: NDArray[Any]) -> NDArray[np.float32]:
        blocks = values.astype(np.float32).reshape(FILM_SIDE, factor, FILM_SIDE, factor)
        return np.asarray(blocks.mean(axis=(1, 3)), np.float32)

    heart = None if base.heart is None else shrink(base.heart) >= 0.5
    return replace(
        base, image=shrink(base.image), lung_left=shrink(base.lung_left) >= 0.5,
        lung_right=shrink(base.lung_right) >= 0.5, heart=heart, others={},
    )  # fmt: skip


def _film(hosts: Sequence[Base], rng: np.random.Generator, identity: str) -> ImageTextSample:
    """A host with as many findings as were drawn.

    Raises
    ------
    SimulationError
        If none of the hosts drawn can take them.
    """
    count = int(rng.choice(len(NUMBER_OF_FINDINGS), p=NUMBER_OF_FINDINGS))
    for _ in range(ATTEMPTS):
        host = hosts[int(rng.integers(len(hosts)))]
        unsure = {name for own in host.present for name in (own, *FILM_CONFOUNDS.get(own, ()))}
        possible = [name for name in FINDINGS if name not in unsure]
        names = [str(name) for name in rng.choice(possible, size=count, replace=False)]
        try:
            film = paint(
                host.image, host.lung_left, host.lung_right, host.heart, rng,
                [Request(name, severity=float(rng.uniform(*SEVERITY))) for name in names],
            )  # fmt: skip
        except SimulationError:
            continue
        return _sample(host, film, rng, identity)
    raise SimulationError(f"{identity}: none of {ATTEMPTS} hosts takes {count} findings.")


def _sample(
    host: Base, film: PaintedFilm, rng: np.random.Generator, identity: str
) -> ImageTextSample:
    names = [painted.finding for painted in film.painted]
    unknown = {n for name in (*names, *host.present) for n in (name, *FILM_CONFOUNDS.get(name, ()))}
    absent = tuple(name for name in FINDINGS if name not in unknown)
    lesions = tuple(_lesion(painted) for painted in film.painted)
    sentences = split_sentences(write_report(lesions, absent, rng))
    present = frozenset(names)
    organs, organ_names = _organs(film)
    entities = find_entities(sentences, present)
    return ImageTextSample(
        identity=identity,
        patient=host.patient,
        modality="XR",
        image=np.clip(np.round(film.image * 255), 0, 255).astype(np.uint8),
        sentences=sentences,
        labels=dict.fromkeys(sorted(absent), ABSENT) | dict.fromkeys(sorted(present), PRESENT),
        organs=organs,
        organ_names=organ_names,
        lesions={lesion.finding: lesion.mask for lesion in lesions},
        entities=entities,
        statements=organ_statements(sentences, entities, tuple(organ_names.values())),
        source="jsrt, painted",
    )


def _lesion(painted: Painted) -> Lesion:
    mask = painted.mask >= 0.5 * painted.mask.max()
    return Lesion(painted.finding, mask, painted.severity, painted.sentence, painted.side)


def _organs(film: PaintedFilm) -> tuple[NDArray[np.uint8], dict[int, str]]:
    """Label map; where organs overlap in projection, the heart is kept on top."""
    masks = {"lung_left": film.lung_left, "lung_right": film.lung_right, "heart": film.heart}
    known = {name: mask for name, mask in masks.items() if mask is not None}
    labels: NDArray[np.uint8] = np.zeros(film.image.shape, np.uint8)
    for value, mask in enumerate(known.values(), start=1):
        labels[mask] = value
    return labels, dict(enumerate(known, start=1))
