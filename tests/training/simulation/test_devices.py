"""Tubes, lines and metal lie where they are said to lie, and cost what physics says."""

from __future__ import annotations

import re

import numpy as np
import pytest

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import Request, SimulatedCase, SimulationError
from medvlp_training.simulation.devices.streaks import add_streaks
from medvlp_training.simulation.devices.tube import Tube, centreline, draw_tube, smooth_course
from medvlp_training.simulation.findings.endotracheal_tube import carina_mm
from medvlp_training.simulation.hosts import DEVICES, Host
from medvlp_training.simulation.pair import pair
from medvlp_training.simulation.patient import Patient
from medvlp_training.simulation.simulate import simulate

SPACING = (5.0, 2.0, 3.0)


def _canvas(shape: tuple[int, int, int] = (30, 60, 50), spacing=SPACING) -> Canvas:
    return Canvas(np.zeros(shape, np.int16), {}, spacing, np.random.default_rng(0))


def _place(patient: Host, finding: str, side=None, severity: float = 0.5) -> SimulatedCase:
    request = Request(finding, side, severity)
    rng = np.random.default_rng(5)
    return simulate(patient.volume, patient.organs, patient.spacing, [request], rng)


def test_a_thin_tube_keeps_its_mass_on_a_coarse_oblique_grid() -> None:
    canvas = _canvas()
    ends = np.array([[20.0, 20.0, 30.0], [110.0, 90.0, 105.0]])
    draw_tube(canvas, smooth_course(ends), Tube(2.0, 0.0, 1000.0))
    length = np.linalg.norm(ends[1] - ends[0])
    mass = float(canvas.volume.sum()) * float(np.prod(SPACING))
    assert mass == pytest.approx(np.pi * length * 1000, rel=0.02)
    weights = np.maximum(canvas.volume, 0)
    centre = [(weights.sum(axis=tuple({0, 1, 2} - {a})) @ np.arange(n)) / weights.sum() * s
              for a, (n, s) in enumerate(zip(canvas.shape, SPACING, strict=True))]  # fmt: skip
    np.testing.assert_allclose(centre, ends.mean(axis=0), atol=0.5)


def test_a_tube_of_air_is_dark_inside_and_bright_around() -> None:
    canvas = _canvas((20, 40, 40), (2.0, 1.0, 1.0))
    course = smooth_course(np.array([[4.0, 20.0, 20.0], [34.0, 20.0, 20.0]]))
    mask = draw_tube(canvas, course, Tube(12.0, 8.0, 300.0, -1000.0))
    assert canvas.volume[9, 20, 20] < -800
    assert canvas.volume[9, 20, 25] > 150
    assert canvas.volume[9, 20, 30] == 0
    assert mask[9, 20, 20]
    assert not mask[9, 20, 28]


def test_what_leaves_the_scan_is_not_drawn() -> None:
    canvas = _canvas()
    ends = np.array([[-60.0, 40.0, 40.0], [60.0, 40.0, 40.0]])
    mask = draw_tube(canvas, smooth_course(ends), Tube(6.0, 0.0, 500.0))
    assert mask[0].any()
    assert mask[10].any()
    assert not mask[15:].any()


def test_a_centreline_follows_a_slanted_tube_in_millimetres() -> None:
    mask = np.zeros((12, 60, 40), bool)
    for k in range(2, 10):
        mask[k, 10 + 2 * k : 16 + 2 * k, 20:25] = True
    line = centreline(mask, SPACING)
    assert line[0, 0] == 10.0
    assert line[-1, 0] == 45.0
    np.testing.assert_allclose(line[:, 2], 22 * 3.0)
    np.testing.assert_allclose(line[4, 1], (12.5 + 2 * 6) * 2.0, atol=0.6)


def test_the_carina_is_where_the_airway_divides() -> None:
    airway = np.zeros((20, 30, 40), bool)
    airway[8:, 10:15, 18:23] = True
    airway[4:8, 10:15, 10:15] = airway[4:8, 10:15, 26:31] = True
    assert carina_mm(airway, SPACING) == 8 * 5.0
    assert carina_mm(airway[8:], SPACING) == 0.0


def test_an_endotracheal_tube_ends_as_far_above_the_carina_as_is_said(patient: Host) -> None:
    for severity in (0.2, 0.8):
        case = _place(patient, "endotracheal_tube", severity=severity)
        mask = case.lesions["endotracheal_tube"]
        said = float(re.search(r"([\d.]+) cm", case.report)[1]) * 10  # type: ignore[index]
        carina = carina_mm(patient.organs["trachea"], patient.spacing)
        tip = float(np.flatnonzero(mask.any(axis=(1, 2)))[0]) * patient.spacing[0]
        assert tip - carina == pytest.approx(said, abs=patient.spacing[0])
        inside = (mask & patient.organs["trachea"]).sum() / mask.sum()
        assert inside > 0.6


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_central_line_comes_from_its_side_and_ends_at_the_cava(patient: Host, side: str) -> None:
    case = _place(patient, "central_venous_catheter", side)
    mask = case.lesions["central_venous_catheter"]
    cava = np.argwhere(patient.organs["superior_vena_cava"])
    levels = np.flatnonzero(mask.any(axis=(1, 2)))
    top = np.argwhere(mask[levels[-1]])[:, 1].mean()
    middle = cava[:, 2].mean()
    assert top > middle + 5 if side == "left" else top < middle
    assert abs(levels[0] - cava[:, 0].min()) * patient.spacing[0] < 25
    assert side in case.report.lower()
    assert case.sides["central_venous_catheter"] == side


def test_an_enteric_tube_reaches_the_stomach(patient: Host) -> None:
    mask = _place(patient, "enteric_tube").lesions["enteric_tube"]
    assert (mask & patient.organs["stomach"]).any()
    assert (mask & patient.organs["esophagus"]).sum() > 30
    high = _place(patient, "enteric_tube", severity=0.95)
    assert not (high.lesions["enteric_tube"] & patient.organs["stomach"]).any()
    assert "esophagus" in high.report


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_pacemaker_lies_in_front_on_its_side_and_its_lead_in_the_heart(
    patient: Host, side: str
) -> None:
    case = _place(patient, "pacemaker", side)
    mask = case.lesions["pacemaker"]
    metal = np.argwhere(mask & (case.volume > 2900))
    spine = np.argwhere(patient.organs["vertebrae_T6"])
    assert metal[:, 1].mean() < spine[:, 1].min()
    off = np.median(metal[:, 2]) - spine[:, 2].mean()
    assert off > 8 if side == "left" else off < -8
    assert (mask & patient.organs["heart"]).sum() > 10
    assert not (mask & case.organs[f"lung_{side}"] & (case.volume > 3000)).any()


def test_streaks_are_dark_along_a_bar_and_nowhere_else() -> None:
    canvas = _canvas((3, 81, 81), (3.0, 3.0, 3.0))
    metal = np.zeros(canvas.shape, np.float32)
    metal[1, 39:42, 33:48] = 1
    add_streaks(canvas, metal)
    along = np.r_[canvas.volume[1, 40, 22:31], canvas.volume[1, 40, 50:59]]
    across = np.r_[canvas.volume[1, 26:35, 40], canvas.volume[1, 46:55, 40]]
    assert along.mean() < -60
    assert across.mean() > along.mean() + 60
    assert (canvas.volume[1][metal[1] > 0] == 0).all()
    assert (canvas.volume[[0, 2]] == 0).all()


def test_a_film_shows_metal_and_says_so(patient: Host) -> None:
    case = _place(patient, "pacemaker", "left")
    ct, film = pair(Patient(patient, case, case, None), "p", np.random.default_rng(0))
    assert film.labels["pacemaker"] == ct.labels["pacemaker"] == 1
    mask = film.lesions["pacemaker"]
    assert film.image[mask].mean() > film.image[mask[:, ::-1] & ~mask].mean() + 40
    assert np.argwhere(mask)[:, 1].max() > film.image.shape[1] * 0.6
    assert any("pacemaker" in s.lower() for s in film.sentences)


@pytest.mark.parametrize(
    "finding", ["endotracheal_tube", "central_venous_catheter", "enteric_tube"]
)
def test_a_film_shows_a_tube_as_one_line(patient: Host, finding: str) -> None:
    case = _place(patient, finding, severity=0.3)
    _, film = pair(Patient(patient, case, case, None), "p", np.random.default_rng(0))
    mask = film.lesions[finding]
    rows = np.flatnonzero(mask.any(axis=1))
    assert len(rows) > 0.9 * (rows[-1] - rows[0])
    assert film.labels[finding] == 1


def test_a_phantom_is_known_to_have_no_device(patient: Host) -> None:
    assert set(DEVICES) <= set(patient.absent)


def test_a_host_without_the_vessel_or_airway_is_refused(patient: Host) -> None:
    lungs = {n: patient.organs[n] for n in ("lung_left", "lung_right")}
    for finding in DEVICES:
        with pytest.raises(SimulationError, match="no mask of"):
            simulate(patient.volume, lungs, patient.spacing, [finding], np.random.default_rng(0))
