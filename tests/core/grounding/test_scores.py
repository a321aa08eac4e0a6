"""The organ table."""

from __future__ import annotations

import json

import numpy as np
import pytest

from medvlp import ground, load_model, open_scan, score_organs
from medvlp.errors import Cancelled, LabelMapError, MedVLPError, ModelMismatchError, QueryError
from medvlp.geometry import Geometry
from medvlp.io.samples import get_sample
from medvlp.scan import Scan


def expected_ml(phantom, organ, exclude=None):
    mask = np.zeros(phantom.geometry.shape, bool)
    mask[phantom.organs[organ][:3]] = True
    if exclude is not None:
        mask[exclude[:3]] = False
    return float(mask.sum()) * 4.0**3 / 1000


def finding(table, organ, name):
    return next(f for f in table.row(organ).findings if f.finding == name)


@pytest.fixture
def scan(phantom):
    return phantom.scan(phantom.effusion_left)


def test_built_in_organs_have_presence_volume_and_findings(fake_model, phantom, scan):
    table = score_organs(fake_model, fake_model.encode(scan))
    assert table.source == "builtin"
    assert [r.organ for r in table.rows] == list(fake_model.encode(scan).organs)
    for row in table.rows:
        assert row.present
        assert not row.truncated
        assert row.volume_ml == pytest.approx(expected_ml(phantom, row.organ), rel=0.02)
        assert phantom.inside(phantom.organs[row.organ], row.peak.index)
    effusion = finding(table, "lung_left", "pleural_effusion")
    assert effusion.probability > 0.95
    assert phantom.inside(phantom.effusion_left, effusion.peak.index)
    assert table.row("lung_left").leading.finding == "pleural_effusion"
    assert finding(table, "lung_right", "pleural_effusion").probability < 0.05
    hosts = {f.finding for f in table.row("liver").findings}
    assert "liver_lesion" in hosts
    assert "pleural_effusion" not in hosts


def test_findings_come_most_probable_first_with_a_profile_per_slice(fake_model, scan):
    table = score_organs(fake_model, fake_model.encode(scan))
    row = table.row("lung_left")
    probabilities = [f.probability for f in row.findings]
    assert probabilities == sorted(probabilities, reverse=True)
    profile = finding(table, "lung_left", "pleural_effusion").profile
    assert profile.shape == (40,)
    assert np.all(profile[21:25] > 0.9)
    assert np.all(profile[:18] < 0.1)
    assert np.all(row.profile >= profile)


def test_a_label_map_gives_exact_volumes(fake_model, phantom, scan):
    table = score_organs(fake_model, fake_model.encode(scan), phantom.labels())
    assert table.source == "label map"
    for organ in ("liver", "kidney_left", "heart", "lung_right"):
        name = {"lung_right": "lung_upper_lobe_right"}.get(organ, organ)
        assert table.row(name).volume_ml == pytest.approx(expected_ml(phantom, organ))
    lower = finding(table, "lung_lower_lobe_left", "pleural_effusion")
    assert lower.probability > 0.95
    assert finding(table, "lung_upper_lobe_right", "pleural_effusion").probability < 0.05


def test_built_in_head_and_label_map_agree(fake_model, phantom, scan):
    enc = fake_model.encode(scan)
    builtin, labels = score_organs(fake_model, enc), score_organs(fake_model, enc, phantom.labels())
    for organ in ("liver", "kidney_left", "kidney_right", "heart"):
        a, b = builtin.row(organ), labels.row(organ)
        assert a.volume_ml == pytest.approx(b.volume_ml, rel=0.02)
        for x in a.findings:
            assert finding(labels, organ, x.finding).probability == pytest.approx(
                x.probability, abs=0.02
            )


@pytest.mark.parametrize("source", ["builtin", "labels"])
def test_an_organ_cut_by_the_border_is_truncated_and_smaller(fake_model, phantom, scan, source):
    cropped = Scan(scan.array[10:], scan.geometry.cropped((10, 0, 0), (30, 40, 60)), "CT", "HU")
    organs = "builtin" if source == "builtin" else phantom.labels()[10:]
    table = score_organs(fake_model, fake_model.encode(cropped), organs)
    liver, heart = table.row("liver"), table.row("heart")
    assert liver.truncated
    assert liver.volume_ml == pytest.approx(expected_ml(phantom, "liver") / 2, rel=0.02)
    assert not heart.truncated


def test_an_organ_outside_the_field_of_view_is_absent_and_unscored(fake_model, scan):
    cropped = Scan(scan.array[18:], scan.geometry.cropped((18, 0, 0), (22, 40, 60)), "CT", "HU")
    row = score_organs(fake_model, fake_model.encode(cropped)).row("liver")
    assert not row.present
    assert row.findings == ()
    assert row.volume_ml == 0
    assert row.peak is None


def test_label_maps_of_turned_scans_give_the_same_table(fake_model, phantom, scan):
    axes, flips = (2, 0, 1), (True, False, True)

    def turn(array):
        return array.transpose(axes)[tuple(slice(None, None, -1 if f else 1) for f in flips)]

    turned = Scan(turn(scan.array), scan.geometry.permuted(axes, flips), "CT", "HU")
    plain = score_organs(fake_model, fake_model.encode(scan), phantom.labels())
    other = score_organs(fake_model, fake_model.encode(turned), turn(phantom.labels()))
    assert [r.organ for r in plain.rows] == [r.organ for r in other.rows]
    for a, b in zip(plain.rows, other.rows, strict=True):
        assert a.volume_ml == pytest.approx(b.volume_ml)
        for x, y in zip(a.findings, b.findings, strict=True):
            assert x.probability == pytest.approx(y.probability, abs=1e-6)


def test_without_masks_the_whole_scan_is_one_row_that_says_so(fake_model, scan):
    table = score_organs(fake_model, fake_model.encode(scan), None)
    (row,) = table.rows
    assert (row.organ, row.truncated, row.volume_ml) == ("whole_scan", None, None)
    assert table.source == "none"
    assert "No organ masks" in table.note
    assert row.leading.finding == "pleural_effusion"


def test_a_model_without_an_organ_head_says_so(fake_model, scan):
    from dataclasses import replace

    enc = replace(fake_model.encode(scan), organs={})
    table = score_organs(fake_model, enc)
    assert [r.organ for r in table.rows] == ["whole_scan"]
    assert "no organ head" in table.note


def test_own_findings_are_looked_for_in_their_host_organs(fake_model, scan):
    texts = ["pleural effusion", "liver lesion", "no pleural effusion"]
    table = score_organs(fake_model, fake_model.encode(scan), findings=texts)
    assert [f.finding for f in table.row("liver").findings] == ["liver_lesion"]
    left = table.row("lung_left").findings
    assert sorted(f.display for f in left) == ["no pleural effusion", "pleural effusion"]
    by_text = {f.display: f.probability for f in left}
    assert by_text["no pleural effusion"] == pytest.approx(1 - by_text["pleural effusion"])


def test_what_cannot_be_answered_has_no_probability(fake_model, scan):
    table = score_organs(fake_model, fake_model.encode(scan), findings=["pizza"])
    (answer,) = table.row("liver").findings
    assert answer.probability is None
    assert "outside what this model" in answer.reason
    strange = type(fake_model)(in_domain=0.1)
    table = score_organs(strange, strange.encode(scan))
    assert all(f.probability is None for row in table.rows for f in row.findings)
    assert all(row.probability is None for row in table.rows)


def test_an_x_ray_has_organs_without_volume(fake_model, radiograph):
    table = score_organs(fake_model, fake_model.encode(radiograph))
    row = table.row("lung_left")
    assert row.present
    assert row.volume_ml is None
    assert finding(table, "lung_left", "pleural_effusion").probability > 0.95
    assert finding(table, "lung_right", "pleural_effusion").probability < 0.05
    assert row.profile.shape == (1,)
    labels = np.zeros(radiograph.array.shape, np.uint8)
    labels[8:44, 46:72] = 10
    (row,) = score_organs(fake_model, fake_model.encode(radiograph), labels).rows
    assert row.volume_ml is None
    assert row.peak.index[1] > 40


def test_no_organ_of_a_film_has_a_finding_more_probably_than_the_film():
    model = load_model("small", device="cpu")
    enc = model.encode(open_scan(get_sample("effusion-xray")), cache=False)
    rows = score_organs(model, enc).rows
    names = sorted({f.display for row in rows for f in row.findings})
    film = {n: h.probability for n, h in zip(names, ground(model, enc, names), strict=True)}
    asked = [f for row in rows for f in row.findings if f.probability is not None]
    assert len(asked) > 20
    assert not [f.display for f in asked if f.probability > film[f.display] + 1e-6]


def test_the_dictionary_has_the_documented_form(fake_model, scan):
    table = score_organs(fake_model, fake_model.encode(scan), scan=scan)
    data = json.loads(json.dumps(table.to_dict(), allow_nan=False))
    assert data["schema"] == "medvlp/score/1"
    assert data["scan"] == {
        "modality": "CT",
        "shape": [40, 40, 60],
        "spacing_mm": [4.0, 4.0, 4.0],
        "warnings": [],
    }
    assert data["model"] == {"name": "fake", "sha256": "fa" * 32}
    for organ in data["organs"]:
        assert set(organ) == {"organ", "present", "truncated", "volume_ml", "findings"}
        for entry in organ["findings"]:
            assert set(entry) == {"finding", "probability", "peak"}
            assert set(entry["peak"]) == {"index", "mm"}


def test_scoring_reports_progress_and_can_be_cancelled(fake_model, scan):
    seen = []
    score_organs(fake_model, fake_model.encode(scan), progress=lambda f, m: seen.append(f))
    assert seen == sorted(seen)
    assert len(seen) == 6

    def cancel(fraction, message):
        raise Cancelled("Cancelled.")

    with pytest.raises(Cancelled):
        score_organs(fake_model, fake_model.encode(scan), progress=cancel)


def test_totalsegmentator_is_named_when_it_is_not_installed(fake_model, scan, monkeypatch):
    monkeypatch.setenv("PATH", "")
    enc = fake_model.encode(scan)
    with pytest.raises(LabelMapError, match="pip install TotalSegmentator"):
        score_organs(fake_model, enc, "totalsegmentator", scan=scan)
    with pytest.raises(LabelMapError, match="needs the scan"):
        score_organs(fake_model, enc, "totalsegmentator")


PROGRAM = """#!{python}
import sys
import nibabel as nib, numpy as np
source, target = sys.argv[sys.argv.index("-i") + 1], sys.argv[sys.argv.index("-o") + 1]
image = nib.load(source)
data = np.asanyarray(image.dataobj)
labels = np.where(data == 60, 5, np.where(data == 80, 51, 0)).astype(np.uint8)
nib.save(nib.Nifti1Image(labels, image.affine), target)
sys.exit({status})
"""


@pytest.fixture
def program(tmp_path, monkeypatch):
    """``program(status)``: a stand-in that segments the phantom and ends with that status."""
    import sys

    def write(status, text=PROGRAM):
        path = tmp_path / "TotalSegmentator"
        path.write_text(text.format(python=sys.executable, status=status))
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))

    return write


def test_totalsegmentator_runs_as_a_child_process(fake_model, phantom, scan, program):
    program(0)
    table = score_organs(fake_model, fake_model.encode(scan), "totalsegmentator", scan=scan)
    assert table.source == "totalsegmentator"
    assert [r.organ for r in table.rows] == ["liver", "heart"]
    assert table.row("liver").volume_ml == pytest.approx(expected_ml(phantom, "liver"))


def test_a_failing_totalsegmentator_is_reported_with_its_last_words(fake_model, scan, program):
    program(1, "#!{python}\nimport sys\nprint('no weights')\nsys.exit({status})\n")
    with pytest.raises(LabelMapError, match=r"status 1.*no weights"):
        score_organs(fake_model, fake_model.encode(scan), "totalsegmentator", scan=scan)


def test_totalsegmentator_refuses_an_x_ray(fake_model, radiograph):
    with pytest.raises(MedVLPError, match="X-ray"):
        score_organs(fake_model, fake_model.encode(radiograph), "totalsegmentator", scan=radiograph)


def test_bad_input_is_refused(fake_model, phantom, scan, tmp_path):
    from dataclasses import replace

    enc = fake_model.encode(scan)
    with pytest.raises(LabelMapError, match="No label map at"):
        score_organs(fake_model, enc, tmp_path / "no.nii.gz")
    with pytest.raises(LabelMapError, match="empty"):
        score_organs(fake_model, enc, np.zeros(phantom.geometry.shape, np.uint8))
    with pytest.raises(QueryError):
        score_organs(fake_model, enc, findings=[""])
    with pytest.raises(ModelMismatchError):
        score_organs(fake_model, replace(enc, model_id="other@1"))


def test_volumes_of_an_oblique_map_are_those_of_its_voxels(fake_model, phantom):
    angle = np.radians(20)
    turn = np.eye(4)
    turn[1:3, 1:3] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    geometry = Geometry(phantom.geometry.shape, turn @ phantom.geometry.affine)
    scan = phantom.scan(geometry=geometry)
    table = score_organs(fake_model, fake_model.encode(scan), phantom.labels())
    assert table.row("liver").volume_ml == pytest.approx(expected_ml(phantom, "liver"))
