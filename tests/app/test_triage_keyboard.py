"""The keyboard in the real window with a worklist: what is typed stays where it was typed."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medvlp.io.worklist import Worklist, WorklistItem
from medvlp.store.worklist import WorklistStore
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.qt.window import QtWindow

NAMES = ("a.png", "b.png", "c.png")


class Triage:
    """A window on a worklist, with both processes in the test's hands."""

    def __init__(self, make, front, back, path) -> None:
        self.make, self.front, self.path = make, front, path
        self.state = ViewerState()
        self.window = QtWindow(self.state)
        self.controller = ViewerController(self.state, self.window, front, make_scorer=lambda: back)
        self.window.install_commands(self.controller.commands)
        self.window.show()
        triage = self.controller.triage
        triage._open_store = lambda source: WorklistStore(source, path)
        triage.open("/films")
        items = tuple(WorklistItem(name, f"/films/{name}", signature=name) for name in NAMES)
        back.reply(back.last("worklist"), value=Worklist("/films", items))
        triage.poll()
        QApplication.processEvents()
        self.note = self.window.worklist.panel.note_edit

    def read(self) -> None:
        self.front.reply(self.front.last("open"), value=self.make.scan(self.make.geometry()))
        self.controller.session.poll()
        QApplication.processEvents()

    def statuses(self) -> list[str]:
        return [self.state.worklist[name].status for name in NAMES]


@pytest.fixture
def triage(qt_application, make, fake_worker, tmp_path):
    triage = Triage(make, fake_worker, type(fake_worker)(), tmp_path / "decisions.sqlite")
    yield triage
    triage.window.close()
    triage.window.widget.deleteLater()
    QApplication.processEvents()


def type_into_focus(text: str) -> None:
    for letter in text:
        QTest.keyClicks(QApplication.focusWidget(), letter)


def test_a_scan_that_opens_leaves_the_keyboard_in_the_note(triage):
    triage.window.worklist.focus_note()
    type_into_focus("blu")
    triage.read()
    type_into_focus("rry Ar")
    assert triage.note.text() == "blurry Ar"
    assert triage.statuses() == ["new"] * 3


@pytest.mark.parametrize("field", ["table", "filter_edit"])
def test_a_scan_that_opens_leaves_the_keyboard_in_the_worklist(triage, field):
    widget = getattr(triage.window.worklist.panel, field)
    widget.setFocus()
    triage.read()
    assert widget.hasFocus()


def test_only_scrolling_turning_and_zooming_go_on_while_a_key_is_held(triage):
    commands = [c.name for c in triage.controller.commands if c.keys]
    held = {name for name in commands if triage.window.action(name).autoRepeat()}
    slices = {"next-slice", "previous-slice", "page-on", "page-back", "first-slice", "last-slice"}
    turns = {f"volume-turn-{way}" for way in ("left", "right", "up", "down")}
    assert held == slices | turns | {"zoom-in", "zoom-out"}


def test_a_note_is_kept_when_the_window_closes_while_it_is_typed(triage):
    triage.window.worklist.focus_note()
    type_into_focus("rotated")
    triage.window.close()
    with WorklistStore("/films", triage.path) as store:
        assert store.verdicts()["a.png"].note == "rotated"
