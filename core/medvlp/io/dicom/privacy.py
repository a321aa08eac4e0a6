"""What may leave a DICOM header: hashes instead of UIDs, descriptions without names."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from medvlp.io.dicom.keywords import IDENTIFYING

_SHORTEST_TOKEN = 3
_UID = re.compile(r"\b\d+(?:\.\d+){4,}\b")
_LONGEST = 64


def hashed(*parts: object) -> str:
    """Short id that is the same for the same parts and does not reveal them."""
    return hashlib.sha256("\x1f".join(str(p) for p in parts).encode()).hexdigest()[:12]


def clean_description(dataset: Any) -> str:
    """Series description, or "" when it repeats anything that identifies the patient or the study."""
    text = text_of(dataset, "SeriesDescription")
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LONGEST]
    return "" if repeats_identifiers(text, dataset) else text


def repeats_identifiers(text: str, dataset: Any) -> bool:
    """Whether a text holds a UID, or a part of a name or number that identifies the patient."""
    if _UID.search(text):
        return True
    lowered = text.lower()
    return any(
        len(token) >= _SHORTEST_TOKEN and token in lowered
        for keyword in IDENTIFYING
        for token in re.split(r"[\s^=,\\]+", text_of(dataset, keyword).lower())
    )


def text_of(dataset: Any, keyword: str) -> str:
    """An element as text; "" if it is absent or so damaged that it cannot be decoded."""
    try:
        return str(dataset.get(keyword, "") or "")
    except Exception:
        return ""
