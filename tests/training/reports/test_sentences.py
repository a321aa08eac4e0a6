import pytest

from medvlp_training.reports.sentences import split_sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A 1.5 cm nodule. No effusion.", ["A 1.5 cm nodule.", "No effusion."]),
        ("Old disease, e.g. tuberculosis. Clear.", ["Old disease, e.g. tuberculosis.", "Clear."]),
        ("Seen by Dr. Smith today. Clear.", ["Seen by Dr. Smith today.", "Clear."]),
        ("1. Cardiomegaly. 2. No edema.", ["Cardiomegaly.", "No edema."]),
        ("1) Cardiomegaly\n2) No edema", ["Cardiomegaly", "No edema"]),
        ("Nodule in series 3 no. 12 of 40.", ["Nodule in series 3 no. 12 of 40."]),
        ("Is there edema? No.", ["Is there edema?", "No."]),
        ("Lesion (cyst? metastasis?) in the liver.", ["Lesion (cyst? metastasis?) in the liver."]),
        ("Fracture of the 4. rib. Clear lungs.", ["Fracture of the 4. rib.", "Clear lungs."]),
        ("• Emphysema. • Nodules.", ["Emphysema.", "Nodules."]),
        ('Normal bones. " Mild hernia. " Cyst.', ["Normal bones.", "Mild hernia.", "Cyst."]),
        ("In the lung window; no nodule.", ["In the lung window", "no nodule."]),
        ("Discussed with ___ at ___. No change.", ["Discussed with at.", "No change."]),
        ("", []),
        (" . \n\n ;", []),
    ],
)  # fmt: skip
def test_sentences_end_where_a_reader_would_end_them(text, expected):
    assert list(split_sentences(text)) == expected


def test_wrapped_lines_are_one_sentence_and_short_lines_their_own():
    wrapped = (
        "There is a small left pleural effusion with adjacent\n"
        "atelectasis. The right lung is clear and the heart is\n"
        "of normal size."
    )
    assert split_sentences(wrapped) == (
        "There is a small left pleural effusion with adjacent atelectasis.",
        "The right lung is clear and the heart is of normal size.",
    )
    listed = "Clear lungs\nNo effusion\nThere is no pneumothorax on either side of the chest"
    assert len(split_sentences(listed)) == 3


def test_short_sentences_can_be_left_out():
    assert split_sentences("Clear. The heart is normal.", fewest_words=3) == (
        "The heart is normal.",
    )


def test_removed_words_leave_no_mark():
    assert split_sentences("XXXX-year-old male. Heart XXXX normal, see XXXX.")[-1] == (
        "Heart normal, see."
    )
    assert split_sentences("Compared to [**2010-1-1**], stable.") == ("Compared to, stable.",)
