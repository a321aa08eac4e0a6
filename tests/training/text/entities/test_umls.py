from __future__ import annotations

import pytest
import torch

from medvlp.errors import MedVLPError
from medvlp_training.text.entities.umls import CuiVectors, concept_cuis, cui_names

CONCEPTS = ("pleural_effusion", "liver", "spleen")


def test_a_concept_is_the_cui_with_most_of_its_names(mrconso):
    cuis = concept_cuis(mrconso, CONCEPTS)
    assert cuis["pleural_effusion"] == "C0032227"
    assert "spleen" not in cuis


def test_the_preferred_name_decides_between_as_many(mrconso):
    # "liver" and "hepar" are one vote each; "liver" is the preferred word.
    assert concept_cuis(mrconso, ["liver"]) == {"liver": "C0023884"}


def test_names_are_english_current_and_listed_once(mrconso):
    text = mrconso.read_text(encoding="utf-8")
    mrconso.write_text(text + text.splitlines()[0] + "\n", encoding="utf-8")
    names = cui_names(mrconso, {"C0032227", "C1234567"})
    assert names["C0032227"] == ("Pleural effusion", "Pleural Effusions", "Pleural effusion, NOS")
    assert names["C1234567"] == ()


@pytest.mark.parametrize("line", ["C0032227|ENG|Pleural effusion", "term,cui", "D" + "|" * 18])
def test_a_file_of_another_layout_is_refused_with_its_line(mrconso, line):
    mrconso.write_text(mrconso.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(MedVLPError, match=r"MRCONSO\.RRF, line 10.*18 fields"):
        concept_cuis(mrconso, CONCEPTS)


def test_a_missing_or_binary_file_is_named(tmp_path):
    with pytest.raises(MedVLPError, match=r"none\.RRF"):
        concept_cuis(tmp_path / "none.RRF", CONCEPTS)
    (tmp_path / "binary.RRF").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(MedVLPError, match=r"binary\.RRF"):
        concept_cuis(tmp_path / "binary.RRF", CONCEPTS)


def test_a_file_that_knows_no_concept_is_refused(mrconso):
    with pytest.raises(MedVLPError, match="no English name of any of 1 concepts"):
        concept_cuis(mrconso, ["spleen"])


def test_vectors_are_looked_up_by_cui(tmp_path):
    path = tmp_path / "cui2vec.csv"
    path.write_text('"","V1","V2"\n"C0032227",3,4\n"C0023884",1,0\n"C0000001",7,7\n')
    source = CuiVectors(path, {"pleural_effusion": "C0032227", "liver": "C0023884", "x": "C8"})
    assert source.size == 2
    found = source.vectors(["liver", "spleen", "pleural_effusion", "x"])
    torch.testing.assert_close(found, torch.tensor([[1.0, 0], [0, 0], [0.6, 0.8], [0, 0]]))


@pytest.mark.parametrize(
    "content", ["C1,1,2\n", "C0032227,1,two\n", "C0032227,1,2\nC0023884,1\n", "C0032227,nan,1\n"]
)
def test_a_table_that_cannot_serve_is_refused(tmp_path, content):
    path = tmp_path / "vectors.csv"
    path.write_text(content)
    with pytest.raises(MedVLPError, match=r"vectors\.csv"):
        CuiVectors(path, {"pleural_effusion": "C0032227", "liver": "C0023884"})
