"""File names made from query texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LONGEST_SLUG = 60
_RESERVED_ON_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")


def slug(text: str) -> str:
    """ASCII file-name stem of a query: ``"Fluid, left lung?"`` gives ``"fluid-left-lung"``.

    Text without ASCII letters or digits gives ``"query"``.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_SLUG].strip("-") or "query"
    return f"query-{stem}" if _RESERVED_ON_WINDOWS.fullmatch(stem) else stem


def unique_slugs(texts: Sequence[str]) -> list[str]:
    """One stem per text, in order, all different: a repeated one gets ``-2``, ``-3``, ..."""
    used: set[str] = set()
    stems = []
    for text in texts:
        base = stem = slug(text)
        number = 2
        while stem in used:
            stem = f"{base}-{number}"
            number += 1
        used.add(stem)
        stems.append(stem)
    return stems
