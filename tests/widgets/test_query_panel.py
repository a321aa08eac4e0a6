from __future__ import annotations

import pytest
from qtpy.QtCore import Qt
from qtpy.QtWidgets import QAbstractButton, QLineEdit, QWidget

from medvlp_widgets import HUES, OverlayModel, QueryPanel
from medvlp_widgets.query.edit import suggestions
from medvlp_widgets.query.row_drawing import RowDrawing


@pytest.fixture
def panel(qtbot):
    panel = QueryPanel(complete=lambda prefix, n: [w for w in ("lung mass", "lung") if prefix in w])
    qtbot.addWidget(panel)
    panel.resize(420, 600)
    panel.show()
    return panel


def heard(signal) -> list:
    values: list = []
    signal.connect(lambda *args: values.append(args[0] if len(args) == 1 else args))
    return values


def test_enter_asks_and_empties_the_field(panel, qtbot):
    asked = heard(panel.asked)
    qtbot.keyClicks(panel.edit, "  pleural   effusion ")
    qtbot.keyClick(panel.edit, Qt.Key.Key_Return)
    assert asked == ["pleural effusion"]
    assert panel.model["pleural effusion"].pending
    assert panel.edit.text() == ""


def test_several_questions_on_one_line_become_several_rows(panel, qtbot):
    asked = heard(panel.asked)
    qtbot.keyClicks(panel.edit, "liver; spleen")
    panel.ask_button.click()
    assert asked == ["liver", "spleen"]
    assert panel.list.count() == 2


def test_an_empty_field_asks_nothing(panel, qtbot):
    asked = heard(panel.asked)
    qtbot.keyClicks(panel.edit, "  ; ")
    qtbot.keyClick(panel.edit, Qt.Key.Key_Return)
    assert asked == []


def test_an_example_asks_its_text(panel):
    asked = heard(panel.asked)
    panel.set_examples(["cardiomegaly", "left lung"])
    panel.examples.buttons[1].click()
    assert asked == ["left lung"]
    assert len(panel.examples.buttons) == 2


def test_typing_offers_what_was_asked_before_and_the_lexicon(panel, qtbot):
    panel.model.ask("lung base left")
    qtbot.keyClicks(panel.edit, "lung")
    assert panel.edit.phrases == ["lung base left", "lung mass", "lung"]


def test_completion_keeps_the_questions_before_the_semicolon():
    assert suggestions("liver; lu", (), lambda p, n: ["lung"]) == ["liver; lung"]
    assert suggestions("liver; ", (), lambda p, n: ["lung"]) == []


def test_an_answer_shows_percent_and_peak(panel, answer):
    panel.model.answer(answer("liver", 0.873))
    row = panel.list.row_widget("liver")
    assert row.bar.isVisible()
    assert row.bar.text() == "87 %"
    assert row.detail.text() == "peak 12 L, 30 A, 55 S mm"


def test_an_abstention_shows_its_reason_and_no_bar(panel, answer):
    panel.model.answer(answer("pizza", None))
    row = panel.list.row_widget("pizza")
    assert not row.bar.isVisible()
    assert row.verdict.text() == "not sure"
    assert row.detail.text() == "outside what this model was trained on"
    assert not row.next_button.isEnabled()


def test_keys_on_a_row_step_through_peaks_hide_and_remove(panel, qtbot, answer):
    panel.model.answer(answer("liver"))
    panel.model.answer(answer("spleen"))
    following, before = heard(panel.next_peak), heard(panel.previous_peak)
    shown, removed = heard(panel.visibility_changed), heard(panel.removed)
    panel.model.select("spleen")
    for key in (Qt.Key.Key_N, Qt.Key.Key_P, Qt.Key.Key_Space, Qt.Key.Key_Delete):
        qtbot.keyClick(panel.list, key)
    assert (following, before) == (["spleen"], ["spleen"])
    assert shown == [("spleen", False)]
    assert removed == ["spleen"]
    assert [row.key for row in panel.model] == ["liver"]
    assert panel.list.count() == 1


def test_arrow_keys_select_rows(panel, qtbot, answer):
    for text in ("liver", "spleen"):
        panel.model.answer(answer(text))
    panel.model.select("liver")
    selected = heard(panel.selected)
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert selected == ["spleen"]
    assert panel.model.selected == "spleen"


def test_the_check_box_hides_the_heat(panel, answer):
    panel.model.answer(answer("liver"))
    shown = heard(panel.visibility_changed)
    panel.list.row_widget("liver").visible_box.click()
    assert shown == [("liver", False)]
    assert not panel.model["liver"].visible


def test_a_change_by_the_host_moves_the_controls_without_an_echo(qtbot):
    overlay = OverlayModel()
    panel = QueryPanel(overlay=overlay)
    qtbot.addWidget(panel)
    changes: list[None] = []
    overlay.changed.connect(lambda: changes.append(None))
    overlay.opacity, overlay.colour_map, overlay.visible = 0.25, "glacier", False
    assert panel.controls.opacity_slider.value() == pytest.approx(0.25)
    assert panel.controls.map_box.currentText() == "glacier"
    assert not panel.controls.visible_box.isChecked()
    assert len(changes) == 3


def test_sliders_change_the_overlay(panel):
    panel.controls.threshold_slider.setValue(0.4)
    panel.controls.map_box.setCurrentText("dusk")
    assert panel.overlay.threshold == pytest.approx(0.4)
    assert panel.overlay.colour_map == "dusk"


def test_asking_is_refused_with_a_reason_on_the_screen(panel):
    panel.set_asking_enabled(False, "Open a scan first.")
    assert panel.reason_label.isVisible()
    assert not panel.edit.isEnabled()
    panel.set_asking_enabled(True)
    assert not panel.reason_label.isVisible()
    assert panel.edit.isEnabled()


def test_the_row_says_which_of_its_peaks_is_on_screen(panel, answer):
    panel.model.answer(answer("liver"))
    panel.model.show_peak("liver", 2, 5, "40 R, 10 A, 3 S mm")
    assert panel.list.row_widget("liver").detail.text() == "peak 2 of 5: 40 R, 10 A, 3 S mm"
    panel.model.answer(answer("liver"))
    assert panel.list.row_widget("liver").detail.text() == "peak 12 L, 30 A, 55 S mm"


def test_a_negated_question_is_explained_in_its_row(panel, answer):
    explanation = (
        'Read as "pneumothorax" (finding). The question is whether there is no pneumothorax. '
        "The map shows the pneumothorax; the probability is of its absence."
    )
    panel.model.answer(answer("no pneumothorax", 0.92, explanation=explanation))
    assert panel.list.row_widget("no pneumothorax").detail.text().splitlines() == [
        "peak 12 L, 30 A, 55 S mm",
        "The map shows the pneumothorax; the probability is of its absence.",
    ]


def test_a_word_read_as_another_is_said(panel, answer):
    explanation = 'Read as "trachea" (organ).'
    panel.model.answer(answer("windpipe", explanation=explanation))
    assert 'Read as "trachea"' in panel.list.row_widget("windpipe").detail.text()
    panel.model.answer(answer("trachea", explanation=explanation))
    assert "Read as" not in panel.list.row_widget("trachea").detail.text()


def test_a_row_gets_its_own_colour_opacity_and_threshold(panel, qtbot, answer):
    panel.model.answer(answer("liver"))
    panel.model.answer(answer("spleen"))
    panel.model.select("liver")
    qtbot.keyClick(panel.list, Qt.Key.Key_C)
    (drawing,) = panel.findChildren(RowDrawing)
    drawing.hue_buttons[4].click()
    drawing.threshold_slider.setValue(0.45)
    row = panel.model["liver"]
    assert (row.hue.rgb, row.hue.number) == (HUES[4].rgb, 1)
    assert row.threshold == pytest.approx(0.45)
    assert row.opacity == pytest.approx(panel.overlay.opacity)
    assert panel.model["spleen"].threshold is None
    assert panel.overlay.threshold == pytest.approx(OverlayModel().threshold)
    assert HUES[4].name in panel.list.row_widget("liver").swatch.accessibleName()
    drawing.follow_button.click()
    assert panel.model["liver"].threshold is None
    drawing.close()


def test_down_in_the_empty_field_offers_what_was_asked_before(panel, qtbot):
    for text in ("liver", "lung mass"):
        panel.model.ask(text)
    panel.edit.setFocus()
    qtbot.keyClick(panel.edit, Qt.Key.Key_Down)
    assert panel.edit.phrases == ["lung mass", "liver"]
    panel.edit.completer().popup().hide()


def test_every_control_has_a_name_for_screen_readers(panel, answer):
    panel.model.answer(answer("liver"))
    named = [panel.edit, panel.list, panel.controls.map_box, panel.controls.bar]
    named += [panel.controls.opacity_slider, panel.controls.threshold_slider]
    assert all(widget.accessibleName() for widget in named)
    for button in panel.findChildren(QAbstractButton):
        if button.isVisible() and not isinstance(button.parent(), QLineEdit):
            assert button.accessibleName() or button.text()


def test_colour_is_never_the_only_mark(panel, answer):
    panel.model.answer(answer("liver"))
    panel.model.answer(answer("spleen"))
    swatches = [panel.list.row_widget(row.key).swatch for row in panel.model]
    assert [s.text() for s in swatches] == ["1", "2"]
    assert len({s.accessibleName() for s in swatches}) == 2


def test_the_research_notice_is_spelled_out(qtbot):
    from medvlp import RESEARCH_NOTICE
    from medvlp_widgets import ResearchNotice

    notice = ResearchNotice()
    qtbot.addWidget(notice)
    assert isinstance(notice, QWidget)
    assert RESEARCH_NOTICE in notice.text()
