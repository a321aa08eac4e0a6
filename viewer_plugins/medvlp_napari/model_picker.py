"""Choice of the model, with what has to happen before one can be used."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qtpy.QtCore import Qt, Signal
from qtpy.QtWidgets import (
    QComboBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medvlp.models.offers import Offer
from medvlp_napari.model_shelf import ModelShelf
from medvlp_napari.model_words import gigabytes, label, notice
from medvlp_widgets import ProgressPanel


class _FreshComboBox(QComboBox):
    """Tells before its list opens."""

    opening = Signal()

    def showPopup(self) -> None:
        """Open the list."""
        self.opening.emit()
        super().showPopup()


class LicenceCard(QFrame):
    """A licence to be read, and the two answers to it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.text = QLabel()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.accept_button, self.decline_button = QPushButton(), QPushButton("Not now")
        self.accept_button.clicked.connect(self._accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self.accept_button)
        buttons.addWidget(self.decline_button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addLayout(buttons)
        self._action: Callable[[], None] | None = None
        self.hide()

    def ask(self, text: str, answer: str = "", action: Callable[[], None] | None = None) -> None:
        """Show a licence; ``action`` is run if it is accepted. Without one there is only the text."""
        self.text.setText(text)
        self.text.setAccessibleName(text)
        self.accept_button.setText(answer)
        self.accept_button.setVisible(action is not None)
        self._action = action
        self.show()
        (self.accept_button if action is not None else self.decline_button).setFocus()

    def _accept(self) -> None:
        self.hide()
        if self._action is not None:
            self._action()


class ModelPicker(QWidget):
    """The models as a list with their status; a licence is shown before the first use.

    Parameters
    ----------
    shelf
        The models.
    current
        Name of the one that is in use.

    Signals
    -------
    chosen(str)
        A model that can be loaded.
    """

    chosen = Signal(str)

    def __init__(self, shelf: ModelShelf, current: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shelf, self._current = shelf, current
        self.box = _FreshComboBox()
        self.add_button = QToolButton()
        self.card = LicenceCard()
        self.progress_panel = ProgressPanel(shelf.progress)
        self._lay_out()
        self.box.activated.connect(self._on_activated)
        self.box.opening.connect(shelf.refresh)
        self.add_button.clicked.connect(self._on_add)
        self.card.decline_button.clicked.connect(self._on_declined)
        self.progress_panel.cancelled.connect(shelf.cancel)
        shelf.changed.connect(self._list)
        shelf.ready.connect(self.choose)
        shelf.licence_needed.connect(self._on_folder_licence)
        shelf.progress.changed.connect(self._on_progress)
        self._list()
        self._on_progress()

    def show_current(self, name: str) -> None:
        """Show which model is in use."""
        self._current = name
        self._list()

    def choose(self, name: str) -> None:
        """Choose as if it had been clicked."""
        offer = self.shelf.find(name)
        self.card.hide()
        if offer is not None:
            self.box.setCurrentIndex(self.box.findData(offer.key))
        if offer is None or offer.ready:
            self.chosen.emit(name if offer is None else offer.key)
        else:
            self._show_card(offer)

    def _lay_out(self) -> None:
        self.box.setAccessibleName("Model")
        policy = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        self.box.setSizeAdjustPolicy(policy)
        self.add_button.setText("…")
        self.add_button.setToolTip("Add a model from a folder")
        self.add_button.setAccessibleName("Add a model from a folder")
        row = QHBoxLayout()
        row.addWidget(self.box, 1)
        row.addWidget(self.add_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(row)
        layout.addWidget(self.card)
        layout.addWidget(self.progress_panel)

    def _list(self) -> None:
        self.box.clear()
        for offer in self.shelf.offers:
            self.box.addItem(label(offer), offer.key)
            tip = "\n".join(part for part in (offer.title, offer.licence) if part)
            self.box.setItemData(self.box.count() - 1, tip, Qt.ItemDataRole.ToolTipRole)
        current = self.shelf.find(self._current)
        if current is None:
            self.box.addItem(self._current, self._current)
        self.box.setCurrentIndex(
            self.box.findData(self._current if current is None else current.key)
        )

    def _on_activated(self, index: int) -> None:
        self.choose(self.box.itemData(index))

    def _show_card(self, offer: Offer) -> None:
        if offer.status == "can-be-pulled":
            answer = f"Accept and download {gigabytes(offer)}"
            self.card.ask(notice(offer), answer, lambda: self.shelf.download(offer.key))
        elif offer.status == "needs-licence":
            self.card.ask(notice(offer), "Accept", lambda: self.shelf.accept(offer.key))
        else:
            self.card.ask(notice(offer))

    def _on_declined(self) -> None:
        self.card.hide()
        self.show_current(self._current)

    def _on_add(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, "Folder of a model")
        if folder:
            self.shelf.add_folder(Path(folder))

    def _on_folder_licence(self, folder: Path, notice: str) -> None:
        accept = lambda: self.shelf.add_folder(folder, accepted=True)  # noqa: E731
        self.card.ask(notice, "Accept and add", accept)

    def _on_progress(self) -> None:
        """Nothing is under way, nothing went wrong: no room is taken."""
        progress = self.shelf.progress
        self.progress_panel.setVisible(progress.running or bool(progress.message))
