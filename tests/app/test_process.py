"""The real window with a real child process that is killed, or still works when it closes."""

import os
import signal
import time

import pytest


class Running:
    """A window on screen whose events are handled until something is the case."""

    def __init__(self, application, factory: str) -> None:
        from medvlp.worker import Worker
        from medvlp_viewer.application import make_viewer

        self.application = application
        self.viewer = make_viewer(Worker(fake_session_factory=factory))
        self.failures = []
        self.viewer.controller.session.failed.connect(lambda *what: self.failures.append(what))
        self.viewer.window.show()

    def until(self, condition, seconds: float = 240.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline
            self.application.processEvents()
            time.sleep(0.01)

    def jobs(self) -> list[str]:
        return [job.kind for job in self.viewer.state.jobs.jobs]

    def start(self, path, *queries: str) -> None:
        from medvlp_viewer.application import start

        start(self.viewer, str(path), queries)


@pytest.fixture
def running(qt_application, factory, request):
    running = Running(qt_application, f"{factory}:{request.param}")
    yield running
    running.viewer.close()
    running.viewer.window.widget.deleteLater()
    qt_application.processEvents()


@pytest.mark.parametrize("running", ["make"], indirect=True)
def test_a_killed_process_is_a_message_and_the_next_question_is_answered(running, phantom):
    viewer = running.viewer
    running.start(phantom, "left kidney")
    running.until(lambda: not viewer.controller.session.busy)
    scan, first = viewer.state.scan.scan, viewer.worker.process_id
    os.kill(first, signal.SIGKILL)
    running.until(lambda: running.failures)
    assert running.failures[0][0] == "died"
    message = viewer.window.messages
    assert message.isVisible()
    assert "SIGKILL" in message.text.text()
    assert "memory" in message.text.text()
    running.until(lambda: viewer.worker.process_id not in (None, first))
    assert viewer.state.scan.scan is scan
    assert viewer.state.heats.get("left kidney") is not None
    viewer.window.ask("right kidney")
    running.until(lambda: viewer.state.heats.get("right kidney") is not None)


@pytest.mark.parametrize("running", ["make_slow"], indirect=True)
def test_closing_during_work_leaves_no_process(running, phantom):
    viewer = running.viewer
    running.start(phantom, "liver")
    running.until(lambda: running.failures or "encode" in running.jobs())
    assert not running.failures
    process = viewer.worker.process_id
    os.kill(process, 0)
    viewer.window.widget.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


@pytest.mark.parametrize("running", ["make_slow"], indirect=True)
def test_a_process_killed_while_it_encodes_says_so_in_the_row_and_can_be_asked_again(
    running, phantom
):
    viewer = running.viewer
    running.start(phantom, "liver")
    running.until(lambda: "encode" in running.jobs())
    os.kill(viewer.worker.process_id, signal.SIGKILL)
    running.until(lambda: running.failures)
    row = viewer.state.queries["liver"]
    assert row.verdict == "failed"
    assert "SIGKILL" in row.reason
    assert not viewer.state.jobs.busy
    viewer.window.ask("liver")
    running.until(lambda: "encode" in running.jobs())


@pytest.mark.parametrize("running", ["make_full"], indirect=True)
def test_memory_running_out_in_the_process_is_a_message(running, phantom):
    running.start(phantom, "liver")
    running.until(lambda: running.failures)
    kind, text, _ = running.failures[0]
    assert kind == "encode"
    assert "not enough memory" in text
    assert running.viewer.window.messages.isVisible()
    assert running.viewer.state.scan.scan is not None
