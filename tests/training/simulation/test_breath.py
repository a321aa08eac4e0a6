from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.simulation.breath import breathe
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.variation import Acquisition, prepare


@pytest.fixture
def lungs(patient: Host) -> np.ndarray:
    names = [name for name in patient.organs if name.startswith("lung_")]
    return np.logical_or.reduce([patient.organs[name] for name in names])


def _rise(patient: Host, exhaled: float, dependent: float) -> np.ndarray:
    out = breathe(patient, exhaled, dependent, np.random.default_rng(3))
    return out.astype(int) - patient.volume


def test_a_shallow_breath_fills_the_lungs_alike_and_leaves_the_rest(
    patient: Host, lungs: np.ndarray
) -> None:
    rise = _rise(patient, exhaled=0.15, dependent=0.0)
    assert not rise[~lungs].any()
    air = lungs & (patient.volume < -800)
    assert 110 < np.median(rise[air]) < 145
    front, back = np.array_split(np.argsort(np.nonzero(air)[1]), 2)
    assert np.median(rise[air][front]) == pytest.approx(np.median(rise[air][back]), abs=8)


def test_gravity_makes_the_back_denser_and_never_the_front(
    patient: Host, lungs: np.ndarray
) -> None:
    rise = _rise(patient, exhaled=0.0, dependent=0.25)
    rows = np.arange(lungs.shape[1])[None, :, None]
    lowest = np.where(lungs, rows, -1).max(axis=1, keepdims=True)
    air = lungs & (patient.volume < -800)
    at_the_back, floating = air & (lowest - rows < 2), air & (lowest - rows > 60 / 4.0)
    assert np.median(rise[at_the_back]) > 100
    assert not rise[floating].any()


def test_an_acquisition_breathes_before_lesions_are_placed(patient: Host) -> None:
    shallow = prepare(patient, Acquisition(exhaled=0.2), np.random.default_rng(1))
    lung = patient.organs["lung_left"] & (patient.volume < -800)
    assert np.median(shallow.volume[lung]) > np.median(patient.volume[lung]) + 120
    assert set(shallow.organs) == set(patient.organs)
