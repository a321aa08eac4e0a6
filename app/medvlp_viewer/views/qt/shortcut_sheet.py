"""The sheet of keys, made from the commands. It does not stop the work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from medvlp_viewer.commands import GROUPS, MOUSE, Command
from medvlp_viewer.views.qt.styled_parts import DIVIDED
from medvlp_viewer.views.qt.theme import THEME

_COLUMNS = 3

Section = tuple[str, list[tuple[str, str]]]


class ShortcutSheet(QDialog):
    """Columns of keys and what they do. Esc closes it."""

    def __init__(self, commands: Sequence[Command], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setWindowTitle("Keyboard and mouse")
        self.setProperty(DIVIDED, True)
        sections: list[Section] = []
        for group in GROUPS:
            rows = [
                (_keys(c), c.title.rstrip("…")) for c in commands if c.group == group and c.keys
            ]
            if rows:
                sections.append((group, rows))
        sections.append(("Mouse", list(MOUSE)))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(40)
        for part in _columns(sections):
            layout.addWidget(_column(part))


def _columns(sections: Sequence[Section]) -> list[list[Section]]:
    """Sections in their order, in columns of about the same height."""
    total = sum(len(rows) + 2 for _, rows in sections)
    columns: list[list[Section]] = [[]]
    height = 0
    for title, rows in sections:
        own = len(rows) + 2
        if columns[-1] and height + own / 2 > total * len(columns) / _COLUMNS:
            columns.append([])
        columns[-1].append((title, rows))
        height += own
    return columns


def _column(sections: Sequence[Section]) -> QWidget:
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(THEME.space)
    for title, rows in sections:
        _add_section(layout, title, rows)
    layout.addStretch(1)
    return column


def _keys(command: Command) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "   ".join(QKeySequence(key).toString(native) for key in command.keys)


def _add_section(column: QVBoxLayout, title: str, rows: Sequence[tuple[str, str]]) -> None:
    heading = QLabel(title)
    heading.setObjectName("section")
    column.addWidget(heading)
    grid = QGridLayout()
    grid.setHorizontalSpacing(20)
    grid.setVerticalSpacing(4)
    for i, (keys, what) in enumerate(rows):
        label = QLabel(keys)
        label.setObjectName("keys")
        grid.addWidget(label, i, 0)
        grid.addWidget(QLabel(what), i, 1)
    grid.setColumnStretch(1, 1)
    column.addLayout(grid)
    column.addSpacing(12)
