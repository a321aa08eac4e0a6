"""Words from outside radiology: what the text tower must keep away from every concept."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import TYPE_CHECKING

from medvlp.grounding.lexicon import Lexicon
from medvlp.grounding.words import stems, tokens
from medvlp_training.text.phrases import held_out

if TYPE_CHECKING:
    from tokenizers import Tokenizer

FRAMES = ("{a}", "{a}", "the {a}", "a {a}", "{a} {b}", "the {a} and the {b}", "a photo of a {a}",
          "{a} with {b}", "where is the {a}", "no {a}", "{a} in the {b}", "large {a}", "left {a}",
          "{a} on the right", "small {a}", "the {a} of {b} and {c}")  # fmt: skip
NAMED = (
    "pizza", "bicycle", "the stock market", "a red sports car", "mountain landscape", "birthday cake",
    "football match", "guitar solo", "my grandmother's house", "cheap flights to Paris", "a brown dog",
    "kitten on a sofa", "how to bake bread", "the president's speech", "rain tomorrow", "blue jeans",
    "a cup of coffee", "python programming tutorial", "wedding dress", "train station",
    "quarterly revenue", "cathedral", "beach volleyball", "chess opening", "tomato soup",
)  # fmt: skip
"""Queries of the evaluation that are never trained on."""


def outside_words(
    tokenizer: Tokenizer, lexicon: Lexicon, radiology: Iterable[str]
) -> tuple[list[str], list[str]]:
    """Whole English words of the vocabulary that no lexicon phrase and no radiology text uses.

    Returns
    -------
    tuple of list of str
        To train on; kept back for evaluation.
    """
    used = {word for text in radiology for word in stems(text)} | lexicon.vocabulary
    named = {word for text in NAMED for word in tokens(text)}
    words = [
        word
        for word in sorted(tokenizer.get_vocab())
        if len(word) >= 4 and word.isascii() and word.isalpha() and word.islower()
        and used.isdisjoint(stems(word)) and word not in named
    ]  # fmt: skip
    return [w for w in words if not held_out(w)], [w for w in words if held_out(w)]


def outside_text(words: list[str], rng: random.Random) -> str:
    """A word or a few, in a frame that medical queries use too."""
    a, b, c = rng.sample(words, 3)
    return rng.choice(FRAMES).format(a=a, b=b, c=c)
