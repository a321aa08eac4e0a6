"""The sheet of keys, made from the commands. It does not stop the work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from medvlp_viewer.commands import GROUPS, MOUSE, Command

_LEFT = ("File", "Edit", "View", "Ask", "Help")


class ShortcutSheet(QDialog):
    """Two columns of keys and what they do. Esc closes it."""

    def __init__(self, commands: Sequence[Command], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setWindowTitle("Keyboard and mouse")
        left, right = QVBoxLayout(), QVBoxLayout()
        for group in GROUPS:
            rows = [
                (_keys(c), c.title.rstrip("…")) for c in commands if c.group == group and c.keys
            ]
            if rows:
                _add_section(left if group in _LEFT else right, group, rows)
        _add_section(right, "Mouse", MOUSE)
        for column in (left, right):
            column.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(40)
        layout.addLayout(left)
        layout.addLayout(right)


def _keys(command: Command) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "  or  ".join(QKeySequence(key).toString(native) for key in command.keys)


def _add_section(column: QVBoxLayout, title: str, rows: Sequence[tuple[str, str]]) -> None:
    heading = QLabel(title.upper())
    heading.setObjectName("heading")
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
