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


@pytest.mark.parametrize("mark", [", ", "; ", "\n", " ;\r\n"])
def test_punctuation_parts_the_clauses_of_two_subjects(mark):
    def read(first, second):
        query = parse_query(first + mark + second)
        return query.concept.name, query.polarity, query.laterality

    assert read("no effusion", "lung nodule") == ("pleural_effusion", "absent", None)
    assert read("consolidation", "effusion has resolved") == ("consolidation", "present", None)
    assert read("left effusion", "right lung nodule") == ("pleural_effusion", "present", "left")
    assert read("left kidney", "right kidney") == ("kidney_left", "present", "left")
    assert "lung nodule; ask separately" in parse_query(f"no effusion{mark}lung nodule").explanation


@pytest.mark.parametrize(
    ("text", "concept", "polarity", "side"),
    [
        ("effusion, left", "pleural_effusion", "present", "left"),
        ("effusion: none, left", "pleural_effusion", "absent", "left"),
        ("effusion, none", "pleural_effusion", "absent", None),
        ("no, effusion", "pleural_effusion", "absent", None),
        ("nodule, right lower lobe", "lung_nodule", "present", "right"),
        (", effusion,", "pleural_effusion", "present", None),
    ],
)
def test_what_has_no_subject_of_its_own_belongs_to_its_neighbour(text, concept, polarity, side):
    query = parse_query(text)
    assert (query.concept.name, query.polarity, query.laterality) == (concept, polarity, side)
    assert query.understood == 1.0


def test_a_stone_on_both_sides_of_one_question_is_a_contradiction():
    said = "The places contradict one another: right kidney, left kidney."
    assert said in parse_query("right kidney stone in the left kidney").explanation
    for fine in ("right kidney stone", "stone in the right kidney and the left kidney"):
        assert "contradict" not in parse_query(fine).explanation


@pytest.mark.parametrize(
    "text",
    [
        "stone in the right and left kidney",
        "left and right kidney stone",
        "stone in the left/right kidney",
        "stone in the left or right kidney",
    ],
)
def test_two_sides_of_one_organ_are_both_looked_at(text):
    query = parse_query(text)
    assert query.concept.name == "kidney_stone"
    assert query.locations in (("kidneys",), ())
    assert query.laterality is None
    assert "does not fit" not in query.explanation


def test_either_side_is_no_side_and_both_sides_are_both():
    assert parse_query("effusion on the left or right").laterality is None
    assert parse_query("effusion on the left and right").laterality == "both"
    assert parse_query("left or right").laterality == "both"
