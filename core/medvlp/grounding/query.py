"""What a typed question means: concept, polarity, side, place, and how much of it was understood."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from medvlp.errors import QueryError
from medvlp.grounding.anatomy import overlap
from medvlp.grounding.clauses import contradicting, query_words
from medvlp.grounding.lexicon import Concept, Lexicon, load_lexicon
from medvlp.grounding.negation import Assertion, assertion, cue_positions, is_taken_back
from medvlp.grounding.prompts import concept_prompts, text_prompts
from medvlp.grounding.reading import (
    NORMAL_WORDS,
    Laterality,
    Reading,
    laterality,
    read_words,
    stated_sides,
    with_side,
)
from medvlp.grounding.words import SIDES, STOPWORDS, stem

MAX_CHARACTERS = 500
ANY_ABNORMALITY = "lesion"
"""Concept that stands for anything abnormal: what "normal" denies."""
_RELATED_WORD = 0.5
_RADIOLOGY_WORD = 0.8
_REMEMBERED = 256

Polarity = Literal["present", "absent"]


@dataclass(frozen=True)
class Query:
    """A question about a scan.

    Parameters
    ----------
    text
        As typed.
    subject
        What is looked for, in plain words.
    concept
        Organ, finding or device of the lexicon; None for other text.
    positives, negatives
        Phrases that state the subject, and phrases that deny it. They describe the *subject*, also
        when the question is whether it is absent.
    polarity
        ``"absent"`` if the question is whether the subject is absent.
    laterality
        Side asked for.
    locations
        Organs or zones named as the place of the subject.
    understood
        Share of the words that belong to radiology, in [0, 1].
    explanation
        Sentences for the user: how the text was read.
    """

    text: str
    subject: str
    concept: Concept | None
    positives: tuple[str, ...]
    negatives: tuple[str, ...]
    polarity: Polarity = "present"
    laterality: Laterality | None = None
    locations: tuple[str, ...] = ()
    understood: float = 1.0
    explanation: str = ""


@lru_cache(maxsize=_REMEMBERED)
def parse_query(text: str) -> Query:
    """Read a question such as "no effusion", "right lower lobe nodule" or "windpipe".

    The last questions are remembered: the same one is asked of scan after scan.

    Raises
    ------
    QueryError
        If the text is empty, has no words, or is longer than ``MAX_CHARACTERS`` characters.
    """
    lexicon = load_lexicon()
    words = _checked_words(text, lexicon)
    reading = read_words(words, lexicon)
    if reading.concept is None and _normal_words(reading):
        healthy = not all(is_taken_back(words, i) for i in _normal_words(reading))
        reading = replace(reading, concept=lexicon.concepts[ANY_ABNORMALITY], normal=healthy)
    side = laterality(reading)
    reading = with_side(reading, side, lexicon)
    claim = _claim(reading)
    understood, unknown = _understood(reading, lexicon)
    places = tuple(dict.fromkeys(organ.name for organ in reading.organs))
    subject = _subject(text, reading, side, lexicon)
    positives, negatives = _ensembles(subject, reading, side, places, lexicon)
    return Query(
        text=text,
        subject=subject,
        concept=reading.concept,
        positives=positives,
        negatives=negatives,
        polarity="absent" if claim == "absent" else "present",
        laterality=side,
        locations=places,
        understood=understood,
        explanation=_explain(reading, subject, claim, unknown, _unused(reading, lexicon)),
    )


def _normal_words(reading: Reading) -> list[int]:
    """Positions of the words that say "normal" apart from any phrase."""
    words = reading.words
    return [i for i, w in enumerate(words) if w in NORMAL_WORDS and i not in reading.used]


def _claim(reading: Reading) -> Assertion:
    """Whether the words ask for the presence or the absence of the subject."""
    concept = reading.concept
    if concept is None:
        denials = {"no", "not", "without"}
        denied = bool({*reading.words} & denials) and bool({*reading.words} - denials)
        return "absent" if denied else "present"
    if reading.normal:
        return "absent"
    return assertion(reading.words, *reading.span)


def _checked_words(text: str, lexicon: Lexicon) -> tuple[str, ...]:
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"The query has {len(text)} characters; at most {MAX_CHARACTERS} are allowed. "
            "Ask for one finding or organ at a time, such as 'right pleural effusion'."
        )
    words = query_words(text, lexicon)
    if not words:
        raise QueryError(
            f"The query {text!r} has no words; expected a finding or an organ, such as "
            "'pleural effusion' or 'left kidney'."
        )
    return words


def _understood(reading: Reading, lexicon: Lexicon) -> tuple[float, tuple[str, ...]]:
    """Share of the content words that are known, and those that are not."""
    cues = cue_positions(reading.words)
    values: list[float] = []
    unknown: list[str] = []
    for position, word in enumerate(reading.words):
        plain = stem(word)
        if position in reading.used:
            values.append(1.0)
        elif position in cues or word in STOPWORDS or word in SIDES or plain[0].isdigit():
            continue
        elif word in NORMAL_WORDS:
            values.append(1.0)
        elif plain in lexicon.words.modifiers:
            # A modifier helps a subject, it is none: "large" alone asks for nothing.
            values += [1.0] if reading.concept is not None else []
        elif plain in lexicon.words.radiology:
            values.append(_RADIOLOGY_WORD)
        elif plain in lexicon.vocabulary:
            values.append(_RELATED_WORD)
        else:
            values.append(0.0)
            unknown.append(word)
    return (sum(values) / len(values) if values else 0.0), tuple(dict.fromkeys(unknown))


def _subject(text: str, reading: Reading, side: Laterality | None, lexicon: Lexicon) -> str:
    concept = reading.concept
    if concept is None:
        cues = cue_positions(reading.words)
        kept = [w for i, w in enumerate(reading.words) if i not in cues and w not in NORMAL_WORDS]
        return " ".join(kept) or text.strip()
    name = concept.display
    if concept.kind == "organ":
        return name
    if reading.organs and not _redundant(reading, lexicon):
        return f"{name} in the {' and '.join(organ.display for organ in reading.organs)}"
    return f"{'bilateral' if side == 'both' else side} {name}" if side else name


def _redundant(reading: Reading, lexicon: Lexicon) -> bool:
    """Whether the place says no more than the concept's name ("nodule in the lungs")."""
    hosts = reading.concept.hosts if reading.concept else ()
    return all(organ.name in hosts for organ in reading.organs)


def _ensembles(
    subject: str,
    reading: Reading,
    side: Laterality | None,
    places: Sequence[str],
    lexicon: Lexicon,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if reading.concept is None:
        return text_prompts(subject)
    place = places[0] if len(places) == 1 and not _redundant(reading, lexicon) else None
    if place is not None and not _occurs_in(reading.concept, place, lexicon):
        # No example says "liver pneumothorax": its vector would mean nothing.
        place = None
    return concept_prompts(lexicon, reading.concept, side, place)


def _occurs_in(concept: Concept, place: str, lexicon: Lexicon) -> bool:
    """Whether a finding can be in an organ, or the organ is a part of the finding's host."""
    if concept.whole_body or not concept.hosts:
        return True
    return any(overlap(place, [host]) for host in concept.hosts)


def _left_out(reading: Reading) -> list[str]:
    """Subjects beside the one asked for ("liver and spleen": one question, one map)."""
    concept = reading.concept
    if concept is None or reading.normal:
        return []
    beside = [
        match.concept
        for match in reading.matches
        if (match.start, match.end) != reading.span and match.concept not in reading.organs
    ]
    return list(dict.fromkeys(other.display for other in beside if other is not concept))


def _misfit(reading: Reading) -> list[str]:
    """A side that contradicts the one-sided organ it was said of ("left middle lobe"), or another."""
    named = [reading.concept, *reading.organs] if reading.concept is not None else []
    places = [m for m in reading.matches if m.concept in reading.organs]
    pair = contradicting(reading.span, places)
    if pair is not None:
        first, second = (match.concept.display for match in pair)
        both = f"The places contradict one another: {first}, {second}. Both are looked at."
        return [both]
    return [
        f'"{side}" does not fit the {organ.display} and is left out.'
        for side in sorted(stated_sides(reading) & {"left", "right"})
        for organ in named
        if organ.laterality not in (None, side)
    ]


def _unused(reading: Reading, lexicon: Lexicon) -> list[str]:
    """Numbers, units and modifiers that no map and no probability takes into account."""
    cues = cue_positions(reading.words)
    return [
        word
        for i, word in enumerate(reading.words)
        if i not in reading.used and i not in cues and word not in {*SIDES, *NORMAL_WORDS}
        if word[0].isdigit() or stem(word) in lexicon.words.modifiers - STOPWORDS
    ]


def _explain(
    reading: Reading, subject: str, claim: Assertion, unknown: Iterable[str], unused: Iterable[str]
) -> str:
    concept = reading.concept
    missing = [f'"{word}"' for word in unknown]
    sentences: list[str] = []
    if concept is not None:
        sentences.append(f'Read as "{subject}" ({concept.kind}).')
    elif len(missing) < len(subject.split()):
        sentences.append(f'No entry of the lexicon: the words "{subject}" are used as they stand.')
    corrected = {pair for match in reading.matches for pair in match.corrected}
    sentences += [f'"{old}" was read as "{new}".' for old, new in sorted(corrected)]
    sentences += _misfit(reading)
    ignored = [f'"{word}"' for word in unused] if concept is not None else []
    if ignored:
        sentences.append(f"Not taken into account: {', '.join(dict.fromkeys(ignored))}.")
    others = _left_out(reading)
    if others:
        sentences.append(f"Not part of this question: {', '.join(others)}; ask separately.")
    if claim == "uncertain":
        sentences.append("The doubt is ignored: the question is whether it is present.")
    if claim == "absent":
        sentences.append(f"The question is whether there is no {subject}.")
    if _normal_words(reading) and concept is not None and concept.kind == "organ":
        sentences.append(
            f'The map shows the {subject}; "normal" has no place of its own: ask for a finding.'
        )
    elif reading.normal:
        sentences.append('"Normal" means that nothing is found; ask for one finding to see where.')
    if missing:
        sentences.append(f"Not understood: {', '.join(missing[:5])}.")
    return " ".join(sentences)
