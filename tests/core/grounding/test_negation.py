import pytest

from medvlp.grounding.query import parse_query


@pytest.mark.parametrize(
    "text",
    [
        "not without pleural effusion",
        "no absence of pleural effusion",
        "there is no lack of pleural fluid",
        "effusion is not absent",
        "the effusion has not yet resolved",
        "lungs not free of effusion",
    ],
)
def test_a_denied_denial_asks_for_presence(text):
    query = parse_query(text)
    assert query.concept.name == "pleural_effusion"
    assert query.polarity == "present"


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("liver and not kidney", "liver"),
        ("pneumothorax, not effusion", "pneumothorax"),
        ("lung mass and not a nodule", "lung_mass"),
    ],
)
def test_not_before_another_subject_does_not_deny_the_one_asked_for(text, concept):
    query = parse_query(text)
    assert query.concept.name == concept
    assert query.polarity == "present"


@pytest.mark.parametrize(
    "text",
    [
        "pneumothorax not seen",
        "pneumothorax is not clearly visible",
        "pneumothorax and effusion are not identified",
        "pneumothorax was not there",
        "no resolved pneumothorax",
    ],
)
def test_not_of_the_subject_still_denies_it(text):
    query = parse_query(text)
    assert query.concept.name == "pneumothorax"
    assert query.polarity == "absent"


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("non-displaced rib fracture", "rib_fracture"),
        ("non-calcified nodule", "lung_nodule"),
        ("non-obstructing kidney stone", "kidney_stone"),
    ],
)
def test_non_denies_the_next_word_and_not_the_finding(text, concept):
    query = parse_query(text)
    assert query.concept.name == concept
    assert query.polarity == "present"
    assert parse_query(f"no {text}").polarity == "absent"


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("the heart is not normal", "heart"),
        ("lungs are not clear", "lungs"),
        ("not normal", "lesion"),
    ],
)
def test_not_normal_is_no_denial(text, concept):
    query = parse_query(text)
    assert query.concept.name == concept
    assert query.polarity == "present"


def test_a_normal_organ_denies_no_other_finding():
    query = parse_query("clear lungs but effusion")
    assert query.concept.name == "pleural_effusion"
    assert query.polarity == "present"
