"""The hand-written phrases, and the check that training knew none of them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from medvlp.errors import MedVLPError
from medvlp.grounding import prompts
from medvlp.grounding.lexicon import Lexicon
from medvlp.grounding.words import stem, tokens
from medvlp_training.text import phrases as trained
from medvlp_training.text.descriptions import descriptions

FOLDER = Path(__file__).parent
FRAMES = (
    *trained.PRESENT, *trained.ORGAN, *trained.ABSENT, *trained.NORMAL, *trained.SIDED, *trained.BOTH,
    *trained.PLACED, *trained.HELD_OUT_PRESENT, *trained.HELD_OUT_ABSENT, *prompts.FINDING,
    *prompts.ORGAN, *prompts.DENIED, *prompts.OUT_OF_VIEW, *prompts.SIDED, *prompts.BOTH, *prompts.PLACED,
)  # fmt: skip
"""Every frame that training or the query's prompts put a synonym into."""
SIDES = ("left", "right")


@dataclass(frozen=True)
class Paraphrase:
    """A way to say a concept."""

    concept: str
    phrase: str


@dataclass(frozen=True)
class Negation:
    """A statement of a concept and a denial of it."""

    concept: str
    stated: str
    denied: str


def paraphrases() -> list[Paraphrase]:
    """``paraphrases.csv``."""
    return [Paraphrase(row["concept"], row["phrase"]) for row in _table("paraphrases.csv")]


def negations() -> list[Negation]:
    """``negations.csv``."""
    return [
        Negation(row["concept"], row["stated"], row["denied"]) for row in _table("negations.csv")
    ]


def _table(name: str) -> Iterator[dict[str, str]]:
    with open(FOLDER / name, newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def _names(lexicon: Lexicon) -> frozenset[tuple[str, ...]]:
    """Stemmed words of every synonym, description and statement of normality, graded or not."""
    described = descriptions()
    names = [
        n
        for c in lexicon.concepts.values()
        for n in (*c.synonyms, *c.normal, *described.get(c.name, ()))
    ]
    graded = [f"{word} {name}" for name in names for word in trained.SEVERITY]
    return frozenset(tuple(tokens_of(text)) for text in (*names, *graded))


def tokens_of(text: str) -> list[str]:
    """Stemmed words in American spelling."""
    return [stem(word) for word in tokens(text)]


def _surroundings(lexicon: Lexicon) -> list[tuple[list[str], list[str]]]:
    """Stemmed words before and after the name in every frame, with every side and place."""
    places = [c.display for c in lexicon.of_kind("organ") if "lobe" in c.name or "lung" in c.name]
    found: list[tuple[list[str], list[str]]] = [([], [])]
    for frame in FRAMES:
        sided = [frame.replace("{s}", side) for side in (SIDES if "{s}" in frame else ("",))]
        for text in (f.replace("{p}", p) for f in sided for p in (places if "{p}" in f else ("",))):
            before, _, after = text.partition("{x}")
            found.append((tokens_of(before), tokens_of(after)))
    return found


def check_unseen(texts: Iterable[str], lexicon: Lexicon) -> None:
    """Check that no text is a synonym, a description, or one of them in a frame, whatever its case, plural or spelling.

    Raises
    ------
    MedVLPError
        If one is: it would measure memory.
    """
    names, surroundings = _names(lexicon), _surroundings(lexicon)

    def is_known(text: str) -> bool:
        words = tokens_of(text)
        return any(
            words[: len(before)] == before
            and words[len(words) - len(after) :] == after
            and tuple(words[len(before) : len(words) - len(after)]) in names
            for before, after in surroundings
        )

    copied = [text for text in texts if is_known(text)]
    if copied:
        raise MedVLPError(
            f"{len(copied)} phrases of benchmarks/quality are known to training: {'; '.join(copied)}. "
            "Say them in other words."
        )
