"""Lungs that a model finds on films: what is believed, and where the mask lies in the square."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

import medvlp
from medvlp_training.simulation.radiograph import bases
from medvlp_training.simulation.radiograph.bases import SIZE, nih_bases, square_mask
from medvlp_training.simulation.radiograph.found_lungs import (
    believable,
    find_lungs,
    largest_part,
)

HEIGHT, WIDTH = 120, 160


def box(rows: tuple[int, int], columns: tuple[int, int]) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
    mask[slice(*rows), slice(*columns)] = True
    return mask


# On a frontal film the patient's left is on the right.
RIGHT, HEART, LEFT = box((20, 90), (20, 60)), box((60, 95), (65, 100)), box((20, 85), (100, 140))


class Finder:
    """Answers with given masks instead of a network."""

    def __init__(self, answers: dict[str, np.ndarray], abstained: bool = False) -> None:
        self.answers, self.abstained = answers, abstained

    def encode(self, scan, *, progress=None, cache=True):
        return scan

    def ground(self, _model, _scan, queries):
        return [
            SimpleNamespace(abstained=self.abstained, on=lambda scan, q=q: self.answers[q] * 0.9)
            for q in queries
        ]


def answers(left=LEFT, right=RIGHT, heart=HEART):
    return {"left lung": left, "right lung": right, "heart": heart}


@pytest.fixture
def film(tmp_path):
    path = tmp_path / "film.png"
    ramp = np.linspace(0, 255, WIDTH)[None].repeat(HEIGHT, axis=0)
    Image.fromarray(ramp.astype(np.uint8)).save(path)
    return path


def test_the_lungs_of_a_frontal_film_are_believed():
    assert believable(LEFT, RIGHT, HEART)


@pytest.mark.parametrize(
    "masks",
    [
        (RIGHT, LEFT, HEART),  # mirrored
        (LEFT, box((20, 40), (20, 30)), HEART),  # a scrap
        (LEFT, box((20, 55), (20, 50)), HEART),  # half of the other
        (box((0, 120), (60, 160)), box((0, 120), (0, 60)), HEART),  # everything is lung
        (LEFT, RIGHT | box((20, 85), (95, 110)), HEART),  # one reaches into the other
        (LEFT, RIGHT, np.zeros_like(HEART)),
        (LEFT, RIGHT, box((60, 95), (141, 158))),  # a heart beside the lungs
    ],
)
def test_what_cannot_be_the_lungs_is_not_believed(masks):
    assert not believable(*masks)


def test_only_the_largest_part_counts_and_its_holes_are_filled():
    mask = RIGHT | box((5, 8), (5, 8))
    mask[50:53, 30:33] = False
    assert (largest_part(mask) == RIGHT).all()
    assert not largest_part(np.zeros_like(mask)).any()


def test_found_lungs_keep_their_sides(film, monkeypatch):
    finder = Finder(answers())
    monkeypatch.setattr(medvlp, "ground", finder.ground)
    left, right, heart = find_lungs(finder, film)
    assert (left == LEFT).all()
    assert (right == RIGHT).all()
    assert (heart == HEART).all()


@pytest.mark.parametrize("finder", [Finder(answers(), abstained=True), Finder(answers(left=RIGHT))])
def test_a_film_without_believable_lungs_is_left_out(finder, film, monkeypatch):
    monkeypatch.setattr(medvlp, "ground", finder.ground)
    assert find_lungs(finder, film) is None


def test_a_mask_of_a_wide_film_lies_in_the_square_where_its_pixels_do(film):
    image, (top, bottom, first, last) = bases.read_square(film)
    mask = square_mask(LEFT)
    assert image.shape == mask.shape == (SIZE, SIZE)
    assert (top, bottom, first, last) == (48, 336, 0, 384)
    rows, columns = np.nonzero(mask)
    scale = SIZE / WIDTH
    assert (rows.min(), rows.max() + 1) == (48 + 20 * scale, 48 + 85 * scale)
    assert (columns.min(), columns.max() + 1) == (100 * scale, 140 * scale)


def test_only_films_without_a_finding_of_patients_that_are_trained_on(film, monkeypatch):
    rows = [
        {"file": "film.png", "patient": "trained", "labels": "No Finding", "view": "AP"},
        {"file": "film.png", "patient": "trained", "labels": "Effusion", "view": "PA"},
        {"file": "film.png", "patient": "kept back", "labels": "No Finding", "view": "PA"},
    ]
    finder = Finder(answers())
    monkeypatch.setattr(medvlp, "ground", finder.ground)
    monkeypatch.setattr(bases, "_rows", lambda path: rows)
    monkeypatch.setattr(bases, "is_held_out", lambda patient: patient == "kept back")
    (film.parent / "cxr_nih" / "images").mkdir(parents=True)
    film.rename(film.parent / "cxr_nih" / "images" / "film.png")
    (base,) = nih_bases(film.parent, finder)
    assert (base.patient, base.view, base.source) == ("trained", "AP", "nih")
    assert base.lung_left.sum() == pytest.approx(LEFT.sum() * (SIZE / WIDTH) ** 2, rel=0.01)
    assert "pneumothorax" in base.absent
