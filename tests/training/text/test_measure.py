import numpy as np
import pytest

from medvlp_training.text.measure import auroc, retrieval


def test_auroc_counts_ordered_pairs_and_halves_ties():
    assert auroc(np.array([3.0, 2.0]), np.array([1.0, 0.0])) == 1.0
    assert auroc(np.array([0.0]), np.array([1.0])) == 0.0
    assert auroc(np.array([1.0, 2.0]), np.array([1.0])) == pytest.approx(0.75)
    assert np.isnan(auroc(np.array([]), np.array([1.0])))


def test_retrieval_ranks_the_true_row():
    bank = np.eye(4)
    queries = np.array([[1.0, 0, 0, 0], [0.9, 0.8, 0, 0]])
    measured = retrieval(queries, bank, [0, 1])
    assert measured == {"n": 2, "top1": 0.5, "top5": 1.0, "mrr": 0.75}
