"""Which organs a name stands for: groups, parts, zones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache


@lru_cache(maxsize=1024)
def leaves(name: str) -> frozenset[str]:
    """The smallest organs that a name of the lexicon consists of; itself if it has no parts.

    A zone ("left upper zone") stands for the organ it is part of.
    """
    from medvlp.grounding.lexicon import load_lexicon

    concept = load_lexicon().concepts.get(name)
    inner = () if concept is None or concept.kind != "organ" else concept.parts or concept.hosts
    if not inner:
        return frozenset({name})
    return frozenset().union(*(leaves(part) for part in inner))


def known_organs(names: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Those of ``known`` that show the organs in ``names``.

    For each name: itself, else the known organs it consists of, else those that contain it (a lobe
    is looked for in its lung). Empty if nothing is known about any of them.
    """
    found: list[str] = []
    for name in names:
        if name in known:
            found.append(name)
            continue
        wanted = leaves(name)
        inside = [k for k in known if leaves(k) <= wanted]
        found.extend(inside or [k for k in known if wanted <= leaves(k)])
    return tuple(dict.fromkeys(found))


def overlap(name: str, others: Sequence[str]) -> bool:
    """Whether an organ is, contains or is part of one of the others."""
    return any(leaves(name) & leaves(other) for other in others)
