"""Headings of tables lie where the cells below them do."""

import pytest
from PySide6.QtCore import Qt

from medvlp.network.server import Series, Study
from medvlp_viewer.models.compare import ComparisonRow
from medvlp_viewer.models.server import ServerModel
from medvlp_viewer.views.measure import MeasurementRow
from medvlp_viewer.views.qt.compare.table import ComparisonTable
from medvlp_viewer.views.qt.measure.panel import QtMeasurePanel
from medvlp_viewer.views.qt.server.series_table import SeriesTable
from medvlp_viewer.views.qt.server.table import StudyTable
from medvlp_widgets import WorklistModel
from medvlp_widgets.models.worklist_row import WorklistRow
from medvlp_widgets.worklist.panel import WorklistPanel


def comparison():
    table = ComparisonTable()
    table.set_headings("Left", "Right", agreement=True)
    row = ComparisonRow("a", 1, (1, 2, 3), "mass", "90 %", "28 %", "-62 points", "", "3 mm", "0.5")
    table.set_rows([row], "")
    return table


def measurements():
    panel = QtMeasurePanel()
    panel.show_measurements([MeasurementRow(1, "Distance", "Axial 3", "12 mm")], 1)
    panel.table.panel = panel  # it lives as long
    return panel.table


def studies():
    model = ServerModel()
    model.studies = (Study("1.2", "2020-01-31", ("CT",), "Chest", 3, 200, ""),)
    table = StudyTable()
    table.show_studies(model)
    return table


def series():
    model = ServerModel()
    model.series, model.listed = (Series("1.3", 4, "CT", "Axial", 64),), "1.2"
    table = SeriesTable()
    table.show_series(model, "1.2")
    return table


def worklist():
    model = WorklistModel()
    model.load("list", [WorklistRow("a", "a.nii.gz", probability=0.5)])
    panel = WorklistPanel(model)
    panel.table.panel = panel
    return panel.table


def across(alignment) -> int:
    """Of a header or a cell; nothing said means left."""
    flags = Qt.AlignmentFlag(alignment or Qt.AlignmentFlag.AlignLeft)
    return (flags & Qt.AlignmentFlag.AlignHorizontal_Mask).value or Qt.AlignmentFlag.AlignLeft.value


@pytest.mark.parametrize("made", [comparison, measurements, studies, series, worklist])
def test_every_heading_is_aligned_as_its_cells(qt_application, made):
    table = made()
    role, model = Qt.ItemDataRole.TextAlignmentRole, table.model()
    row = model.rowCount() - 1
    for column in range(model.columnCount()):
        heading = model.headerData(column, Qt.Orientation.Horizontal, role)
        heading = heading or table.horizontalHeader().defaultAlignment()
        cell = model.index(row, column).data(role)
        assert across(heading) == across(cell), (made.__name__, column)
