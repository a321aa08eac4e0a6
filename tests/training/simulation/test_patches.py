from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.patches import infection_weight, many_radii, patch_extent


def _canvas(patient: Host, seed: int) -> Canvas:
    return Canvas(
        patient.volume, patient.organs, patient.spacing, np.random.default_rng(seed), "supine"
    )


def test_a_patch_lies_around_a_voxel_of_the_lung_and_is_as_large_as_asked(patient: Host) -> None:
    lung = patient.organs["lung_right"]
    for radius_cm in (1.2, 3.6):
        ml = [
            float((patch_extent(_canvas(patient, seed), lung, [10 * radius_cm]) > 0).sum()) * 0.064
            for seed in range(9)
        ]
        assert 0.5 < np.median(ml) / (4 / 3 * np.pi * radius_cm**3) < 3


def test_centres_follow_the_weight(patient: Host) -> None:
    lung = patient.organs["lung_left"]
    rows = np.nonzero(lung)[0]
    low = (np.arange(lung.shape[0]) < np.quantile(rows, 0.15))[:, None, None] & lung
    weight = np.where(low, 1.0, 0.0).astype(np.float32)
    inside = patch_extent(_canvas(patient, 4), lung, [8.0] * 6, weight) > 3
    assert np.nonzero(inside & lung)[0].mean() < np.quantile(rows, 0.3)


def test_infections_prefer_base_back_and_pleura_or_nothing(patient: Host) -> None:
    lung = patient.organs["lung_right"]
    drawn = [infection_weight(_canvas(patient, seed), lung) for seed in range(24)]
    slices = np.nonzero(lung)[0]
    upper = lung & (np.arange(lung.shape[0]) > np.median(slices))[:, None, None]
    ratio = [float(w[lung & ~upper].mean() / w[upper].mean()) for w in drawn]
    assert min(ratio) > 0.8
    assert max(ratio) > 1.8
    assert any(np.ptp(w[lung]) < 1e-6 for w in drawn)


@pytest.mark.parametrize("severity", [0.1, 0.9])
def test_patches_are_many_and_of_sizes_of_lobules_to_segments(
    severity: float, patient: Host
) -> None:
    radii = [many_radii(_canvas(patient, seed), severity) for seed in range(30)]
    assert all(5 <= r <= 28 for own in radii for r in own)
    counts = np.array([len(own) for own in radii])
    assert counts.min() >= 2
    assert (counts.mean() > 12) == (severity > 0.5)
