"""The style sheet of a window reaches its parts one by one."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QVBoxLayout, QWidget
from shiboken6 import delete

from medvlp_viewer.views.qt.styled_parts import DIVIDED, StyledParts
from medvlp_viewer.views.qt.theme import DARK, LIGHT, THEME
from medvlp_viewer.views.qt.window_frame import splitter


class Window:
    """A window of a label and a splitter with two panels, and the turns that wait."""

    def __init__(self, dialog: type[QDialog] | None = None) -> None:
        self.waiting = []
        self.widget = QWidget()
        self.label = QLabel("above", self.widget)
        self.left, self.right = QWidget(), QWidget()
        self.columns = splitter("columns", Qt.Orientation.Horizontal, (self.left, self.right))
        self.columns.setParent(self.widget)
        StyledParts(self.widget, self.waiting.append)
        self.dialog = dialog(self.widget) if dialog else None
        self.widget.show()

    def turn(self) -> None:
        self.waiting.pop(0)()

    def run_all(self) -> None:
        while self.waiting:
            self.turn()


class Dialog(QDialog):
    """Two columns, each a part."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty(DIVIDED, True)
        self.columns = [labelled(), labelled()]
        layout = QVBoxLayout(self)
        for column in self.columns:
            layout.addWidget(column)


def labelled() -> QWidget:
    """A panel with a label whose colour the style sheet gives."""
    panel = QWidget()
    label = QLabel("Ctrl+K", panel)
    label.setObjectName("keys")
    return panel


def label_colour(panel: QWidget) -> str:
    return panel.findChild(QLabel).palette().windowText().color().name()


@pytest.fixture
def window(qt_application):
    made = Window()
    yield made
    THEME.use(DARK)
    made.widget.deleteLater()


@pytest.fixture
def window_with_dialog(qt_application):
    made = Window(Dialog)
    yield made, made.dialog
    THEME.use(DARK)
    made.widget.deleteLater()


def in_theme(theme, *parts: QWidget) -> list[bool]:
    return [theme.window in part.styleSheet() for part in parts]


def test_all_parts_are_styled_when_the_window_is_seen_first(window):
    assert all(in_theme(DARK, window.label, window.left, window.right))
    assert not window.waiting
    assert QApplication.instance().styleSheet() == ""
    assert window.widget.styleSheet() == window.columns.styleSheet() == ""


def test_what_is_hidden_at_first_has_a_turn_of_its_own(window_with_dialog):
    window, dialog = window_with_dialog
    assert all(in_theme(DARK, window.label, window.left, window.right))
    assert not any(in_theme(DARK, *dialog.columns))
    window.turn()
    assert in_theme(DARK, *dialog.columns) == [True, False]


def test_what_is_shown_before_its_turn_does_not_wait_for_it(window_with_dialog):
    _, dialog = window_with_dialog
    dialog.show()
    assert all(in_theme(DARK, *dialog.columns))


def test_the_colours_of_what_was_hidden_at_first_follow_the_theme(window_with_dialog):
    window, dialog = window_with_dialog
    window.run_all()
    dialog.show()
    for theme in (LIGHT, DARK):
        THEME.use(theme)
        window.run_all()
        assert [label_colour(column) for column in dialog.columns] == [theme.accent] * 2


def test_the_colours_of_what_joined_later_follow_the_theme(window):
    panel = labelled()
    window.columns.addWidget(panel)
    panel.show()
    for theme in (LIGHT, DARK):
        THEME.use(theme)
        window.run_all()
        assert label_colour(panel) == theme.accent


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
    window.run_all()
    assert all(in_theme(LIGHT, window.label, window.right))


def test_two_changes_in_a_row_leave_the_last_one(window):
    THEME.use(LIGHT)
    THEME.use(DARK)
    window.run_all()
    assert all(in_theme(DARK, window.label, window.left, window.right))
