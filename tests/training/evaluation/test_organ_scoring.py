from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from medvlp.errors import MedVLPError
from medvlp_training.evaluation.organ_scoring import (
    OrganAnswers,
    OrganPrompt,
    abnormality,
    abnormality_probability,
    advantage,
    organ_answers,
    organ_prompts,
    recognised_organs,
    recognition,
)
from medvlp_training.objectives.batch import Batch, Vocabulary

VOCABULARY = Vocabulary(labels=("pleural_effusion", "cardiomegaly"), organs=("heart", "lung_left"))
PROMPTS = (
    OrganPrompt("pleural_effusion", "lung_left", "Pleural effusion.", "Not pleural effusion."),
    OrganPrompt("cardiomegaly", "heart", "Cardiomegaly.", "Not cardiomegaly."),
)
TEXTS = {
    "this is a heart in the CT scan": (1, 0, 0, 0),
    "this is a left lung in the CT scan": (0, 1, 0, 0),
    "Pleural effusion.": (0, 0, 1, 0),
    "Not pleural effusion.": (0, 0, -1, 0),
    "Cardiomegaly.": (0, 0, 0, 1),
    "Not cardiomegaly.": (0, 0, 0, -1),
}


@pytest.fixture(autouse=True)
def _few_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("medvlp_training.evaluation.statistics.RESAMPLES", 40)


class Knowing:
    """Organs as they are written in the images: a stand-in for a trained objective."""

    vocabulary = VOCABULARY

    def encode(self, batch: Batch) -> dict[str, torch.Tensor]:
        return {"organs": torch.nn.functional.normalize(batch.images[:, :, :2, 0, 0] + 1e-9, dim=1)}

    def organ_vectors(self, representations: Any, batch: Batch) -> torch.Tensor:
        return representations["organs"].transpose(1, 2)

    def image_vectors(self, representations: Any, batch: Batch) -> torch.Tensor:
        return torch.tensor([1.0, 0, 0, 0]).expand(len(batch), 4)

    def phrase_vectors(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        return torch.tensor([list(TEXTS.values())[int(n) - 4] for n in ids[:, 1]]).float()

    organ_phrase_vectors = phrase_vectors


@pytest.fixture
def whole_texts() -> Tokenizer:
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Split
    from tokenizers.processors import TemplateProcessing

    names = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2, "[SEP]": 3}
    made = Tokenizer(
        WordLevel(names | {text: n for n, text in enumerate(TEXTS, 4)}, unk_token="[UNK]")
    )
    made.pre_tokenizer = Split("\n", "removed")
    made.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    made.enable_padding()
    return made


def batch_of(truth: list[tuple[int, int]], usable: torch.Tensor | None = None) -> Batch:
    """Volumes whose voxel (channel, organ) is the organ's vector."""
    count = len(truth)
    images = torch.zeros(count, 4, 2, 1, 1)
    for row, (effusion, cardiomegaly) in enumerate(truth):
        images[row, :, 0, 0, 0] = torch.tensor([1, 0, 0, 2 * cardiomegaly - 1]).float()
        images[row, :, 1, 0, 0] = torch.tensor([0, 1, 2 * effusion - 1, 0]).float()
    ids = torch.zeros(count, 2, dtype=torch.int64)
    return Batch(
        images=images,
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        sentence_of_token=ids - 1,
        concept_of_token=ids - 1,
        has_report=torch.ones(count, dtype=torch.bool),
        labels=torch.tensor(truth, dtype=torch.int8),
        organ_masks=torch.ones(count, 2, 1, 1, 1),
        organ_usable=torch.ones(count, 2, dtype=torch.bool) if usable is None else usable,
        organ_phrase=torch.full((count, 2), -1),
        patients=tuple(f"p{n}" for n in range(count)),
    )


def ask(whole_texts: Tokenizer, *batches: Batch) -> OrganAnswers:
    objective: Any = Knowing()
    return organ_answers(objective, whole_texts, batches, PROMPTS)


def test_prompts_ask_for_a_finding_where_it_occurs() -> None:
    labels = ("pleural_effusion", "cardiomegaly", "hepatic_unheard_of")
    vocabulary = Vocabulary(labels=labels, organs=("heart", "lung_left", "liver"))
    assert organ_prompts(vocabulary) == PROMPTS
    asked = organ_prompts(vocabulary, "{organ} shows {finding}", "{organ} shows nothing")
    assert asked[1].abnormal == "Heart shows cardiomegaly"
    assert asked[0].normal == "Left lung shows nothing"


def test_probability_is_the_softmax_over_the_pair() -> None:
    torch.manual_seed(0)
    vectors, abnormal, normal = torch.randn(5, 2, 8), torch.randn(2, 8), torch.randn(2, 8)
    found = abnormality_probability(vectors, abnormal, normal, 3.0)
    for f in range(2):
        logits = 3.0 * torch.stack([vectors[:, f] @ abnormal[f], vectors[:, f] @ normal[f]], 1)
        torch.testing.assert_close(found[:, f].float(), logits.softmax(1)[:, 0])


def test_very_sure_answers_are_no_ties() -> None:
    vectors = torch.tensor([[[1.0, 0.0]], [[0.8, 0.6]]])
    text = torch.tensor([[1.0, 0.0]])
    first, second = abnormality_probability(vectors, text, -text).flatten().tolist()
    assert first > second > 0.999999999


def test_an_organ_is_recognised_by_the_most_similar_text() -> None:
    vectors = torch.tensor([[[0.9, 0.1], [0.8, 0.2]]])
    assert recognised_organs(vectors, torch.eye(2)).tolist() == [[0, 0]]


def test_an_objective_that_knows_organs_beats_its_own_global_vector(
    whole_texts: Tokenizer,
) -> None:
    truth = [(0, 0), (1, 0), (0, 1), (1, 1)] * 3
    answers = ask(whole_texts, batch_of(truth[:5]), batch_of(truth[5:]))
    assert recognition(answers)["all"].value == 1
    for label in VOCABULARY.labels:
        assert abnormality(answers, "organ")[label].value == 1
        assert abnormality(answers, "image")[label].value == 0.5
        assert abnormality(answers, "organ")[label].n == 6
    gain = advantage(answers, answers, ("organ", "image"))
    assert (gain.value, gain.low, gain.high) == (0.5, 0.5, 0.5)
    assert advantage(answers, answers, ("organ", "organ")).value == 0


def test_organs_that_are_not_usable_are_not_asked(whole_texts: Tokenizer) -> None:
    usable = torch.ones(4, 2, dtype=torch.bool)
    usable[:, 0] = False
    usable[0, 1] = False
    answers = ask(whole_texts, batch_of([(0, 0), (1, 0), (0, 1), (1, 1)], usable))
    assert set(recognition(answers)) == {"lung_left", "all"}
    assert recognition(answers)["all"].n == 3
    assert np.isnan(answers.scores("cardiomegaly", "organ")).all()
    assert set(abnormality(answers, "image")) == {"pleural_effusion"}
    assert abnormality(answers, "organ")["pleural_effusion"].value == 1


def test_unknown_and_uncertain_labels_count_for_nothing(whole_texts: Tokenizer) -> None:
    batch = batch_of([(0, 0), (1, 0), (1, 1), (0, 1)])
    answers = ask(whole_texts, batch)
    answers.labels[2:, 0] = (-1, -2)
    assert abnormality(answers, "organ")["pleural_effusion"].value == 1
    answers.labels[1, 0] = -2
    assert "pleural_effusion" not in abnormality(answers, "organ")


def test_a_finding_is_scored_by_the_worst_of_its_organs() -> None:
    vocabulary = Vocabulary(labels=("lung_nodule",), organs=("lung_left", "lung_right"))
    prompts = tuple(OrganPrompt("lung_nodule", o, "a", "b") for o in vocabulary.organs)
    usable = np.array([[True, True], [True, False], [False, False]])
    probabilities = np.array([[0.2, 0.7], [0.3, 0.9], [0.5, 0.5]])
    answers = OrganAnswers(
        vocabulary,
        prompts,
        ("a", "b", "c"),
        usable,
        usable,
        {"organ": probabilities, "image": probabilities},
        np.zeros((3, 1), np.int8),
    )
    np.testing.assert_array_equal(answers.scores("lung_nodule", "organ"), [0.7, 0.3, np.nan])


def test_different_samples_are_not_compared(whole_texts: Tokenizer) -> None:
    one = ask(whole_texts, batch_of([(0, 0), (1, 1)]))
    other = ask(whole_texts, batch_of([(0, 0), (1, 1), (0, 1)]))
    with pytest.raises(MedVLPError, match="different samples"):
        advantage(one, other, ("organ", "image"))


def test_no_samples_are_refused(whole_texts: Tokenizer) -> None:
    with pytest.raises(MedVLPError, match="at least one batch"):
        ask(whole_texts)


def test_an_objective_without_organs_answers_by_its_regions(whole_texts: Tokenizer) -> None:
    class Regions:
        vocabulary = VOCABULARY
        encode = Knowing.encode
        image_vectors = Knowing.image_vectors
        phrase_vectors = region_phrase_vectors = Knowing.phrase_vectors
        region_vectors = Knowing.organ_vectors

    batch = batch_of([(0, 0), (1, 1)])
    masks = torch.zeros(2, 2, 2, 1, 1)
    masks[:, 0, 0] = masks[:, 1, 1] = 0.5
    batch = Batch(**{**vars(batch), "organ_masks": masks})
    objective: Any = Regions()
    found = organ_answers(objective, whole_texts, [batch], PROMPTS)
    expected = ask(whole_texts, batch)
    np.testing.assert_allclose(
        found.probabilities["organ"], expected.probabilities["organ"], rtol=1e-4
    )
    np.testing.assert_array_equal(found.recognised, expected.recognised)
