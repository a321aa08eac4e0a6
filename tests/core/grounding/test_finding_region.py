from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from medvlp.grounding.finding_region import finding_prior, logarithm
from medvlp.grounding.ground import ground
from medvlp.grounding.lexicon import load_lexicon

CONCEPTS = load_lexicon().concepts


@pytest.fixture
def film(fake_model, radiograph):
    return fake_model.encode(radiograph)


def test_on_a_film_a_finding_is_looked_for_around_the_organs_that_are_seen(film):
    prior, log_prior = finding_prior(CONCEPTS["consolidation"], film)
    seen = np.any([organ >= 0.5 for organ in film.organs.values()], axis=0)
    assert prior[seen].all()
    assert 0 < prior.mean() < 1
    margin = int(np.ceil(max(film.geometry.shape) / 24))
    rows, kept = (np.flatnonzero(of.any(axis=1)) for of in (seen, prior))
    assert kept[-1] == min(rows[-1] + margin, len(prior) - 1)
    np.testing.assert_array_equal(log_prior, logarithm(prior))
    assert finding_prior(CONCEPTS["consolidation"], film)[0] is prior


@pytest.mark.parametrize("name", ["lung_left", "metastases", None])
def test_organs_and_what_may_be_anywhere_are_looked_for_everywhere(name, film):
    assert finding_prior(CONCEPTS.get(name), film)[0].all()


def test_without_organs_nothing_is_ruled_out(film):
    none = {name: np.zeros_like(values) for name, values in film.organs.items()}
    assert finding_prior(CONCEPTS["pleural_effusion"], replace(film, organs=none))[0].all()


def test_in_ct_nothing_is_ruled_out(fake_model, phantom):
    assert finding_prior(CONCEPTS["consolidation"], fake_model.encode(phantom.scan()))[0].all()


def test_heat_in_the_corner_of_a_film_does_not_count(fake_model, radiograph):
    image = radiograph.array.copy()
    image[36:44, 50:70] = 0.2  # no effusion
    healthy = replace(radiograph, array=image)
    marked = image.copy()
    marked[-4:, :6] = radiograph.array[40, 60]
    corner = replace(radiograph, array=marked)
    (plain,) = ground(fake_model, fake_model.encode(healthy), ["pleural effusion"])
    (heat,) = ground(fake_model, fake_model.encode(corner), ["pleural effusion"])
    assert heat.values[-1, 0] == 0
    assert heat.score == pytest.approx(plain.score, abs=0.05)
