"""Where the keyboard is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QPlainTextEdit, QWidget


def is_busy(focused: QWidget, parts: Sequence[QWidget]) -> bool:
    """Whether the user types, or works in one of some parts of the window."""
    typing = isinstance(focused, QLineEdit | QAbstractSpinBox | QPlainTextEdit)
    return typing or any(part.isAncestorOf(focused) for part in parts)
