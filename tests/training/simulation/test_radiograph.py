from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.simulation.case import Request, SimulationError
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.radiograph.paint import PAINTERS, PaintedFilm, paint
from medvlp_training.simulation.radiograph.project import Projection, project


@pytest.fixture(scope="module")
def film(patient: Host) -> Projection:
    names = ("lung_left", "lung_right", "heart", "liver")
    return project(patient.volume, patient.spacing, {n: patient.organs[n] for n in names})


def _middle(mask: np.ndarray) -> np.ndarray:
    return np.argwhere(mask > 0.5).mean(axis=0)


def test_the_film_hangs_as_films_hang(film: Projection) -> None:
    """Head up, the patient's left on the right of the image."""
    assert _middle(film.masks["liver"])[0] > _middle(film.masks["heart"])[0]
    assert _middle(film.masks["lung_left"])[1] > _middle(film.masks["lung_right"])[1]
    assert _middle(film.masks["liver"])[1] < _middle(film.masks["heart"])[1]


def test_dense_structures_are_bright(film: Projection) -> None:
    lung = film.image[(film.masks["lung_left"] > 0.9) & (film.masks["heart"] < 0.1)]
    heart = film.image[film.masks["heart"] > 0.9]
    assert np.median(heart) > np.median(lung) + 0.1
    assert film.image.min() >= 0
    assert film.image.max() <= 1


def test_parallel_rays_sum_what_lies_on_them() -> None:
    volume = np.full((24, 24, 24), -1000, np.int16)
    volume[4:20, 4:20, 4:20] = 0
    lesion = np.zeros(volume.shape, bool)
    lesion[6:9, 5:7, 15:17] = True
    out = project(volume, (5.0, 5.0, 5.0), {"lesion": lesion}, cone=False, full_mm=20.0)
    assert out.masks["lesion"].max() == pytest.approx(10 / 20)
    rows, columns = np.nonzero(out.masks["lesion"])
    assert set(rows) == {15, 16, 17}
    assert set(columns) == {15, 16}


def test_cone_rays_magnify_what_is_far_from_the_detector() -> None:
    volume = np.full((40, 60, 40), -1000, np.int16)
    volume[2:38, 2:58, 2:38] = 0
    near, far = np.zeros(volume.shape, bool), np.zeros(volume.shape, bool)
    near[5:35, 4:6, 5:35], far[5:35, 54:56, 5:35] = True, True
    out = project(volume, (5.0, 5.0, 5.0), {"near": near, "far": far})
    assert out.masks["far"].sum() > 1.1 * out.masks["near"].sum()


def _paint(film: Projection, request: Request, seed: int = 0) -> PaintedFilm:
    left, right, heart = (film.masks[n] > 0.6 for n in ("lung_left", "lung_right", "heart"))
    return paint(film.image, left, right, heart, np.random.default_rng(seed), [request])


@pytest.mark.parametrize("finding", PAINTERS)
def test_every_painted_finding_changes_the_film_where_its_mask_says(
    finding: str, film: Projection
) -> None:
    out = _paint(film, Request(finding, severity=0.7), seed=3)
    mask = out.painted[0].mask
    change = np.abs(out.image - film.image)
    assert change[mask > 0.5].mean() > 2 * change[mask < 0.02].mean() + 0.003


@pytest.mark.parametrize("finding", ["pleural_effusion", "pneumothorax", "lung_mass"])
def test_the_left_of_the_patient_is_on_the_right_of_the_image(
    finding: str, film: Projection
) -> None:
    middle = _middle(film.masks["heart"])[1]
    left = _middle(_paint(film, Request(finding, "left", 0.5)).painted[0].mask)[1]
    right = _middle(_paint(film, Request(finding, "right", 0.5)).painted[0].mask)[1]
    assert right < middle < left


def test_a_painted_effusion_is_brighter_and_low_and_a_pneumothorax_darker_and_high(
    film: Projection,
) -> None:
    lung = _middle(film.masks["lung_right"])[0]
    fluid = _paint(film, Request("pleural_effusion", "right", 0.4))
    air = _paint(film, Request("pneumothorax", "right", 0.3))
    low, high = fluid.painted[0].mask > 0.7, air.painted[0].mask > 0.7
    assert _middle(low)[0] > lung > _middle(high)[0]
    low &= film.masks["liver"] < 0.1  # in front of the liver it was bright already
    assert fluid.image[low].mean() > film.image[low].mean() + 0.05
    assert air.image[high].mean() < film.image[high].mean()


def test_an_enlarged_heart_is_wider_than_half_the_chest(film: Projection) -> None:
    out = _paint(film, Request("cardiomegaly", severity=0.5))
    assert out.heart is not None
    heart = np.ptp(np.nonzero(out.heart.any(axis=0))[0])
    chest = np.ptp(np.nonzero((out.lung_left | out.lung_right).any(axis=0))[0])
    assert heart / chest > 0.5


def test_cardiomegaly_without_a_heart_mask_is_refused(film: Projection) -> None:
    left, right = (film.masks[n] > 0.6 for n in ("lung_left", "lung_right"))
    rng = np.random.default_rng(0)
    with pytest.raises(SimulationError, match="heart"):
        paint(film.image, left, right, None, rng, ["cardiomegaly"])


def test_most_nodules_are_as_faint_as_real_ones(film: Projection) -> None:
    """89 real nodules rise by 0.01 to 0.08 of the grey scale above their surroundings."""
    rises = []
    for seed in range(30):
        out = _paint(film, Request("lung_nodule", severity=0.5), seed=seed)
        core = out.painted[0].mask > 0.95
        rises.append(float((out.image - film.image)[core].mean()))
    assert 0.03 < np.median(rises) < 0.07
    assert np.mean(np.array(rises) < 0.1) > 0.8
