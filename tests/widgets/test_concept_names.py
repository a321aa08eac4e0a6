"""Names of organs and findings in other languages: all there, each its own, and sides kept apart."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest

from medvlp.grounding.lexicon import load_lexicon
from medvlp_widgets.concept_names import names_in
from medvlp_widgets.translation import (
    _OF_ORGANS,
    LANGUAGES,
    translate,
    translate_name,
    use_language,
)

SIDES = {"de": ("link", "recht"), "es": ("izquierd", "derech")}


@pytest.fixture
def spanish():
    use_language("es")
    yield
    use_language("en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_concept_has_a_name_and_no_two_have_the_same(language):
    names = names_in(language)
    concepts = load_lexicon().concepts.values()
    assert names.keys() == {concept.display for concept in concepts}
    assert all(name.strip() == name and name for name in names.values())
    assert len(set(names.values())) == len(names)


@pytest.mark.parametrize("language", LANGUAGES)
def test_left_is_left_and_right_is_right(language):
    left, right = SIDES[language]
    checked = 0
    for concept in load_lexicon().concepts.values():
        said = names_in(language)[concept.display]
        if concept.laterality is None or concept.name == "lung_middle_lobe_right":
            continue  # there is one middle lobe
        own, other = (left, right) if concept.laterality == "left" else (right, left)
        assert own in said, concept.name
        assert other not in said, concept.name
        checked += 1
    assert checked > 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_names_no_concept_that_does_not_exist(language):
    source = files("medvlp_resources") / "lexicon" / "names.json"
    listed = json.loads(source.read_text(encoding="utf-8"))[language]
    assert listed.keys() == load_lexicon().concepts.keys()


def test_english_and_unknown_languages_have_no_names_of_their_own():
    assert not names_in("en")
    assert translate_name("left kidney") == "left kidney"


def test_names_are_translated_where_they_are_values_and_nowhere_else(spanish):
    assert translate_name("left kidney") == "riñón izquierdo"
    assert translate_name("organ of somebody") == "organ of somebody"
    said = translate("left kidney is not in the field of view: there is nothing to outline.")
    assert said.startswith("riñón izquierdo ")
    # A question that somebody typed stays as it was typed.
    assert translate("left kidney") == "left kidney"
    assert translate("heat: left kidney").endswith(": left kidney")
    assert not translate("heat: left kidney").startswith("heat")


def test_every_template_of_organs_is_one_of_the_program():
    source = files("medvlp_resources") / "translations" / "templates.json"
    assert set(json.loads(source.read_text(encoding="utf-8"))) >= _OF_ORGANS


def test_lists_of_organs_are_translated_one_by_one(spanish):
    said = translate("Masks drawn by hand. Without a mask: left kidney, spleen, … (+3).")
    assert said.endswith(": riñón izquierdo, bazo, … (+3).")
