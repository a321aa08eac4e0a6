"""The panel left of the panes: what lies open, and what else can be chosen."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QLabel,
    QListView,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from medvlp_viewer.models.settings import SettingsModel
from medvlp_viewer.models.study import StudyModel, StudyRow
from medvlp_viewer.views.qt.study.card import CardDelegate
from medvlp_viewer.views.qt.study.list_model import ROW_ROLE, StudyListModel
from medvlp_viewer.views.qt.theme import THEME

_EMPTY = (
    "Drop a folder, a zip or files anywhere on the window.\n\n"
    "Everything found in them is listed here, with a small picture of every series. "
    "Click one to open it."
)
_NAMES = "Show names and ids of patients where DICOM files state them. They are never saved."


class StudyPanel(QWidget):
    """The list with its switch.

    Signals
    -------
    series_chosen(object)
        :class:`medvlp.io.survey.SurveyedSeries` to open.
    source_chosen(object)
        Tuple of paths to try again.
    names_switched(bool)
        Patient names shall be shown, or hidden.
    """

    series_chosen = Signal(object)
    source_chosen = Signal(object)
    names_switched = Signal(bool)

    def __init__(self, study: StudyModel, settings: SettingsModel) -> None:
        super().__init__()
        self._study, self._settings = study, settings
        self.setObjectName("side")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(200)
        self.list = QListView()
        self.names = QCheckBox("Show patient names")
        self.empty = QLabel(_EMPTY)
        self._model = StudyListModel(study, settings)
        self._stack = QStackedLayout()
        self._prepare()
        self._lay_out()
        self._connect()
        self._refresh()
        self._follow_settings(frozenset())

    def _prepare(self) -> None:
        self._delegate = CardDelegate(self.list)  # the view does not keep it alive
        self.list.setItemDelegate(self._delegate)
        self.list.setModel(self._model)
        self.list.setAccessibleName("Series that can be opened")
        self.list.setMouseTracking(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListView.ResizeMode.Adjust)
        self.list.setUniformItemSizes(False)
        self.empty.setObjectName("muted")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.names.setToolTip(_NAMES)
        self.names.setAccessibleDescription(_NAMES)

    def _lay_out(self) -> None:
        heading = QLabel("STUDY")
        heading.setObjectName("heading")
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 8, 10)
        layout.setSpacing(THEME.space)
        layout.addWidget(heading)
        layout.addLayout(self._stack, 1)
        layout.addWidget(self.names)

    def _connect(self) -> None:
        self.list.clicked.connect(self._choose)
        self.list.activated.connect(self._choose)
        self.names.clicked.connect(lambda shown: self.names_switched.emit(shown))
        self._study.changed.connect(self._refresh)
        self._settings.changed.connect(self._follow_settings)
        THEME.changed.connect(self._redraw)

    def _choose(self, index: QModelIndex) -> None:
        """A click and Enter both arrive here; on some desktops a click activates as well."""
        row: StudyRow = index.data(ROW_ROLE)
        if row.entry is not None:
            if not row.chosen:
                self.series_chosen.emit(row.entry)
        elif row.source.survey is not None and row.source.survey.problem:
            self.source_chosen.emit(row.source.paths)

    def _refresh(self) -> None:
        self.setVisible(self._study.shown)
        self._stack.setCurrentWidget(self.list if self._study.sources else self.empty)
        chosen = self._model.chosen_index()
        if chosen.isValid():
            self.list.setCurrentIndex(chosen)
            self.list.scrollTo(chosen)

    def _redraw(self) -> None:
        self.list.viewport().update()

    def _follow_settings(self, names: frozenset[str]) -> None:
        self.names.setChecked(self._settings.value.show_patient_names)
