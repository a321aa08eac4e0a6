from __future__ import annotations

import json
from pathlib import Path

import pytest

from medvlp.errors import MedVLPError
from medvlp.grounding.lexicon import load_lexicon
from medvlp_training.objectives.batch import NOTHING_SAID, UNSEEN_PHRASE, Vocabulary
from medvlp_training.reports.abnormality_dictionary import (
    AbnormalityDictionary,
    build_dictionary,
    entails,
    load_dictionary,
    normalise,
    stated_findings,
)
from medvlp_training.samples.sample import OrganStatement


def sick(text: str, organ: str = "liver") -> OrganStatement:
    return OrganStatement(organ, text, True)


def well(text: str, organ: str = "liver") -> OrganStatement:
    return OrganStatement(organ, text, False)


@pytest.fixture
def dictionary() -> AbnormalityDictionary:
    said = [
        *(sick("Cyst of 5 mm."), sick("cyst of 12  mm"), sick("cyst of 12  mm")),
        *(sick("Nodule of 3 mm.", "lungs"), sick("Pneumothorax.", "lungs")),
        *(sick("pneumothorax", "lungs"), well("Lungs are clear.", "lungs")),
        *(sick("Steatosis."), well("Normal liver."), well("  ")),
    ]
    return build_dictionary(said)


def test_spellings_and_measures_of_one_statement_meet() -> None:
    assert normalise("  Cyst of 5.5 mm. ") == normalise("cyst of 12 mm")
    assert normalise("cyst") != normalise("cysts elsewhere")


def test_statements_are_counted_in_their_most_frequent_spelling(
    dictionary: AbnormalityDictionary,
) -> None:
    liver = dictionary.most_frequent("liver", 512)
    assert [(p.text, p.count) for p in liver] == [("cyst of 12 mm", 3), ("Steatosis.", 1)]
    assert [p.text for p in dictionary.most_frequent("liver", 1)] == ["cyst of 12 mm"]
    assert all(p.abnormal for p in dictionary.most_frequent("lungs", 512))


def test_the_order_of_reports_does_not_matter() -> None:
    said = [sick("b"), sick("a"), well("c", "spleen"), sick("a"), well("b")]
    assert build_dictionary(said) == build_dictionary(said[::-1])


def test_what_was_once_called_abnormal_is_abnormal() -> None:
    (phrase,) = build_dictionary(
        [well("Prominent."), sick("prominent"), well("Prominent.")]
    ).phrases
    assert (phrase.text, phrase.abnormal, phrase.count) == ("Prominent.", True, 3)


def test_a_statement_finds_its_phrase(dictionary: AbnormalityDictionary) -> None:
    found = dictionary.phrases[dictionary.index(sick("CYST of 7 mm"))]
    assert (found.organ, found.text) == ("liver", "cyst of 12 mm")
    assert dictionary.index(well("liver is a liver")) == NOTHING_SAID
    assert dictionary.index(sick("Cyst of 5 mm.", "spleen")) == UNSEEN_PHRASE


def test_only_the_most_frequent_are_kept_if_asked() -> None:
    said = [sick("a"), sick("b"), sick("b"), well("c"), sick("d", "spleen")]
    small = build_dictionary(said, most=1)
    assert [p.text for p in small.phrases] == ["c", "b", "d"]
    assert small.index(sick("a")) == UNSEEN_PHRASE


def test_a_filled_vocabulary_gives_the_dictionary_back(dictionary: AbnormalityDictionary) -> None:
    assert AbnormalityDictionary.of(dictionary.fill(Vocabulary())) == dictionary


def test_the_vocabulary_is_filled(dictionary: AbnormalityDictionary) -> None:
    filled = dictionary.fill(Vocabulary(organs=("liver", "lungs")))
    assert filled.organs == ("liver", "lungs")
    n = dictionary.index(sick("Steatosis."))
    assert (filled.phrases[n], filled.phrase_organs[n]) == ("Steatosis.", "liver")
    assert (filled.phrase_abnormal[n], filled.phrase_counts[n]) == (True, 1)


def test_denied_findings_are_not_stated() -> None:
    lexicon = load_lexicon()
    said = stated_findings("Pleural effusion without pneumothorax. No consolidation.", lexicon)
    assert said == {"pleural_effusion"}
    assert stated_findings("Possible pneumothorax.", lexicon) == {"pneumothorax"}


@pytest.mark.parametrize(
    ("entry", "positive", "expected"),
    [
        ("Left pleural effusion.", "Small pleural effusion.", True),
        ("Pleural effusion and pneumothorax.", "Pneumothorax.", True),
        ("Pneumothorax.", "Pleural effusion and pneumothorax.", False),
        ("Consolidation.", "Lung opacity.", True),
        ("Lung opacity.", "Consolidation.", False),
        ("Pneumothorax.", "Pleural effusion.", False),
        ("No pleural effusion.", "Pleural effusion.", False),
        ("Something odd, 3 mm.", "something odd, 5 mm", True),
        ("Pneumothorax.", "Something odd.", False),
    ],
)
def test_an_entry_that_says_the_same_or_more_entails(
    entry: str, positive: str, expected: bool
) -> None:
    assert entails(entry, positive, load_lexicon()) == expected


def test_saved_and_loaded_is_the_same(dictionary: AbnormalityDictionary, tmp_path: Path) -> None:
    dictionary.save(tmp_path / "phrases.json")
    assert load_dictionary(tmp_path / "phrases.json") == dictionary


def test_an_altered_file_is_refused(dictionary: AbnormalityDictionary, tmp_path: Path) -> None:
    path = tmp_path / "phrases.json"
    dictionary.save(path)
    content = json.loads(path.read_text())
    content["phrases"][0]["count"] += 1
    path.write_text(json.dumps(content))
    with pytest.raises(MedVLPError, match=r"phrases\.json was altered"):
        load_dictionary(path)
    path.write_text(json.dumps(content | {"schema": "other"}))
    with pytest.raises(MedVLPError, match="schema 'other'"):
        load_dictionary(path)
    path.write_text("{}")
    with pytest.raises(MedVLPError, match="no dictionary"):
        load_dictionary(path)
    with pytest.raises(MedVLPError, match="no dictionary"):
        load_dictionary(tmp_path / "missing.json")
