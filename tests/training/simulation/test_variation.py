from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from medvlp_training.simulation.case import Request, SimulatedCase
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.simulate import simulate
from medvlp_training.simulation.variants import vary
from medvlp_training.simulation.variation import Acquisition, prepare, scan


def _rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.fixture(scope="module")
def case(patient: Host) -> SimulatedCase:
    request = Request("lung_nodule", "left", 0.5)
    return simulate(patient.volume, patient.organs, patient.spacing, [request], _rng(3))


def test_one_seed_is_one_acquisition_and_draws_differ() -> None:
    assert Acquisition.draw(_rng(4)) == Acquisition.draw(_rng(4))
    drawn = [Acquisition.draw(_rng(seed)) for seed in range(40)]
    assert {a.phase for a in drawn} == {None, "none", "arterial", "portal"}
    for field in ("cut_feet_mm", "slice_mm", "noise_hu"):
        values = [getattr(a, field) for a in drawn]
        assert min(values) == 0.0 < max(values)


def test_an_empty_acquisition_changes_nothing(patient: Host, case: SimulatedCase) -> None:
    same = prepare(patient, Acquisition(), _rng())
    np.testing.assert_array_equal(same.volume, patient.volume)
    out = scan(case, patient.spacing, Acquisition(), _rng())
    np.testing.assert_array_equal(out.volume, case.volume)


def _median(host: Host, organ: str) -> float:
    inside = host.organs[organ] & (host.volume > -80) & (host.volume < 420)
    return float(np.median(host.volume[inside]))


def test_phases_order_the_organs_as_contrast_medium_does(patient: Host) -> None:
    plain, arterial, portal = (
        prepare(patient, Acquisition(phase=phase), _rng(1))  # type: ignore[arg-type]
        for phase in ("none", "arterial", "portal")
    )
    assert abs(_median(plain, "aorta") - _median(plain, "liver")) < 30
    assert _median(arterial, "aorta") > _median(arterial, "liver") + 120
    assert _median(portal, "liver") > _median(arterial, "liver") + 15
    assert _median(arterial, "aorta") > _median(portal, "aorta") > _median(plain, "aorta")
    assert _median(portal, "kidney_left") > _median(plain, "kidney_left") + 80


def test_a_phase_leaves_lung_and_bone_alone(patient: Host) -> None:
    out = prepare(patient, Acquisition(phase="arterial"), _rng(1))
    for organ in ("lung_left", "vertebrae_T8", "rib_right_6"):
        mask = patient.organs[organ]
        assert abs(np.median(out.volume[mask]) - np.median(patient.volume[mask])) < 5, organ
    np.testing.assert_array_equal(out.volume[patient.volume < -200],
                                  patient.volume[patient.volume < -200])  # fmt: skip


def test_a_cut_scan_is_the_middle_of_the_whole_one(patient: Host) -> None:
    out = prepare(patient, Acquisition(cut_feet_mm=40, cut_head_mm=8), _rng())
    np.testing.assert_array_equal(out.volume, patient.volume[10:-2])
    np.testing.assert_array_equal(out.organs["liver"], patient.organs["liver"][10:-2])


def test_what_is_cut_away_is_not_declared_normal(patient: Host) -> None:
    kidneys = patient.organs["kidney_left"] | patient.organs["kidney_right"]
    top = int(np.flatnonzero(kidneys.any(axis=(1, 2)))[-1]) + 1
    tall = replace(
        patient,
        volume=np.concatenate([patient.volume] * 2),
        organs={n: np.concatenate([m, 0 * m]).astype(bool) for n, m in patient.organs.items()},
    )
    out = prepare(tall, Acquisition(cut_feet_mm=top * patient.spacing[0]), _rng())
    assert "kidney_left" not in out.organs
    assert "kidney_stone" not in out.absent
    assert "pneumothorax" in out.absent


def test_a_short_scan_is_not_cut(patient: Host) -> None:
    short = replace(patient, volume=patient.volume[:44],
                    organs={n: m[:44] for n, m in patient.organs.items()})  # fmt: skip
    assert prepare(short, Acquisition(cut_feet_mm=40), _rng()).volume.shape[0] == 44


def test_thick_slices_blur_from_head_to_feet_only(patient: Host, case: SimulatedCase) -> None:
    volume = np.full((30, 8, 8), 0, np.int16)
    volume[15:] = 100
    step = replace(case, volume=volume, lesions={}, organs={})
    out = scan(step, (3.0, 3.0, 3.0), Acquisition(slice_mm=9.0), _rng()).volume
    profile = out[:, 4, 4].astype(int)
    assert (out == out[:, :1, :1]).all()
    assert profile[0] == 0
    assert profile[-1] == 100
    assert (np.diff(profile) >= 0).all()
    assert ((profile > 5) & (profile < 95)).sum() >= 2
    across = np.ascontiguousarray(volume.transpose(2, 1, 0))
    same = scan(replace(step, volume=across), (3.0, 3.0, 3.0), Acquisition(slice_mm=9.0), _rng())
    np.testing.assert_array_equal(same.volume, across)


def test_noise_has_the_deviation_asked_for_and_one_seed(case: SimulatedCase, patient: Host) -> None:
    water = replace(case, volume=np.zeros((40, 40, 40), np.int16), lesions={}, organs={})
    first, again, other = (
        scan(water, patient.spacing, Acquisition(noise_hu=20.0), _rng(s)).volume for s in (1, 1, 2)
    )
    assert 18 < first.std() < 22
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_small_field_never_cuts_a_lesion(case: SimulatedCase, patient: Host) -> None:
    out = scan(case, patient.spacing, Acquisition(field_mm=120.0), _rng())
    mask = case.lesions["lung_nodule"]
    np.testing.assert_array_equal(out.volume[mask], case.volume[mask])
    np.testing.assert_array_equal(out.lesions["lung_nodule"], mask)
    dark = (out.volume == -1024).all(axis=0)
    assert dark[0, 0]
    assert not any((m & dark[None]).any() for m in out.organs.values())
    assert out.organs["heart"].any()


def test_a_deformed_host_keeps_left_on_the_left_with_its_lesion(patient: Host) -> None:
    bent = vary(patient, _rng(7), 2.5)
    np.testing.assert_array_equal(bent.volume, vary(patient, _rng(7), 2.5).volume)
    out = simulate(bent.volume, bent.organs, bent.spacing, [Request("lung_nodule", "left", 0.6)],
                   _rng(2))  # fmt: skip
    nodule = out.lesions["lung_nodule"]
    assert (nodule & bent.organs["lung_left"]).sum() > 0.9 * nodule.sum()
    assert not (nodule & bent.organs["lung_right"]).any()
    assert np.argwhere(nodule)[:, 2].mean() > np.argwhere(bent.organs["trachea"])[:, 2].mean()
