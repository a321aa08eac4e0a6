"""Names of organs and findings in the user's language; questions are asked in English all the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from medvlp.grounding.lexicon import load_lexicon


@cache
def names_in(language: str) -> Mapping[str, str]:
    """English display name to the name in ``"de"`` or ``"es"``; empty for any other language."""
    source = files("medvlp_resources") / "lexicon" / "names.json"
    listed: dict[str, str] = json.loads(source.read_text(encoding="utf-8")).get(language, {})
    concepts = load_lexicon().concepts
    return {concepts[name].display: said for name, said in listed.items() if name in concepts}
