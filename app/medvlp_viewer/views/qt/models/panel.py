"""The model picker: a list with status, what is known of one model, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from medvlp import RESEARCH_NOTICE
from medvlp.models.offers import Offer
from medvlp_viewer.models.model_picker import PickerModel
from medvlp_viewer.models.picker_words import advice
from medvlp_viewer.views.qt.models.table import ModelTable
from medvlp_viewer.views.qt.theme import THEME
from medvlp_widgets.translation import translate

# Names of commands, the words on their buttons, and whether the button is the main one.
BUTTONS = (
    ("models-use", "Use this model", True),
    ("models-compare", "Compare with it side by side", False),
    ("models-licence", "Accept the licence", True),
    ("models-download", "Accept the licence and download", True),
    ("models-import", "Add one from a folder…", False),
    ("models-stop", "Stop", False),
)
_SIZE = (860, 640)


class ModelPanel(QDialog):
    """Shows a :class:`PickerModel`. It does not stop the work; Esc closes it.

    Parameters
    ----------
    picker
        The model behind it.
    action
        Gives the QAction of a command.
    """

    def __init__(
        self, picker: PickerModel, action: Callable[[str], QAction], parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Dialog)
        self.setModal(False)
        self.setWindowTitle("Models")
        self.resize(*_SIZE)
        self._picker = picker
        self.table = ModelTable()
        self.title, self.detail, self.advice = QLabel(), QLabel(), QLabel()
        self.progress = QProgressBar()
        self.buttons = {
            name: self._button(action(name), words, primary) for name, words, primary in BUTTONS
        }
        self._lay_out()
        self.table.chosen.connect(picker.select)
        self.table.itemDoubleClicked.connect(lambda _: action("models-use").trigger())
        picker.changed.connect(self._refresh)
        self._refresh()

    def _button(self, action: QAction, words: str, primary: bool) -> QPushButton:
        """Enabled, and shown, while its command can be run."""
        button = QPushButton(words)
        button.setAutoDefault(False)
        button.setObjectName("primary" if primary else "")
        button.setAccessibleDescription(action.text())
        button.clicked.connect(action.trigger)

        def follow() -> None:
            button.setVisible(action.isEnabled())

        action.changed.connect(follow)
        follow()
        return button

    def _lay_out(self) -> None:
        intro = QLabel("Every model answers the same questions in its own way. Switch, or compare.")
        intro.setWordWrap(True)
        notice = QLabel(RESEARCH_NOTICE)
        for label in (intro, notice):
            label.setObjectName("muted")
        self._describe()
        row = QHBoxLayout()
        row.setSpacing(THEME.space)
        for button in self.buttons.values():
            row.addWidget(button)
        row.addStretch(1)
        foot = QHBoxLayout()
        close = QPushButton("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        foot.addWidget(notice, 1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(THEME.space)
        layout.addWidget(intro)
        layout.addWidget(self.table, 1)
        for part in (self.title, self.detail, self.advice, self.progress):
            layout.addWidget(part)
        layout.addLayout(row)
        layout.addSpacing(THEME.space)
        layout.addLayout(foot)

    def _describe(self) -> None:
        self.title.setObjectName("section")
        self.title.setWordWrap(True)
        self.detail.setObjectName("muted")
        self.detail.setTextFormat(Qt.TextFormat.RichText)
        self.detail.setOpenExternalLinks(True)
        flags = Qt.TextInteractionFlag.TextBrowserInteraction
        self.detail.setTextInteractionFlags(
            flags | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        for label in (self.detail, self.advice):
            label.setWordWrap(True)
        self.detail.setAccessibleName("About the selected model")
        self.advice.setAccessibleName("What can be done with the selected model")
        self.progress.setAccessibleName("Progress of the download")
        self.progress.setRange(0, 100)

    def _refresh(self) -> None:
        picker, offer = self._picker, self._picker.offer
        self.table.show_models(picker)
        if offer is None:
            looking = "Choose a model to read about it." if picker.listed else "Looking for models…"
            self.title.setText(translate(looking))
        else:
            self.title.setText(offer.title)
        self.detail.setText(_about(offer) if offer is not None else "")
        self.advice.setText(translate(advice(offer, picker)) if offer is not None else "")
        download = picker.download
        self.progress.setVisible(download is not None)
        if download is not None:
            self.progress.setValue(round(100 * download.fraction))
            self.progress.setFormat(translate(download.words) or "%p %")


def _about(offer: Offer) -> str:
    """Licence, link and citation as HTML."""
    licence = escape(offer.licence)
    if offer.licence_url:
        url = escape(offer.licence_url, quote=True)
        link = f'<a style="color:{THEME.accent}" href="{url}">{url}</a>'
        licence = f"{licence} ({link})"
    lines = [f"{translate('Licence')}: {licence}"] if offer.licence else []
    if offer.citation:
        lines.append(f"{translate('Cite')}: {escape(offer.citation)}")
    return "<br>".join(lines)
