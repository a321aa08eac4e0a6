from __future__ import annotations

import logging
import math

import pytest

from medvlp_training.simulation.workers import in_order, timed


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_numbers(workers: int) -> None:
    numbers = [5, 3, 8, 0] * 12
    assert list(in_order(math.factorial, numbers, workers)) == [math.factorial(n) for n in numbers]


def test_an_error_of_a_worker_is_the_callers() -> None:
    with pytest.raises(ValueError, match="negative"):
        list(in_order(math.factorial, [1, -1, 2], 2))


def test_the_number_that_was_made_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert list(timed(iter("abc"), "letters", 2)) == ["a", "b", "c"]
    assert caplog.messages[0].startswith("3 letters in ")
    assert "2 processes" in caplog.messages[0]
