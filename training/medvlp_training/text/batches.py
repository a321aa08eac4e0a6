"""Batches of the text tower: related meanings side by side, so that hard negatives meet."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp_training.text.meanings import LOBES, Meaning, MeaningSpace
from medvlp_training.text.outside import outside_text
from medvlp_training.text.phrases import PhraseMaker
from medvlp_training.text.reports import LabelledSentence

OPPOSITE = {"left": "right", "right": "left", "upper": "lower", "lower": "upper"}


@dataclass(frozen=True)
class Batch:
    """Texts of one step.

    Parameters
    ----------
    texts, polarity
        Labelled texts first, then captions, then texts from outside radiology.
    weights
        ``(labelled, K)`` meanings of the labelled texts; rows sum to 1.
    n_captions
        Number of captions.
    """

    texts: list[str]
    polarity: list[int]
    weights: NDArray[np.float32]
    n_captions: int


@dataclass(frozen=True)
class BatchSizes:
    """How many texts of each source make a batch."""

    concepts: int = 12
    sentences: int = 24
    captions: int = 8
    outside: int = 14


class BatchMaker:
    """Draws batches; step ``n`` of a seed is always the same batch."""

    def __init__(
        self,
        space: MeaningSpace,
        sentences: Sequence[LabelledSentence],
        captions: Sequence[str],
        outside: list[str],
        seed: int,
        sizes: BatchSizes,
    ) -> None:
        self.space, self.captions, self.outside = space, captions, outside
        self.seed, self.sizes = seed, sizes
        self._by_meaning: dict[Meaning, list[LabelledSentence]] = {}
        for sentence in sentences:
            for meaning in sentence.meanings:
                self._by_meaning.setdefault(meaning, []).append(sentence)
        self._seen = sorted(self._by_meaning, key=space.index.__getitem__)
        self._findings = [c.name for c in space.lexicon.of_kind("finding", "device")]
        self._organs = [c.name for c in space.lexicon.of_kind("organ")]

    def batch(self, step: int) -> Batch:
        """The batch of this step."""
        rng = random.Random(f"{self.seed}/{step}")
        maker = PhraseMaker(self.space.lexicon, rng)
        drawn: list[tuple[str, int, tuple[Meaning, ...]]] = []
        for meaning in self._draw_meanings(rng):
            for _ in range(2):
                text, bare = maker.text(meaning)
                drawn.append((text, int(bare), (meaning,)))
        # Meanings, not sentences, are drawn: normal reports would drown the rare findings.
        for meaning in rng.choices(self._seen, k=self.sizes.sentences if self._seen else 0):
            sentence = rng.choice(self._by_meaning[meaning])
            drawn.append((sentence.text, 0, sentence.meanings))
        captions = rng.sample(self.captions, self.sizes.captions)
        foreign = [outside_text(self.outside, rng) for _ in range(self.sizes.outside)]
        texts = [text for text, *_ in drawn] + captions + foreign
        polarity = [sign for _, sign, _ in drawn] + [0] * (len(captions) + len(foreign))
        return Batch(texts, polarity, self._weights([m for *_, m in drawn]), len(captions))

    def _weights(self, meanings: Sequence[tuple[Meaning, ...]]) -> NDArray[np.float32]:
        weights = np.zeros((len(meanings), len(self.space.meanings)), np.float32)
        for row, several in enumerate(meanings):
            for meaning in several:
                weights[row, self.space.index[meaning]] += 1.0 / len(several)
        return weights

    def _draw_meanings(self, rng: random.Random) -> list[Meaning]:
        drawn: list[Meaning] = []
        for number in range(self.sizes.concepts):
            if number % 2:
                drawn += self._around_organ(rng.choice(self._organs), rng)
            else:
                drawn += self._around_finding(rng.choice(self._findings), rng)
        return list(dict.fromkeys(drawn))

    def _around_organ(self, name: str, rng: random.Random) -> list[Meaning]:
        drawn = [Meaning(name), Meaning(name, state=rng.choice(("absent", "normal")))]
        for word, other in OPPOSITE.items():
            twin = name.replace(word, other)
            if twin != name and twin in self.space.lexicon.concepts:
                drawn.append(Meaning(twin))
        return drawn

    def _around_finding(self, name: str, rng: random.Random) -> list[Meaning]:
        concept = self.space.lexicon.concepts[name]
        drawn = [Meaning(name), Meaning(name, state="absent")]
        if concept.sided:
            drawn += [Meaning(name, "left"), Meaning(name, "right")]
        if concept.mimics:
            drawn.append(Meaning(rng.choice(concept.mimics)))
        if "lungs" in concept.hosts:
            drawn += [Meaning(name, place) for place in rng.sample(LOBES, 2)]
        return drawn
