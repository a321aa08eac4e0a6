"""Masks of somebody else in the place of the organ head's."""

from __future__ import annotations

import numpy as np
import pytest

from medvlp.errors import LabelMapError
from medvlp.grounding.ground import located_in
from medvlp.grounding.label_maps import label_map_of
from medvlp.grounding.organ_sources import with_organs
from medvlp.grounding.query import parse_query
from medvlp.session import Session


@pytest.fixture
def encoded(fake_model, phantom):
    return fake_model.encode(phantom.scan())


def test_a_question_about_a_place_looks_where_the_mask_is(encoded, phantom):
    labels = np.zeros_like(phantom.labels())
    labels[4:10, 30:36, 44:56] = 5  # where the organ head sees no liver
    changed = with_organs(encoded, label_map_of(labels, phantom.geometry))
    query = parse_query("calcification in the liver")
    before, after = located_in(query, encoded), located_in(query, changed)
    inside = tuple(int(v) for v in np.rint(
        encoded.geometry.world_to_index(phantom.geometry.index_to_world((7, 33, 50)))
    ))  # fmt: skip
    other = tuple(int(v) for v in np.rint(
        encoded.geometry.world_to_index(phantom.geometry.index_to_world((10, 18, 10)))
    ))  # fmt: skip
    assert (before[inside], before[other]) == (0, 1)
    assert (after[inside], after[other]) == (1, 0)
    assert np.array_equal(changed.organs["heart"], encoded.organs["heart"])


def test_lobes_make_a_lung_only_if_all_are_there(encoded, phantom):
    assert "lung_left" in encoded.organs
    names = {"upper": 10, "lower": 11}
    both = phantom.labels()
    one = np.where(both == names["lower"], 0, both)
    whole = with_organs(encoded, label_map_of(both, phantom.geometry)).organs
    assert np.array_equal(
        whole["lung_left"], np.maximum(whole["lung_upper_lobe_left"], whole["lung_lower_lobe_left"])
    )
    part = with_organs(encoded, label_map_of(one, phantom.geometry)).organs
    assert np.array_equal(part["lung_left"], encoded.organs["lung_left"])


def test_a_session_keeps_masks_for_its_scan_alone(fake_model, phantom):
    session = Session(fake_model, cache=False)
    with pytest.raises(Exception, match="No scan is open"):
        session.use_organs(phantom.labels())
    session.open(phantom.scan())
    session.use_organs(phantom.labels())
    assert "lung_upper_lobe_left" in session.encode().organs
    session.use_model(fake_model)
    assert "lung_upper_lobe_left" in session.encode().organs
    session.open(phantom.scan())
    assert "lung_upper_lobe_left" not in session.encode().organs
    with pytest.raises(LabelMapError, match="empty on this scan"):
        session.use_organs(np.zeros_like(phantom.labels()))
    assert session.ask("heart")[0].query.text == "heart"
