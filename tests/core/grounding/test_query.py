import pytest

from medvlp.errors import MedVLPError, QueryError
from medvlp.grounding.query import parse_query

UNDERSTOOD = 0.5


@pytest.mark.parametrize(
    ("text", "concept", "polarity"),
    [
        ("pleural effusion", "pleural_effusion", "present"),
        ("no effusion", "pleural_effusion", "absent"),
        ("without pneumothorax", "pneumothorax", "absent"),
        ("absence of consolidation", "consolidation", "absent"),
        ("free of nodules", "lung_nodule", "absent"),
        ("pneumothorax is not seen", "pneumothorax", "absent"),
        ("the effusion has resolved", "pleural_effusion", "absent"),
        ("heart size is normal", "cardiomegaly", "absent"),
        ("lungs are clear", "lung_opacity", "absent"),
        ("rule out pneumonia", "pneumonia", "present"),
        ("possible atelectasis", "atelectasis", "present"),
        ("windpipe", "trachea", "present"),
        ("where is the liver", "liver", "present"),
        ("no spleen", "spleen", "absent"),
        ("normal", "lesion", "absent"),
        ("no change in the effusion", "pleural_effusion", "present"),
    ],
)
def test_the_concept_and_what_is_asked_about_it(text, concept, polarity):
    query = parse_query(text)
    assert query.concept.name == concept
    assert query.polarity == polarity
    assert query.understood >= UNDERSTOOD
    assert query.text == text


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("left pleural effusion", "left"),
        ("effusion on the right", "right"),
        ("bilateral effusions", "both"),
        ("left and right effusion", "both"),
        ("nodule in the left lower lobe", "left"),
        ("right kidney", "right"),
        ("pleural effusion", None),
        ("liver", None),
    ],
)
def test_the_side_comes_from_words_or_from_the_organ(text, side):
    assert parse_query(text).laterality == side


def test_a_kidney_cyst_is_a_finding_with_a_side():
    for text in ("left renal cyst", "left kidney cyst", "cyst in the left kidney"):
        query = parse_query(text)
        assert query.concept.name == "renal_cyst", text
        assert query.laterality == "left"


def test_one_question_is_about_one_subject_and_says_so():
    query = parse_query("liver and spleen")
    assert query.concept.name == "liver"
    assert "spleen; ask separately" in query.explanation
    assert "ask separately" not in parse_query("nodule in the right lower lobe").explanation
    assert "ask separately" not in parse_query("stone in the left kidney").explanation


def test_an_organ_of_two_sides_with_a_side_word_is_that_sides_organ():
    assert parse_query("kidney, left").concept.name == "kidney_left"
    assert parse_query("lung on the right").concept.name == "lung_right"
    assert parse_query("kidney").concept.name == "kidneys"


@pytest.mark.parametrize(
    ("text", "concept", "location"),
    [
        ("right lower lobe nodule", "lung_nodule", "lung_lower_lobe_right"),
        ("mass in the liver", "liver_lesion", "liver"),
        ("left adrenal nodule", "adrenal_mass", "adrenal_gland_left"),
        ("left kidney stone", "kidney_stone", "kidney_left"),
        ("fracture of L3", "vertebral_fracture", "vertebrae_L3"),
        ("fracture of the left 7th rib", "rib_fracture", "rib_left_7"),
        ("left lung mass", "lung_mass", "lung_left"),
        ("opacity in the left upper zone", "lung_opacity", "upper_zone_left"),
        ("clot in the pulmonary trunk", "pulmonary_embolism", "pulmonary_artery"),
        ("brain tumour", "mass", "brain"),
        ("broken left rib", "rib_fracture", "ribs_left"),
        ("is the heart enlarged?", "cardiomegaly", "heart"),
        ("fluid in the left lung", "pleural_effusion", "lung_left"),
        ("infection of the right lower lobe", "pneumonia", "lung_lower_lobe_right"),
        ("tube in the trachea", "endotracheal_tube", "trachea"),
    ],
)
def test_a_general_word_means_the_finding_of_the_named_organ(text, concept, location):
    query = parse_query(text)
    assert query.concept.name == concept
    assert query.locations == (location,)


@pytest.mark.parametrize(
    "text",
    [
        "pizza",
        "bicycle",
        "the stock market",
        "what is the capital of France",
        "derrame pleural izquierdo",
        "Lebermetastase",
        "肺炎",
        "large",
        "no",
    ],
)
def test_words_from_outside_radiology_or_english_are_not_understood(text):
    query = parse_query(text)
    assert query.understood < UNDERSTOOD
    assert query.concept is None


def test_unknown_words_beside_a_finding_lower_the_understanding():
    alone, beside = parse_query("effusion"), parse_query("purple bicycle effusion")
    assert beside.concept is alone.concept
    assert beside.understood < UNDERSTOOD < alone.understood
    assert '"bicycle"' in beside.explanation


def test_radiological_free_text_keeps_its_own_words():
    query = parse_query("mucus plugging with bronchial stenosis")
    assert query.concept is None
    assert query.understood >= UNDERSTOOD
    assert query.positives[0] == "mucus plugging with bronchial stenosis"
    assert "as they stand" in query.explanation


def test_denied_free_text_asks_about_the_absence_of_its_subject():
    query = parse_query("no mucus plugging")
    assert query.polarity == "absent"
    assert query.subject == "mucus plugging"
    assert query.positives[0] == "mucus plugging"


def test_prompts_describe_the_subject_also_when_its_absence_is_asked():
    present, absent = parse_query("left effusion"), parse_query("no left effusion")
    assert present.positives == absent.positives
    assert all("left" in phrase for phrase in present.positives)
    assert not any(phrase.startswith("no ") for phrase in present.positives)
    assert any(phrase.startswith("no ") for phrase in present.negatives)
    assert set(present.positives).isdisjoint(present.negatives)


def test_left_and_right_have_different_prompts():
    left, right = parse_query("left effusion"), parse_query("right effusion")
    assert set(left.positives).isdisjoint(right.positives)


def test_a_place_is_in_the_prompts_once():
    positives = parse_query("stone in the left kidney").positives
    assert "kidney stone in the left kidney" in positives
    assert not any("kidney kidney" in phrase for phrase in positives)


def test_a_correction_is_explained():
    query = parse_query("pleural efussion")
    assert query.concept.name == "pleural_effusion"
    assert '"efussion" was read as "effusion"' in query.explanation


def test_normal_organs_are_explained_not_mapped_as_findings():
    query = parse_query("normal lungs")
    assert query.concept.name == "lungs"
    assert query.polarity == "present"
    assert '"normal" has no place of its own' in query.explanation


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "?!", "a" * 501, "effusion " * 1200])
def test_empty_and_endless_queries_are_refused_with_a_remedy(text):
    with pytest.raises(QueryError, match="such as") as refusal:
        parse_query(text)
    assert isinstance(refusal.value, MedVLPError)
    assert refusal.value.exit_status == 2
    assert len(str(refusal.value)) < 300


def test_a_query_of_the_longest_allowed_length_is_read():
    text = ("pleural effusion " * 40)[:500]
    assert parse_query(text).concept.name == "pleural_effusion"


def test_sizes_and_politeness_do_not_count_as_unknown_words():
    assert parse_query("please show me a small 5 mm nodule in the scan").understood == 1.0


def test_a_place_where_a_finding_cannot_be_is_in_no_prompt():
    nowhere = parse_query("pneumothorax of the liver")
    assert nowhere.locations == ("liver",)
    assert nowhere.positives == parse_query("pneumothorax").positives
    lobe = parse_query("pneumothorax of the right upper lobe")
    assert all("right upper lobe" in phrase for phrase in lobe.positives)


def test_a_denial_of_nothing_is_no_question_about_absence():
    assert parse_query("no").polarity == "present"
