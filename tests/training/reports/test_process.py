import pytest

from medvlp.errors import MedVLPError
from medvlp.grounding.lexicon import load_lexicon
from medvlp_training.reports.process import process_report
from medvlp_training.samples.sample import ABSENT, PRESENT, UNCERTAIN

REPORT = """INDICATION: Known pneumothorax.

FINDINGS: Left pleural effusion, measuring 1.5 cm. Haemorrhage is not seen in the
brain. The liver is normal and there is a cyst in the left kidney. Oedema (pneumonia?).

IMPRESSION:
1. No nodule in the liver.
2. Mass in the right upper lobe.
"""


def words_of(report):
    return [
        (report.sentences[e.sentence][e.start : e.end], e.concept, e.state) for e in report.entities
    ]


def test_entities_stand_where_they_say():
    assert words_of(process_report(REPORT, "CT")) == [
        ("pleural effusion", "pleural_effusion", PRESENT),
        ("Haemorrhage", "hematoma", ABSENT),
        ("brain", "brain", PRESENT),
        ("liver", "liver", PRESENT),
        ("cyst in the left kidney", "renal_cyst", PRESENT),
        ("pneumonia", "pneumonia", UNCERTAIN),
        ("nodule", "liver_lesion", ABSENT),
        ("liver", "liver", PRESENT),
        ("Mass", "lung_mass", PRESENT),
        ("right upper lobe", "lung_upper_lobe_right", PRESENT),
    ]


def test_what_was_asked_is_not_reported():
    report = process_report(REPORT, "XR")
    assert "pneumothorax" not in report.labels
    assert all(entity.concept != "pneumothorax" for entity in report.entities)


def test_labels_are_those_of_the_modality():
    text = "Cardiomegaly. Emphysema. No pneumothorax."
    assert process_report(text, "CT").labels == {"cardiomegaly": PRESENT, "emphysema": PRESENT}
    assert process_report(text, "XR").labels == {"cardiomegaly": PRESENT, "pneumothorax": ABSENT}


@pytest.mark.parametrize(
    ("sentence", "organ", "abnormal"),
    [
        ("The liver is unremarkable.", "liver", False),
        ("The spleen is enlarged.", "spleen", True),
        ("The spleen is not enlarged.", "spleen", False),
        ("No lesion was detected in the liver.", "liver", False),
        ("Hypodense lesion in the liver.", "liver", True),
        ("Left pleural effusion.", "pleura_left", True),
        ("No pleural effusion.", "pleura", False),
        ("Cardiomegaly.", "heart", True),
        ("Nodule in the right middle lobe.", "lung_middle_lobe_right", True),
        ("Consolidation in the left lung.", "lung_left", True),
        ("Emphysema on the right.", "lung_right", True),
        ("Bilateral emphysema.", "lungs", True),
        ("Stone in the right kidney.", "kidney_right", True),
        ("Cyst in the left kidney.", "kidney_left", True),
        ("Possible pneumonia.", "lungs", True),
        ("Vertebral bodies are of normal height.", "spine", False),
        ("No dilatation was detected in the thoracic aorta.", "aorta", False),
    ],
)
def test_a_statement_belongs_to_its_organ(sentence, organ, abnormal):
    found = {s.organ: s.abnormal for s in process_report(sentence, "CT").statements}
    assert found == {organ: abnormal}


def test_each_organ_gets_its_own_clause():
    sentence = "The liver is normal and there is a cyst in the left kidney."
    said = {s.organ: (s.text, s.abnormal) for s in process_report(sentence, "CT").statements}
    assert said == {
        "liver": ("The liver is normal", False),
        "kidney_left": ("there is a cyst in the left kidney", True),
    }


def test_a_clause_without_an_organ_speaks_of_the_one_before():
    sentence = "Both adrenal glands were normal and no space-occupying lesion was detected."
    said = [(s.organ, s.abnormal) for s in process_report(sentence, "CT").statements]
    assert said == [("adrenal_glands", False)]


def test_statements_name_organs_of_the_lexicon_and_quote_the_report():
    lexicon = load_lexicon()
    report = process_report(REPORT, "CT")
    assert report.statements
    for statement in report.statements:
        assert lexicon.concepts[statement.organ].kind == "organ"
        assert any(statement.text in sentence for sentence in report.sentences)


@pytest.mark.parametrize("text", ["", "   ", "FINDINGS:", "___"])
def test_an_empty_report_says_nothing(text):
    report = process_report(text, "XR")
    assert (*report.sentences, *report.labels, *report.entities, *report.statements) == ()


def test_another_modality_is_refused():
    with pytest.raises(MedVLPError, match="'MR'; expected one of 'CT', 'XR'"):
        process_report("Normal.", "MR")
