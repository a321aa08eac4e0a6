"""Prompt ensembles: the phrases whose mean vector stands for what a query asks."""

from __future__ import annotations

from medvlp.grounding.lexicon import Concept, Lexicon

N_SYNONYMS = 4
N_NORMAL = 2

FINDING = ("{x}", "there is {x}", "evidence of {x}")
ORGAN = ("{x}", "the {x}", "{x} in the image")
DENIED = ("no {x}", "no evidence of {x}", "{x} is absent", "without {x}")
OUT_OF_VIEW = ("no {x}", "{x} not in the image")
SIDED = ("{s} {x}", "{x} on the {s}")
BOTH = ("bilateral {x}", "{x} on both sides")
PLACED = ("{p} {x}", "{x} in the {p}")


def placed_names(name: str, side: str | None, place: str | None) -> tuple[str, ...]:
    """``name`` with the words of its place, else of its side, else as it is."""
    if place is not None:
        # "left kidney kidney stone" is no English: a name that repeats the place comes before it.
        repeats = bool({*name.lower().split()} & {*place.lower().split()})
        frames = PLACED[1:] if repeats else PLACED
        return tuple(frame.replace("{x}", name).replace("{p}", place) for frame in frames)
    if side == "both":
        return tuple(frame.replace("{x}", name) for frame in BOTH)
    if side is not None:
        return tuple(frame.replace("{x}", name).replace("{s}", side) for frame in SIDED)
    return (name,)


def _filled(frames: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(frame.replace("{x}", name) for name in names for frame in frames)


def concept_prompts(
    lexicon: Lexicon, concept: Concept, side: str | None = None, place: str | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Positive and negative ensembles of a concept.

    Parameters
    ----------
    lexicon
        Where the words of ``place`` come from.
    concept
        What is asked for.
    side
        ``"left"``, ``"right"``, ``"both"`` or None; ignored for organs, whose names carry it.
    place
        Name of the organ in which the finding is asked for.

    Returns
    -------
    tuple of (tuple of str, tuple of str)
        Phrases that state it, and phrases that deny it or say that all is normal.
    """
    synonyms = concept.synonyms[:N_SYNONYMS]
    if concept.kind == "organ":
        return _filled(ORGAN, synonyms), _filled(OUT_OF_VIEW, synonyms[:2])
    where = lexicon.concepts[place].display if place is not None else None
    names = tuple(n for s in synonyms for n in placed_names(s, side, where))
    stated = (*_filled(FINDING, names[:2]), *names[2:])
    return stated, (*_filled(DENIED, synonyms[:2]), *concept.normal[:N_NORMAL])


def text_prompts(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ensembles of a free text without a concept: its own words, and their denial."""
    return (text, f"evidence of {text}"), (f"no {text}", f"no evidence of {text}")
