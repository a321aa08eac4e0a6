r"""Zero-shot answers about organs: which organ is this, and is it abnormal?

CT-GLIP (Lin et al., arXiv 2404.15272) recognises an organ by the most similar of all organs' texts, and
scores an abnormality by :math:`p = \mathrm{softmax}` over an abnormal and a normal text with
:math:`f_o` [P]. Its claim is that this beats vanilla CLIP, which asks the same texts of the whole image.
Both are scored here on the same samples: ``organ`` and ``image``. An objective without vectors of organs
answers for an organ by the mean of its regions' vectors inside the mask [R].
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from medvlp.errors import MedVLPError
from medvlp.grounding.lexicon import load_lexicon
from medvlp.models.text import tokenize
from medvlp_training.evaluation.statistics import Estimate, auroc, bootstrap, mean_estimate
from medvlp_training.objectives.batch import Batch, Vocabulary
from medvlp_training.objectives.objective import Objective, unit
from medvlp_training.objectives.shared.organ_answers import knows_organs
from medvlp_training.objectives.shared.organ_pooling import organ_mean
from medvlp_training.objectives.shared.organ_targets import (
    IMAGE_NAMES,
    organ_name,
    usable_organs,
)

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Reading = Literal["organ", "image"]
SCALE = 1 / 0.07
"""Of the similarities in the softmax: CLIP's first temperature. It does not change any AUROC."""
ORGAN_TEXT = "this is a {organ} in the {image}"


@dataclass(frozen=True)
class OrganPrompt:
    """A pair of texts that asks for one finding in one organ."""

    label: str
    organ: str
    abnormal: str
    normal: str


def organ_prompts(
    vocabulary: Vocabulary, abnormal: str = "{finding}.", normal: str = "Not {finding}."
) -> tuple[OrganPrompt, ...]:
    """Pairs for every label, in every organ where the lexicon says that it occurs.

    Parameters
    ----------
    vocabulary
        Labels and organs.
    abnormal, normal
        Templates with ``{finding}`` and ``{organ}``; fVLM's by default [P].
    """
    lexicon = load_lexicon()
    found = []
    for label in vocabulary.labels:
        concept = lexicon.concepts.get(label)
        if concept is None:
            continue
        for organ in vocabulary.organs:
            known = organ in lexicon.concepts
            if known and any(_overlap(organ, host) for host in concept.hosts):
                words = {"finding": concept.display, "organ": organ_name(organ, lexicon)}
                pair = (_sentence(template, words) for template in (abnormal, normal))
                found.append(OrganPrompt(label, organ, *pair))
    return tuple(found)


def _overlap(organ: str, host: str) -> bool:
    lexicon = load_lexicon()
    return lexicon.lies_in(organ, host) or lexicon.lies_in(host, organ)


def _sentence(template: str, words: dict[str, str]) -> str:
    text = template.format(**words)
    return text[:1].upper() + text[1:]


def abnormality_probability(
    vectors: Tensor, abnormal: Tensor, normal: Tensor, scale: float = SCALE
) -> Tensor:
    """Softmax over a pair of texts: probability of the abnormal one, ``(B, F)``.

    Parameters
    ----------
    vectors
        ``(B, F, D)`` unit vectors: for each pair, of the organ that it asks about.
    abnormal, normal
        ``(F, D)`` unit vectors.
    scale
        1 / temperature.
    """
    # Single precision ends at 1 - 6e-8: surer answers would all be ties.
    margin = (vectors.double() * (abnormal.double() - normal.double())).sum(-1)
    return (scale * margin).sigmoid()


def recognised_organs(vectors: Tensor, texts: Tensor) -> Tensor:
    """Index of the most similar of all organs' ``texts (O, D)``, for ``vectors (B, O, D)``."""
    return (vectors @ texts.T).argmax(-1)


@dataclass(frozen=True, eq=False)
class OrganAnswers:
    """Answers for ``N`` samples, ``O`` organs and ``F`` prompts.

    Parameters
    ----------
    vocabulary, prompts
        What the axes mean.
    patients
        Per sample.
    usable
        ``(N, O)`` bool.
    recognised
        ``(N, O)`` bool: the most similar organ text is the organ's own.
    probabilities
        Reading to ``(N, F)``.
    labels
        ``(N, C)`` int8 as in a batch.
    """

    vocabulary: Vocabulary
    prompts: tuple[OrganPrompt, ...]
    patients: tuple[str, ...]
    usable: NDArray[np.bool_]
    recognised: NDArray[np.bool_]
    probabilities: dict[Reading, NDArray[np.float64]]
    labels: NDArray[np.int8]

    def scores(self, label: str, reading: Reading) -> NDArray[np.float64]:
        """``(N,)``: greatest probability of a finding in any of its usable organs, NaN without any.

        The image reading takes the same prompts on the same samples.
        """
        asked = [f for f, prompt in enumerate(self.prompts) if prompt.label == label]
        organs = [self.vocabulary.organs.index(self.prompts[f].organ) for f in asked]
        usable = self.usable[:, organs]
        found = np.where(usable, self.probabilities[reading][:, asked], -np.inf)
        best = found.max(axis=1, initial=-np.inf)
        return np.where(np.isneginf(best), np.nan, best)

    def truth(self, label: str) -> NDArray[np.int8]:
        """``(N,)`` of the label."""
        return self.labels[:, self.vocabulary.labels.index(label)]

    @property
    def asked(self) -> tuple[str, ...]:
        """Labels with a prompt."""
        return tuple(dict.fromkeys(prompt.label for prompt in self.prompts))


@torch.no_grad()
def organ_answers(
    objective: Objective,
    tokenizer: Tokenizer,
    batches: Iterable[Batch],
    prompts: Sequence[OrganPrompt],
    organ_text: str = ORGAN_TEXT,
) -> OrganAnswers:
    """Ask a trained objective, in evaluation mode, about the organs of images of one kind.

    Raises
    ------
    MedVLPError
        If there is no batch.
    """
    vocabulary, rows = objective.vocabulary, list[tuple[Tensor, ...]]()
    patients: list[str] = []
    for batch in batches:
        rows.append(_answer(objective, tokenizer, batch, prompts, organ_text))
        patients += batch.patients
    if not rows:
        raise MedVLPError(
            "No samples to ask about organs: expected at least one batch, found none."
        )
    joined = [torch.cat(column).cpu() for column in zip(*rows, strict=True)]
    usable, recognised, organ, image, labels = (column.numpy() for column in joined)
    found: dict[Reading, NDArray[np.float64]] = {"organ": organ, "image": image}
    return OrganAnswers(
        vocabulary, tuple(prompts), tuple(patients), usable, recognised, found, labels
    )


def _answer(
    objective: Objective,
    tokenizer: Tokenizer,
    batch: Batch,
    prompts: Sequence[OrganPrompt],
    organ_text: str,
) -> tuple[Tensor, ...]:
    organs = objective.vocabulary.organs
    asked = organ_texts(organs, prompts, batch.volumetric, organ_text)
    ids, mask = (t.to(batch.input_ids.device) for t in tokenize(tokenizer, asked))
    representations = objective.encode(batch)
    if knows_organs(objective):
        vectors = objective.organ_vectors(representations, batch)
        texts = objective.organ_phrase_vectors(ids, mask)
    else:
        regions = objective.region_vectors(representations, batch)
        vectors = unit(organ_mean(regions, batch.organ_masks.flatten(2)))
        texts = objective.region_phrase_vectors(ids, mask)
    whole = objective.image_vectors(representations, batch)
    found = scored(vectors, texts, whole, objective.phrase_vectors(ids, mask), organs, prompts)
    return usable_organs(batch), *found, batch.labels


def organ_texts(
    organs: Sequence[str],
    prompts: Sequence[OrganPrompt],
    volumetric: bool,
    organ_text: str = ORGAN_TEXT,
) -> list[str]:
    """A text for each organ, then the abnormal and the normal one of each prompt."""
    lexicon, image = load_lexicon(), IMAGE_NAMES[volumetric]
    named = [organ_text.format(organ=organ_name(o, lexicon), image=image) for o in organs]
    return named + [text for prompt in prompts for text in (prompt.abnormal, prompt.normal)]


def scored(
    vectors: Tensor,
    texts: Tensor,
    whole: Tensor,
    phrases: Tensor,
    organs: Sequence[str],
    prompts: Sequence[OrganPrompt],
) -> tuple[Tensor, Tensor, Tensor]:
    """Whether each organ is recognised, and the prompts' probabilities by organ and by image.

    Parameters
    ----------
    vectors, whole
        Unit vectors of the organs ``(B, O, D)`` and of the images ``(B, D)``.
    texts, phrases
        Of :func:`organ_texts`, to be compared with organs and with images.
    organs, prompts
        What the axes mean.
    """
    right = torch.arange(len(organs), device=vectors.device)
    recognised = recognised_organs(vectors, texts[: len(organs)]) == right
    place = [organs.index(prompt.organ) for prompt in prompts]
    pair, other = texts[len(organs) :], phrases[len(organs) :]
    by_organ = abnormality_probability(vectors[:, place], pair[::2], pair[1::2])
    by_image = abnormality_probability(whole[:, None], other[::2], other[1::2])
    return recognised, by_organ, by_image


def recognition(answers: OrganAnswers) -> dict[str, Estimate]:
    """Share of usable organs recognised, by organ and, as ``"all"``, of all; chance is 1 / O."""
    patients = np.asarray(answers.patients)
    found = {}
    for o, organ in enumerate(answers.vocabulary.organs):
        rows = answers.usable[:, o]
        if rows.any():
            hits = answers.recognised[rows, o].astype(float)
            found[organ] = mean_estimate(hits.tolist(), patients[rows].tolist())
    if found:
        sample, organ_index = answers.usable.nonzero()
        hits = answers.recognised[sample, organ_index].astype(float)
        found["all"] = mean_estimate(hits.tolist(), patients[sample].tolist())
    return found


def abnormality(answers: OrganAnswers, reading: Reading) -> dict[str, Estimate]:
    """AUROC of each label whose absence and presence are known somewhere, by organ or whole image."""
    found = {}
    for label in answers.asked:
        measured = _areas(answers, reading, (label,))
        estimate = bootstrap(measured, answers.patients)
        if np.isfinite(estimate.value):
            positives = int((answers.truth(label) == 1).sum())
            found[label] = Estimate(estimate.value, estimate.low, estimate.high, positives)
    return found


def advantage(
    first: OrganAnswers, second: OrganAnswers, readings: tuple[Reading, Reading]
) -> Estimate:
    """Mean AUROC over labels of the first minus that of the second, on the same samples.

    The claim of CT-GLIP is that ``advantage(ct_glip, clip, ("organ", "image"))`` is above 0.

    Raises
    ------
    MedVLPError
        If the two were not asked the same of the same samples.
    """
    same = first.patients == second.patients and first.prompts == second.prompts
    if not same or not np.array_equal(first.labels, second.labels):
        raise MedVLPError(
            "The two sets of answers are about different samples or prompts: ask both objectives "
            "the same prompts of the same batches."
        )
    one = _areas(first, readings[0], first.asked)
    other = _areas(second, readings[1], first.asked)
    return bootstrap(lambda rows: one(rows) - other(rows), first.patients)


def _areas(
    answers: OrganAnswers, reading: Reading, labels: Sequence[str]
) -> Callable[[NDArray[np.intp]], float]:
    """Of some samples, the mean AUROC over the labels for which there is one."""
    columns = [(answers.scores(label, reading), answers.truth(label)) for label in labels]

    def mean(rows: NDArray[np.intp]) -> float:
        areas = []
        for scores, truth in columns:
            known = rows[np.isin(truth[rows], (0, 1)) & np.isfinite(scores[rows])]
            area = auroc(scores[known], truth[known] == 1)
            areas += [] if np.isnan(area) else [area]
        return float(np.mean(areas)) if areas else float("nan")

    return mean
