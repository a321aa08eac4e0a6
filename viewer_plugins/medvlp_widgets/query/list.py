"""The list of answers, driven by a :class:`QueryModel` and by the keyboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from qtpy.QtCore import Qt, Signal
from qtpy.QtGui import QKeyEvent, QResizeEvent
from qtpy.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from medvlp_widgets.models.queries import QueryModel, QueryRow
from medvlp_widgets.query.row_widget import QueryRowWidget

KEY_ROLE = int(Qt.ItemDataRole.UserRole)


class QueryList(QListWidget):
    """One :class:`QueryRowWidget` per row of the model.

    Keys: arrows select, Space shows or hides, N and P step through peaks, C sets colour, opacity
    and threshold, Delete removes.

    Signals
    -------
    removed(str), visibility_changed(str, bool), selected(str), next_peak(str), previous_peak(str),
    drawing_requested(str)
        Each with the key of the row.
    """

    removed = Signal(str)
    visibility_changed = Signal(str, bool)
    selected = Signal(str)
    next_peak = Signal(str)
    previous_peak = Signal(str)
    drawing_requested = Signal(str)

    def __init__(self, model: QueryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queries = model
        self.setAccessibleName("Answers")
        self.setAccessibleDescription(
            "Space shows or hides, N and P step through peaks, C sets the colour"
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        model.row_added.connect(self._on_added)
        model.row_changed.connect(self._on_changed)
        model.row_removed.connect(self._on_removed)
        model.selection_changed.connect(self._on_selection_in_model)
        self.itemSelectionChanged.connect(self._on_selection_in_view)
        for row in model:
            self._on_added(row)

    @property
    def current_key(self) -> str:
        """Key of the selected row, or ``""``."""
        items = self.selectedItems()
        return items[0].data(KEY_ROLE) if items else ""

    def row_widget(self, key: str) -> QueryRowWidget | None:
        """The widget that shows a row."""
        item = self._item(key)
        return None if item is None else self._widget(item)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keyboard commands on the selected row."""
        key = self.current_key
        actions: dict[int, Callable[[], None]] = {
            Qt.Key.Key_N: lambda: self.next_peak.emit(key),
            Qt.Key.Key_P: lambda: self.previous_peak.emit(key),
            Qt.Key.Key_C: lambda: self.drawing_requested.emit(key),
            Qt.Key.Key_Space: lambda: self._toggle(key),
            Qt.Key.Key_Delete: lambda: self._remove(key),
            Qt.Key.Key_Backspace: lambda: self._remove(key),
        }
        action = actions.get(event.key())
        if key and action is not None:
            action()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Wrapped texts need another height in another width."""
        super().resizeEvent(event)
        for i in range(self.count()):
            self._fit(self.item(i))

    def _on_added(self, row: QueryRow) -> None:
        item = QListWidgetItem()
        item.setData(KEY_ROLE, row.key)
        self.insertItem([other.key for other in self._queries].index(row.key), item)
        widget = QueryRowWidget(row)
        key = row.key
        widget.removed.connect(lambda: self._remove(key))
        widget.visibility_changed.connect(lambda visible: self._set_visible(key, visible))
        widget.next_peak.connect(lambda: self.next_peak.emit(key))
        widget.previous_peak.connect(lambda: self.previous_peak.emit(key))
        widget.drawing_requested.connect(lambda: self.drawing_requested.emit(key))
        self.setItemWidget(item, widget)
        self._on_changed(row)

    def _on_changed(self, row: QueryRow) -> None:
        item = self._item(row.key)
        if item is None:
            return
        self._widget(item).show_row(row)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, row.spoken)
        self._fit(item)

    def _on_removed(self, key: str) -> None:
        item = self._item(key)
        if item is not None:
            self.takeItem(self.row(item))

    def _on_selection_in_view(self) -> None:
        key = self.current_key
        if key != self._queries.selected:
            self._queries.select(key)

    def _on_selection_in_model(self, key: str) -> None:
        item = self._item(key)
        if item is None:
            self.clearSelection()
        elif not item.isSelected():
            self.setCurrentItem(item)
        if key:
            self.selected.emit(key)

    def _widget(self, item: QListWidgetItem) -> QueryRowWidget:
        return cast(QueryRowWidget, self.itemWidget(item))

    def _item(self, key: str) -> QListWidgetItem | None:
        for i in range(self.count()):
            if self.item(i).data(KEY_ROLE) == key:
                return self.item(i)
        return None

    def _toggle(self, key: str) -> None:
        self._set_visible(key, not self._queries[key].visible)

    def _set_visible(self, key: str, visible: bool) -> None:
        self._queries.set_visible(key, visible)
        self.visibility_changed.emit(key, visible)

    def _remove(self, key: str) -> None:
        self._queries.remove(key)
        self.removed.emit(key)

    def _fit(self, item: QListWidgetItem) -> None:
        widget = self.itemWidget(item)
        if widget is not None:
            hint = widget.sizeHint()
            width = max(1, self.viewport().width())
            hint.setHeight(max(widget.heightForWidth(width), widget.minimumSizeHint().height()))
            hint.setWidth(1)
            item.setSizeHint(hint)
