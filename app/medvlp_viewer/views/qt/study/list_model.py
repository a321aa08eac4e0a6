"""The rows of the study browser for Qt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from medvlp.io.survey import SurveyedSeries
from medvlp_viewer.models.settings import SettingsModel
from medvlp_viewer.models.study import StudyModel, StudyRow
from medvlp_widgets.translation import translate

ROW_ROLE = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex
_MODALITIES = {"CT": "CT", "XR": "X-ray"}


class StudyListModel(QAbstractListModel):
    """Headings and series, one under the other; patients only while the settings allow it."""

    def __init__(self, study: StudyModel, settings: SettingsModel) -> None:
        super().__init__()
        self._study, self._settings = study, settings
        self._rows = self._allowed_rows()
        study.changed.connect(self._read)
        settings.changed.connect(self._on_settings)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Number of lines."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A :class:`StudyRow` for the painter; words for tool tips and screen readers."""
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ". ".join(translate(part).rstrip(".") for part in row_lines(row)) + "."
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(translate(line) for line in row_lines(row))
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """A heading can be chosen only where there is something to try again."""
        row = self._rows[index.row()]
        if row.entry is None and not _problem(row):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def chosen_index(self) -> QModelIndex:
        """Line of the series on screen; invalid without one."""
        for number, row in enumerate(self._rows):
            if row.chosen:
                return self.index(number)
        return QModelIndex()

    def _read(self) -> None:
        self.beginResetModel()
        self._rows = self._allowed_rows()
        self.endResetModel()

    def _on_settings(self, names: frozenset[str]) -> None:
        if "show_patient_names" in names:
            self._read()

    def _allowed_rows(self) -> list[StudyRow]:
        rows = self._study.rows()
        if self._settings.value.show_patient_names:
            return rows
        return [
            row if row.entry is None else replace(row, entry=replace(row.entry, patient=""))
            for row in rows
        ]


def row_lines(row: StudyRow) -> list[str]:
    """Everything that a line says, in words."""
    if row.entry is None:
        return [line for line in (heading(row), heading_state(row)) if line]
    entry = row.entry
    lines = ["On screen"] if row.chosen else []
    lines += [title(entry), entry.patient, *facts(entry)]
    lines += [f"Cannot be opened: it is {entry.info.reason}"] if not entry.info.usable else []
    return [line for line in (*lines, *row.notes) if line]


def heading(row: StudyRow) -> str:
    """Name of a source; a number while it may tell, or tells, who the patient is."""
    survey = row.source.survey
    if survey is not None and survey.name:
        return survey.name
    if survey is not None and survey.problem:
        path = row.source.paths[0].rstrip("/\\")
        return path.replace("\\", "/").rpartition("/")[2]
    return f"Study {row.number}"


def heading_state(row: StudyRow) -> str:
    """How far a source was looked through, and what is wrong with it."""
    survey = row.source.survey
    if survey is None:
        return "Looking through it…"
    return survey.problem.removeprefix(f"{survey.name}: ") or "  ".join(survey.notes)


def title(entry: SurveyedSeries) -> str:
    """Description of a series."""
    if entry.label:
        return entry.label
    if entry.info.number is not None:
        return f"Series {entry.info.number}"
    return "No description"


def facts(entry: SurveyedSeries) -> list[str]:
    """Modality and size; spacing."""
    info = entry.info
    if not any(info.shape):
        return [] if not info.usable else ["Read when it is opened"]
    kind = _MODALITIES.get(info.modality, info.modality)
    size = f"{kind}  {' × '.join(str(n) for n in info.shape)}".strip()
    if not info.usable:
        return [size]
    if info.spacing_mm is None:
        return [size, "spacing unknown"]
    return [size, " × ".join(f"{s:.2f}" for s in info.spacing_mm) + " mm"]


def _problem(row: StudyRow) -> str:
    return row.source.survey.problem if row.source.survey is not None else ""
