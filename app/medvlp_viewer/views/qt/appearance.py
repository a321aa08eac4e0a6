"""Colours and language of the running application."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from medvlp_viewer.models.settings import LanguageChoice, ThemeChoice
from medvlp_viewer.views.qt.language import InterfaceLanguage, resolved_language
from medvlp_viewer.views.qt.theme import apply_theme, chosen_theme


class Appearance(QObject):
    """Applies the settings of theme and language, and follows the system's theme."""

    def __init__(self, application: QApplication) -> None:
        super().__init__(application)
        self._application = application
        self._theme: ThemeChoice = "dark"
        self.language = InterfaceLanguage(application)
        application.styleHints().colorSchemeChanged.connect(self._on_system_theme)

    def use(self, theme: ThemeChoice, language: LanguageChoice) -> None:
        """Apply both, at once."""
        if theme != self._theme:
            self._theme = theme
            apply_theme(self._application, chosen_theme(theme))
        self.language.use(resolved_language(language))

    def _on_system_theme(self) -> None:
        if self._theme == "system":
            apply_theme(self._application, chosen_theme("system"))


def appearance_of(application: QApplication) -> Appearance:
    """The one of the application, made when first asked for."""
    return application.findChild(Appearance) or Appearance(application)
