"""A tokenizer that splits words, and files in UMLS's layout."""

from __future__ import annotations

from pathlib import Path

import pytest
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import Lowercase
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing

PIECES = ("no", "small", "pl", "##eur", "##al", "e", "##ff", "##usion", "##usions", "liver", "left",
          "lung", "the", "is", "clear", ".", ",", "-", "pneumo", "##thorax", "##s")  # fmt: skip


@pytest.fixture
def word_pieces() -> Tokenizer:
    vocabulary = {piece: n for n, piece in enumerate(("[PAD]", "[UNK]", "[CLS]", "[SEP]", *PIECES))}
    tokenizer = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = Lowercase()
    tokenizer.pre_tokenizer = BertPreTokenizer()
    tokenizer.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.enable_padding()
    return tokenizer


def name(cui: str, text: str, language: str = "ENG", suppress: str = "N") -> str:
    """One line of MRCONSO.RRF."""
    fields = [cui, language, "P", "L0", "PF", "S0", "Y", "A0", "", "", "", "SNOMEDCT_US", "PT", "0"]
    return "|".join([*fields, text, "9", suppress, "256", ""])


@pytest.fixture
def mrconso(tmp_path: Path) -> Path:
    lines = (
        name("C0032227", "Pleural effusion"),
        name("C0032227", "Pleural Effusions"),
        name("C0032227", "Pleuraerguss", language="GER"),
        name("C0032227", "Pleural effusion, NOS"),
        name("C0032227", "PE - pleural effusion", suppress="O"),
        name("C9999999", "Pleural effusion"),
        name("C0023884", "Liver"),
        name("C0000899", "Hepar"),
        name("C0011849", "Diabetes mellitus"),
    )
    path = tmp_path / "MRCONSO.RRF"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
