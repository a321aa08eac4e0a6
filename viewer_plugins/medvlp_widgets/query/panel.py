"""The panel in which everything is asked and every answer is read."""

from __future__ import annotations

from collections.abc import Sequence

from qtpy.QtCore import Signal
from qtpy.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from medvlp_widgets.models.overlay import OverlayModel
from medvlp_widgets.models.queries import QueryModel
from medvlp_widgets.query.edit import Complete, QueryEdit, complete_from_lexicon
from medvlp_widgets.query.examples import EXAMPLES_CT, ExampleChips
from medvlp_widgets.query.list import QueryList
from medvlp_widgets.query.overlay_controls import OverlayControls
from medvlp_widgets.query.row_drawing import RowDrawing


class QueryPanel(QWidget):
    """Question field, examples, list of answers, and how the heat is drawn.

    The panel changes its models at once (rows become pending, visible, removed) and tells the host
    by signals. The host answers with ``model.answer(heatmap)`` or ``model.fail(key, message)``.

    Parameters
    ----------
    model, overlay
        Shared with the host; new ones by default.
    complete
        Completion of what is typed; the lexicon by default.
    examples
        Questions offered as buttons.

    Signals
    -------
    asked(str)
        A question, once per text: its row is already in the model, pending.
    removed(str), visibility_changed(str, bool), selected(str), next_peak(str), previous_peak(str)
        With the key of the row.
    """

    asked = Signal(str)
    removed = Signal(str)
    visibility_changed = Signal(str, bool)
    selected = Signal(str)
    next_peak = Signal(str)
    previous_peak = Signal(str)

    def __init__(
        self,
        model: QueryModel | None = None,
        overlay: OverlayModel | None = None,
        *,
        complete: Complete = complete_from_lexicon,
        examples: Sequence[str] = EXAMPLES_CT,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.model = model or QueryModel()
        self.overlay = overlay or OverlayModel()
        self.edit = QueryEdit(complete)
        self.ask_button = QPushButton("Ask")
        self.examples = ExampleChips(examples)
        self.reason_label = QLabel()
        self.list = QueryList(self.model)
        self.controls = OverlayControls(self.overlay)
        self._lay_out()
        self._connect()

    def focus_query(self) -> None:
        """Put the cursor into the question field, its text selected."""
        self.edit.setFocus()
        self.edit.selectAll()

    def set_examples(self, texts: Sequence[str]) -> None:
        """Replace the example questions."""
        self.examples.set_texts(texts)

    def set_asking_enabled(self, enabled: bool, reason: str = "") -> None:
        """Allow questions, or say why none can be asked, such as "Open a scan first"."""
        for widget in (self.edit, self.ask_button, self.examples):
            widget.setEnabled(enabled)
        self.reason_label.setText("" if enabled else reason)
        self.reason_label.setVisible(bool(self.reason_label.text()))

    def ask(self, text: str) -> None:
        """Ask as if it had been typed."""
        row = self.model.ask(text)
        self.asked.emit(row.text)

    def show_drawing(self, key: str) -> None:
        """Let colour, opacity and threshold of a row be set."""
        row = self.list.row_widget(key)
        if row is not None:
            corner = row.swatch.mapToGlobal(row.swatch.rect().bottomLeft())
            RowDrawing(self.model, self.overlay, key, self).open_at(corner)

    def _connect(self) -> None:
        self.edit.submitted.connect(self._ask_all)
        self.ask_button.clicked.connect(lambda: self.edit.returnPressed.emit())
        self.examples.chosen.connect(self.ask)
        self.list.removed.connect(self.removed)
        self.list.visibility_changed.connect(self.visibility_changed)
        self.list.selected.connect(self.selected)
        self.list.next_peak.connect(self.next_peak)
        self.list.previous_peak.connect(self.previous_peak)
        self.list.drawing_requested.connect(self.show_drawing)
        self.model.history_changed.connect(self._refresh_history)
        for changed in (self.model.row_added, self.model.row_changed, self.model.row_removed):
            changed.connect(self._refresh_hues)
        self._refresh_history()

    def _ask_all(self, texts: list[str]) -> None:
        for text in texts:
            self.ask(text)

    def _refresh_history(self) -> None:
        self.edit.set_history(self.model.history)

    def _refresh_hues(self) -> None:
        drawn = [row for row in self.model if row.visible and row.probability is not None]
        self.controls.bar.show_hues(tuple(row.hue.rgb for row in drawn))

    def _lay_out(self) -> None:
        self.reason_label.setWordWrap(True)
        self.reason_label.hide()
        top = QHBoxLayout()
        top.addWidget(self.edit, 1)
        top.addWidget(self.ask_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(top)
        layout.addWidget(self.reason_label)
        layout.addWidget(self.examples)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.controls)
