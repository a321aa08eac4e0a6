import pytest

from medvlp_training.reports.assertion import state_of
from medvlp_training.reports.clauses import split_clauses
from medvlp_training.samples.sample import ABSENT, PRESENT, UNCERTAIN


def state(sentence, phrase):
    """State of ``phrase`` in the clause that holds it."""
    wanted = phrase.split()
    for clause in split_clauses(sentence):
        words = [word.text for word in clause.words]
        for i in range(len(words) - len(wanted) + 1):
            if words[i : i + len(wanted)] == wanted:
                return state_of(clause, i, i + len(wanted))
    raise AssertionError(f"{phrase!r} is not in {sentence!r}")


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("There is a small effusion.", "effusion"),
        ("No change in effusion.", "effusion"),
        ("No significant interval change in the size of the effusion.", "effusion"),
        ("The effusion has not changed.", "effusion"),
        ("Cardiomegaly without edema.", "cardiomegaly"),
        ("No pneumothorax but a small effusion.", "effusion"),
        ("No nodule was detected and there is a small effusion.", "effusion"),
        ("A nodule is seen and effusion was not observed.", "nodule"),
        ("Nodules which were not observed in the previous examination are seen.", "nodules"),
        ("Lymph nodes that did not reach pathological size were observed.", "lymph nodes"),
        ("The mediastinum could not be evaluated due to the effusion.", "effusion"),
        ("Other than a small effusion there is no abnormality.", "effusion"),
        ("No pneumothorax, stable cardiomegaly.", "cardiomegaly"),
        ("Non-specific nodules.", "nodules"),
    ],
)
def test_stated(sentence, phrase):
    assert state(sentence, phrase) == PRESENT


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("No pleural effusion.", "effusion"),
        ("No pneumothorax, consolidation or effusion.", "effusion"),
        ("There is no evidence of pneumothorax or effusion.", "effusion"),
        ("Lungs are clear of consolidation.", "consolidation"),
        ("Negative for fracture.", "fracture"),
        ("Cardiomegaly without overt edema.", "edema"),
        ("Pericardial effusion-thickening was not observed.", "effusion"),
        ("Effusion, nodule and mass were not detected.", "effusion"),
        ("The effusion has resolved.", "effusion"),
        ("Resolution of the effusion.", "effusion"),
        ("The pneumothorax is no longer seen.", "pneumothorax"),
        ("Effusion is absent.", "effusion"),
        ("Effusion has been ruled out.", "effusion"),
        ("Neither effusion nor pneumothorax.", "pneumothorax"),
        ("A nodule is seen and effusion was not observed.", "effusion"),
        ("Esophagus was normal and no wall thickening was detected.", "wall thickening"),
    ],
)
def test_denied(sentence, phrase):
    assert state(sentence, phrase) == ABSENT


@pytest.mark.parametrize(
    ("sentence", "phrase"),
    [
        ("Possible pneumonia.", "pneumonia"),
        ("Opacity, may reflect pneumonia.", "pneumonia"),
        ("Effusion cannot be excluded.", "effusion"),
        ("Effusion is not excluded.", "effusion"),
        ("We cannot exclude pneumonia.", "pneumonia"),
        ("No new consolidation.", "consolidation"),
        ("Atelectasis versus pneumonia.", "atelectasis"),
        ("Atelectasis versus pneumonia.", "pneumonia"),
        ("Hypodense lesion (cyst?) in the liver.", "cyst"),
        ("Suspicious for pneumonia.", "pneumonia"),
        ("Pneumonia is suspected.", "pneumonia"),
        ("No effusion, possible pneumonia.", "pneumonia"),
    ],
)
def test_doubted(sentence, phrase):
    assert state(sentence, phrase) == UNCERTAIN


def test_doubt_about_the_cause_leaves_the_appearance_stated():
    assert state("Opacity, may reflect pneumonia.", "opacity") == PRESENT
    assert state("Hypodense lesion (cyst?) in the liver.", "lesion") == PRESENT


@pytest.mark.parametrize("sentence", ["", "...", "İ.", "12 mm"])
def test_odd_sentences_have_clauses_or_none(sentence):
    for clause in split_clauses(sentence):
        assert clause.words
