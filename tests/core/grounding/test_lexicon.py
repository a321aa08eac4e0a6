import json

import pytest

from medvlp.errors import MedVLPError
from medvlp.grounding.lexicon import Concept, Lexicon, load_lexicon
from medvlp.grounding.words import stems


@pytest.fixture(scope="module")
def lexicon():
    return load_lexicon()


@pytest.mark.realdata
@pytest.mark.parametrize(
    "file", ["ct_totalseg/class_map_total.json", "ct_lidc/seg_labels.json"], ids=["map", "lidc"]
)
def test_every_totalsegmentator_class_is_an_organ(real_data, lexicon, file):
    names = set(json.loads((real_data / file).read_text()).values())
    assert len(names) > 80
    missing = {n for n in names if n not in lexicon.concepts}
    assert missing == set()
    assert all(lexicon.concepts[n].kind == "organ" for n in names)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("windpipe", "trachea"),
        ("left adrenal", "adrenal_gland_left"),
        ("L3", "vertebrae_L3"),
        ("third lumbar vertebra", "vertebrae_L3"),
        ("gall bladder", "gallbladder"),
        ("bladder", "urinary_bladder"),
        ("collarbones", "clavicles"),
        ("the right kidney", "kidney_right"),
        ("fluid around the lung", "pleural_effusion"),
        ("fluid around the heart", "pericardial_effusion"),
        ("GGO", "ground_glass_opacity"),
        ("pulmonary oedema", "pulmonary_edema"),
        ("broken ribs", "rib_fracture"),
        ("AAA", "aortic_aneurysm"),
        ("lung masses", "lung_mass"),
        ("NG tube", "enteric_tube"),
        ("left 7th rib", "rib_left_7"),
        ("left lower lobe", "lung_lower_lobe_left"),
    ],
)
def test_radiologist_and_lay_words_find_their_concept(lexicon, text, name):
    assert lexicon.find(text).concept.name == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("plural efusion", None),
        ("pleural efussion", "pleural_effusion"),
        ("pnuemothorax", "pneumothorax"),
        ("gallbladdr", "gallbladder"),
        ("emphysma", "emphysema"),
    ],
)
def test_a_misspelt_word_is_corrected_when_it_is_near_enough(lexicon, text, name):
    match = lexicon.find(text)
    if name is None:
        assert match is None or match.concept.name == "pleural_effusion"
    else:
        assert match.concept.name == name
        assert match.corrected


@pytest.mark.parametrize(
    "text", ["pizza", "bicycle", "the stock market", "", "stockbroker", "river"]
)
def test_words_of_another_world_match_nothing(lexicon, text):
    assert lexicon.find(text) is None


def test_the_longest_phrase_wins_and_a_finding_beats_an_organ(lexicon):
    assert lexicon.find("aortic aneurysm").phrase == "aortic aneurysm"
    assert lexicon.find("nodule in the right lower lobe").concept.name == "lung_nodule"


def test_parts_of_groups_are_leaf_organs(lexicon):
    for concept in lexicon.concepts.values():
        for part in concept.parts:
            assert lexicon.concepts[part].kind == "organ"
            assert not lexicon.concepts[part].parts, (concept.name, part)
    assert lexicon.leaves("kidneys") == ("kidney_left", "kidney_right")
    assert lexicon.leaves("liver") == ("liver",)


def test_a_left_organ_has_only_left_parts_and_a_right_twin(lexicon):
    for concept in lexicon.of_kind("organ"):
        if concept.laterality != "left" or concept.name == "atrial_appendage_left":
            continue
        assert all("left" in part for part in concept.parts)
        twin = lexicon.concepts[concept.name.replace("left", "right")]
        assert twin.laterality == "right"


def test_containment_follows_parts_and_zones(lexicon):
    assert lexicon.lies_in("lung_lower_lobe_left", "lung_left")
    assert lexicon.lies_in("lung_left", "lungs")
    assert lexicon.lies_in("upper_zone_right", "lungs")
    assert not lexicon.lies_in("lung_left", "lung_right")
    assert not lexicon.lies_in("liver", "lungs")


def test_organs_visible_on_a_frontal_radiograph_are_marked_so(lexicon):
    radiograph = {n for n, c in lexicon.concepts.items() if "XR" in c.modalities}
    assert {"lung_left", "lung_right", "heart", "clavicula_left", "ribs", "trachea"} <= radiograph
    assert not {"kidney_left", "pancreas", "urinary_bladder"} & radiograph


def test_completion_offers_preferred_words_first_and_each_concept_once(lexicon):
    offered = lexicon.complete("pneumo", 10)
    assert offered[0] in {"pneumonia", "pneumothorax"}
    assert {"pneumonia", "pneumothorax", "pneumoperitoneum"} & set(offered)
    assert len({lexicon.find(o).concept.name for o in offered}) == len(offered)
    assert lexicon.complete("") == []
    assert len(lexicon.complete("l", 3)) == 3


def test_plurals_and_british_spelling_are_one_key():
    assert stems("pleural effusions") == stems("Pleural effusion")
    assert stems("lung tumours") == stems("lung tumor")
    assert stems("metastasis")[0] == "metastasis"


def _organ(name, *synonyms, **fields):
    return Concept(name, "organ", name, synonyms or (name,), ("CT",), **fields)


def test_a_phrase_of_two_concepts_is_refused():
    with pytest.raises(MedVLPError, match="belongs to"):
        Lexicon([_organ("a", "same"), _organ("b", "Same")])


def test_a_reference_to_nothing_is_refused():
    with pytest.raises(MedVLPError, match="unknown nowhere"):
        Lexicon([_organ("a", parts=("nowhere",))])
