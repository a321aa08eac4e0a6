import pytest

from medvlp_training.reports.sections import described_text, split_sections

MIMIC = """                                 FINAL REPORT
 EXAMINATION:  CHEST (PA AND LAT)

 INDICATION:  ___ year old woman with fever.  // Evaluate for pneumonia

 TECHNIQUE:  Chest PA and lateral

 COMPARISON:  ___

 FINDINGS:

 Lungs are well expanded. There is no focal consolidation,
 effusion or pneumothorax.

 IMPRESSION:

 No acute cardiopulmonary process.
"""


def names(text):
    return [section.name for section in split_sections(text)]


def test_a_mimic_report_has_its_sections():
    assert names(MIMIC) == [
        "technique",
        "indication",
        "technique",
        "comparison",
        "findings",
        "impression",
    ]
    assert described_text(MIMIC).split() == [
        "Lungs",
        "are",
        "well",
        "expanded.",
        "There",
        "is",
        "no",
        "focal",
        "consolidation,",
        "effusion",
        "or",
        "pneumothorax.",
        "No",
        "acute",
        "cardiopulmonary",
        "process.",
    ]


@pytest.mark.parametrize("heading", ["FINDINGS:", "Findings:", "findings:", "FINDINGS"])
def test_headings_may_be_in_any_case(heading):
    text = f"INDICATION: cough\n\n{heading}\nClear lungs.\n\nImpression: Normal."
    assert described_text(text) == "Clear lungs.\n\nNormal."


def test_headings_in_running_text():
    text = "INDICATION: cough. FINDINGS: Clear lungs. IMPRESSION: Normal. RECOMMENDATION: None."
    assert described_text(text) == "Clear lungs.\n\nNormal."


def test_a_report_without_headings_is_all_findings():
    text = "Trachea and main bronchi are open. The findings are stable. Impression of a nodule."
    assert described_text(text) == text


def test_a_comparison_at_the_head_of_a_report_ends_with_its_sentence():
    text = "Comparison: CT dated 25.12.2019. Trachea is open. No nodule."
    assert described_text(text) == "Trachea is open. No nodule."


def test_an_unnamed_paragraph_after_the_comparison_describes_the_image():
    text = "COMPARISON: ___.\n\nThe heart is enlarged.\n\nIMPRESSION: Cardiomegaly."
    assert described_text(text) == "The heart is enlarged.\n\nCardiomegaly."


def test_what_was_asked_is_not_what_was_found():
    assert "pneumonia" not in described_text("Indication: pneumonia?\nFindings: Clear lungs.")


def test_an_empty_report_has_no_sections():
    assert split_sections("") == ()
    assert described_text(" \n") == ""
