from __future__ import annotations

import numpy as np
import pytest
from qtpy.QtCore import QPoint, Qt

from medvlp.grounding.heatmap import Peak
from medvlp.grounding.organs import OrganFinding, OrganRow, OrganTable
from medvlp_widgets import OrganTablePanel
from medvlp_widgets.models.organs import entries_from_table
from medvlp_widgets.organs.table_model import PROBABILITY_COLUMN, VOLUME_COLUMN
from medvlp_widgets.translation import use_language


def finding(name: str, probability: float | None, peak: Peak | None = None) -> OrganFinding:
    profile = np.array([0.0, 0.2, 0.9, 0.1], dtype=np.float32)
    reason = "" if probability is not None else "this finding was not learnt"
    return OrganFinding(name, name, probability, peak, profile, (f"a {name}", f"no {name}"), reason)


@pytest.fixture
def table() -> OrganTable:
    peak = Peak((2, 5, 7), (1.0, 2.0, 3.0), 0.9)
    rows = (
        OrganRow("liver", "liver", True, True, 1400.0, (finding("cyst", 0.2),)),
        OrganRow("kidney_left", "left kidney", True, False, 180.0, (finding("stone", None), finding("renal mass", 0.9, peak))),
        OrganRow("urinary_bladder", "urinary bladder", False, None, None, ()),
    )  # fmt: skip
    return OrganTable(rows, "builtin", "Masks of the built-in organ head.")


@pytest.fixture
def panel(qtbot, table):
    panel = OrganTablePanel()
    qtbot.addWidget(panel)
    panel.resize(600, 400)
    panel.set_table(table)
    panel.show()
    return panel


def test_the_most_probable_finding_leads_and_abstentions_never_do(table):
    kidney = entries_from_table(table)[1]
    assert kidney.leading.name == "renal mass"
    assert "not sure. this finding was not learnt" in kidney.spoken


def test_the_table_opens_with_the_most_abnormal_organ_first(panel):
    assert [entry.name for entry in panel.shown] == ["kidney_left", "liver", "urinary_bladder"]


def test_volumes_sort_as_numbers_not_as_text(panel):
    panel.table.sortByColumn(VOLUME_COLUMN, Qt.SortOrder.AscendingOrder)
    assert [entry.volume_ml for entry in panel.shown] == [None, 180.0, 1400.0]


def test_the_filter_searches_organs_and_findings(panel, qtbot):
    qtbot.keyClicks(panel.filter_edit, "mass left")
    assert [entry.name for entry in panel.shown] == ["kidney_left"]


def test_organs_outside_the_field_of_view_can_be_hidden(panel):
    panel.only_present.setChecked(True)
    assert "urinary_bladder" not in [entry.name for entry in panel.shown]


def test_what_is_missing_is_said(panel):
    assert panel.note.text() == "Masks of the built-in organ head."
    panel.select("urinary_bladder")
    row = [panel.table.model().index(2, column).data() for column in range(4)]
    assert row == ["urinary bladder", "not in view", "", ""]


def test_of_a_truncated_organ_the_volume_is_a_lower_bound_and_words_say_why(panel):
    cell = panel.table.model().index(1, VOLUME_COLUMN)
    assert cell.data() == "≥ 1400"
    assert "cut off by the field of view" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert "cut off by the field of view" in cell.data(Qt.ItemDataRole.AccessibleDescriptionRole)


def test_headings_are_short_aligned_with_their_cells_and_say_what_they_mean(panel):
    model, across = panel.table.model(), Qt.Orientation.Horizontal
    align = Qt.ItemDataRole.TextAlignmentRole
    for column in range(model.columnCount()):
        assert model.headerData(column, across, align) == model.index(0, column).data(align)
    meaning = model.headerData(PROBABILITY_COLUMN, across, Qt.ItemDataRole.ToolTipRole)
    assert meaning == "Probability of the leading finding"


def test_all_columns_fit_into_a_side_panel(panel):
    panel.resize(400, 400)
    table = panel.table
    assert table.horizontalScrollBar().maximum() == 0
    for column in range(table.model().columnCount()):
        assert table.columnWidth(column) >= table.horizontalHeader().sectionSizeHint(column)


def test_hovering_shows_which_texts_were_compared(panel):
    tip = panel.table.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "a renal mass; no renal mass" in tip


def test_selecting_an_organ_shows_its_profile_and_tells_the_host(panel, qtbot):
    with qtbot.waitSignal(panel.organ_selected, timeout=1000) as caught:
        panel.select("kidney_left")
    assert caught.args[0].name == "kidney_left"
    assert panel.profile.values == pytest.approx((0.0, 0.2, 0.9, 0.1))


def test_enter_on_an_organ_gives_the_place_to_jump_to(panel, qtbot):
    panel.select("kidney_left")
    with qtbot.waitSignal(panel.organ_activated, timeout=1000) as caught:
        panel.table.activated.emit(panel.table.currentIndex())
    assert caught.args[0].jump_index == (2, 5, 7)


def test_a_click_outlines_and_jumps_and_the_arrow_keys_only_outline(panel, qtbot):
    selected, activated = [], []
    panel.organ_selected.connect(lambda entry: selected.append(entry.name))
    panel.organ_activated.connect(lambda entry: activated.append(entry.name))
    rectangle = panel.table.visualRect(panel.table.model().index(1, 0))
    port = panel.table.viewport()
    qtbot.mouseClick(port, Qt.MouseButton.LeftButton, pos=rectangle.center())
    assert (selected, activated) == (["liver"], ["liver"])
    qtbot.keyClick(panel.table, Qt.Key.Key_Up)
    assert (selected, activated) == (["liver", "kidney_left"], ["liver"])


def test_organs_without_a_mask_are_named(panel):
    rows = (
        OrganRow("liver", "liver", True, False, 1400.0, (finding("cyst", 0.2),)),
        OrganRow("spleen", "spleen", True, None, None, (finding("mass", 0.1),)),
        OrganRow("urinary_bladder", "urinary bladder", False, None, None, ()),
    )
    panel.set_table(OrganTable(rows, "label map", "Masks of the label map."))
    assert panel.note.text() == "Masks of the label map. Without a mask: spleen."
    panel.set_selection_note("There is no mask of spleen: it cannot be outlined.")
    assert panel.selection_note.isVisible()


def test_clicking_the_profile_chooses_the_slice_under_the_pointer(panel, qtbot):
    panel.select("kidney_left")
    chosen: list[int] = []
    panel.slice_chosen.connect(chosen.append)
    right = QPoint(panel.profile.width() - 1, 5)
    qtbot.mouseClick(panel.profile, Qt.MouseButton.LeftButton, pos=right)
    qtbot.keyClick(panel.profile, Qt.Key.Key_Left)
    assert chosen == [3, 2]


def test_another_scan_starts_with_an_empty_table(panel):
    panel.clear()
    assert panel.shown == ()
    assert panel.profile.values == ()


def test_in_german_rows_are_named_sorted_found_and_told_in_german(panel, qtbot):
    use_language("de")
    try:
        model = panel.table.model()
        shown = [model.index(row, 0).data() for row in range(3)]
        assert shown == ["linke Niere", "Leber", "Harnblase"]
        assert panel.shown[0].display == "left kidney"

        tip = model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole)
        assert tip.splitlines()[0] == "Leber"
        assert tip.splitlines()[1] == "vom Bildfeld abgeschnitten"
        assert tip.splitlines()[2].startswith("Zyste: 20 %")

        panel.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        assert [entry.name for entry in panel.shown] == ["urinary_bladder", "liver", "kidney_left"]

        qtbot.keyClicks(panel.filter_edit, "niere")
        assert [entry.name for entry in panel.shown] == ["kidney_left"]
        panel.filter_edit.clear()
        qtbot.keyClicks(panel.filter_edit, "liver")
        assert [entry.name for entry in panel.shown] == ["liver"]
    finally:
        use_language("en")
