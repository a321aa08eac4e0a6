"""Writing a file that the user named: its progress, and giving it up."""

from collections import deque

import pytest

from medvlp_viewer.controllers.file_writer import FileWriter
from medvlp_viewer.models.state import ViewerState


@pytest.fixture
def desk(fake_window, tmp_path):
    """A writer whose work runs when the test says so."""
    state, waiting = ViewerState(), deque()
    state.scan.background = lambda work, then, queue: waiting.append((work, then))
    writer = FileWriter(state, fake_window)
    writer.state, writer.window, writer.target = state, fake_window, tmp_path / "out.dcm"

    def finish():
        work, then = waiting.popleft()
        then(work())

    writer.finish = finish
    return writer


def test_the_progress_of_a_file_is_that_of_its_job(desk):
    seen = []

    def make(progress):
        for k in (1, 2):
            progress(k / 4, f"Drawing slice {k} of 4")
            desk.poll()
            shown = desk.state.jobs.progress
            seen.append((shown.fraction, shown.message))
        return b"content"

    desk.write_in_steps(str(desk.target), make, "DICOM")
    desk.finish()
    assert seen == [(0.25, "Drawing slice 1 of 4"), (0.5, "Drawing slice 2 of 4")]
    assert desk.target.read_bytes() == b"content"
    assert not desk.state.jobs.busy


def test_cancel_stops_at_the_next_step_and_leaves_what_stood_there(desk):
    desk.target.write_bytes(b"before")
    steps = []

    def make(progress):
        for k in range(4):
            steps.append(k)
            if k == 1:
                desk.window.cancel_requested.emit()
            progress(k / 4, "Drawing")
        return b"content"

    desk.write_in_steps(str(desk.target), make, "DICOM")
    desk.finish()
    assert steps == [0, 1]
    assert desk.target.read_bytes() == b"before"
    assert desk.window.messages[-1].text == "Saving was stopped: nothing was written."
    assert not desk.state.jobs.busy


def test_what_is_made_in_one_go_can_be_given_up_before_it_is_written(desk):
    def make():
        desk.window.cancel_requested.emit()
        return b"content"

    desk.write(str(desk.target), make, "Picture")
    desk.finish()
    assert not desk.target.exists()


def test_cancel_gives_up_the_file_that_is_shown_and_not_the_next_one(desk, tmp_path):
    second = tmp_path / "second.png"
    desk.write(str(desk.target), lambda: b"first", "Picture")
    desk.write(str(second), lambda: b"second", "Picture")
    desk.window.cancel_requested.emit()
    desk.finish()
    desk.finish()
    assert not desk.target.exists()
    assert second.read_bytes() == b"second"


def test_cancel_with_nothing_to_save_is_no_error(desk):
    desk.window.cancel_requested.emit()
    desk.poll()
    assert not desk.state.jobs.busy
