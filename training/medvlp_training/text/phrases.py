"""Texts for a meaning: synonyms in templates, with a fixed part of both kept back for evaluation."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Sequence

from medvlp.grounding.lexicon import Concept, Lexicon
from medvlp_training.text.descriptions import descriptions
from medvlp_training.text.meanings import Meaning

HOLD_OUT_ONE_IN = 6
DESCRIBED = 0.35
"""Share of the names that are a description instead, where a concept has one."""
SEVERITY = ("small", "large", "mild", "moderate", "severe", "trace", "extensive", "minimal", "new",
            "stable", "acute", "chronic", "marked", "subtle", "massive", "tiny")  # fmt: skip
PRESENT = (
    "{x}", "{x}", "{x}", "there is {x}", "{x} is seen", "evidence of {x}", "CT shows {x}",
    "chest x-ray with {x}", "a patient with {x}", "findings consistent with {x}", "{x} is present",
    "the scan shows {x}", "{x} noted", "{x} was observed", "radiograph demonstrating {x}",
    "image showing {x}", "where is the {x}", "signs of {x}", "there are findings of {x}",
)  # fmt: skip
ORGAN = (
    "{x}", "{x}", "{x}", "the {x}", "where is the {x}", "show me the {x}", "location of the {x}",
    "{x} on CT", "{x} in the image", "this is the {x}", "find the {x}", "segment the {x}",
)  # fmt: skip
ABSENT = (
    "no {x}", "no {x}", "no evidence of {x}", "without {x}", "{x} is not seen", "absence of {x}",
    "negative for {x}", "{x} has resolved", "free of {x}", "there is no {x}", "no sign of {x}",
    "{x} was not observed", "{x} was not detected", "resolved {x}", "no definite {x}", "{x}: absent",
    "without evidence of {x}", "no signs of {x}", "{x} is absent", "not {x}", "no focal {x}",
)  # fmt: skip
NORMAL = (
    "normal {x}", "unremarkable {x}", "the {x} is normal", "{x} is unremarkable",
    "healthy {x}", "{x} within normal limits", "{x} appears normal", "no abnormality of the {x}",
    "no pathology in the {x}", "the {x} has a normal appearance",
)  # fmt: skip
HELD_OUT_PRESENT = ("the study reveals {x}", "{x} can be identified", "suggestive of {x}")
HELD_OUT_ABSENT = (
    "no {x} identified", "{x} is no longer visible", "lack of {x}", "there is not any {x}",
    "the study excludes {x}",
)  # fmt: skip
SIDED = ("{s} {x}", "{s} {x}", "{s}-sided {x}", "{x} on the {s}", "{x} on the {s} side", "{x}, {s}",
         "{x} in the {s} hemithorax")  # fmt: skip
BOTH = ("bilateral {x}", "{x} on both sides", "{x} bilaterally", "left and right {x}")
PLACED = ("{p} {x}", "{x} in the {p}", "{x} of the {p}", "{x} within the {p}", "{p}: {x}")


def held_out(phrase: str) -> bool:
    """Whether this phrase is kept back: a fixed property of the phrase itself."""
    return int(hashlib.sha256(phrase.lower().encode()).hexdigest(), 16) % HOLD_OUT_ONE_IN == 0


def split_synonyms(concept: Concept) -> tuple[list[str], list[str]]:
    """Synonyms to train on, and those kept back (never the preferred one)."""
    rest = concept.synonyms[1:]
    kept = [phrase for phrase in rest if held_out(phrase)] if len(rest) >= 3 else []
    return [phrase for phrase in concept.synonyms if phrase not in kept], kept


class PhraseMaker:
    """Random texts for meanings.

    Parameters
    ----------
    lexicon
        Where synonyms come from.
    rng
        Source of randomness: the same seed gives the same texts.
    """

    def __init__(self, lexicon: Lexicon, rng: random.Random) -> None:
        self.rng = rng
        self.lexicon = lexicon
        self._train = {name: split_synonyms(c)[0] for name, c in lexicon.concepts.items()}

    def name(self, concept: str) -> str:
        """A training synonym, the preferred one more often, or a description."""
        words, described = self._train[concept], descriptions().get(concept)
        if described and self.rng.random() < DESCRIBED:
            return self.rng.choice(described)
        return words[0] if self.rng.random() < 0.3 else self.rng.choice(words)

    def text(self, meaning: Meaning) -> tuple[str, bool]:
        """A text with that meaning, and whether it goes with the prompt V- (a bare name, absent)."""
        concept = self.lexicon.concepts[meaning.concept]
        name = self.name(meaning.concept)
        if meaning.state == "absent":
            return self._absent(concept, name)
        if meaning.state == "normal":
            return self._fill(NORMAL, name), False
        if concept.kind == "organ":
            return self._fill(ORGAN, name), False
        return self._fill(PRESENT, self._placed(meaning, self._graded(name))), False

    def _absent(self, concept: Concept, name: str) -> tuple[str, bool]:
        choice = self.rng.random()
        if choice < 0.35:
            return name, True
        if choice < 0.5 and concept.normal:
            return self.rng.choice(concept.normal), False
        if choice < 0.6 and concept.sided and concept.kind != "organ":
            name = self._fill(SIDED, name).replace("{s}", self.rng.choice(("left", "right")))
        return self._fill(ABSENT, name), False

    def _placed(self, meaning: Meaning, name: str) -> str:
        if meaning.place is None:
            return name
        if meaning.place == "both":
            return self._fill(BOTH, name)
        if meaning.place in ("left", "right"):
            return self._fill(SIDED, name).replace("{s}", meaning.place)
        return self._fill(PLACED, name).replace("{p}", self.name(meaning.place))

    def _graded(self, name: str) -> str:
        return f"{self.rng.choice(SEVERITY)} {name}" if self.rng.random() < 0.2 else name

    def _fill(self, templates: Sequence[str], name: str) -> str:
        return self.rng.choice(templates).replace("{x}", name)
