"""Nothing on the first screen is cut at the default size, nor on a small laptop, in any language."""

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QLineEdit,
    QPushButton,
    QStyle,
    QStyleOptionFrame,
    QTabBar,
    QToolBar,
)

from medvlp.grounding.heatmap import Peak
from medvlp.grounding.organs import OrganFinding, OrganRow, OrganTable
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.qt.window import QtWindow

# As the window opens by itself, and what a screen of 1366 x 768 leaves of it.
SIZES = ((1600, 1000), (1366, 700))
_TEXT_MARGIN = 2  # that QLineEdit leaves at either side
ORGANS = (
    ("lung_left", "left lung", "consolidation"),
    ("heart", "heart", "cardiomegaly"),
    ("vertebrae_T5", "thoracic spine", "vertebral fracture"),
)


def organ_table() -> OrganTable:
    rows = []
    for name, display, finding in ORGANS * 6:
        found = OrganFinding(finding, finding, 0.97, Peak((1, 2, 3), (1.0, 2.0, 3.0), 0.9), None)
        rows.append(OrganRow(name, display, True, True, 1234.0, (found,)))
    return OrganTable(tuple(rows), "builtin", "Organs as the model sees them, on its coarse grid.")


@pytest.fixture(params=("en", "de", "es"))
def window(qt_application, make, fake_worker, request):
    state = ViewerState()
    window = QtWindow(state)
    controller = ViewerController(state, window, fake_worker)
    window.install_commands(controller.commands)
    window.set_appearance("dark", request.param)
    window.widget.show()
    controller.open("somewhere.nii.gz")
    fake_worker.reply(fake_worker.last("open"), value=make.scan(make.geometry("HFS", (24, 60, 70))))
    controller.session.poll()
    window.show_organs(organ_table())
    yield window
    window.set_appearance("dark", "en")
    window.close()
    window.widget.deleteLater()
    QApplication.processEvents()


def resize(window, size) -> None:
    window.widget.resize(*size)
    QApplication.processEvents()


def cut_placeholder(edit: QLineEdit) -> bool:
    option = QStyleOptionFrame()
    edit.initStyleOption(option)
    room = edit.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, edit)
    needed = edit.fontMetrics().horizontalAdvance(edit.placeholderText()) + 2 * _TEXT_MARGIN
    return room.width() < needed


@pytest.mark.parametrize("size", SIZES)
def test_the_organ_table_shows_all_its_columns_and_headings(window, size):
    resize(window, size)
    table = window.side.organs.table
    header = table.horizontalHeader()
    assert table.horizontalScrollBar().maximum() == 0
    for column in range(table.model().columnCount()):
        assert header.sectionSize(column) >= header.sectionSizeHint(column), column


@pytest.mark.parametrize("size", SIZES)
def test_fields_and_buttons_beside_the_pictures_show_all_their_words(window, size):
    resize(window, size)
    cut = [
        control.text()
        for column in (window.side, window.study)
        for kind in (QPushButton, QCheckBox)
        for control in column.findChildren(kind)
        if control.isVisible() and control.width() < control.sizeHint().width()
    ]
    cut += [
        edit.placeholderText()
        for edit in window.side.findChildren(QLineEdit)
        if edit.isVisible() and edit.placeholderText() and cut_placeholder(edit)
    ]
    cut += [bar.tabText(0) for bar in window.side.findChildren(QTabBar) if cut_tabs(bar)]
    assert not cut


def cut_tabs(bar: QTabBar) -> bool:
    return bar.isVisible() and bar.width() < bar.sizeHint().width()


@pytest.mark.parametrize("size", SIZES)
def test_every_tool_of_the_toolbar_is_in_sight(window, size):
    resize(window, size)
    (bar,) = window.widget.findChildren(QToolBar)
    hidden = [
        action.text()
        for action in bar.actions()
        if not action.isSeparator() and not bar.widgetForAction(action).isVisible()
    ]
    assert not hidden
    assert not bar.findChild(QAbstractButton, "qt_toolbar_ext_button").isVisible()


def test_every_tool_of_the_3d_pane_is_in_sight(window):
    view = window.volume_view()
    window.show_volume(True)
    resize(window, SIZES[0])
    QApplication.processEvents()
    assert view.tools.sizeHint().width() <= view.tools.width()
