"""Nothing that a user does waits for the disk: files are written in threads, in order, and whole."""

import json
import os
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medvlp.io.worklist import Worklist, WorklistItem
from medvlp.store.worklist import WorklistStore
from medvlp_viewer.controllers.system import System
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.background import LatestContent
from medvlp_viewer.models.settings_file import SettingsFile
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.qt.turns import Threads
from medvlp_viewer.views.qt.window import QtWindow


class Disk:
    """Which threads waited for the disk, or opened or closed a worklist's file."""

    def __init__(self, monkeypatch) -> None:
        self.waited: list[str] = []
        self._note(monkeypatch, os, "fsync")
        self._note(monkeypatch, WorklistStore, "__init__")
        self._note(monkeypatch, WorklistStore, "close")

    def _note(self, monkeypatch, owner, name) -> None:
        plain = getattr(owner, name)

        def noted(*arguments):
            if threading.current_thread() is threading.main_thread():
                self.waited.append(name)
            return plain(*arguments)

        monkeypatch.setattr(owner, name, noted)


class Desk:
    """The real window with threads, and with both processes in the test's hands."""

    def __init__(self, make, front, back, folder, wait_until) -> None:
        self.make, self.front, self.back, self.folder = make, front, back, folder
        self.wait_until = wait_until
        self.threads, self.state = Threads(), ViewerState()
        self.state.scan.background = self.state.heats.background = self.threads.run
        self.window = QtWindow(self.state)
        system = System(
            SettingsFile(folder / "viewer.json"),
            folder / "log",
            self.threads.run,
            folder / "recent.json",
        )
        self.controller = ViewerController(
            self.state, self.window, front, system=system, make_scorer=lambda: back
        )
        self.controller.triage._open_store = lambda source: WorklistStore(source, self.decisions)
        self.window.install_commands(self.controller.commands)
        self.window.show()

    @property
    def decisions(self):
        return self.folder / "decisions.sqlite"

    def wait(self, condition) -> None:
        self.wait_until(condition, lambda: self.message)

    @property
    def message(self) -> str:
        return self.window.messages.text.text()

    def open(self, path: str) -> None:
        self.controller.session.open(path)
        self.read()

    def read(self) -> None:
        scan = self.make.scan(self.make.geometry())
        for kind, value in (("open", scan), ("encode", self.make.facts())):
            self.front.reply(self.front.last(kind), value=value)
            self.controller.session.poll()

    def save(self, command: str, name: str) -> None:
        """Run a command that asks for a file, and wait until it is there."""
        target = str(self.folder / name)
        self.window.keep.choose_target = lambda *_: target
        self.window.worklist.choose_export = lambda *_: target
        self.window.action(command).trigger()
        self.wait(lambda: os.path.exists(target) and target in self.message)

    def close(self) -> None:
        self.window.close()
        self.controller.triage.shut_down()
        self.threads.finish()


@pytest.fixture
def desk(make, fake_worker, tmp_path, wait_until):
    desk = Desk(make, fake_worker, type(fake_worker)(), tmp_path, wait_until)
    yield desk
    desk.close()
    desk.window.widget.deleteLater()
    QApplication.processEvents()


def test_no_handler_waits_for_the_disk(desk, monkeypatch):
    disk = Disk(monkeypatch)
    desk.open("/films/first.nii")
    for opacity in range(20, 60):
        desk.window.setting_chosen.emit("opacity", opacity / 100)
    for command, name in (
        ("save-panes", "panes.png"),
        ("save-picture", "window.png"),
        ("save-session", "view.medvlp.json"),
    ):
        desk.save(command, name)
    desk.controller.trouble.on_error(RuntimeError("x"))
    desk.wait(lambda: "report without names" in desk.message)
    desk.controller.triage.open("/films")
    items = [WorklistItem(n, f"/films/{n}", signature=n) for n in ("a.png", "b.png")]
    desk.back.reply(desk.back.last("worklist"), value=Worklist("/films", tuple(items)))
    desk.controller.triage.poll()
    desk.wait(lambda: desk.controller.triage.on)
    desk.read()
    QTest.keyClick(desk.window.widget, Qt.Key.Key_A)
    assert desk.state.worklist["a.png"].status == "accepted"
    desk.save("export-worklist", "decisions.csv")
    desk.close()
    assert disk.waited == []
    with WorklistStore("/films", desk.decisions) as store:
        assert store.verdicts()["a.png"].status == "accepted"
    assert json.loads((desk.folder / "viewer.json").read_text())["opacity"] == 0.59
    recent = json.loads((desk.folder / "recent.json").read_text())["sources"]
    assert recent == [["/films/a.png"], ["/films/first.nii"]]
    assert "accepted" in (desk.folder / "decisions.csv").read_text()


def test_what_is_still_to_be_written_is_written_when_the_program_ends(desk):
    held = threading.Event()
    desk.threads.run(lambda: held.wait(20), queue="files")
    desk.window.setting_chosen.emit("threshold", 0.45)
    assert not (desk.folder / "viewer.json").exists()
    held.set()
    desk.close()
    assert json.loads((desk.folder / "viewer.json").read_text())["threshold"] == 0.45


def test_settings_that_cannot_be_written_are_said_in_the_message_bar(desk):
    (desk.folder / "viewer.json").mkdir()
    desk.window.setting_chosen.emit("opacity", 0.4)
    desk.wait(lambda: "could not be written" in desk.message)
    assert desk.state.settings.value.opacity == 0.4


class TestLatestContent:
    def test_contents_that_were_overtaken_are_not_written(self):
        jobs, written = [], []
        file = LatestContent(written.append, lambda work, then, queue: jobs.append((work, then)))
        for content in (1, 2, 3):
            file.put(content)
        (work, _) = jobs.pop()
        work()
        file.put(4)
        assert written == [3]
        jobs.pop()[0]()
        assert written == [3, 4]

    def test_a_failure_is_told_and_the_next_content_is_written_all_the_same(self):
        told, written = [], []

        def write(content):
            if content == "full":
                raise OSError(28, "No space left on device")
            written.append(content)

        def at_once(work, then, queue):
            then(work())

        file = LatestContent(write, at_once, lambda error: told.append(error.strerror))
        file.put("full")
        file.put("fits")
        assert (told, written) == (["No space left on device"], ["fits"])
