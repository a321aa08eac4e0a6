"""The language of the interface: every text of a widget is translated where it is shown.

Widgets are made with English texts and keep being given English texts. While another language is
in use an event filter translates them when a widget first appears and whenever it is drawn with a
new text; the English one is remembered, so that the language can be changed at any time.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QObject, Qt, QTranslator
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QTableWidget,
    QTabWidget,
    QToolBar,
    QWidget,
)

from medvlp_viewer.models.settings import LanguageChoice
from medvlp_widgets.translation import LANGUAGES, translate, use_language

VERBATIM = "verbatim"
"""Dynamic property of widgets whose text is the user's own, such as a question."""

# Getter and setter of every text of a widget, by class.
_OF_ANY = (
    ("toolTip", "setToolTip"),
    ("accessibleName", "setAccessibleName"),
    ("accessibleDescription", "setAccessibleDescription"),
    ("windowTitle", "setWindowTitle"),
)
_BY_CLASS: tuple[tuple[type, tuple[tuple[str, str], ...]], ...] = (
    (QLabel, (("text", "setText"),)),
    (QAbstractButton, (("text", "setText"),)),
    (QLineEdit, (("placeholderText", "setPlaceholderText"),)),
    (QGroupBox, (("title", "setTitle"),)),
    (QMenu, (("title", "setTitle"),)),
)
_OF_ACTION = (("text", "setText"), ("toolTip", "setToolTip"))
_WHEN = {
    QEvent.Type.Polish,
    QEvent.Type.Paint,
    QEvent.Type.ToolTip,
    QEvent.Type.WindowTitleChange,
    QEvent.Type.ActionAdded,
    QEvent.Type.ActionChanged,
}


def resolved_language(choice: LanguageChoice) -> str:
    """Code of the language: as chosen, or the first of the system's that is known."""
    if choice != "system":
        return choice
    for name in QLocale.system().uiLanguages():
        code = name.replace("_", "-").split("-")[0]
        if code in ("en", *LANGUAGES):
            return code
    return "en"


class InterfaceLanguage(QObject):
    """Keeps all widgets of an application in one language."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._qt = QTranslator()
        self.code = "en"

    def use(self, code: str) -> None:
        """Change to ``"en"`` or one of :data:`medvlp_widgets.translation.LANGUAGES`."""
        if code == self.code:
            return
        if self.code == "en":
            self._application.installEventFilter(self)
        use_language(code)
        self._load_qt(code)
        self.code = code
        for widget in self._application.allWidgets():
            self._translate_widget(widget)
            widget.update()
        if code == "en":
            self._application.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Translate what is about to appear; the event goes on."""
        if event.type() in _WHEN and isinstance(watched, QWidget):
            self._translate_widget(watched)
        return False

    def _load_qt(self, code: str) -> None:
        """Buttons of Qt's own dialogs."""
        self._application.removeTranslator(self._qt)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if code != "en" and self._qt.load(f"qtbase_{code}", folder):
            self._application.installTranslator(self._qt)

    def _translate_widget(self, widget: QWidget) -> None:
        if widget.property(VERBATIM):
            return
        self._translate_texts(widget, _OF_ANY)
        for kind, texts in _BY_CLASS:
            if isinstance(widget, kind):
                self._translate_texts(widget, texts)
        if isinstance(widget, QTabWidget):
            self._translate_items(widget, widget.count(), widget.tabText, widget.setTabText)
        elif isinstance(widget, QComboBox):
            self._translate_combo(widget)
        elif isinstance(widget, QTableWidget):
            self._translate_header(widget)
        if isinstance(widget, QMenu | QMenuBar | QToolBar):
            for action in widget.actions():
                self._translate_texts(action, _OF_ACTION)

    def _translate_texts(
        self, target: QWidget | QAction, texts: tuple[tuple[str, str], ...]
    ) -> None:
        for getter, setter in texts:
            self._put(target, getter, getattr(target, getter)(), getattr(target, setter))

    def _translate_items(self, target: QWidget, count: int, get: Any, put: Any) -> None:
        for i in range(count):
            self._put(target, f"item {i}", get(i), partial(put, i))

    def _translate_header(self, table: QTableWidget) -> None:
        for i in range(table.columnCount()):
            item = table.horizontalHeaderItem(i)
            if item is not None:
                self._put(table, f"header {i}", item.text(), item.setText)

    def _translate_combo(self, box: QComboBox) -> None:
        """Items with data of their own; the text of any other item is its value."""
        for i in range(box.count()):
            if box.itemData(i, Qt.ItemDataRole.UserRole) is not None:
                self._put(box, f"item {i}", box.itemText(i), partial(box.setItemText, i))

    def _put(self, target: QObject, name: str, shown: str, put: Callable[[str], object]) -> None:
        """Show the translation of the English text behind what is shown."""
        if not shown:
            return
        source = target.property(f"english {name}")
        if source is None or shown != target.property(f"shown {name}"):
            source = shown  # somebody gave it a new text, in English
        wanted = translate(source)
        if wanted != shown:
            # Dynamic properties live as long as the widget; a Python object for it may not.
            target.setProperty(f"english {name}", source)
            target.setProperty(f"shown {name}", wanted)
            put(wanted)
