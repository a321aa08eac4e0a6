from __future__ import annotations

import pytest

from medvlp_training.samples.errors import LayoutError

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<eCitation>
<meta type="rr"/><uId id="CXR{n}"/><pmcId id="{n}"/>
<MedlineCitation><Article><Abstract>
<AbstractText Label="COMPARISON">None.</AbstractText>
<AbstractText Label="INDICATION">XXXX-year-old with pneumothorax</AbstractText>
<AbstractText Label="FINDINGS">The heart is enlarged XXXX. No pneumothorax is seen.</AbstractText>
<AbstractText Label="IMPRESSION">Cardiomegaly without XXXX edema.</AbstractText>
</Abstract></Article></MedlineCitation>
<MeSH>{terms}</MeSH>
{images}
</eCitation>
"""
IMAGE = '<parentImage id="{name}"><caption>Chest</caption><url>/x/{name}.jpg</url></parentImage>'


@pytest.fixture
def root(files):
    names = [IMAGE.format(name=n) for n in ("CXR1_1_IM-0001-3001", "CXR1_1_IM-0001-4001")]
    terms = "<major>Cardiomegaly/mild</major><major>Opacity/lung/base/left</major>"
    terms += "<major>Technical Quality of Image Unsatisfactory </major><automatic>edema</automatic>"
    files.text("ecgen-radiology/1.xml", REPORT.format(n=1, terms=terms, images="".join(names)))
    files.text(
        "ecgen-radiology/2.xml",
        REPORT.format(
            n=2, terms="<major>normal</major>", images=IMAGE.format(name="CXR2_IM-0652-1001")
        ),
    )
    files.text("ecgen-radiology/3.xml", REPORT.format(n=3, terms="", images=""))
    files.text("ecgen-radiology/4.xml", "<eCitation><MeSH>")
    for name in ("CXR1_1_IM-0001-3001", "CXR1_1_IM-0001-4001"):
        files.picture(f"NLMCXR_png/{name}.png")
    return files.root


def test_both_images_of_a_study_have_its_report_and_terms(root, read):
    found, skips = read("openi")
    assert {*found} == {"openi/CXR1_1_IM-0001-3001", "openi/CXR1_1_IM-0001-4001"}
    sample = found["openi/CXR1_1_IM-0001-3001"]
    assert {s.patient for s in found.values()} == {"openi/1"}
    assert sample.labels["cardiomegaly"] == sample.labels["lung_opacity"] == 1
    assert sample.labels["pneumothorax"] == 0
    assert not any("XXXX" in s or "year-old" in s for s in sample.sentences)
    assert any("heart is enlarged" in s for s in sample.sentences)
    assert skips.skipped == {
        "image not there": 1, "report without an image": 1, "unreadable report": 1,
    }  # fmt: skip


def test_a_report_coded_as_normal_excludes_findings_but_not_devices(root, read, files):
    files.picture("NLMCXR_png/CXR2_IM-0652-1001.png")
    labels = read("openi")[0]["openi/CXR2_IM-0652-1001"].labels
    assert labels["pleural_effusion"] == 0
    assert labels["cardiomegaly"] == 0
    assert "pacemaker" not in labels
    assert "central_venous_catheter" not in labels


@pytest.mark.parametrize("gone", ["ecgen-radiology", "NLMCXR_png"])
def test_another_layout_is_refused(root, read, gone):
    (root / gone).rename(root / "elsewhere")
    with pytest.raises(LayoutError, match="not laid out as Open-i"):
        read("openi")
