"""What a new user sees first: the shipped model on real scans and on the bundled sample."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

import medvlp
from medvlp.io.samples import get_sample
from medvlp.models.folder import problems
from medvlp.models.load import find_model

MIB = 2**20


@pytest.fixture(scope="module")
def model():
    return medvlp.load_model(device="cpu")


def read_nifti_mask(path: Path) -> tuple[np.ndarray, medvlp.Geometry]:
    from medvlp.io.nifti import read_nifti

    raw = read_nifti(path)
    return raw.array, raw.geometry


def label_at(mm, labels: np.ndarray, geometry: medvlp.Geometry) -> int:
    index = tuple(np.round(geometry.world_to_index(mm)).astype(int))
    inside = all(0 <= i < n for i, n in zip(index, labels.shape, strict=True))
    return int(labels[index]) if inside else -1


def test_its_folder_is_whole_and_small():
    folder = find_model()
    assert problems(folder) == []
    assert sum(f.stat().st_size for f in folder.iterdir()) <= 90 * MIB


def test_organs_of_a_real_abdomen_are_found_in_their_masks(model, real_data):
    folder = real_data / "ct_totalseg"
    names = json.loads((folder / "class_map_total.json").read_text())
    ids = {name: int(label) for label, name in names.items()}
    labels, geometry = read_nifti_mask(folder / "example_ct_seg_fast.nii.gz")
    scan = medvlp.open_scan(folder / "example_ct.nii.gz")
    encoding = model.encode(scan, cache=False)
    queries = {"liver": "liver", "left kidney": "kidney_left", "urinary bladder": "urinary_bladder"}
    for heat, organ in zip(
        medvlp.ground(model, encoding, list(queries)), queries.values(), strict=True
    ):
        assert label_at(heat.peak_mm, labels, geometry) == ids[organ], organ
        whole = heat.on(scan)
        assert whole.shape == scan.array.shape
        assert whole.dtype == np.float32
        mask = labels == ids[organ]
        assert whole[mask].mean() > 3 * whole[~mask].mean()


def test_lungs_of_a_patient_it_never_saw_are_found_on_their_sides(model, real_data):
    folder = real_data / "ct_thorax"
    labels, geometry = read_nifti_mask(folder / "LUNG1-001_seg.nii.gz")
    encoding = model.encode(medvlp.open_scan(folder / "LUNG1-001_ct.nii.gz"), cache=False)
    left, right = medvlp.ground(model, encoding, ["left lung", "right lung"])
    assert label_at(left.peak_mm, labels, geometry) == 1
    assert label_at(right.peak_mm, labels, geometry) == 2


def test_the_left_lung_of_real_x_rays_is_on_the_right_of_the_picture(model, real_data):
    images = sorted((real_data / "cxr_covid" / "lung_masks").iterdir())[:6]
    hits = 0
    for mask in images:
        found = [p for p in (real_data / "cxr_covid" / "images").iterdir() if p.stem == mask.stem]
        scan = medvlp.open_scan(found[0])
        (heat,) = medvlp.ground(model, model.encode(scan, cache=False), ["left lung"])
        hits += not heat.abstained and heat.peak_index[1] > scan.array.shape[1] / 2
    assert hits >= 5


def test_foreign_words_and_an_mr_passed_off_as_ct_are_declined(model, real_data):
    scan = medvlp.open_scan(real_data / "ct_totalseg" / "example_ct.nii.gz")
    (pizza,) = medvlp.ground(model, model.encode(scan, cache=False), ["pizza"])
    assert pizza.abstained
    assert pizza.probability is None
    raw, where = read_nifti_mask(real_data / "ct_totalseg" / "example_mr_sm.nii.gz")
    (liver,) = medvlp.ground(
        model, model.encode(medvlp.Scan(raw, where, "CT", "HU"), cache=False), ["liver"]
    )
    assert liver.abstained
    assert "look like" in liver.reason


def test_most_pictures_that_are_no_x_rays_are_declined_and_real_ones_are_not(model, real_data):
    """Single CT slices saved as pictures: none was trained on, and 93 % of 60 were declined."""
    folder = real_data / "ct2d_medpix" / "images"
    slices = [medvlp.open_scan(p) for p in sorted(folder.iterdir())[:12]]
    films = sorted((real_data / "cxr_jsrt_organs" / "images").iterdir())[:6]

    def declined(scan: medvlp.Scan) -> bool:
        return medvlp.ground(model, model.encode(scan, cache=False), ["left lung"])[0].abstained

    assert sum(map(declined, slices)) >= 6
    assert not any(declined(medvlp.open_scan(film)) for film in films)


def test_a_negated_question_is_answered_the_other_way_round(model, real_data):
    scan = medvlp.open_scan(real_data / "ct_lidc" / "ct.nii.gz")
    encoding = model.encode(scan, cache=False)
    yes, no = medvlp.ground(model, encoding, ["pleural effusion", "no pleural effusion"])
    assert yes.probability + no.probability == pytest.approx(1.0, abs=1e-6)
    np.testing.assert_array_equal(yes.values, no.values)


def test_the_effusion_of_the_bundled_scan_is_seen_on_its_side(model):
    folder = Path(str(resources.files("medvlp_resources"))) / "samples"
    facts = json.loads((folder / "sample.json").read_text())
    scan = medvlp.open_scan(get_sample("effusion-ct"))
    (heat,) = medvlp.ground(model, model.encode(scan, cache=False), ["pleural effusion"])
    labels, geometry = read_nifti_mask(folder / "effusion_ct_seg.nii.gz")
    ids = {name: int(label) for label, name in facts["labels"].items()}
    assert label_at(heat.peak_mm, labels, geometry) == ids["pleural_effusion"]
