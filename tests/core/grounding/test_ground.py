"""Questions about a patient of boxes: the right place, the right side, or an honest refusal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from medvlp import ground
from medvlp.errors import CacheError, ModelMismatchError, QueryError
from medvlp.geometry import Geometry
from medvlp.grounding.calibration import Calibration, Platt
from medvlp.grounding.query import parse_query
from medvlp.scan import Scan


def ask(model, scan, *texts):
    return ground(model, model.encode(scan), list(texts))


@pytest.mark.parametrize(
    ("text", "organ"),
    [
        ("liver", "liver"),
        ("left kidney", "kidney_left"),
        ("right kidney", "kidney_right"),
        ("left lung", "lung_left"),
        ("right lung", "lung_right"),
        ("heart", "heart"),
    ],
)
def test_an_organ_is_found_inside_itself_and_on_its_side(fake_model, phantom, text, organ):
    (heat,) = ask(fake_model, phantom.scan(), text)
    assert phantom.inside(phantom.organs[organ], heat.peak_index)
    assert phantom.inside(phantom.organs[organ], phantom.geometry.world_to_index(heat.peak_mm))
    assert heat.probability > 0.95
    assert heat.on(phantom.scan()).max() > 0.9


def test_a_finding_is_probable_where_it_is_and_improbable_where_it_is_not(fake_model, phantom):
    with_it, without = phantom.scan(phantom.effusion_left), phantom.scan()
    (present,), (absent,) = (ask(fake_model, s, "pleural effusion") for s in (with_it, without))
    assert phantom.inside(phantom.effusion_left, present.peak_index)
    assert present.probability > 0.95
    assert absent.probability < 0.05
    assert present.score > absent.score


def test_the_answer_does_not_depend_on_how_the_array_is_stored(fake_model, phantom):
    scan = phantom.scan(phantom.effusion_left)
    (expected,) = ask(fake_model, scan, "pleural effusion")
    for axes, flips in (
        ((0, 1, 2), (True, False, True)),
        ((2, 0, 1), (False, True, False)),
        ((1, 2, 0), (True, True, True)),
    ):
        array = scan.array.transpose(axes)
        array = array[tuple(slice(None, None, -1 if f else 1) for f in flips)]
        turned = Scan(array, scan.geometry.permuted(axes, flips), "CT", "HU")
        (heat,) = ask(fake_model, turned, "pleural effusion")
        assert np.allclose(heat.peak_mm, expected.peak_mm, atol=1e-3)
        assert turned.array[heat.peak_index] == 10
        assert heat.probability == pytest.approx(expected.probability)


def test_a_side_restricts_the_map_to_that_side_of_the_patient(fake_model, phantom):
    scan = phantom.scan(phantom.effusion_left, phantom.effusion_right)
    left, right, either = ask(
        fake_model, scan, "left pleural effusion", "right pleural effusion", "pleural effusion"
    )
    assert phantom.inside(phantom.effusion_left, left.peak_index)
    assert phantom.inside(phantom.effusion_right, right.peak_index)
    assert left.on(scan)[:, :, :26].max() < 1e-3
    assert right.on(scan)[:, :, 34:].max() < 1e-3
    assert "left side" in left.explanation
    columns = {p.index[2] > 30 for p in either.peaks(8)}
    assert columns == {True, False}


def test_an_effusion_on_one_side_is_improbable_on_the_other(fake_model, phantom):
    scan = phantom.scan(phantom.effusion_left)
    left, right = ask(fake_model, scan, "left pleural effusion", "right pleural effusion")
    assert left.probability > 0.95
    assert right.probability < 0.05


def test_the_side_is_the_patients_when_the_columns_run_to_the_right(fake_model, phantom):
    scan = phantom.scan(phantom.effusion_left)
    mirrored = Scan(
        scan.array[:, :, ::-1],
        scan.geometry.permuted((0, 1, 2), (False, False, True)),
        "CT",
        "HU",
    )
    left, right = ask(fake_model, mirrored, "left pleural effusion", "right pleural effusion")
    assert left.peak_index[2] < 30
    assert left.probability > 0.95 > 0.05 > right.probability


def test_the_midline_follows_the_organs_not_the_image(fake_model, phantom):
    scan = phantom.scan(phantom.effusion_right)
    cropped = Scan(  # both lungs, but the midline is now far left of the image's middle
        scan.array[:, :, 6:52],
        scan.geometry.cropped((0, 0, 6), (40, 40, 46)),
        "CT",
        "HU",
    )
    wide = np.full((40, 40, 120), -100, np.int16)
    wide[:, :, :46] = cropped.array
    shifted = Scan(wide, replace(cropped.geometry, shape=wide.shape), "CT", "HU")
    left, right = ask(fake_model, shifted, "left pleural effusion", "right pleural effusion")
    assert right.probability > 0.95 > 0.05 > left.probability


def test_a_negated_question_has_the_same_map_and_the_opposite_probability(fake_model, phantom):
    scan = phantom.scan(phantom.effusion_left)
    asked, negated = ask(fake_model, scan, "pleural effusion", "no pleural effusion")
    assert np.array_equal(asked.values, negated.values)
    assert negated.probability == pytest.approx(1 - asked.probability)
    assert "absence" in negated.explanation


def test_a_place_in_the_question_restricts_the_map(fake_model, phantom):
    nodule_left = (slice(28, 31), slice(14, 18), slice(40, 44), 40)
    nodule_right = (slice(28, 31), slice(14, 18), slice(14, 18), 40)
    scan = phantom.scan(nodule_left, nodule_right)
    left, liver = ask(fake_model, scan, "nodule in the left lung", "lesion in the liver")
    assert phantom.inside(nodule_left, left.peak_index)
    assert left.on(scan)[:, :, :28].max() < 1e-3
    assert liver.probability < 0.5


def test_one_call_answers_many_questions_in_order(fake_model, phantom):
    texts = ["liver", "pizza", "left kidney", "pleural effusion", "liver"]
    maps = ask(fake_model, phantom.scan(), *texts)
    assert [m.query.text for m in maps] == texts
    assert [m.abstained for m in maps] == [False, True, False, False, False]
    assert np.array_equal(maps[0].values, maps[4].values)
    single = ground(fake_model, fake_model.encode(phantom.scan()), [parse_query("left kidney")])
    assert np.allclose(single[0].values, maps[2].values)


def test_the_x_ray_is_read_as_it_is_hung(fake_model, radiograph):
    lung, effusion, wrong = ask(
        fake_model, radiograph, "left lung", "left pleural effusion", "right pleural effusion"
    )
    assert lung.peak_index[1] > 40
    assert lung.peak_mm is None
    assert 36 <= effusion.peak_index[0] < 44
    assert 50 <= effusion.peak_index[1] < 70
    assert effusion.probability > 0.95 > 0.05 > wrong.probability
    assert effusion.on(radiograph).shape == radiograph.array.shape
    assert effusion.slice_scores.shape == (1,)


def test_a_finding_on_a_film_is_not_in_its_corner(fake_model):
    image = np.full((128, 160), 0.45, np.float32)
    image[30:100, 30:70] = 0.2
    image[30:100, 90:130] = 0.2
    image[60:64, 100:104] = 0.75
    image[:4, :4] = 0.75  # as hot as the nodule, and first
    film = Scan(image, Geometry.radiograph(image.shape), "XR", "normalised")
    nodule, anywhere = ask(fake_model, film, "lung nodule", "mass")
    assert 60 <= nodule.peak_index[0] < 64
    assert 100 <= nodule.peak_index[1] < 104
    assert nodule.values[0, 0] == 0
    assert anywhere.values[0, 0] > 0  # what may be anywhere is looked for everywhere


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("pizza", "outside what this model was trained on"),
        ("quarterly sales forecast", "outside what this model was trained on"),
    ],
)
def test_a_question_outside_its_world_is_not_answered(fake_model, phantom, text, reason):
    (heat,) = ask(fake_model, phantom.scan(), text)
    assert heat.abstained
    assert heat.probability is None
    assert reason in heat.reason
    assert not heat.values.any()
    assert not heat.on(phantom.scan()).any()


def test_an_image_outside_its_world_is_not_answered_about(fake_model, phantom):
    model = type(fake_model)(in_domain=0.2)
    (heat,) = ask(model, phantom.scan(), "liver")
    assert heat.abstained
    assert "20%" in heat.reason


def test_each_kind_of_image_has_its_own_threshold(fake_model, phantom, radiograph):
    strict = Calibration(in_domain_by_modality={"XR": 0.9}, understood=0.0)
    model = type(fake_model)(in_domain=0.7, calibration=strict)
    (film,) = ask(model, radiograph, "heart")
    assert film.abstained
    assert "70% sure; 90% are needed" in film.reason
    unlike = type(fake_model)(
        in_domain=0.993, calibration=Calibration(in_domain_by_modality={"XR": 0.995})
    )
    (film,) = ask(unlike, radiograph, "heart")
    assert "99.3% sure; 99.5% are needed" in film.reason
    (volume,) = ask(model, phantom.scan(), "liver")
    assert not volume.abstained


def test_a_finding_that_an_x_ray_cannot_show_is_not_answered(fake_model, radiograph):
    (heat,) = ask(fake_model, radiograph, "liver lesion")
    assert heat.abstained
    assert "X-ray" in heat.reason


def test_an_organ_outside_the_field_of_view_is_not_answered(fake_model, phantom):
    scan = phantom.scan()
    chest = Scan(scan.array[18:], scan.geometry.cropped((18, 0, 0), (22, 40, 60)), "CT", "HU")
    liver, finding, kidney, lung, unknown = ask(
        fake_model, chest, "liver", "kidney stone", "left kidney", "left lung", "pancreas"
    )
    for heat in (liver, finding, kidney):
        assert heat.abstained
        assert "field of view" in heat.reason
    assert "liver" in liver.reason
    assert not lung.abstained
    assert not unknown.abstained  # the organ head does not know it: no reason to refuse


def test_a_place_outside_the_field_of_view_is_not_answered(fake_model, phantom):
    scan = phantom.scan()
    chest = Scan(scan.array[18:], scan.geometry.cropped((18, 0, 0), (22, 40, 60)), "CT", "HU")
    (heat,) = ask(fake_model, chest, "calcification in the liver")
    assert heat.abstained
    assert "field of view" in heat.reason


def test_thresholds_come_from_the_models_calibration(fake_model, phantom):
    lenient = Calibration(in_domain=0.1, understood=0.0, pooled_weight=0.0)
    model = type(fake_model)(in_domain=0.2, calibration=lenient)
    liver, pizza = ask(model, phantom.scan(), "liver", "pizza")
    assert not liver.abstained
    assert not pizza.abstained


def test_probability_is_the_calibrated_scan_score(fake_model, phantom):
    entry = Platt(scale=0.5, offset=-1.0)
    calibration = Calibration(concepts={"liver/CT": entry}, pooled_weight=0.0)
    model = type(fake_model)(calibration=calibration)
    (heat,) = ask(model, phantom.scan(), "liver")
    assert heat.probability == pytest.approx(entry.probability(heat.score))


def test_negative_texts_cool_what_resembles_them(fake_model, phantom):
    plain = Calibration(pooled_weight=0.0)
    weighted = Calibration(pooled_weight=0.0, negative_weight=0.5)
    query = replace(parse_query("ascites"), negatives=("liver",))
    heats = []
    for calibration in (plain, weighted):
        model = type(fake_model)(calibration=calibration)
        heats.append(ground(model, model.encode(phantom.scan()), [query])[0])
    in_liver = (5, 7, 8)  # cell of voxel (10, 14, 16)
    assert heats[1].values[in_liver] < heats[0].values[in_liver]


def test_cells_beyond_the_scan_are_cold(fake_model, phantom):
    scan = phantom.scan()
    enc = fake_model.encode(scan)
    pad = [(0, 2), (3, 0), (0, 0)]
    padded = replace(
        enc,
        grid=np.pad(enc.grid, [*pad, (0, 0)], mode="edge"),
        geometry=enc.geometry.cropped((0, -3, 0), tuple(np.add(enc.geometry.shape, (2, 3, 0)))),
        organs={k: np.pad(v, pad, mode="edge") for k, v in enc.organs.items()},
    )
    (heat,) = ground(fake_model, padded, ["liver"])
    assert heat.values[:, :3].max() == 0
    assert heat.values[-2:].max() == 0
    assert phantom.inside(phantom.organs["liver"], heat.peak_index)


def test_an_encoding_of_another_model_is_refused(fake_model, phantom):
    enc = replace(fake_model.encode(phantom.scan()), model_id="other@0123")
    with pytest.raises(ModelMismatchError, match=r"other@0123.*Encode the scan again"):
        ground(fake_model, enc, ["liver"])


def test_an_encoding_without_its_scans_geometry_is_refused(fake_model, phantom):
    enc = replace(fake_model.encode(phantom.scan()), extra={})
    with pytest.raises(CacheError, match="Encode the scan again"):
        ground(fake_model, enc, ["liver"])


def test_an_empty_question_is_an_error(fake_model, phantom):
    with pytest.raises(QueryError):
        ask(fake_model, phantom.scan(), "liver", "  ")


def test_oblique_scans_are_answered_at_the_right_millimetres(fake_model, phantom):
    angle = np.radians(12)
    turn = np.eye(4)
    turn[:2, :2] = [[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]
    geometry = Geometry(phantom.geometry.shape, turn @ phantom.geometry.affine)
    scan = phantom.scan(phantom.effusion_left, geometry=geometry)
    (heat,) = ask(fake_model, scan, "left pleural effusion")
    assert phantom.inside(phantom.effusion_left, geometry.world_to_index(heat.peak_mm))


def test_a_concept_the_model_saw_no_examples_of_is_not_answered(fake_model, phantom):
    narrow = Calibration(trained={"CT": ("liver",)}, pooled_weight=0.0)
    model = type(fake_model)(calibration=narrow)
    liver, nodule = ask(model, phantom.scan(), "liver", "lung nodule")
    assert not liver.abstained
    assert nodule.abstained
    assert "saw no examples of" in nodule.reason


@pytest.mark.parametrize(
    "narrow", ["left pleural effusion", "bilateral effusion", "effusion in the left lung"]
)
def test_a_narrower_question_is_not_more_probable_than_the_one_it_implies(
    fake_model, phantom, monkeypatch, narrow
):
    scan, named = phantom.scan(phantom.effusion_left), fake_model.embed_text
    places = {"left", "lung", "bilateral", "sides"}

    def half_known(texts):
        """Texts that name no place are less like what they mean, as for a tower that saw few of them."""
        vectors = named(texts).copy()
        vectors[[not places & {*t.split()} for t in texts]] += 1 / np.sqrt(vectors.shape[1])
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

    monkeypatch.setattr(fake_model, "embed_text", half_known)
    wide, part = ask(fake_model, scan, "pleural effusion", narrow)
    assert part.probability <= wide.probability
    (alone,) = ask(fake_model, scan, narrow)
    assert alone.probability == part.probability
    absent = ask(fake_model, scan, "no pleural effusion", f"no {narrow}")
    assert absent[0].probability <= absent[1].probability
