from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.simulation.case import Request, SimulatedCase, SimulationError
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.simulate import simulate


def _break(patient: Host, request: Request, seed: int) -> SimulatedCase:
    return simulate(
        patient.volume, patient.organs, patient.spacing, [request], np.random.default_rng(seed)
    )


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("seed", range(4))
def test_a_broken_rib_is_the_one_that_the_report_names(side: str, seed: int, patient: Host) -> None:
    case = _break(patient, Request("rib_fracture", side, 0.7), seed)  # type: ignore[arg-type]
    lesion = case.placed[0]
    other = "right" if side == "left" else "left"
    assert side in lesion.sentence.lower()
    assert other not in lesion.sentence.lower()
    rib = f"rib_{side}_{lesion.location.rpartition(' ')[2]}"
    overlaps = {n: (m & lesion.mask).sum() for n, m in patient.organs.items() if "rib_" in n}
    assert max(overlaps, key=lambda name: overlaps[name]) == rib


def test_a_fracture_changes_the_scan_near_the_break_only(patient: Host) -> None:
    case = _break(patient, Request("rib_fracture", "left", 0.7), 3)
    changed = np.argwhere(case.volume != patient.volume)
    centre = np.argwhere(case.lesions["rib_fracture"]).mean(axis=0)
    assert (np.abs(changed - centre) * patient.spacing).max() < 65


def test_a_displaced_rib_keeps_its_bone_and_loses_it_in_the_gap(patient: Host) -> None:
    """Of several breaks the displaced ones lose bone at the break; no rib loses a fifth of it."""
    lost = 0
    for seed in range(6):
        case = _break(patient, Request("rib_fracture", "right", 0.9), seed)
        rib = f"rib_right_{case.placed[0].location.rpartition(' ')[2]}"
        before, after = patient.organs[rib].sum(), case.organs[rib].sum()
        assert 0.8 * before < after < 1.4 * before
        break_ = case.lesions["rib_fracture"] & patient.organs[rib]
        lost += case.volume[break_].mean() < patient.volume[break_].mean() - 30
    assert lost >= 2


@pytest.mark.parametrize("severity", [0.1, 0.9])
def test_a_vertebra_loses_height_from_above_and_not_from_below(
    severity: float, patient: Host
) -> None:
    case = _break(patient, Request("vertebral_fracture", severity=severity), 2)
    lesion = case.placed[0]
    assert lesion.location in lesion.sentence
    assert lesion.side is None
    name = f"vertebrae_{lesion.location}"
    before, after = patient.organs[name], case.organs[name]
    assert after.sum() < before.sum()
    assert np.flatnonzero(after.any(axis=(1, 2)))[0] == np.flatnonzero(before.any(axis=(1, 2)))[0]
    below = int(np.flatnonzero(before.any(axis=(1, 2)))[0])
    np.testing.assert_array_equal(case.volume[: below - 1], patient.volume[: below - 1])


def test_a_severer_vertebral_fracture_takes_more_height(patient: Host) -> None:
    left = []
    for severity in (0.0, 1.0):
        case = _break(patient, Request("vertebral_fracture", severity=severity), 5)
        left.append(case.organs[f"vertebrae_{case.placed[0].location}"].sum())
    assert left[1] < 0.93 * left[0]


@pytest.mark.parametrize("finding", ["rib_fracture", "vertebral_fracture"])
def test_a_host_without_bone_masks_is_refused(finding: str, patient: Host) -> None:
    organs = {n: m for n, m in patient.organs.items() if not n.startswith(("rib_", "vertebrae_"))}
    with pytest.raises(SimulationError, match=r"rib|vertebra"):
        simulate(patient.volume, organs, patient.spacing, [finding], np.random.default_rng(0))
