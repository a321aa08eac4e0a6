import json

import pytest
import torch
from safetensors.torch import save_file

from medvlp.grounding.lexicon import load_lexicon
from medvlp.models.text import TextConfig, TextTower
from medvlp_training.text.meanings import MeaningSpace


@pytest.fixture(scope="session")
def space():
    return MeaningSpace(load_lexicon())


@pytest.fixture(scope="session")
def tiny_base(tmp_path_factory):
    """A folder like MiniLM's, small enough to train in a second."""
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing

    folder = tmp_path_factory.mktemp("base")
    medical = sorted({w for c in load_lexicon().concepts.values() for s in c.synonyms
                      for w in s.lower().replace("-", " ").split()})  # fmt: skip
    outside = ["pizza", "guitar", "harbor", "meadow", "orchestra", "lantern", "castle", "novel"]
    words = list(dict.fromkeys(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "no", "without", *medical,
                                *outside]))  # fmt: skip
    tokenizer = Tokenizer(WordLevel({word: i for i, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = Whitespace()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    config = TextConfig(len(words), 32, 1, 4, 64, 64)
    torch.manual_seed(0)
    tower = TextTower(config)
    save_file({k: v.contiguous() for k, v in tower.bert.state_dict().items()},
              folder / "model.safetensors")  # fmt: skip
    names = {"vocab_size": len(words), "hidden_size": 32, "num_hidden_layers": 1,
             "num_attention_heads": 4, "intermediate_size": 64, "max_position_embeddings": 64}  # fmt: skip
    (folder / "config.json").write_text(json.dumps(names))
    return folder
