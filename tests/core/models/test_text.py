import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from medvlp.errors import ModelMismatchError
from medvlp.models.text import (
    ABSENT,
    PRESENT,
    TextConfig,
    TextTower,
    embed_texts,
    load_tokenizer,
    tokenize,
)

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "no", "left", "right", "pleural", "effusion", "liver"]


def make_tokenizer(path):
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(path / "tokenizer.json"))


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tokenizer")
    make_tokenizer(folder)
    return load_tokenizer(folder)


@pytest.fixture(scope="module")
def tower():
    torch.manual_seed(0)
    config = TextConfig(
        vocab_size=len(WORDS), hidden_size=24, layers=2, heads=4, intermediate_size=48,
        max_positions=32, dim=16, n_prompts=3,
    )  # fmt: skip
    tower = TextTower(config).eval()
    # Weights of ordinary size, so that attention has something to tell apart.
    for name, parameter in tower.named_parameters():
        if parameter.ndim >= 2 and "LayerNorm" not in name:
            torch.nn.init.normal_(parameter, std=0.5)
    return tower


def test_texts_become_unit_vectors_of_the_common_space(tower, tokenizer):
    vectors = embed_texts(tower, tokenizer, ["pleural effusion", "liver", "left effusion"])
    assert vectors.shape == (3, 16)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_word_order_and_words_matter(tower, tokenizer):
    a, b, c = embed_texts(tower, tokenizer, ["no left liver", "left no liver", "no left effusion"])
    assert not np.allclose(a, b, atol=1e-3)
    assert not np.allclose(a, c, atol=1e-3)


def test_the_absent_prompt_gives_the_same_words_another_vector(tower, tokenizer):
    texts = ["pleural effusion", "liver"]
    present = embed_texts(tower, tokenizer, texts, PRESENT)
    absent = embed_texts(tower, tokenizer, texts, ABSENT)
    mixed = embed_texts(tower, tokenizer, texts, [PRESENT, ABSENT])
    assert not np.allclose(present, absent, atol=1e-2)
    np.testing.assert_allclose(mixed, [present[0], absent[1]], atol=1e-5)


def test_the_company_in_a_batch_does_not_change_a_vector(tower, tokenizer):
    alone = embed_texts(tower, tokenizer, ["liver"])
    padded = embed_texts(tower, tokenizer, ["no left pleural effusion right liver", "liver"])[1:]
    np.testing.assert_allclose(alone, padded, atol=1e-5)


def test_batches_of_any_size_give_the_same_vectors(tower, tokenizer):
    texts = ["liver", "no effusion", "left pleural effusion", "right", "effusion"]
    np.testing.assert_allclose(
        embed_texts(tower, tokenizer, texts, batch_size=2),
        embed_texts(tower, tokenizer, texts, batch_size=64),
        atol=1e-5,
    )


def test_gradients_reach_the_prompt_that_was_used_and_only_that(tower, tokenizer):
    tower.zero_grad()
    ids, mask = tokenize(tokenizer, ["pleural effusion"])
    tower(ids, mask, torch.tensor([ABSENT]))[0, 0].backward()
    assert tower.prompts.grad[PRESENT].abs().sum() == 0
    assert tower.prompts.grad[ABSENT].abs().sum() > 0
    tower.zero_grad()


def test_without_prompts_the_tower_pools_its_bert(tokenizer):
    torch.manual_seed(1)
    config = TextConfig(len(WORDS), 24, 2, 4, 48, 32, 16, n_prompts=0)
    tower = TextTower(config).eval()
    ids, mask = tokenize(tokenizer, ["pleural effusion", "no"])
    words = tower.bert.embeddings.word_embeddings(ids)
    hidden = tower.bert(words, mask, torch.arange(ids.shape[1]).expand(2, -1))
    expected = (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
    torch.testing.assert_close(tower.pool(ids, mask), expected)


def test_half_precision_weights_survive_safetensors(tower, tokenizer):
    data = save({k: v.half().contiguous() for k, v in tower.state_dict().items()})
    copy = TextTower(tower.config).eval()
    copy.load_state_dict({k: v.float() for k, v in load(data).items()})
    texts = ["no pleural effusion", "left liver"]
    cosines = (embed_texts(copy, tokenizer, texts) * embed_texts(tower, tokenizer, texts)).sum(1)
    assert cosines.min() > 0.999


def test_the_default_tower_fits_its_share_of_the_model_folder():
    tower = TextTower(TextConfig())
    parameters = sum(tensor.numel() for tensor in tower.state_dict().values())
    assert 2 * parameters <= 46e6


def test_a_config_survives_its_dictionary_with_foreign_keys():
    config = TextConfig(dim=64, n_prompts=5)
    assert TextConfig.from_dict({**config.to_dict(), "model_type": "x"}) == config


def test_embedding_leaves_the_tower_in_its_mode(tower, tokenizer):
    tower.train()
    embed_texts(tower, tokenizer, ["liver"])
    assert tower.training
    tower.eval()


def test_no_texts_are_no_vectors(tower, tokenizer):
    assert embed_texts(tower, tokenizer, []).shape == (0, 16)


def test_a_text_beyond_the_positions_is_cut(tower, tmp_path):
    make_tokenizer(tmp_path)
    vectors = embed_texts(tower, load_tokenizer(tmp_path, max_tokens=20), ["liver " * 300])
    assert np.isfinite(vectors).all()


def test_a_folder_without_a_tokenizer_is_named(tmp_path):
    with pytest.raises(ModelMismatchError, match=r"no tokenizer\.json"):
        load_tokenizer(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(ModelMismatchError, match="not a tokenizer"):
        load_tokenizer(tmp_path)
