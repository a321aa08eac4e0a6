"""Which text is true of which patient's organ, and which must not be called false.

Texts of one organ type are compared with that organ in every patient of the batch. False negatives
are handled here for CT-GLIP, fVLM and RADAR alike: same text, both normal, and what a text entails.
"""

from __future__ import annotations

from functools import cached_property

import torch
from torch import Tensor

from medvlp.grounding.lexicon import Lexicon, load_lexicon
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.reports.abnormality_dictionary import stated_findings, with_broader

IMAGE_NAMES = {True: "CT scan", False: "chest X-ray"}
"""What a text calls the image, by whether it is volumetric."""


def organ_name(organ: str, lexicon: Lexicon) -> str:
    """What a text calls an organ: ``"left kidney"`` for ``"kidney_left"``."""
    concept = lexicon.concepts.get(organ)
    return organ.replace("_", " ") if concept is None else concept.display


class OrganTexts:
    """All texts that organs are compared with, in one list.

    The organ's name in a CT, its name in an X-ray, its normal text; then the vocabulary's phrases.

    Parameters
    ----------
    vocabulary
        Organs and phrases.
    organ_text
        Template with ``{organ}`` and ``{image}``.
    normal_text
        Template with ``{organ}``.
    dictionary_size
        Most frequent abnormal phrases of an organ that are its dictionary D_o.
    """

    def __init__(
        self, vocabulary: Vocabulary, organ_text: str, normal_text: str, dictionary_size: int
    ) -> None:
        self.vocabulary = vocabulary
        self.dictionary_size = dictionary_size
        self._lexicon = load_lexicon()
        names = [organ_name(organ, self._lexicon) for organ in vocabulary.organs]
        named = [
            organ_text.format(organ=name, image=IMAGE_NAMES[kind])
            for kind in (True, False)
            for name in names
        ]
        normal = [normal_text.format(organ=name) for name in names]
        normal = [text[:1].upper() + text[1:] for text in normal]
        self.texts: tuple[str, ...] = (*named, *normal, *vocabulary.phrases)
        self._first_phrase = len(named) + len(normal)

    def organs(self, volumetric: bool) -> slice:
        """Texts that name each organ in a CT or in an X-ray."""
        count = len(self.vocabulary.organs)
        return slice(0, count) if volumetric else slice(count, 2 * count)

    def stated(self, organ_phrase: Tensor) -> tuple[Tensor, Tensor]:
        """What each report states of each organ.

        Parameters
        ----------
        organ_phrase
            ``(B, O)`` as in a batch.

        Returns
        -------
        tuple of Tensor
            ``(B, O)`` int64 index of the text, the normal text for every normal statement and where
            nothing is said, -1 for an abnormal statement of unknown wording; and ``(B, O)`` bool:
            abnormal.
        """
        count, first = len(self.vocabulary.organs), self._first_phrase
        flags = [*self.vocabulary.phrase_abnormal, False]
        # Index -1, nothing said, reads the last flag: not abnormal.
        abnormal = torch.tensor(flags, device=organ_phrase.device)[organ_phrase.clamp(min=-1)]
        normal = torch.arange(2 * count, first, device=organ_phrase.device)
        texts = torch.where(abnormal, organ_phrase + first, normal.expand_as(organ_phrase))
        return texts.masked_fill(organ_phrase < -1, -1), abnormal | (organ_phrase < -1)

    @cached_property
    def dictionary(self) -> dict[str, Tensor]:
        """Per organ, the texts of its most frequent abnormal phrases, D_o."""
        start, v = self._first_phrase, self.vocabulary
        ranked = sorted(range(len(v.phrases)), key=lambda n: (-v.phrase_counts[n], v.phrases[n]))
        chosen: dict[str, list[int]] = {organ: [] for organ in v.organs}
        for n in ranked:
            members = chosen.get(v.phrase_organs[n])
            if members is not None and v.phrase_abnormal[n] and len(members) < self.dictionary_size:
                members.append(start + n)
        return {organ: torch.tensor(found, dtype=torch.long) for organ, found in chosen.items()}

    @cached_property
    def findings(self) -> tuple[Tensor, Tensor]:
        """Per abnormal text, ``(T, K)`` bool: findings stated, and those with all they are kinds of."""
        names = [c.name for c in self._lexicon.of_kind("finding", "device")]
        place = {name: k for k, name in enumerate(names)}
        stated = torch.zeros(len(self.texts), len(names), dtype=torch.bool)
        reached = stated.clone()
        for row, abnormal in enumerate(self.vocabulary.phrase_abnormal, self._first_phrase):
            if not abnormal:
                continue  # compared as the organ's normal text
            found = stated_findings(self.texts[row], self._lexicon)
            for flags, members in (
                (stated, found),
                (reached, with_broader(found, self._lexicon)),
            ):
                flags[row, [place[name] for name in sorted(members) if name in place]] = True
        return stated, reached

    def entailed(self, positives: Tensor, entries: Tensor) -> Tensor:
        """``(n, m)`` bool: entry ``m`` says what positive ``n`` says, or more; both index the texts.

        As :func:`medvlp_training.reports.abnormality_dictionary.entails`.
        """
        stated, reached = self.findings
        wanted = stated[positives.cpu()]
        contained = _contains(reached[entries.cpu()], wanted).T & wanted.any(-1, keepdim=True)
        return contained.to(positives.device) | (positives[:, None] == entries)

    def true_of(self, positives: Tensor, labels: Tensor, entries: Tensor) -> Tensor:
        """``(n, m)`` bool: all findings of entry ``m`` are patient ``n``'s, by the positive or a label.

        Parameters
        ----------
        positives, entries
            ``(n,)`` and ``(m,)``: index the texts.
        labels
            ``(n, C)`` as in a batch; an uncertain finding counts as the patient's.
        """
        stated, reached = self.findings
        present = ((labels == 1) | (labels == -1)).cpu().float()
        known = reached[positives.cpu()] | (present @ self._labelled > 0)
        said = stated[entries.cpu()]
        return (_contains(known, said) & said.any(-1)).to(positives.device)

    def no_negatives(
        self, positives: Tensor, labels: Tensor, entries: Tensor, judge_truth: bool
    ) -> Tensor:
        """``(n, m)`` bool: entry ``m`` entails positive ``n`` or, if judged, is true of the patient."""
        found = self.entailed(positives, entries)
        return found | self.true_of(positives, labels, entries) if judge_truth else found

    @cached_property
    def _labelled(self) -> Tensor:
        """``(C, K)``: findings that a label means, with all they are kinds of."""
        place = {c.name: k for k, c in enumerate(self._lexicon.of_kind("finding", "device"))}
        meant = torch.zeros(len(self.vocabulary.labels), len(place))
        for row, label in enumerate(self.vocabulary.labels):
            if label in place:
                names = with_broader([label], self._lexicon)
                meant[row, [place[name] for name in sorted(names) if name in place]] = 1
        return meant


def _contains(outer: Tensor, inner: Tensor) -> Tensor:
    """``(n, m)`` bool: every flag of ``inner (m, K)`` is set in ``outer (n, K)``."""
    return (~outer).float() @ inner.float().T == 0


def usable_organs(batch: Batch) -> Tensor:
    """``(B, O)`` bool: organs that are usable and have a mask to pool in."""
    return batch.organ_usable & (batch.organ_masks.flatten(2).sum(-1) > 0)


def diagnosis_targets(texts: Tensor, abnormal: Tensor, likeness: Tensor | None = None) -> Tensor:
    """``(n, n)``: how true the text of patient ``j`` is of the organ of patient ``i``, 0 to 1.

    fVLM [P]: 1 on the diagonal, for two normal organs and for the same text, else 0. RADAR [P] adds
    ``likeness (n, n)``, 0 to 1, between two abnormal organs.
    """
    same = texts[:, None] == texts
    normal = ~(abnormal[:, None] | abnormal)
    targets = (same | normal).to(torch.float32 if likeness is None else likeness.dtype)
    if likeness is not None:
        both = abnormal[:, None] & abnormal
        targets = torch.where(both & ~same, likeness, targets)
    return targets


def text_likeness(vectors: Tensor, temperature: float) -> Tensor:
    r"""How alike texts ``(n, D)`` are, 0 to 1: :math:`e^{(\cos_{ij} - 1) / \tau}` [R].

    RADAR's soft targets come from the similarity of an EMA text encoder's vectors [P]; its formula is
    not available, and a frozen text encoder is its own average.
    """
    vectors = torch.nn.functional.normalize(vectors, dim=-1)
    return ((vectors @ vectors.T - 1) / temperature).exp()


def draw(entries: Tensor, most: int, generator: torch.Generator) -> Tensor:
    """Up to ``most`` of the dictionary's entries, without repetition, all equally likely [R]."""
    return entries[torch.randperm(len(entries), generator=generator)[:most]]


def row_shares(weights: Tensor) -> Tensor:
    """Rows divided by their sums; a row of zeros stays."""
    total = weights.sum(-1, keepdim=True)
    return weights / torch.where(total > 0, total, 1.0)


def pad_columns(targets: Tensor, columns: int) -> Tensor:
    """Zeros after the last column: texts of the dictionary are true of nobody in the batch."""
    return torch.nn.functional.pad(targets, (0, columns))
