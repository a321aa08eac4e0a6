import pytest
from qtpy.QtCore import QPoint, Qt
from qtpy.QtGui import QImage
from qtpy.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QTableView

from medvlp_widgets.models.progress import ProgressModel
from medvlp_widgets.models.worklist import WorklistModel
from medvlp_widgets.models.worklist_row import WorklistRow
from medvlp_widgets.worklist.panel import WorklistPanel
from medvlp_widgets.worklist.status_icons import COLOURS, status_icon


@pytest.fixture
def model() -> WorklistModel:
    model = WorklistModel()
    rows = (
        WorklistRow("a", "a.png", state="examined", probability=0.25),
        WorklistRow("b", "b.png", state="examined", probability=0.75, status="accepted"),
        WorklistRow("c", "c.png", state="unreadable", reason="empty"),
    )
    model.load("scans", rows, "nodule")
    return model


@pytest.fixture
def panel(qtbot, model) -> WorklistPanel:
    panel = WorklistPanel(model, complete=lambda prefix, n: [])
    qtbot.addWidget(panel)
    panel.resize(460, 600)
    panel.show()
    return panel


def texts(panel, column: int) -> list[str]:
    table = panel.table.model()
    return [table.index(row, column).data() for row in range(table.rowCount())]


def test_the_table_shows_status_name_and_score_in_the_models_order(panel):
    assert texts(panel, 0) == ["Accepted", "New", "Unreadable"]
    assert texts(panel, 1) == ["b.png", "a.png", "c.png"]
    assert texts(panel, 2) == ["75 %", "25 %", "no scan"]


def test_sorting_by_a_column_arranges_the_model_so_that_keys_follow_the_screen(panel, model):
    panel.table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
    assert model.shown == ("a", "b", "c")
    assert texts(panel, 1) == ["a.png", "b.png", "c.png"]


def test_the_selection_follows_the_scan_when_rows_move(panel, model):
    model.select("a")
    model.update("a", probability=0.9)
    rows = panel.table.selectionModel().selectedRows()
    assert [index.row() for index in rows] == [0]
    assert rows[0].data(Qt.ItemDataRole.UserRole).key == "a"
    assert model.selected == "a"


@pytest.fixture
def long_panel(panel, model):
    rows = [
        WorklistRow(f"{n}", f"{n}.png", state="examined", probability=n / 300) for n in range(300)
    ]
    model.load("scans", rows, "nodule")
    return panel


def test_a_list_that_is_scrolled_stays_where_it_is_when_rows_move(long_panel, model):
    model.select(model.shown[0])
    bar = long_panel.table.verticalScrollBar()
    bar.setValue(150)
    model.update("5", probability=0.999)
    model.show_text("1")
    model.show_text("")
    assert model.shown[0] == "5"
    assert bar.value() == 150
    assert long_panel.table.currentIndex().row() == 1


def test_a_selected_row_in_view_is_followed_when_it_moves(long_panel, model):
    model.select(model.shown[0])
    model.update(model.selected, probability=0.0)
    place = model.place_of(model.selected)
    index = long_panel.table.model().index(place, 1)
    assert place > 290
    assert long_panel.table.currentIndex().row() == place
    assert long_panel.table.viewport().rect().contains(long_panel.table.visualRect(index).center())


def test_clicking_a_row_selects_its_scan(panel, model, qtbot):
    place = panel.table.visualRect(panel.table.model().index(1, 1)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    assert model.selected == "a"


def test_a_row_that_is_filtered_out_is_not_replaced_by_another_selection(panel, model):
    model.select("a")
    panel.status_box.setCurrentIndex(panel.status_box.findData("accepted"))
    assert model.shown == ("b",)
    assert model.selected == "a"
    assert not panel.table.selectionModel().selectedRows()


def test_a_query_is_asked_of_the_host(panel, qtbot):
    with qtbot.waitSignal(panel.order_requested, timeout=1000) as caught:
        qtbot.keyClicks(panel.order_edit, "pleural effusion")
        qtbot.keyClick(panel.order_edit, Qt.Key.Key_Return)
    assert caught.args == ["pleural effusion"]


def test_a_note_is_kept_with_enter_dropped_with_escape_and_kept_when_the_focus_goes(panel, qtbot):
    entered: list[str] = []
    panel.note_entered.connect(entered.append)
    panel.model.select("a")
    panel.focus_note()
    qtbot.keyClicks(panel.note_edit, "one")
    qtbot.keyClick(panel.note_edit, Qt.Key.Key_Return)
    assert entered == ["one"]
    panel.model.update("a", note="one")
    panel.focus_note()
    qtbot.keyClicks(panel.note_edit, "x")
    qtbot.keyClick(panel.note_edit, Qt.Key.Key_Escape)
    assert panel.note_edit.text() == "one"
    assert entered[-1] == "one"
    panel.note_edit.setText("two")
    panel.note_edit.focusOutEvent(_focus_out())
    assert entered[-1] == "two"


def _focus_out():
    from qtpy.QtCore import QEvent
    from qtpy.QtGui import QFocusEvent

    return QFocusEvent(QEvent.Type.FocusOut)


def test_another_scans_note_is_shown_when_it_is_selected(panel, model):
    model.update("b", note="calcified")
    model.select("b")
    assert panel.note_edit.text() == "calcified"
    model.select("a")
    assert panel.note_edit.text() == ""


def test_every_status_has_a_sign_of_its_own_shape():
    shapes = set()
    for status in COLOURS:
        image = status_icon(status).pixmap(16, 16).toImage()
        image = image.convertToFormat(QImage.Format.Format_ARGB32)
        shapes.add(
            tuple(
                image.pixelColor(x, y).alpha() > 128
                for y in range(image.height())
                for x in range(image.width())
            )
        )
    assert len(shapes) == len(COLOURS)


def test_without_scans_the_panel_says_what_it_is_for(qtbot):
    panel = WorklistPanel(complete=lambda prefix, n: [])
    qtbot.addWidget(panel)
    panel.show()
    assert panel.open_button.isVisible()
    assert not panel.table.isVisible()
    with qtbot.waitSignal(panel.open_requested, timeout=1000):
        panel.open_button.click()


def test_the_summary_counts_every_scan_once(panel):
    expected = "3 scans · 1 new · 1 accepted · 0 rejected · 0 unsure · 1 unreadable"
    assert panel.summary.text() == expected


def test_progress_offers_pause_and_cancel_and_later_the_rest(panel, qtbot):
    progress = ProgressModel()
    panel.scoring.follow(progress)
    progress.start("Scoring")
    progress.update(0.25, "scan 1 of 4")
    panel.scoring.show_state(paused=False, unfinished=False)
    assert panel.scoring.pause_button.isVisible()
    assert "scan 1 of 4" in panel.scoring.label.text()
    with qtbot.waitSignal(panel.scoring_cancelled, timeout=1000):
        panel.scoring.cancel_button.click()
    progress.finish()
    panel.scoring.show_state(paused=False, unfinished=True)
    assert not panel.scoring.cancel_button.isVisible()
    with qtbot.waitSignal(panel.scoring_restarted, timeout=1000):
        panel.scoring.restart_button.click()


def test_every_control_has_a_name_for_screen_readers(panel):
    for kind in (QAbstractButton, QComboBox, QLineEdit, QTableView):
        for control in panel.findChildren(kind):
            if control.isVisible() and control.focusPolicy() != Qt.FocusPolicy.NoFocus:
                assert control.accessibleName(), control
