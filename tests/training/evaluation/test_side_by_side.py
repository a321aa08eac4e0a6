from __future__ import annotations

import math

import numpy as np
import pytest

from medvlp_training.evaluation.side_by_side import difference, side_by_side
from medvlp_training.evaluation.statistics import auroc_estimate, mean_estimate
from medvlp_training.evaluation.tasks.table import figure

PATIENTS = [f"p{n}" for n in range(8)]
VALUES = np.arange(8) / 10


def test_a_difference_is_paired_by_patient():
    """B is better by exactly 0.2 in everyone: however the patients are drawn, so is the difference."""
    low, high = mean_estimate(VALUES, PATIENTS), mean_estimate(VALUES + 0.2, PATIENTS)
    apart = difference(high, low)
    assert [apart.value, apart.low, apart.high] == pytest.approx([0.2] * 3)
    assert low.high - low.low > 0.2


def test_patients_in_another_order_are_paired_and_other_patients_are_not():
    forward, backward = (
        mean_estimate(values, patients)
        for values, patients in ((VALUES, PATIENTS), (VALUES[::-1], PATIENTS[::-1]))
    )
    assert (difference(forward, backward).low, difference(forward, backward).high) == (0, 0)
    other = mean_estimate(VALUES, ["q", *PATIENTS[1:]])
    assert difference(other, forward).value == 0
    assert math.isnan(difference(other, forward).low)


def test_one_table_has_every_figure_and_the_tables_of_each_model():
    truth = [n % 2 == 0 for n in range(8)]
    first = {"task": {"XR": {"hit": figure(mean_estimate(VALUES, PATIENTS)), "samples": 8}}}
    areas = auroc_estimate(VALUES, truth, PATIENTS)
    second = {"task": {"XR": {"hit": figure(mean_estimate(VALUES + 0.1, PATIENTS)) | {"chance": 0.5}},
                       "CT": {"area": figure(areas)}}}  # fmt: skip
    table, figures = side_by_side({"A": ("table of A", first), "B": ("table of B", second)})
    assert table.startswith("| figure | A | B | B - A |")
    assert "| XR: hit | 0.35 (" in table
    assert "| +0.10 (+0.10 to +0.10) |" in table
    assert "| CT: area | - | " in table
    assert table.endswith("A:\n\ntable of A\n\nB:\n\ntable of B")
    assert figures["paired"]["CT: area"]["differences"] == {}
    assert figures["paired"]["CT: area"]["models"]["B"]["n"] == 4
    assert figures["first"] == "A"


def test_one_patient_gives_no_interval_of_a_difference():
    one, other = (mean_estimate([value, value], ["p", "p"]) for value in (0.2, 0.7))
    apart = difference(other, one)
    assert apart.value == pytest.approx(0.5)
    assert math.isnan(apart.low)
