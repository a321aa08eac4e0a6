"""English texts in the user's language.

Models, controllers and panels hold plain English; :func:`translate` is applied where a text reaches
the screen. The texts are collected from the source code and translated with Qt Linguist
(``scripts/update-translations.sh``). A text with values in it was made from a template such as
``"%1 paths were dropped."``: it is recognised by the template and its values are put into the
translated one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any

from qtpy import PYQT6
from qtpy.QtCore import QTranslator

from medvlp_widgets.concept_names import names_in

CONTEXT = "medvlp"
LANGUAGES = ("de", "es")
_PLACE = re.compile(r"%(\d)")
# Texts that are put together from others, such as a title and its key, are translated in parts.
_SEPARATORS = ("\n", " · ", "  ")
_SENTENCE_END = re.compile(r"(?<=[.!?]) (?=[A-Z])")
_CACHED = 4096
_LIST = ", "
_OF_ORGANS = frozenset(
    (
        '"%1" does not fit the %2 and is left out.',
        "%1 Without a mask: %2.",
        "%1 is not in the field of view: there is nothing to outline.",
        "%1: highest on slice %2",
        "%1: no profile along slices",
        "There is no mask of %1: it cannot be outlined.",
        "not sure: the field of view does not seem to hold the %1.",
    )
)
"""Templates whose values are names of organs. Elsewhere such a value is a question as it was typed."""
_OF_REASONS = frozenset(
    (
        "%1 cannot be opened: %2",
        "%1 cannot be opened: it is %2.",
        "None of the %1 series found is a usable CT or radiograph: %2.",
        "Failed: %1",
        "This is %1.",
        "This is %1. Expected a CT or a radiograph.",
    )
)
"""Templates whose values are sentences or phrases of the program that have values themselves."""


def template_pattern(template: str) -> re.Pattern[str]:
    """Pattern that matches what a template becomes with values in place of ``%1`` to ``%9``."""
    seen: set[str] = set()
    parts = []
    for i, part in enumerate(_PLACE.split(template)):
        if i % 2 == 0:
            parts.append(re.escape(part))
        else:
            parts.append(f"(?P=v{part})" if part in seen else f"(?P<v{part}>.+?)")
            seen.add(part)
    return re.compile("".join(parts), re.DOTALL)


def _templates() -> list[tuple[str, re.Pattern[str]]]:
    """Templates of the program, those with the most fixed text first."""
    source = files("medvlp_resources") / "translations" / "templates.json"
    listed: list[str] = json.loads(source.read_text(encoding="utf-8"))
    listed.sort(key=lambda template: -len(_PLACE.sub("", template)))
    return [(template, template_pattern(template)) for template in listed]


class Catalogue:
    """The translations into one language.

    Parameters
    ----------
    language
        One of :data:`LANGUAGES`.
    """

    def __init__(self, language: str) -> None:
        folder = files("medvlp_resources") / "translations"
        self.language = language
        self._translator = QTranslator()
        if not self._translator.load(str(folder / f"medvlp_{language}.qm")):
            raise ValueError(f"no translations into {language!r}; there are {LANGUAGES}")
        self._templates = _templates()
        self._names = names_in(language)
        self.translate = lru_cache(_CACHED)(self._translate)

    def _translate(self, text: str) -> str:
        found = self._exact(text)
        if found:
            return found
        for separator in _SEPARATORS:
            if separator in text:
                return separator.join(self.translate(part) for part in text.split(separator))
        return self._by_template(text) or self._after_name(text) or self._by_sentence(text)

    def _exact(self, text: str) -> str:
        # PyQt6 takes a text as ASCII, or as the bytes that Qt reads: UTF-8.
        source: Any = text.encode() if PYQT6 else text
        return self._translator.translate(CONTEXT, source) or "" if text else ""

    def _by_template(self, text: str) -> str:
        for template, pattern in self._templates:
            match = pattern.fullmatch(text)
            translated = self._exact(template) if match else ""
            if match and translated:
                return self._filled(template, translated, match)
        return ""

    def _after_name(self, text: str) -> str:
        """What is said about a file follows its name and a colon."""
        name, colon, said = text.partition(": ")
        translated = self.translate(said) if said.endswith(".") else said
        return name + colon + translated if translated != said else ""

    def _by_sentence(self, text: str) -> str:
        """Several sentences after each other are translated one by one."""
        sentences = _SENTENCE_END.split(text)
        return " ".join(map(self.translate, sentences)) if len(sentences) > 1 else text

    def name(self, english: str) -> str:
        """Name of an organ or a finding; several, with commas between them, are named one by one."""
        if english in self._names:
            return self._names[english]
        return _LIST.join(self._names.get(part, part) for part in english.split(_LIST))

    def _filled(self, template: str, translated: str, match: re.Match[str]) -> str:
        """Put the values in; one may be a text of the program itself, or the name of an organ."""
        values = {f"%{name[1:]}": text for name, text in match.groupdict().items()}
        named: Callable[[str], str] = self.name if template in _OF_ORGANS else str
        if template in _OF_REASONS:
            named = self._reason
        return _PLACE.sub(
            lambda place: (
                self._exact(values.get(place[0], "")) or named(values.get(place[0], place[0]))
            ),
            translated,
        )

    def _reason(self, text: str) -> str:
        """A sentence, or words with values in them."""
        return self.translate(text) if text.endswith(".") else self._by_template(text) or text


class _Choice:
    """Which catalogue is in use; None is English."""

    catalogue: Catalogue | None = None


def use_language(language: str) -> None:
    """Translate into a language of :data:`LANGUAGES`; any other is English."""
    _Choice.catalogue = Catalogue(language) if language in LANGUAGES else None


def language_in_use() -> str:
    """ISO 639-1 code."""
    return _Choice.catalogue.language if _Choice.catalogue else "en"


def translate(text: str) -> str:
    """The text in the user's language; unknown texts, such as names of files, stay as they are."""
    return _Choice.catalogue.translate(text) if _Choice.catalogue else text


def translate_name(english: str) -> str:
    """Name of an organ or a finding in the user's language; unknown ones stay as they are."""
    return _Choice.catalogue.name(english) if _Choice.catalogue else english
