from __future__ import annotations

import numpy as np

from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.phantom import phantom_host
from medvlp_training.simulation.variants import vary


def _middle(host: Host, organ: str) -> np.ndarray:
    return np.argwhere(host.organs[organ]).mean(axis=0)


def test_organs_lie_on_their_sides(patient: Host) -> None:
    assert _middle(patient, "liver")[2] < _middle(patient, "spleen")[2]
    assert _middle(patient, "lung_right")[2] < _middle(patient, "lung_left")[2]
    assert _middle(patient, "kidney_right")[2] < _middle(patient, "kidney_left")[2]
    spine = _middle(patient, "vertebrae_T8")[2]
    assert _middle(patient, "heart")[2] > spine


def test_slices_run_to_the_head_and_rows_to_the_back(patient: Host) -> None:
    assert _middle(patient, "liver")[0] < _middle(patient, "heart")[0]
    assert _middle(patient, "heart")[0] < _middle(patient, "clavicula_left")[0]
    assert _middle(patient, "sternum")[1] < _middle(patient, "vertebrae_T6")[1]
    assert _middle(patient, "vertebrae_T11")[0] < _middle(patient, "vertebrae_T3")[0]


def test_densities_are_those_of_a_patient(patient: Host) -> None:
    def median(organ: str) -> float:
        return float(np.median(patient.volume[patient.organs[organ]]))

    assert -930 < median("lung_left") < -700
    assert 35 < median("liver") < 140
    assert median("vertebrae_L1") > 120
    assert median("trachea") < -800
    assert np.median(patient.volume[:, 0]) < -950


def test_sizes_are_those_of_a_patient(patient: Host) -> None:
    millilitres = float(np.prod(patient.spacing)) / 1000
    lungs = (patient.organs["lung_left"].sum() + patient.organs["lung_right"].sum()) * millilitres
    assert 2000 < lungs < 7000
    assert 250 < patient.organs["heart"].sum() * millilitres < 1100


def test_two_patients_differ_and_one_seed_is_one_patient() -> None:
    spacing = (8.0, 8.0, 8.0)
    first, same, other = (
        phantom_host(np.random.default_rng(seed), "p", spacing) for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.volume, same.volume)
    assert first.volume.shape != other.volume.shape or not np.array_equal(
        first.volume, other.volume
    )


def test_a_variant_bends_image_and_organs_together(patient: Host) -> None:
    variant = vary(patient, np.random.default_rng(3))
    assert not np.array_equal(variant.volume, patient.volume)
    assert np.median(variant.volume[variant.organs["lung_left"]]) < -700
    assert np.median(variant.volume[variant.organs["liver"]]) > 30
    assert _middle(variant, "lung_right")[2] < _middle(variant, "lung_left")[2]
