from __future__ import annotations

import pytest

from medvlp_widgets.models.progress import ProgressModel, format_time_left


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_time_left_follows_the_mean_speed():
    clock = Clock()
    model = ProgressModel(clock)
    model.start("Encode")
    clock.now += 10
    model.update(0.25)
    assert model.seconds_left == pytest.approx(30)


def test_no_time_left_is_given_while_it_would_be_a_guess():
    clock = Clock()
    model = ProgressModel(clock)
    model.start("Encode")
    clock.now += 0.1
    model.update(0.5)
    assert model.seconds_left is None
    clock.now += 10
    model.start("Encode")
    clock.now += 10
    model.update(0.001)
    assert model.seconds_left is None


def test_progress_never_runs_backwards_and_stays_in_range():
    model = ProgressModel()
    model.start("Encode")
    model.update(0.6)
    model.update(0.2)
    assert model.fraction == 0.6
    model.update(7)
    assert model.fraction == 1.0


def test_reports_after_the_end_are_ignored():
    model = ProgressModel()
    model.start("Encode")
    model.fail("no memory")
    model.update(0.9, "still going")
    assert (model.running, model.failed, model.message) == (False, True, "no memory")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (0.4, "about a second left"), (7.4, "about 7 s left"), (42, "about 40 s left"), (170, "about 3 min left")],
)  # fmt: skip
def test_durations_are_rounded_for_people(seconds, text):
    assert format_time_left(seconds) == text


def test_cancel_is_offered_only_while_a_job_runs(qtbot):
    from medvlp_widgets import ProgressPanel

    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.show()
    assert not panel.cancel_button.isVisible()
    panel.model.start("Encode")
    assert panel.cancel_button.isVisible()
    with qtbot.waitSignal(panel.cancelled, timeout=1000):
        panel.cancel_button.click()
    assert panel.model.cancelling
    assert not panel.cancel_button.isEnabled()
    panel.model.finish("Cancelled.")
    assert not panel.bar.isVisible()
    assert panel.label.text() == "Cancelled."


def test_a_failure_stays_readable(qtbot):
    from medvlp_widgets import ProgressPanel

    panel = ProgressPanel()
    qtbot.addWidget(panel)
    panel.model.start("Encode")
    panel.model.fail("The disk is full.")
    assert panel.label.text() == "Failed: The disk is full."
