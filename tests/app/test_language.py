"""The window in another language: all of it, at once, and back."""

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QMenu, QWidget

from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import Message
from medvlp_viewer.views.qt.language import VERBATIM, resolved_language
from medvlp_viewer.views.qt.window import QtWindow
from medvlp_widgets.translation import Catalogue


@pytest.fixture
def window(qt_application, fake_worker):
    state = ViewerState()
    window = QtWindow(state)
    controller = ViewerController(state, window, fake_worker)
    window.install_commands(controller.commands)
    window.show()
    window.controller = controller
    settle()
    yield window
    window.set_appearance("dark", "en")
    window.close()
    window.widget.deleteLater()
    settle()


def settle() -> None:
    for _ in range(5):
        QApplication.processEvents()


def texts(top: QWidget) -> set[str]:
    """What can be read in a window, its menus and its tool tips."""
    found = set()
    for widget in top.findChildren(QWidget):
        if widget.property(VERBATIM):
            continue
        if widget.isVisibleTo(top):
            found.update((widget.toolTip(), widget.accessibleName()))
            if isinstance(widget, QLabel | QAbstractButton):
                found.add(widget.text())
    for menu in top.findChildren(QMenu):
        menu.ensurePolished()
        found.update([menu.title(), *(action.text() for action in menu.actions())])
    return {text for text in found if text}


@pytest.mark.parametrize("code", ["de", "es"])
def test_no_english_text_of_the_program_is_left_in_the_window(window, code):
    english = texts(window.widget)
    window.set_appearance("dark", code)
    settle()
    catalogue = Catalogue(code)
    shown = texts(window.widget)
    left = {t for t in shown & english if catalogue.translate(t) != t}
    assert not left
    translatable = {t for t in english if catalogue.translate(t) != t}
    assert len(translatable) > 100
    assert {catalogue.translate(t) for t in translatable} <= shown


def test_english_comes_back_as_it_was(window):
    english = texts(window.widget)
    for code in ("de", "es", "en"):
        window.set_appearance("dark", code)
        settle()
    assert texts(window.widget) == english


def test_messages_panels_and_new_texts_are_translated_as_they_appear(window):
    window.set_appearance("dark", "de")
    window.show_message(Message("warning", "Slice 3 of 12: damaged"))
    window.show_settings()
    window.show_shortcuts()
    settle()
    assert window.messages.text.text() == "Schicht 3 von 12: damaged"
    assert window.messages.word.text() == "Warnung"
    assert window.messages.dismiss.text() == "Schließen"
    assert window._settings.windowTitle() == "Einstellungen"
    assert "Deckkraft" in texts(window._settings)
    assert "Das Fadenkreuz versetzen" in texts(window._sheet)
    window.show_message(Message("info", "No image was found."))
    settle()
    assert window.messages.text.text() == "Es wurde kein Bild gefunden."


def test_values_behind_translated_choices_stay(window):
    window.set_appearance("dark", "de")
    window.show_settings()
    settle()
    box = window._settings.fields["default_window"]
    index = box.findData("Lung")
    assert box.itemText(index) == "Lunge"
    chosen = []
    window._settings.chosen.connect(lambda *what: chosen.append(what))
    box.setCurrentIndex(index)
    box.activated.emit(index)
    assert chosen == [("default_window", "Lung")]
    maps = window.side.questions.controls.findChildren(QComboBox)[0]
    before = window.controller.state.overlay.colour_map
    assert maps.itemText(0) == "automatisch"
    assert window.controller.state.overlay.colour_map == "automatic"
    maps.setCurrentIndex(1)
    assert window.controller.state.overlay.colour_map != before
    assert window.controller.state.overlay.colour_map == "one colour per query"


def test_a_question_named_like_a_text_of_the_program_stays_as_typed(window):
    window.set_appearance("dark", "de")
    window.controller.state.queries.ask("Lung")
    settle()
    (row,) = [window.side.questions.list.row_widget("lung")]
    assert row.text_label.text() == "Lung"


def test_the_palette_finds_commands_by_their_translated_titles(window):
    window.set_appearance("dark", "de")
    window.show_palette()
    QTest.keyClicks(window._palette.edit, "einstell")
    assert window._palette._model.rows[0].title == "Einstellungen"


def test_the_systems_language_is_used_where_it_is_known(monkeypatch):
    from PySide6.QtCore import QLocale

    for name, code in (("de_AT", "de"), ("es-MX", "es"), ("fr", "en"), ("en_GB", "en")):
        monkeypatch.setattr(QLocale, "uiLanguages", lambda self, n=name: [n])
        assert resolved_language("system") == code
    assert resolved_language("es") == "es"
