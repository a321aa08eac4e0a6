"""Scans too large, errors of ours, and a process that ends."""

import sys
import threading

import pytest

from medvlp.errors import ScanTooLargeError, WorkerError
from medvlp_viewer.controllers.system import System
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.uncaught import catch_errors

FREE = 8_000_000_000


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "log"


@pytest.fixture
def viewer(fake_window, fake_worker, reports) -> ViewerController:
    system = System(report_folder=reports, available_memory=lambda: FREE)
    return ViewerController(ViewerState(), fake_window, fake_worker, system=system)


def raised(error: Exception) -> Exception:
    """The error with a traceback."""
    try:
        raise error
    except type(error) as caught:
        return caught


class TestMemory:
    def test_the_process_is_told_what_is_free_now(self, viewer, fake_worker):
        viewer.session.open("/data/study")
        assert fake_worker.submitted[-1][1]["available_memory"] == FREE

    def test_a_scan_too_large_is_a_question_and_can_be_opened_anyway(
        self, viewer, fake_worker, fake_window, make
    ):
        viewer.session.open("/data/study", "abcd")
        text = "This scan of 900 × 512 × 512 voxels needs about 2.5 GB of memory."
        fake_worker.reply(fake_worker.last("open"), "error", ScanTooLargeError(text), message=text)
        viewer.session.poll()
        message = fake_window.messages[-1]
        assert (message.severity, message.text) == ("warning", text)
        message.action.run()
        kind, arguments = fake_worker.submitted[-1]
        assert kind == "open"
        assert arguments == {"source": "/data/study", "series": "abcd"}
        scan = make.scan(make.geometry())
        fake_worker.reply(fake_worker.last("open"), value=scan)
        viewer.session.poll()
        assert viewer.state.scan.scan is scan

    def test_the_open_scan_stays_when_another_is_too_large(
        self, viewer, fake_worker, fake_window, make
    ):
        scan = make.scan(make.geometry())
        viewer.session.open("/data/first")
        fake_worker.reply(fake_worker.last("open"), value=scan)
        viewer.session.poll()
        viewer.session.open("/data/second")
        fake_worker.reply(
            fake_worker.last("open"), "error", ScanTooLargeError("large"), message="large"
        )
        viewer.session.poll()
        assert viewer.state.scan.scan is scan


class TestReports:
    def test_an_error_in_the_window_is_reported_once_without_identifiers(
        self, viewer, fake_window, reports, make
    ):
        viewer.state.scan.set(make.scan(make.geometry(shape=(12, 20, 24))))
        error = raised(RuntimeError("DOE^JANE /data/jane/study"))
        printed = viewer.trouble.on_error(error)
        viewer.trouble.on_error(error)
        (report,) = reports.iterdir()
        text = report.read_text()
        assert text == printed
        assert "where: window" in text
        assert "builtins.RuntimeError" in text
        assert "scan: CT 12 x 20 x 24" in text
        assert "in raised" in text
        for identifier in ("DOE", "jane", "study"):
            assert identifier not in text
        message = fake_window.messages[-1]
        assert message.severity == "error"
        assert str(report) in message.text
        assert len([m for m in fake_window.messages if m == message]) == 1

    def test_an_error_in_the_process_is_reported_with_its_frames(
        self, viewer, fake_worker, fake_window, reports
    ):
        error = WorkerError("The request 'open' failed. Unexpected KeyError: 'DOE^JANE'")
        error.report = "  medvlp/io/open.py:12 in open_scan\nbuiltins.KeyError\n"
        viewer.session.open("/data/DOE^JANE")
        fake_worker.reply(fake_worker.last("open"), "error", error, message=str(error))
        viewer.session.poll()
        (report,) = reports.iterdir()
        text = report.read_text()
        assert "where: inference process" in text
        assert "medvlp/io/open.py:12 in open_scan" in text
        assert "DOE" not in text
        assert str(report) in fake_window.messages[-1].text

    def test_an_expected_error_writes_no_report(self, viewer, fake_worker, fake_window, reports):
        viewer.session.open("/nowhere")
        error = ScanTooLargeError("large")
        fake_worker.reply(fake_worker.last("open"), "error", error, message="large")
        viewer.session.poll()
        assert not reports.exists()

    def test_a_process_that_ended_is_said_and_reported(
        self, viewer, fake_worker, fake_window, reports
    ):
        viewer.session.open("/data/study")
        text = "The inference process was ended by SIGSEGV. It was started again."
        fake_worker.reply(fake_worker.last("open"), "died", message=text)
        viewer.session.poll()
        assert text in fake_window.messages[-1].text
        assert "SIGSEGV" in next(reports.iterdir()).read_text()

    def test_a_folder_that_cannot_be_written_costs_the_report_only(
        self, fake_window, fake_worker, tmp_path
    ):
        (tmp_path / "log").write_text("a file")
        system = System(report_folder=tmp_path / "log")
        viewer = ViewerController(ViewerState(), fake_window, fake_worker, system=system)
        viewer.trouble.on_error(raised(ValueError("x")))
        assert "ValueError" in fake_window.messages[-1].text
        assert "report" not in fake_window.messages[-1].text


class TestHooks:
    @pytest.fixture
    def told(self):
        told = []
        put_back = catch_errors(
            lambda error: told.append(error) or "report\n", lambda work, then: then(work())
        )
        yield told
        put_back()

    def test_uncaught_errors_are_told_and_their_message_is_not_printed(self, told, capsys):
        error = raised(ValueError("DOE^JANE"))
        sys.excepthook(type(error), error, error.__traceback__)
        assert told == [error]
        assert capsys.readouterr().err == "report\n"

    def test_errors_in_threads_too(self, told, capsys):
        thread = threading.Thread(target=lambda: 1 / 0)
        thread.start()
        thread.join()
        assert isinstance(told[0], ZeroDivisionError)
        assert capsys.readouterr().err == "report\n"

    def test_the_hooks_go_back(self):
        before = sys.excepthook, threading.excepthook
        catch_errors(lambda error: "", lambda work, then: None)()
        assert (sys.excepthook, threading.excepthook) == before
