"""When not to answer, and what to say instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from medvlp.grounding.anatomy import known_organs
from medvlp.grounding.regions import organ_presence

if TYPE_CHECKING:
    from medvlp.grounding.calibration import Calibration
    from medvlp.grounding.lexicon import Concept
    from medvlp.grounding.query import Query
    from medvlp.models.encoding import Encoding

OUTSIDE = "not sure: outside what this model was trained on"
_MODALITY_WORDS = {"CT": "CT", "XR": "an X-ray"}


def reason_to_abstain(
    calibration: Calibration, encoding: Encoding, query: Query, *, check_organs: bool = True
) -> str:
    """A sentence if the query must not be answered on this scan, else the empty string.

    Parameters
    ----------
    calibration
        Of the model: its thresholds.
    encoding
        Of the scan.
    query
        The question.
    check_organs
        Whether the organs that the query needs must be seen by the organ head.
    """
    needed = calibration.least_in_domain(encoding.modality)
    if encoding.in_domain < needed:
        sure, least = _apart(encoding.in_domain, needed)
        return (
            f"{OUTSIDE}. The image does not look like the scans it knows "
            f"({sure} sure; {least} are needed)."
        )
    if query.understood < calibration.understood:
        return f"{OUTSIDE}. {query.explanation}".rstrip()
    concept = query.concept
    if concept is not None and encoding.modality not in concept.modalities:
        return (
            f"not sure: {concept.display} cannot be judged on {_MODALITY_WORDS[encoding.modality]}."
        )
    if concept is not None and not calibration.knows(concept.name, encoding.modality):
        return f"{OUTSIDE}. It saw no examples of {concept.display} on {_MODALITY_WORDS[encoding.modality]}."
    return _outside_field_of_view(calibration, encoding, query) if check_organs else ""


def _apart(found: float, needed: float) -> tuple[str, str]:
    """Two shares in percent, with as many digits as tell them apart, and the second from 100 %."""
    for digits in range(4):
        sure, least = f"{found:.{digits}%}", f"{needed:.{digits}%}"
        if sure != least and not least.startswith("100"):
            break
    return sure, least


def _outside_field_of_view(calibration: Calibration, encoding: Encoding, query: Query) -> str:
    for names in _needed(query.concept, query.locations):
        organs = known_organs(names, tuple(encoding.organs))
        if not organs:
            continue  # the organ head cannot tell
        if max(organ_presence(encoding, o) for o in organs) < calibration.organ_present:
            what = " or ".join(_display(name) for name in names)
            return f"not sure: the field of view does not seem to hold the {what}."
    return ""


def _needed(concept: Concept | None, locations: Sequence[str]) -> list[tuple[str, ...]]:
    """Sets of organs: of each set, at least one must be in the field of view."""
    needed: list[tuple[str, ...]] = [(name,) for name in locations]
    if concept is not None and concept.kind == "organ":
        needed.append((concept.name,))
    elif concept is not None and concept.hosts and not concept.whole_body:
        needed.append(concept.hosts)
    return needed


def _display(name: str) -> str:
    from medvlp.grounding.lexicon import load_lexicon

    concept = load_lexicon().concepts.get(name)
    return concept.display if concept is not None else name.replace("_", " ")
