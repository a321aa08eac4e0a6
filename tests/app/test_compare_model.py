import numpy as np
import pytest

from medvlp import Geometry
from medvlp_viewer.models.compare import CompareModel, comparison_rows
from medvlp_widgets.models.queries import QueryModel


@pytest.fixture
def scan(make):
    return make.scan(make.geometry())


def answered(make, scan, **answers):
    """Model with an answer per query; a text stands for the reason of an abstention."""
    model = QueryModel()
    for text, answer in answers.items():
        text = text.replace("_", " ")
        model.ask(text)
        if isinstance(answer, str):
            zeros = np.zeros((6, 10, 12), np.float32)
            model.answer(
                make.heatmap(
                    scan, text, values=zeros, probability=None, abstained=True, reason=answer
                )
            )
        elif answer is not None:
            model.answer(make.heatmap(scan, text, probability=answer))
    return model


def test_differences_are_right_minus_left_in_points(make, scan):
    left = answered(make, scan, lung_mass=0.9, effusion=0.2, nodule=0.5)
    right = answered(make, scan, lung_mass=0.3, effusion=0.25, nodule=0.5)
    rows = comparison_rows(left, right)
    assert [row.difference for row in rows] == [
        "\N{MINUS SIGN}60 points",
        "+5 points",
        "+0 points",
    ]
    assert (rows[0].left, rows[0].right) == ("90 %", "30 %")
    assert [row.number for row in rows] == [1, 2, 3]


def test_the_difference_is_that_of_the_percentages_on_screen(make, scan):
    left, right = answered(make, scan, effusion=0.034), answered(make, scan, effusion=0.066)
    (row,) = comparison_rows(left, right)
    assert (row.left, row.right, row.difference) == ("3 %", "7 %", "+4 points")


def test_an_abstention_is_said_and_is_not_a_number(make, scan):
    left = answered(make, scan, lung_mass=0.9, effusion="Outside what was learnt.")
    right = answered(make, scan, lung_mass="Too few slices.", effusion=0.4)
    mass, effusion = comparison_rows(left, right)
    assert (mass.right, mass.difference) == ("not sure", "\N{EM DASH}")
    assert mass.note == "Right: Too few slices."
    assert (effusion.left, effusion.difference) == ("not sure", "\N{EM DASH}")
    assert effusion.note == "Left: Outside what was learnt."


def test_what_is_still_under_way_or_failed_has_no_difference(make, scan):
    left = answered(make, scan, lung_mass=0.9, effusion=0.9, nodule=0.9)
    right = answered(make, scan, lung_mass=None, nodule=None)
    right.fail("nodule", "The process ended.")
    mass, effusion, nodule = comparison_rows(left, right)
    assert {mass.right, effusion.right} == {"working…"}
    assert nodule.right == "failed"
    assert nodule.note == "Right: The process ended."
    assert {row.difference for row in (mass, effusion, nodule)} == {"\N{EM DASH}"}


def test_answers_of_two_models_are_not_subtracted(make, scan):
    left, right = answered(make, scan, effusion=0.9), answered(make, scan, effusion=0.3)
    (row,) = comparison_rows(left, right, same_model=False)
    assert row.difference == "\N{EM DASH}"
    assert "two different models" in row.note


def test_scans_in_one_frame_are_matched_by_their_positions():
    model = CompareModel()
    model.begin()
    left = Geometry.axial((20, 30, 30), (5, 1, 1), (-15, -15, -50))
    model.match(left, Geometry.axial((40, 30, 30), (2, 1, 1), (-20, -10, -30)))
    assert model.linked
    assert not np.any(model.offset)
    assert "positions in the files" in model.words


def test_scans_that_do_not_overlap_are_matched_by_their_centres(make):
    model = CompareModel()
    model.begin()
    left = Geometry.axial((21, 31, 31), (5, 1, 1))
    right = Geometry.axial((11, 31, 31), (5, 1, 1), (1000, 0, 0))
    model.match(left, right)
    assert model.offset == pytest.approx((1000, 0, -25))
    assert "centres" in model.words


def test_pictures_without_common_millimetres_are_not_linked(make):
    model = CompareModel()
    model.begin()
    for right in (Geometry.radiograph((8, 8), (1, 1)), Geometry.radiograph((8, 8))):
        model.match(make.geometry(), right)
        model.link(True)
        assert not model.linked
        assert "no common millimetres" in model.words


def test_aligning_makes_two_points_one(make):
    model = CompareModel()
    model.begin()
    model.match(make.geometry(), make.oblique())
    model.link(False)
    model.align((1.0, 2.0, 3.0), (4.0, 0.0, 3.5))
    assert model.linked
    assert model.offset == pytest.approx((3.0, -2.0, 0.5))
    assert "+3.0, \N{MINUS SIGN}2.0, +0.5 mm" in model.words
