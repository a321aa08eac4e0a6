"""The style sheet of a window reaches its parts one by one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from shiboken6 import delete

from medvlp_viewer.views.qt.styled_parts import StyledParts
from medvlp_viewer.views.qt.theme import DARK, LIGHT, THEME
from medvlp_viewer.views.qt.window_frame import splitter


class Window:
    """A window of a label and a splitter with two panels, and the turns that wait."""

    def __init__(self) -> None:
        self.waiting = []
        self.widget = QWidget()
        self.label = QLabel("above", self.widget)
        self.left, self.right = QWidget(), QWidget()
        self.columns = splitter("columns", Qt.Orientation.Horizontal, (self.left, self.right))
        self.columns.setParent(self.widget)
        StyledParts(self.widget, self.waiting.append)
        self.widget.show()

    def turn(self) -> None:
        self.waiting.pop(0)()


@pytest.fixture
def window(qt_application):
    made = Window()
    yield made
    THEME.use(DARK)
    made.widget.deleteLater()


def in_theme(theme, *parts: QWidget) -> list[bool]:
    return [theme.window in part.styleSheet() for part in parts]


def test_all_parts_are_styled_when_the_window_is_seen_first(window):
    assert all(in_theme(DARK, window.label, window.left, window.right))
    assert not window.waiting
    assert QApplication.instance().styleSheet() == ""
    assert window.widget.styleSheet() == window.columns.styleSheet() == ""


def test_another_theme_reaches_one_part_in_each_turn(window):
    parts = (window.label, window.left, window.right)
    THEME.use(LIGHT)
    assert not any(in_theme(LIGHT, *parts))
    styled = []
    while window.waiting:
        window.turn()
        styled.append(sum(in_theme(LIGHT, *parts)))
    assert styled == [1, 2, 3]


def test_what_joins_later_is_styled_before_it_is_seen(window):
    dialog, panel = QDialog(window.widget), QWidget()
    window.columns.addWidget(panel)
    panel.show()
    dialog.show()
    assert all(in_theme(DARK, dialog, panel))


def test_a_part_that_was_deleted_meanwhile_is_passed_over(window):
    THEME.use(LIGHT)
    delete(window.left)
    while window.waiting:
        window.turn()
    assert all(in_theme(LIGHT, window.label, window.right))


def test_two_changes_in_a_row_leave_the_last_one(window):
    THEME.use(LIGHT)
    THEME.use(DARK)
    while window.waiting:
        window.turn()
    assert all(in_theme(DARK, window.label, window.left, window.right))
