"""Line edit for questions: completion from the lexicon and from what was asked before."""

from __future__ import annotations

from collections.abc import Callable

from qtpy.QtCore import QStringListModel, Qt, Signal
from qtpy.QtGui import QKeyEvent
from qtpy.QtWidgets import QCompleter, QLineEdit, QWidget

from medvlp_widgets.models.queries import split_queries

Complete = Callable[[str, int], list[str]]
"""``complete(prefix, n)``: at most ``n`` phrases for what was typed so far."""

SUGGESTIONS = 12
MAX_LENGTH = 500


def complete_from_lexicon(prefix: str, n: int) -> list[str]:
    """Phrases of the built-in lexicon of organs and findings."""
    from medvlp.grounding.lexicon import load_lexicon

    return load_lexicon().complete(prefix, n)


def suggestions(prefix: str, history: tuple[str, ...], complete: Complete) -> list[str]:
    """Completions of the last question on the line: history first, then the lexicon.

    Each is the whole line, so that choosing one keeps the questions typed before it.
    """
    head, separator, tail = prefix.rpartition(";")
    wanted = tail.strip().casefold()
    if not wanted:
        return []
    start = f"{head}{separator} " if separator else ""
    recent = [text for text in history if wanted in text.casefold()]
    phrases = dict.fromkeys([*recent[: SUGGESTIONS // 2], *complete(wanted, SUGGESTIONS)])
    return [start + phrase for phrase in list(phrases)[:SUGGESTIONS]]


class QueryEdit(QLineEdit):
    """Where questions are typed. Several at once are separated by semicolons.

    Signals
    -------
    submitted(list)
        Texts, at least one, none empty.
    """

    submitted = Signal(list)

    def __init__(
        self, complete: Complete = complete_from_lexicon, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._complete = complete
        self._history: tuple[str, ...] = ()
        self._phrases = QStringListModel(self)
        self.setMaxLength(MAX_LENGTH)
        self.setPlaceholderText("Ask for an organ or a finding; several with ;")
        self.setAccessibleName("Question")
        self.setAccessibleDescription("Type an organ or a finding and press Enter")
        self.setClearButtonEnabled(True)
        completer = QCompleter(self._phrases, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setCompleter(completer)
        self.textEdited.connect(self._refresh)
        self.returnPressed.connect(self._submit)

    @property
    def phrases(self) -> list[str]:
        """What the pop-up offers now."""
        return self._phrases.stringList()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down in the empty field offers what was asked before."""
        if event.key() == Qt.Key.Key_Down and not self.text() and self._history:
            self._phrases.setStringList(list(self._history[:SUGGESTIONS]))
            self.completer().complete()
        else:
            super().keyPressEvent(event)

    def set_history(self, history: tuple[str, ...]) -> None:
        """Texts asked before, the newest first."""
        self._history = history

    def _refresh(self, text: str) -> None:
        self._phrases.setStringList(suggestions(text, self._history, self._complete))

    def _submit(self) -> None:
        texts = split_queries(self.text())
        if texts:
            self.clear()
            self.submitted.emit(texts)
