from __future__ import annotations

from importlib import resources

import pytest

from medvlp_training.datasets.sources import NIH_LABELS, OPACITIES
from medvlp_training.reports.label_sets import CHEXPERT, CT_RATE
from medvlp_training.samples.check import check_concepts
from medvlp_training.samples.errors import SampleError
from medvlp_training.samples.label_set import join_labels, load_label_set, parse_label

NAMES = sorted(
    path.name.removesuffix(".json")
    for path in (resources.files("medvlp_training.samples") / "label_sets").iterdir()
)


def test_there_is_a_set_for_each_collection_with_labels():
    assert {"chexpert", "ct_rate", "merlin", "nih_chestxray14", "openi", "padchest"} <= {*NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_every_label_means_a_concept_that_exists(name):
    label_set = load_label_set(name)
    for label, concepts in label_set.concepts.items():
        check_concepts(concepts, label)
    assert {*label_set.normal, *label_set.not_excluded_by_normal} <= {*label_set.concepts}
    known = {c for concepts in label_set.concepts.values() for c in concepts}
    assert all(concept in known for group in label_set.interchangeable for concept in group)
    assert label_set.source


def test_labels_of_images_and_of_reports_mean_the_same():
    assert load_label_set("chexpert").concepts == {k: (v,) for k, v in CHEXPERT.items()}
    assert load_label_set("ct_rate").concepts == {k: (v,) for k, v in CT_RATE.items()}
    nih = load_label_set("nih_chestxray14")
    assert {k: nih.concepts[k] for k in NIH_LABELS} == {k: (v,) for k, v in NIH_LABELS.items()}
    assert {*nih.interchangeable[0]} == OPACITIES


def test_uncertain_stays_uncertain_and_empty_stays_unknown():
    row = {"Edema": "-1.0", "Fracture": "", "Cardiomegaly": "0.0", "Pneumothorax": "1.0"}
    labels = load_label_set("chexpert").read_cells(row)
    assert labels == {"pulmonary_edema": -1, "cardiomegaly": 0, "pneumothorax": 1}


def test_no_finding_excludes_findings_but_not_devices():
    labels = load_label_set("chexpert").read_cells({"No Finding": "1.0", "Lung Opacity": "-1.0"})
    assert labels.pop("no_finding") == 1
    assert labels.pop("lung_opacity") == -1
    assert "medical_device" not in labels
    assert {*labels.values()} == {0}
    assert len(labels) == 11


def test_what_nih_does_not_list_is_absent_unless_it_is_a_word_for_what_is_listed():
    labels = load_label_set("nih_chestxray14").read_listed(["Infiltration", "Hernia"])
    assert labels["lung_opacity"] == labels["hiatal_hernia"] == 1
    assert labels["cardiomegaly"] == 0
    assert not OPACITIES - {"lung_opacity"} & {*labels}
    normal = load_label_set("nih_chestxray14").read_listed(["No Finding"])
    assert len(normal) == 14
    assert {*normal.values()} == {0}


def test_present_goes_before_uncertain_and_absent():
    read = load_label_set("vindr_cxr").read
    both = {"Infiltration": 0, "Lung Opacity": -1}
    assert read(both)["lung_opacity"] == -1
    assert read({**both, "Infiltration": 1})["lung_opacity"] == 1


def test_an_absent_concept_is_unknown_where_a_kind_of_it_is_present():
    labels = load_label_set("chexpert").read({"Consolidation": 1, "Lung Opacity": 0, "Edema": 0})
    assert labels == {"consolidation": 1, "pulmonary_edema": 0}


@pytest.mark.parametrize(("cell", "value"), [("1", 1), ("0.0", 0), ("-1.0", -1)])
def test_cells(cell, value):
    assert parse_label(cell, "Edema") == value


@pytest.mark.parametrize("cell", ["2", "0.5", "yes", "nan", "-2"])
def test_a_cell_out_of_range_is_refused(cell):
    with pytest.raises(SampleError, match=f"'Edema': '{cell}' is out of range"):
        parse_label(cell, "Edema")


def test_a_label_that_is_not_of_the_set_is_refused():
    with pytest.raises(SampleError, match="'Edemas' is not of the set CheXpert"):
        load_label_set("chexpert").read({"Edemas": 1})
    assert load_label_set("padchest").read_listed(["a label nobody uses"])["pneumothorax"] == 0


def test_labels_of_the_collection_go_before_those_of_the_text():
    joined = join_labels({"pneumothorax": 0, "no_finding": 1}, {"pneumothorax": -1})
    assert joined == {"pneumothorax": -1}
    assert join_labels({"no_finding": 1}, {"medical_device": 1})["no_finding"] == 1
    assert join_labels({"lung_opacity": 0}, {"consolidation": 1}) == {"consolidation": 1}
