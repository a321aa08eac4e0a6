"""The real window on real scans, by the keyboard alone, with real processes behind it."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medvlp.store.worklist import WorklistStore
from medvlp.worker import Worker

pytestmark = pytest.mark.realdata
FILMS = 5
PATIENCE = 120.0

_SESSION = """
from fake_model import FakeModel
from medvlp.session import Session


def make():
    return Session(FakeModel(), cache=False)
"""
_VIEWER = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from medvlp.worker import Worker
from medvlp_viewer.application import make_viewer

if __name__ == "__main__":
    viewer = make_viewer(Worker(fake_session_factory="triage_session:make"))
    triage, model = viewer.controller.triage, viewer.state.worklist
    viewer.window.show()
    triage.open(sys.argv[1], "lung")
    while not (triage.on and not viewer.controller.session.busy and not triage.scoring.running):
        QTest.qWait(10)
    session = viewer.controller.session
    for number in range(1000):
        decided = model.selected
        while session.origin is None or session.origin.source != (model[decided].path,):
            QTest.qWait(5)
        key = (Qt.Key.Key_A, Qt.Key.Key_R, Qt.Key.Key_U)[number % 3]
        QTest.keyClick(viewer.window.widget, key)
        sys.stdout.write(f"{decided} {model[decided].status}\\n")
        sys.stdout.flush()
"""


@pytest.fixture
def scans(real_data, tmp_path) -> Path:
    """Films of several patients, a CT and a file that is torn."""
    folder = tmp_path / "scans"
    folder.mkdir()
    films = sorted((real_data / "cxr_nih" / "images").iterdir())[: FILMS * 40 : 40]
    for number, film in enumerate(films):
        shutil.copy(film, folder / f"film-{number}.jpg")
    shutil.copy(real_data / "ct_lungdx" / "A0001_series0_ct.nii.gz", folder / "volume.nii.gz")
    content = (real_data / "dicom_cxr" / "RG1_J2KI.dcm").read_bytes()
    (folder / "torn.dcm").write_bytes(content[:900])
    return folder


@pytest.fixture
def process_modules(fake_model, tmp_path, monkeypatch) -> Path:
    """Where child processes find the session of the fake model."""
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "triage_session.py").write_text(_SESSION)
    (folder / "triage_program.py").write_text(_VIEWER)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(folder), os.environ["PYTHONPATH"]]))
    monkeypatch.setenv("MEDVLP_WORKLISTS", str(tmp_path / "worklists"))
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return folder


class Window:
    """The viewer and the keyboard in front of it."""

    def __init__(self) -> None:
        from medvlp_viewer.application import make_viewer

        self.viewer = make_viewer(Worker(fake_session_factory="triage_session:make"))
        self.viewer.window.show()
        self.triage = self.viewer.controller.triage
        self.model = self.viewer.state.worklist

    def wait(self, condition) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end, self.viewer.window.messages.text.text()
            QApplication.processEvents()
            time.sleep(0.005)

    def settle(self) -> None:
        """Everything is scored, and the selected scan is on screen with its answer."""
        session = self.viewer.controller.session
        self.wait(lambda: self.triage.on and not session.busy and not self.triage.scoring.running)

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.viewer.window.widget, key, modifier)

    def type(self, text: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), text)
        self.press(Qt.Key.Key_Return)

    def statuses(self) -> list[str]:
        return [self.model[key].status for key in self.model.shown]


@pytest.fixture
def window(qt_application, process_modules):
    window = Window()
    yield window
    window.viewer.close()
    window.viewer.window.widget.deleteLater()
    QApplication.processEvents()


def test_a_folder_is_gone_through_by_the_keyboard_alone(window, scans, tmp_path):
    window.triage.open(str(scans), "lung")
    window.settle()
    model = window.model
    assert len(model) == FILMS + 2
    answers = [model[key].probability for key in model.shown[: FILMS + 1]]
    assert answers == sorted(answers, reverse=True)
    assert model.shown[-1] == "torn.dcm"
    assert "torn.dcm" in model["torn.dcm"].reason

    while model.step(-1):
        window.press(Qt.Key.Key_K)
    window.settle()
    for key in (Qt.Key.Key_A, Qt.Key.Key_R, Qt.Key.Key_U):
        window.press(key)
        window.settle()
    assert window.statuses()[:4] == ["accepted", "rejected", "unsure", "new"]
    assert model.selected == model.shown[3]
    shown = window.viewer.controller.session.origin.source
    assert shown == (str(scans / model.selected),)
    assert window.viewer.state.queries.selected == "lung"

    window.press(Qt.Key.Key_J)
    window.press(Qt.Key.Key_C)
    window.type("ajar rotated")  # letters that are keys of triage
    assert model[model.shown[4]].note == "ajar rotated"
    assert window.statuses()[:5] == ["accepted", "rejected", "unsure", "new", "new"]
    window.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    window.settle()
    assert model[model.shown[4]].note == ""
    assert window.statuses()[:3] == ["accepted", "rejected", "new"]

    window.press(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.statuses() == ["accepted"]
    window.press(Qt.Key.Key_0, Qt.KeyboardModifier.AltModifier)
    assert len(model.shown) == FILMS + 2

    window.press(Qt.Key.Key_O)
    window.type("heart")
    window.settle()
    answers = [model[key].probability for key in model.shown[: FILMS + 1]]
    assert model.query == "heart"
    assert answers == sorted(answers, reverse=True)
    assert window.viewer.state.queries.selected == "heart"


def test_the_letters_are_triages_own_only_while_a_worklist_is_open(window, scans):
    action = window.viewer.window.action
    assert "R" in [key.toString() for key in action("reset").shortcuts()]
    window.triage.open(str(scans), "lung")
    window.settle()
    assert [key.toString() for key in action("reset").shortcuts()] == ["Ctrl+0"]
    assert action("reset").isEnabled()
    window.triage.close()
    assert "R" in [key.toString() for key in action("reset").shortcuts()]
    assert not action("reject-scan").isEnabled()


def test_no_decision_is_lost_when_the_viewer_is_killed_right_after_a_key(
    scans, process_modules, tmp_path
):
    child = subprocess.Popen(
        [sys.executable, str(process_modules / "triage_program.py"), str(scans)],
        stdout=subprocess.PIPE,
        text=True,
    )
    reported = [child.stdout.readline().split() for _ in range(4)]
    os.kill(child.pid, signal.SIGKILL)
    rest = child.stdout.read().splitlines()
    child.wait()
    reported += [line.split() for line in rest if len(line.split()) == 2]
    assert [status for _, status in reported[:3]] == ["accepted", "rejected", "unsure"]
    expected = dict(reported)
    with WorklistStore(scans.resolve()) as store:
        found = {key: verdict.status for key, verdict in store.verdicts().items()}
        assert store.place("query") == "lung"
    assert {key: found[key] for key in expected} == expected
