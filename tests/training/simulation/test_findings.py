from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import medvlp_resources
from medvlp_training.simulation.case import Request, SimulatedCase, SimulationError
from medvlp_training.simulation.findings import SIMULATORS
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.simulate import simulate

Place = Callable[..., SimulatedCase]


@pytest.fixture(scope="module")
def place(patient: Host) -> Place:
    def simulated(*findings: str | Request, seed: int = 1, **options: object) -> SimulatedCase:
        rng = np.random.default_rng(seed)
        return simulate(
            patient.volume,
            patient.organs,
            patient.spacing,
            findings,
            rng,
            **options,  # type: ignore[arg-type]
        )

    return simulated


@pytest.mark.parametrize("finding", SIMULATORS)
def test_every_finding_changes_the_scan_where_its_mask_says(
    finding: str, place: Place, patient: Host
) -> None:
    case = place(Request(finding, severity=0.6))
    mask = case.lesions[finding]
    assert case.volume.shape == patient.volume.shape
    assert case.volume.dtype == np.int16
    assert mask.any()
    change = np.abs(case.volume.astype(int) - patient.volume.astype(int))
    assert change[mask].mean() > 3 * change[~mask].mean() + 1


@pytest.mark.parametrize("finding", SIMULATORS)
def test_every_finding_has_a_name_of_the_lexicon(finding: str) -> None:
    path = Path(medvlp_resources.__file__).parent / "lexicon" / "findings.json"
    content = json.loads(path.read_text())
    concepts = (
        content["concepts"] if isinstance(content, dict) and "concepts" in content else content
    )
    names = {c["name"] if isinstance(c, dict) else c for c in concepts}
    assert finding in names


def test_the_same_seed_gives_the_same_case_and_another_seed_another(place: Place) -> None:
    first, again, other = (place("lung_nodule", "pleural_effusion", seed=s) for s in (5, 5, 6))
    np.testing.assert_array_equal(first.volume, again.volume)
    assert first.report == again.report
    assert not np.array_equal(first.volume, other.volume)


def test_the_host_is_left_as_it_was(patient: Host, place: Place) -> None:
    before = patient.volume.copy()
    place("pleural_effusion", "cardiomegaly")
    np.testing.assert_array_equal(patient.volume, before)


@pytest.mark.parametrize("side", ["left", "right"])
def test_an_effusion_lies_in_the_chest_of_the_side_asked_for(
    side: str, place: Place, patient: Host
) -> None:
    mask = place(Request("pleural_effusion", side, 0.5)).lesions["pleural_effusion"]  # type: ignore[arg-type]
    columns = np.nonzero(mask)[2]
    middle = np.nonzero(patient.organs["trachea"])[2].mean()
    assert (columns > middle).mean() > 0.97 if side == "left" else (columns < middle).mean() > 0.97


def test_fluid_sinks_to_the_back_and_air_rises_to_the_front(place: Place, patient: Host) -> None:
    lung = np.nonzero(patient.organs["lung_right"])[1].mean()
    fluid = place(Request("pleural_effusion", "right", 0.3)).lesions["pleural_effusion"]
    air = place(Request("pneumothorax", "right", 0.3)).lesions["pneumothorax"]
    assert np.nonzero(fluid)[1].mean() > lung + 3
    assert np.nonzero(air)[1].mean() < lung - 3


def test_in_an_upright_patient_fluid_is_at_the_base_and_air_at_the_apex(
    place: Place, patient: Host
) -> None:
    lung = np.nonzero(patient.organs["lung_left"])[0].mean()
    fluid = place(Request("pleural_effusion", "left", 0.3), posture="upright")
    air = place(Request("pneumothorax", "left", 0.3), posture="upright")
    assert np.nonzero(fluid.lesions["pleural_effusion"])[0].mean() < lung - 4
    assert np.nonzero(air.lesions["pneumothorax"])[0].mean() > lung + 4


def test_a_severer_effusion_is_larger_and_its_adjective_says_so(place: Place) -> None:
    small = place(Request("pleural_effusion", "left", 0.1))
    large = place(Request("pleural_effusion", "left", 0.95))
    assert large.lesions["pleural_effusion"].sum() > 4 * small.lesions["pleural_effusion"].sum()
    assert "large" in large.report.lower()
    assert "large" not in small.report.lower()


@pytest.mark.parametrize(
    ("finding", "low", "high"),
    [
        ("pleural_effusion", -20, 70),
        ("pneumothorax", -1024, -900),
        ("consolidation", -60, 140),
        ("renal_cyst", -20, 40),
        ("liver_cyst", -20, 40),
        ("pericardial_effusion", -40, 40),
    ],
)
def test_a_finding_has_the_density_it_has_in_patients(
    finding: str, low: float, high: float, place: Place
) -> None:
    case = place(Request(finding, severity=0.6))
    assert low <= np.median(case.volume[case.lesions[finding]]) <= high


def test_what_fluid_replaces_is_no_longer_lung(place: Place) -> None:
    case = place(Request("pleural_effusion", "left", 0.6))
    assert not (case.lesions["pleural_effusion"] & case.organs["lung_left"]).any()


def test_vessels_stay_visible_through_ground_glass_and_vanish_in_consolidation(
    place: Place, patient: Host
) -> None:
    def contrast(finding: str) -> float:
        case = place(Request(finding, severity=0.7))
        inside = case.lesions[finding]
        vessels, air = inside & (patient.volume > -300), inside & (patient.volume < -800)
        return float(np.mean(case.volume[vessels]) - np.mean(case.volume[air]))

    assert contrast("ground_glass_opacity") > 250
    assert contrast("consolidation") < 150


def test_a_report_never_denies_what_was_placed(place: Place, patient: Host) -> None:
    for seed in range(4):
        report = place(
            "pleural_effusion", "liver_lesion", seed=seed, absent=patient.absent
        ).report.lower()
        assert "no pleural" not in report
        assert "no effusion" not in report
        assert "no focal liver" not in report


def test_a_nodule_on_each_side_makes_the_finding_bilateral(place: Place) -> None:
    case = place(Request("lung_nodule", "left", 0.5), Request("lung_nodule", "right", 0.5))
    assert case.sides["lung_nodule"] == "bilateral"


def test_a_finding_without_its_organ_is_refused_with_the_name_of_the_organ(patient: Host) -> None:
    organs = {n: m for n, m in patient.organs.items() if n != "heart"}
    rng = np.random.default_rng(0)
    with pytest.raises(SimulationError, match="heart"):
        simulate(patient.volume, organs, patient.spacing, ["pericardial_effusion"], rng)


def test_an_unknown_finding_is_refused_with_the_known_ones(place: Place) -> None:
    with pytest.raises(SimulationError, match="pneumothorax"):
        place("gout")


def test_mediastinal_nodes_are_not_placed_in_a_scan_of_the_abdomen(patient: Host) -> None:
    top = int(np.nonzero(patient.organs["liver"])[0].max()) + 4
    organs = {n: m[:top] for n, m in patient.organs.items()}
    rng = np.random.default_rng(0)
    with pytest.raises(SimulationError, match="bases"):
        simulate(patient.volume[:top], organs, patient.spacing, ["lymphadenopathy"], rng)


@pytest.mark.parametrize("finding", ["ground_glass_opacity", "consolidation"])
def test_pneumonia_is_often_many_patches_on_both_sides_and_often_one(
    finding: str, place: Place, patient: Host
) -> None:
    from scipy import ndimage

    counts, both = [], 0
    for seed in range(16):
        mask = place(Request(finding, severity=0.4), seed=seed).lesions[finding]
        own = np.bincount(ndimage.label(mask)[0].ravel())[1:]
        counts.append(int((own >= 4).sum()))
        both += all((mask & patient.organs[f"lung_{side}"]).any() for side in ("left", "right"))
    assert sum(n >= 4 for n in counts) >= 4
    assert sum(n <= 3 for n in counts) >= 3
    assert 3 <= both <= 13
