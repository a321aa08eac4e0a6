import pytest

from medvlp.errors import MedVLPError
from medvlp_training.reports import label_rules
from medvlp_training.reports.label_rules import load_label_rules
from medvlp_training.reports.label_sets import CHEXPERT, CT_RATE
from medvlp_training.reports.labeler import label_report, label_sentence
from medvlp_training.samples.sample import ABSENT, PRESENT, UNCERTAIN


@pytest.mark.parametrize(
    ("sentence", "concept", "state"),
    [
        ("Pericardial effusion-thickening was not observed.", "pericardial_effusion", ABSENT),
        ("Pericardial effusion-thickening was not observed.", "pleural_effusion", None),
        ("Pleural-pericardial effusion was not detected.", "pleural_effusion", ABSENT),
        ("Pleural-pericardial effusion was not detected.", "pericardial_effusion", ABSENT),
        ("Effusion of 5 mm was observed in the pericardial space.", "pericardial_effusion", PRESENT),
        ("Effusion of 5 mm was observed in the pericardial space.", "pleural_effusion", None),
        ("Minimal pleural effusion on the left.", "pleural_effusion", PRESENT),
        ("Effusion is observed in the left perinephric area.", "pleural_effusion", None),
        ("Millimetric nonspecific nodules in both lungs.", "lung_nodule", PRESENT),
        ("A hypodense nodule in the left thyroid lobe.", "lung_nodule", None),
        ("No nodular lesion was detected.", "lung_nodule", ABSENT),
        ("Millimetric lymph nodes are observed.", "lymphadenopathy", PRESENT),
        ("No enlarged lymph nodes were detected.", "lymphadenopathy", ABSENT),
        ("Calcific plaques in the coronary arteries.", "coronary_calcification", PRESENT),
        ("Calcific plaques in the coronary arteries.", "arterial_calcification", None),
        ("Calcific plaques in the aorta and coronary arteries.", "arterial_calcification", PRESENT),
        ("Calcific plaques in the aorta and coronary arteries.", "coronary_calcification", PRESENT),
        ("Calcification is observed in the aortic valve.", "arterial_calcification", None),
        ("Calcified pleural plaques.", "arterial_calcification", None),
        ("Ground-glass densities in both lungs.", "lung_opacity", PRESENT),
        ("Ground glass nodule in the upper lobe.", "lung_opacity", None),
        ("Sequelae density increases in both apices.", "lung_opacity", None),
        ("Sequelae changes are observed in the apex.", "pulmonary_fibrosis", PRESENT),
        ("Sequelae in the right 4th rib.", "pulmonary_fibrosis", None),
        ("Fibroatelectatic changes in the lingula.", "atelectasis", None),
        ("Fibroatelectatic changes in the lingula.", "pulmonary_fibrosis", PRESENT),
        ("Linear atelectasis.", "atelectasis", PRESENT),
        ("CTR increased in favor of the heart.", "cardiomegaly", PRESENT),
        ("Heart contour and size are normal.", "cardiomegaly", ABSENT),
        ("Emphysematous changes in both lungs.", "emphysema", PRESENT),
        ("Subcutaneous emphysema.", "emphysema", None),
        ("Sliding type hiatal hernia.", "hiatal_hernia", PRESENT),
        ("Contrast material was not given.", "medical_device", None),
        ("A port catheter is observed.", "medical_device", PRESENT),
        ("Mosaic attenuation pattern (small airway disease?).", "mosaic_attenuation", PRESENT),
        ("Interlobular septal thickening.", "septal_thickening", PRESENT),
        ("Minimal peribronchial thickening.", "bronchial_wall_thickening", PRESENT),
        ("Peribronchial lymph node.", "bronchial_wall_thickening", None),
        ("Possible consolidation.", "consolidation", UNCERTAIN),
    ],
)  # fmt: skip
def test_ct_sentences(sentence, concept, state):
    assert label_sentence(sentence, "ct_rate").get(concept) == state


@pytest.mark.parametrize(
    ("sentence", "concept", "state"),
    [
        ("The heart is mildly enlarged.", "cardiomegaly", PRESENT),
        ("Heart size normal.", "cardiomegaly", ABSENT),
        ("The cardiac silhouette is within normal limits.", "cardiomegaly", ABSENT),
        ("Borderline heart size.", "cardiomegaly", UNCERTAIN),
        ("Widened mediastinum.", "widened_mediastinum", PRESENT),
        ("Mediastinal contours are normal.", "widened_mediastinum", ABSENT),
        ("Stable cardiomediastinal silhouette.", "widened_mediastinum", None),
        ("Blunting of the left costophrenic angle.", "pleural_effusion", PRESENT),
        ("Costophrenic angles are sharp.", "pleural_effusion", ABSENT),
        ("Hydropneumothorax on the right.", "pneumothorax", PRESENT),
        ("Hydropneumothorax on the right.", "pleural_effusion", PRESENT),
        ("No pneumothorax.", "pneumothorax", ABSENT),
        ("Calcified nodule in the right lung.", "lung_lesion", None),
        ("2 cm nodule in the right lung.", "lung_lesion", PRESENT),
        ("Biapical pleural thickening.", "pleural_other", PRESENT),
        ("Healed rib fractures.", "fracture", PRESENT),
        ("The bones are intact.", "fracture", ABSENT),
        ("Right PICC line in place.", "medical_device", PRESENT),
        ("Trachea is midline.", "medical_device", None),
        ("Residuals of prior granulomatous infection.", "pneumonia", None),
        ("Opacity, may represent pneumonia.", "pneumonia", UNCERTAIN),
        ("Opacity, may represent pneumonia.", "lung_opacity", PRESENT),
        ("Pulmonary vascular congestion.", "pulmonary_edema", PRESENT),
    ],
)  # fmt: skip
def test_xray_sentences(sentence, concept, state):
    assert label_sentence(sentence, "chexpert").get(concept) == state


def test_one_statement_outweighs_doubt_and_denial():
    said = ["No effusion.", "Possible effusion.", "Small effusion."]
    states = [label_report(said[:n], "chexpert")["pleural_effusion"] for n in (1, 2, 3)]
    assert states == [ABSENT, UNCERTAIN, PRESENT]
    assert label_report(said[::-1], "chexpert")["pleural_effusion"] == PRESENT


@pytest.mark.parametrize(
    ("sentences", "normal"),
    [
        (["Clear lungs.", "No effusion."], True),
        (["Clear lungs.", "Pacemaker on the left."], True),
        (["Small effusion."], False),
        (["Possible pneumonia."], False),
        (["Hyperexpanded but clear lungs."], False),
        (["Scoliosis."], False),
        ([], False),
    ],
)
def test_no_finding_means_nothing_but_devices(sentences, normal):
    assert (label_report(sentences, "chexpert").get("no_finding") == PRESENT) == normal


def test_a_report_without_sentences_has_no_labels():
    assert label_report([], "ct_rate") == {}
    assert label_report([], "chexpert") == {}


def test_the_order_of_sentences_does_not_matter():
    said = ["Nodules in both lungs.", "No effusion.", "Emphysema.", "Possible consolidation."]
    assert label_report(said, "ct_rate") == label_report(said[::-1], "ct_rate")


def test_every_label_has_a_rule():
    assert len(CT_RATE) == 18
    assert len(CHEXPERT) == 14
    assert {rule.concept for rule in load_label_rules("ct_rate")} == set(CT_RATE.values())
    assert {rule.concept for rule in load_label_rules("chexpert")} == set(CHEXPERT.values())


def test_a_rule_with_an_unknown_key_is_refused(monkeypatch):
    rules = {name: {"mentions": ["x"]} for name in CT_RATE.values()}
    monkeypatch.setattr(label_rules, "read_rules", lambda name: {"labels": rules})
    load_label_rules.cache_clear()
    try:
        with pytest.raises(MedVLPError, match=r"medical_device in ct_rate\.json.*'mentions'"):
            load_label_rules("ct_rate")
    finally:
        load_label_rules.cache_clear()


def test_a_rule_file_for_other_labels_is_refused(monkeypatch):
    monkeypatch.setattr(label_rules, "read_rules", lambda name: {"labels": {"fracture": {}}})
    load_label_rules.cache_clear()
    try:
        with pytest.raises(MedVLPError, match=r"ct_rate\.json has rules for \['fracture'\]"):
            load_label_rules("ct_rate")
    finally:
        load_label_rules.cache_clear()
