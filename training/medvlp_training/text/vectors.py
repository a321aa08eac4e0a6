"""Vectors of the lexicon's texts, made once for a model folder."""

from __future__ import annotations

from pathlib import Path


def keep_text_vectors(folder: Path) -> None:
    """Embed the lexicon's texts with the folder's text tower and keep the vectors beside its weights.

    Parameters
    ----------
    folder
        With weights, configuration and tokenizer, all final; its manifest is written afterwards.
    """
    from medvlp.models.native import MAX_TOKENS
    from medvlp.models.text import embed_texts, load_tokenizer
    from medvlp.models.text_vectors import lexicon_texts, write_text_vectors
    from medvlp.models.weights import load_network

    texts = lexicon_texts()
    tower = load_network(folder).text
    vectors = embed_texts(tower, load_tokenizer(folder, MAX_TOKENS), texts)
    write_text_vectors(folder, dict(zip(texts, vectors, strict=True)))
