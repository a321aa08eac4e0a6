import pytest

from medvlp.grounding.query import parse_query


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("right pleural effusion without left pleural effusion", "right"),
        ("left pleural effusion and right pneumothorax", "left"),
        ("pleural effusion on the left and pneumothorax on the right", "left"),
        ("pleural effusion and pneumothorax on the left", "left"),
        ("left and right pleural effusion", "both"),
    ],
)
def test_a_side_belongs_to_the_finding_of_its_clause(text, side):
    query = parse_query(text)
    assert query.concept.name == "pleural_effusion"
    assert query.laterality == side


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("pleural effusion and liver", ()),
        ("liver and pleural effusion", ()),
        ("pleural effusion in the left lung and liver", ("lung_left", "liver")),
        ("pleural effusion and nodule in the right upper lobe", ("lung_upper_lobe_right",)),
        ("liver and spleen lesions", ("liver", "spleen")),
    ],
)
def test_an_organ_that_is_only_joined_to_a_finding_is_not_its_place(text, places):
    assert parse_query(text).locations == places


def test_a_joined_organ_is_told_as_a_question_of_its_own():
    assert "liver; ask separately" in parse_query("pleural effusion and liver").explanation


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("left middle lobe", "left", "right middle lobe"),
        ("right lingula", "right", "left upper lobe"),
        ("right upper lobe of the left lung", "right", "left upper lobe"),
    ],
)
def test_a_side_that_the_organ_does_not_have_is_told(text, wrong, right):
    assert f'"{wrong}" does not fit the {right}' in parse_query(text).explanation
    assert "does not fit" not in parse_query(right).explanation


def test_sizes_and_degrees_are_told_to_play_no_part():
    explanation = parse_query("severe 5 mm nodule").explanation
    assert 'Not taken into account: "severe", "5", "mm".' in explanation
    assert "account" not in parse_query("left lower lobe nodule").explanation
