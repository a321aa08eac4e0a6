import pytest

from medvlp_training.text.meanings import Meaning
from medvlp_training.text.reports import (
    Report,
    label_sentence,
    labelled_sentences,
    read_ct_reports,
    read_xray_reports,
    split_sentences,
)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("There is a small left pleural effusion.", {Meaning("pleural_effusion", "left")}),
        ("No pneumothorax or pleural effusion is seen.",
         {Meaning("pneumothorax", None, "absent"), Meaning("pleural_effusion", None, "absent")}),
        ("Pericardial effusion-thickening was not observed.",
         {Meaning("pericardial_effusion", None, "absent")}),
        ("Heart size is normal.", {Meaning("cardiomegaly", None, "absent")}),
        ("The pancreas is unremarkable.", {Meaning("pancreas", None, "normal")}),
        ("Left effusion but no pneumothorax.",
         {Meaning("pleural_effusion", "left"), Meaning("pneumothorax", None, "absent")}),
        ("The patient arrived by train.", set()),
    ],
)  # fmt: skip
def test_sentences_are_labelled_as_a_reader_would(space, sentence, expected):
    assert set(label_sentence(sentence, space)) == expected


@pytest.mark.parametrize("sentence", ["Possible pneumonia.", "Effusion cannot be excluded."])
def test_doubtful_sentences_are_left_out(space, sentence):
    assert label_sentence(sentence, space) is None


def test_a_sentence_that_contradicts_its_reports_labels_is_left_out(space):
    report = Report("1", ("There is cardiomegaly.", "No pleural effusion."),
                    {"cardiomegaly": False, "pleural_effusion": False})  # fmt: skip
    assert [s.text for s in labelled_sentences(report, space)] == ["No pleural effusion."]


def test_sentences_lose_their_numbers():
    assert split_sentences("1. Stable mild cardiomegaly. 2. Clear lungs again.") == (
        "Stable mild cardiomegaly.",
        "Clear lungs again.",
    )


@pytest.mark.realdata
def test_weak_labels_agree_with_the_labels_that_ct_reports_carry(real_data, space):
    reports = read_ct_reports(real_data / "text")
    assert len(reports) == 800
    hits = positives = false = negatives = 0
    for report in reports[:150]:
        found = {m.concept for s in report.sentences for m in label_sentence(s, space) or ()
                 if m.state == "present"}  # fmt: skip
        for concept, label in report.labels.items():
            hits += label and concept in found
            positives += label
            false += not label and concept in found
            negatives += not label
    assert hits / positives > 0.6
    assert false / negatives < 0.1


@pytest.mark.realdata
def test_a_fixed_share_of_reports_is_kept_back(real_data):
    reports = [*read_ct_reports(real_data / "text"), *read_xray_reports(real_data / "text")]
    share = sum(report.held_out for report in reports) / len(reports)
    assert 0.17 < share < 0.23
    assert len({report.identity for report in reports}) == len(reports)
