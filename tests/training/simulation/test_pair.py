from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp_training.samples.check import check_sample
from medvlp_training.samples.sample import ABSENT, PRESENT, ImageTextSample
from medvlp_training.samples.shard_set import open_shards
from medvlp_training.samples.shard_writer import write_shards
from medvlp_training.simulation.case import Lesion, Request, SimulationError
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.pair import pair
from medvlp_training.simulation.paired import find_hosts, make_pair, make_pairs
from medvlp_training.simulation.patient import Patient
from medvlp_training.simulation.radiograph.view import contrast, frame, project_supine
from medvlp_training.simulation.shard_file import known_absent
from medvlp_training.simulation.simulate import simulate

Pair = tuple[ImageTextSample, ImageTextSample]
MakePair = Callable[..., Pair]


@pytest.fixture(scope="module")
def made(patient: Host) -> MakePair:
    def simulated(*requests: Request, seed: int = 1) -> Pair:
        rng = np.random.default_rng(seed)
        absent = known_absent(patient, tuple(r.finding for r in requests))
        case = simulate(patient.volume, patient.organs, patient.spacing, requests, rng, absent)
        return pair(Patient(patient, case, case, None), "p", rng)

    return simulated


@pytest.fixture(scope="module")
def masses(made: MakePair) -> dict[str, Pair]:
    return {side: made(Request("lung_mass", side, 0.5)) for side in ("left", "right")}  # type: ignore[arg-type]


def _centre_mm(sample: ImageTextSample, mask: np.ndarray) -> np.ndarray:
    assert sample.affine is not None
    geometry = Geometry(sample.image.shape, sample.affine)
    return geometry.index_to_world(np.argwhere(mask).mean(axis=0))


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_lesion_of_one_side_is_on_the_other_side_of_the_image(
    side: str, masses: dict[str, Pair]
) -> None:
    film = masses[side][1]
    column = np.argwhere(film.lesions["lung_mass"])[:, 1].mean()
    spine = film.image.shape[1] / 2
    assert column > spine if side == "left" else column < spine
    assert any(side in sentence and "mass" in sentence for sentence in film.sentences)


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_lesion_has_one_place_in_both_images(side: str, masses: dict[str, Pair]) -> None:
    """Height and side in millimetres agree, but for the magnification of the cone."""
    ct, film = masses[side]
    in_ct = _centre_mm(ct, ct.lesions["lung_mass"])
    in_film = _centre_mm(film, film.lesions["lung_mass"])
    np.testing.assert_allclose(in_film[[0, 2]], in_ct[[0, 2]], atol=15)


@pytest.mark.parametrize("organ", ["clavicula_left", "clavicula_right"])
def test_the_film_magnifies_what_lies_in_front_about_the_middle(
    organ: str, masses: dict[str, Pair]
) -> None:
    """Clavicles lie about 20 cm before the detector and 180 cm from the focus: 1.00 to 1.14."""
    ct, film = masses["left"]
    middle = (np.array(ct.image.shape) - 1)[[2, 0]] / 2 * 4.0
    places = []
    for sample in (ct, film):
        value = {name: value for value, name in sample.organ_names.items()}[organ]
        places.append(_centre_mm(sample, sample.organs == value)[[0, 2]] - middle)
    ratio = places[1] / places[0]
    assert (ratio > 0.98).all(), ratio
    assert (ratio < 1.16).all(), ratio


def test_with_parallel_rays_heights_and_sides_agree_to_a_pixel() -> None:
    volume = np.full((40, 24, 50), -1000, np.int16)
    volume[2:38, 2:22, 2:48] = 0
    lesion = np.zeros(volume.shape, bool)
    lesion[28:32, 4:8, 36:40] = True
    spacing = (3.0, 4.0, 2.0)
    film = project_supine(volume, spacing, {"lesion": lesion}, cone=False)
    view = frame(film, (slice(4, 36), slice(5, 45)), 192)
    seen = np.argwhere(view.show(film.masks["lesion"]) > 0.3).mean(axis=0)
    place = Geometry(view.shape, view.affine(spacing, 40, 92.0)).index_to_world(seen)
    np.testing.assert_allclose(place, (37.5 * 2, 92.0, 29.5 * 3), atol=0.6)
    assert view.shape == (192, 160)


def test_both_samples_are_whole_and_of_one_patient(masses: dict[str, Pair]) -> None:
    ct, film = masses["left"]
    check_sample(ct)
    check_sample(film)
    assert ct.patient == film.patient
    assert (ct.modality, film.modality) == ("CT", "XR")
    assert ct.identity != film.identity
    assert set(film.sentences) <= set(ct.sentences)
    assert ct.labels["lung_mass"] == film.labels["lung_mass"] == PRESENT


def test_boxes_are_those_of_the_masks(masses: dict[str, Pair]) -> None:
    for sample in masses["right"]:
        box = sample.boxes[0]
        mask = sample.lesions[box.concept]
        index = np.argwhere(mask)
        assert box.start == tuple(index.min(axis=0))
        assert box.stop == tuple(index.max(axis=0) + 1)


def test_the_film_changes_where_its_mask_says(made: MakePair, patient: Host) -> None:
    _, film = made(Request("lung_mass", "left", 0.6), seed=6)
    mask = film.lesions["lung_mass"]
    mirrored = mask[:, ::-1]
    assert film.image[mask].mean() > film.image[mirrored & ~mask].mean() + 10


def test_the_film_says_nothing_of_what_it_cannot_show(made: MakePair) -> None:
    for seed in range(3):
        ct, film = made(Request("vertebral_fracture", severity=0.5), Request("liver_lesion"),
                        seed=seed)  # fmt: skip
        assert {"vertebral_fracture", "liver_lesion"} <= set(ct.lesions)
        assert not film.lesions
        assert not film.boxes
        words = " ".join(film.sentences).lower()
        for word in ("vertebra", "wedge", "compression", "liver", "hepatic", "renal", "ascites",
                     "pericardial"):  # fmt: skip
            assert word not in words, film.sentences
        assert not {"vertebral_fracture", "liver_lesion", "ascites"} & set(film.labels)
        assert set(film.labels.values()) <= {ABSENT}


def test_a_lesion_too_faint_for_the_film_is_unknown_in_it_and_not_absent(made: MakePair) -> None:
    ct, film = made(Request("lung_nodule", "right", 0.0), seed=12)
    assert "lung_nodule" not in film.lesions
    assert ct.labels["lung_nodule"] == PRESENT
    assert "lung_nodule" not in film.labels
    assert not any("nodule" in sentence for sentence in film.sentences)


def test_contrast_is_the_change_in_the_lesion_above_that_around_it() -> None:
    without = np.full((6, 6), 0.5, np.float32)
    film = without + 0.01
    mask = np.zeros((6, 6), np.float32)
    mask[2:4, 2:4] = 1.0
    film[2:4, 2:4] += 0.05
    assert contrast(film, without, mask, mask > 0) == pytest.approx(0.05, abs=1e-6)
    assert contrast(film, without, mask, mask > 1) == 0.0


def test_a_hidden_lesion_keeps_its_sentence_if_a_seen_one_shares_it(patient: Host) -> None:
    from medvlp_training.simulation.pair import film_sentences

    rng = np.random.default_rng(0)
    case = simulate(patient.volume, patient.organs, patient.spacing, [], rng)
    empty = np.zeros(patient.volume.shape, bool)
    twins = tuple(Lesion("lung_nodule", empty, 0.1, "Lung nodules.") for _ in range(2))
    case = replace(case, placed=twins, report="Lung nodules. No renal cyst. No pneumothorax.")
    assert film_sentences(case, [twins[0]]) == ("Lung nodules.", "No pneumothorax.")
    assert film_sentences(case, list(twins)) == ("No pneumothorax.",)


def test_a_scan_without_lungs_gives_no_film(patient: Host) -> None:
    organs = {n: m for n, m in patient.organs.items() if not n.startswith("lung_left")}
    rng = np.random.default_rng(0)
    case = simulate(patient.volume, organs, patient.spacing, [], rng)
    with pytest.raises(SimulationError, match="left lung"):
        pair(Patient(patient, case, case, None), "p", rng)


def test_pairs_depend_on_seed_and_number_only(patient: Host, tmp_path: Path) -> None:
    hosts = [lambda: patient]
    first = write_shards(make_pairs(hosts, 3, 3), tmp_path / "a")
    write_shards(make_pairs(hosts, 3, 3), tmp_path / "b")
    name = "shard-00000.tar"
    assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()
    assert len(first) == 6
    alone = make_pair(hosts, 3, 2)[0]
    stored = open_shards(tmp_path / "a")
    back = next(s for s in map(stored.read, stored.entries) if s.identity == alone.identity)
    np.testing.assert_array_equal(back.image, alone.image)
    assert not np.array_equal(make_pair(hosts, 4, 2)[0].image, alone.image)


def test_a_folder_without_hosts_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SimulationError, match="--phantoms"):
        find_hosts(tmp_path, 0, 0)
