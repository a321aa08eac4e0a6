import numpy as np
import pytest
import torch

from medvlp.errors import ModelMismatchError
from medvlp.models.text import embed_texts, load_tokenizer
from medvlp_training.text.batches import BatchMaker, BatchSizes
from medvlp_training.text.outside import outside_words
from medvlp_training.text.reports import LabelledSentence, label_sentence
from medvlp_training.text.tower import load_tower, save_tower, tower_from_minilm
from medvlp_training.text.train import CHECKPOINT, TrainConfig, Trainer, train

SENTENCES = ["There is a left pleural effusion.", "No pneumothorax is seen.", "Mild cardiomegaly."]
CAPTIONS = [f"figure {i} of a patient with pain" for i in range(6)]
SIZES = BatchSizes(concepts=4, sentences=3, captions=3, outside=4)
CPU = torch.device("cpu")


@pytest.fixture
def batches(space, tiny_base):
    sentences = [LabelledSentence(text, label_sentence(text, space)) for text in SENTENCES]
    words = ["pizza", "guitar", "harbor", "meadow"]
    return BatchMaker(space, sentences, CAPTIONS, words, seed=5, sizes=SIZES)


def trainer(tiny_base, batches, steps=6):
    config = TrainConfig(steps=steps, warmup=2, dim=16, n_prompts=2, save_every=3)
    return Trainer(config, tiny_base, batches, CPU)


def test_a_step_of_a_seed_is_always_the_same_batch(batches):
    a, b, c = batches.batch(4), batches.batch(4), batches.batch(5)
    assert a.texts == b.texts != c.texts
    np.testing.assert_array_equal(a.weights, b.weights)


def test_a_batch_sets_the_denied_beside_the_stated(batches, space):
    weights = batches.batch(0).weights
    np.testing.assert_allclose(weights.sum(1), 1.0, rtol=1e-6)
    present = {m.concept for m, w in zip(space.meanings, weights.sum(0), strict=True)
               if w and m.state == "present"}  # fmt: skip
    absent = {m.concept for m, w in zip(space.meanings, weights.sum(0), strict=True)
              if w and m.state == "absent"}  # fmt: skip
    assert len(present & absent) >= 2


def test_training_lowers_the_objective(tiny_base, batches):
    run = trainer(tiny_base, batches, steps=40)
    fixed = [batches.batch(step) for step in range(4)]

    def objective() -> float:
        terms = [v for batch in fixed for v in run.losses(batch).values()]
        return sum(float(v.detach()) for v in terms) / len(fixed)

    before = objective()
    for _ in range(40):
        run.advance()
    assert objective() < before - 0.1


def test_a_resumed_run_ends_where_an_unbroken_one_does(tiny_base, batches, tmp_path):
    whole = trainer(tiny_base, batches)
    train(whole, tmp_path)
    first = trainer(tiny_base, batches)
    for _ in range(3):
        first.advance()
    first.save(tmp_path / CHECKPOINT)
    second = trainer(tiny_base, batches)
    second.resume(tmp_path / CHECKPOINT)
    assert second.step == 3
    train(second, tmp_path)
    for a, b in zip(whole.tower.parameters(), second.tower.parameters(), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-4, atol=1e-5)


def test_word_embeddings_stay_and_prompts_move(tiny_base, batches):
    run = trainer(tiny_base, batches)
    words = run.tower.bert.embeddings.word_embeddings.weight.clone()
    prompts = run.tower.prompts.clone()
    run.advance()
    torch.testing.assert_close(run.tower.bert.embeddings.word_embeddings.weight, words)
    assert not torch.allclose(run.tower.prompts, prompts)


def test_a_saved_tower_embeds_as_before(tiny_base, batches, tmp_path):
    run = trainer(tiny_base, batches)
    save_tower(run.tower, tiny_base, tmp_path, facts={"base": "tiny"})
    tokenizer = load_tokenizer(tmp_path)
    texts = ["left pleural effusion", "no pneumothorax"]
    np.testing.assert_allclose(
        embed_texts(load_tower(tmp_path), tokenizer, texts),
        embed_texts(run.tower, tokenizer, texts),
        atol=1e-6,
    )


def test_the_starting_point_is_the_given_encoder(tiny_base):
    a, b = tower_from_minilm(tiny_base), tower_from_minilm(tiny_base)
    for (name, x), y in zip(a.bert.state_dict().items(), b.bert.state_dict().values(), strict=True):
        assert torch.equal(x, y), name


def test_a_folder_without_weights_is_refused(tmp_path):
    with pytest.raises(ModelMismatchError, match="no MiniLM folder"):
        tower_from_minilm(tmp_path)
    with pytest.raises(ModelMismatchError, match="no text tower"):
        load_tower(tmp_path)


def test_outside_words_are_split_and_not_medical(tiny_base, space):
    train_words, kept = outside_words(load_tokenizer(tiny_base), space.lexicon, ["a lantern here"])
    assert set(train_words).isdisjoint(kept)
    found = {*train_words, *kept}
    assert {"harbor", "castle"} <= found
    assert not {"lantern", "pleural", "liver", "haematoma", "pizza", "guitar"} & found
