import numpy as np

from medvlp_training.text.meanings import MAX_SHARED, Meaning


def similar(space, a, b):
    return space.similarity[space.index[a], space.index[b]]


def test_a_meaning_weighs_at_least_half_of_its_own_target(space):
    matrix = space.similarity
    np.testing.assert_array_equal(np.diag(matrix), 1.0)
    assert (matrix.sum(1) - 1.0).max() <= MAX_SHARED + 1e-4
    assert matrix.min() >= 0.0


def test_stated_and_denied_share_nothing(space):
    assert (
        similar(space, Meaning("pleural_effusion"), Meaning("pleural_effusion", None, "absent"))
        == 0
    )


def test_left_and_right_share_nothing_but_both_share_with_the_unsided(space):
    left, right = Meaning("pleural_effusion", "left"), Meaning("pleural_effusion", "right")
    assert similar(space, left, right) == 0
    assert similar(space, left, Meaning("pleural_effusion")) > 0
    assert similar(space, Meaning("kidney_left"), Meaning("kidney_right")) == 0


def test_a_lobe_shares_with_its_side_not_with_the_other(space):
    lobe = Meaning("lung_nodule", "lung_lower_lobe_right")
    assert similar(space, lobe, Meaning("lung_nodule", "right")) > 0
    assert similar(space, lobe, Meaning("lung_nodule", "left")) == 0
    upper = Meaning("lung_nodule", "lung_upper_lobe_right")
    assert similar(space, lobe, upper) < similar(space, lobe, Meaning("lung_nodule", "right"))


def test_mimics_share_nothing_and_kinds_share_some(space):
    assert similar(space, Meaning("pleural_effusion"), Meaning("ascites")) == 0
    assert similar(space, Meaning("lung_mass"), Meaning("mass")) > 0


def test_parts_share_with_their_group(space):
    assert similar(space, Meaning("kidney_left"), Meaning("kidneys")) > 0
    assert similar(space, Meaning("liver"), Meaning("kidneys")) == 0
