"""Names for screen readers, keys, palette and settings in the real window, offscreen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QWidget

from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.models.settings import Settings
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import Message, MessageAction
from medvlp_viewer.views.qt.theme import DARK, LIGHT, THEME
from medvlp_viewer.views.qt.window import QtWindow


class Shown:
    """A window with an open scan and an answered question."""

    def __init__(self, make, worker) -> None:
        self.state, self.worker = ViewerState(), worker
        self.window = QtWindow(self.state)
        self.controller = ViewerController(self.state, self.window, worker)
        self.window.install_commands(self.controller.commands)
        self.controller.settings.start()
        self.scan = make.scan(make.geometry("HFS", (20, 30, 34), (4.0, 2.0, 2.0)))
        self.make = make
        self.window.show()
        QTest.qWaitForWindowExposed(self.window.widget)

    def open(self) -> None:
        self.controller.open("somewhere.nii")
        self.reply("open", self.scan)
        self.reply("encode", self.make.facts())
        self.window.ask("lung mass")
        self.controller.session.poll()
        self.reply("ask", [self.make.heatmap(self.scan, "lung mass")])

    def reply(self, kind, value) -> None:
        self.worker.reply(self.worker.last(kind), value=value)
        self.controller.session.poll()
        self.settle()

    def settle(self) -> None:
        for _ in range(5):
            QApplication.processEvents()

    def press(self, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
        focused = self.window.widget.focusWidget() or self.window.widget
        QTest.keyClick(focused, key, modifier)
        self.settle()


@pytest.fixture
def shown(qt_application, make, fake_worker):
    shown = Shown(make, fake_worker)
    yield shown
    shown.window.set_appearance("dark", "en")
    shown.window.close()
    shown.window.widget.deleteLater()
    QApplication.processEvents()


CONTROL = Qt.KeyboardModifier.ControlModifier
BOTH = CONTROL | Qt.KeyboardModifier.ShiftModifier


def colour_of(widget: QWidget) -> str:
    """Of its upper left corner."""
    return widget.grab().toImage().pixelColor(1, 1).name()


def nameless(top: QWidget) -> list[str]:
    """Controls that the keyboard reaches and a screen reader could not name."""
    found = []
    for widget in top.findChildren(QWidget):
        reached = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(top)
        if not reached or widget.focusProxy() is not None or isinstance(widget, QScrollArea):
            continue
        spoken = QAccessible.queryAccessibleInterface(widget)
        if spoken is None or not spoken.text(QAccessible.Text.Name).strip():
            names = []
            while widget is not None and widget is not top:
                names.append(f"{type(widget).__name__}({widget.objectName()})")
                widget = widget.parentWidget()
            found.append(" in ".join(names))
    return found


class TestNames:
    def test_every_control_of_the_window_has_a_name(self, shown):
        assert nameless(shown.window.widget) == []
        shown.open()
        shown.window.show_message(
            Message("error", "Bad.", "Very bad.", MessageAction("Open anyway", lambda: None))
        )
        shown.settle()
        assert nameless(shown.window.widget) == []

    def test_tab_reaches_the_numbers_of_the_window(self, shown):
        for box in (shown.window.window_box.width_box, shown.window.window_box.level_box):
            assert box.focusPolicy() & Qt.FocusPolicy.TabFocus

    def test_every_control_of_settings_palette_and_sheet_has_a_name(self, shown):
        for show, panel in (
            (shown.window.show_settings, lambda: shown.window._settings),
            (shown.window.show_palette, lambda: shown.window._palette),
            (shown.window.show_shortcuts, lambda: shown.window._sheet),
        ):
            show()
            assert panel().isVisible()
            assert nameless(panel()) == []

    def test_every_tool_has_a_name_and_a_hint_with_its_key(self, shown):
        for command in shown.controller.commands:
            if command.icon:
                action = shown.window.action(command.name)
                assert command.title.rstrip("…") in action.toolTip()
                assert not command.keys or "(" in action.toolTip()

    def test_tab_goes_through_the_settings_in_the_order_of_the_page(self, shown):
        shown.window.show_settings()
        panel = shown.window._settings
        panel.fields["theme"].setFocus()
        order = [panel.fields["theme"]]
        for _ in range(4):
            panel.focusNextChild()
            order.append(panel.focusWidget())
        names = ["theme", "language", "default_window", "interpolate", "drag_down_brightens"]
        assert order == [panel.fields[name] for name in names]

    def test_severity_is_said_in_words_and_not_by_colour_alone(self, shown):
        bar = shown.window.messages
        for severity, word in (("info", "Note"), ("warning", "Warning"), ("error", "Problem")):
            shown.window.show_message(Message(severity, "Text."))
            assert bar.word.text() == word
            assert bar.accessibleName() == f"{word}: Text."


class TestPalette:
    def test_typing_and_enter_run_a_command(self, shown):
        shown.open()
        shown.press(Qt.Key.Key_K, CONTROL)
        palette = shown.window._palette
        assert palette.isVisible()
        assert palette.edit.hasFocus()
        QTest.keyClicks(palette.edit, "crossh")
        visible = shown.state.crosshair.visible
        shown.press(Qt.Key.Key_Return)
        assert shown.state.crosshair.visible != visible
        assert not palette.isVisible()

    def test_arrows_choose_and_pass_over_what_cannot_be_run(self, shown):
        shown.press(Qt.Key.Key_K, CONTROL)
        palette = shown.window._palette
        enabled = [row.title for row in palette._model.rows if row.enabled]
        chosen = []
        for _ in enabled:
            chosen.append(palette.list.currentIndex().data())
            shown.press(Qt.Key.Key_Down)
        assert chosen == enabled
        shown.press(Qt.Key.Key_Escape)
        assert not palette.isVisible()

    @pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
    def test_the_keyboard_goes_back_to_where_it_was(self, shown, key):
        shown.open()
        canvas = shown.window.area.panes["coronal"].canvas
        canvas.setFocus()
        shown.window.show_palette()
        shown.settle()
        QTest.keyClicks(shown.window._palette.edit, "crossh")
        shown.press(key)
        assert canvas.hasFocus()

    def test_a_question_can_be_asked_from_it(self, shown):
        shown.open()
        shown.press(Qt.Key.Key_K, CONTROL)
        palette = shown.window._palette
        QTest.keyClicks(palette.edit, "cardiomeg")
        titles = [row.title for row in palette._model.rows]
        palette.list.clicked.emit(palette.list.model().index(titles.index("cardiomegaly"), 0))
        assert "cardiomegaly" in shown.state.queries

    def test_leaving_it_closes_it(self, shown):
        shown.window.show_palette()
        shown.settle()
        shown.window.area.panes["axial"].canvas.setFocus()
        shown.window._palette.edit.clearFocus()
        shown.settle()
        assert not shown.window._palette.isVisible()


class TestSettingsPanel:
    def test_it_does_not_stop_the_work_and_shows_what_holds(self, shown):
        shown.state.settings.change(opacity=0.3, theme="light")
        shown.window.action("settings").trigger()
        panel = shown.window._settings
        assert panel.isVisible()
        assert not panel.isModal()
        for name, field in panel.fields.items():
            value = getattr(shown.state.settings.value, name)
            if name == "theme":
                assert field.currentData() == "light"
            elif name == "opacity":
                assert field.value() == pytest.approx(value)
        elsewhere = {"version", "server_address", "server_aet"}
        assert set(panel.fields) == set(Settings.model_fields) - elsewhere

    def test_choosing_a_theme_changes_colours_and_icons(self, shown, wait_until):
        shown.window.show_settings()
        box = shown.window._settings.fields["theme"]
        icon = shown.window.action("reset").icon().cacheKey()
        box.setCurrentIndex(box.findData("light"))
        box.activated.emit(box.currentIndex())
        assert shown.state.settings.value.theme == "light"
        assert THEME.theme == LIGHT
        assert QApplication.palette().window().color().name() == LIGHT.window
        for panel in (shown.window.side, shown.window.side.organs):
            wait_until(lambda panel=panel: colour_of(panel) == LIGHT.panel)
        wait_until(lambda: shown.window.action("reset").icon().cacheKey() != icon)
        shown.window._settings.defaults_requested.emit()
        assert THEME.theme == DARK
        wait_until(lambda: colour_of(shown.window.side) == DARK.panel)

    def test_sliders_and_switches_change_the_picture(self, shown):
        shown.window.show_settings()
        fields = shown.window._settings.fields
        fields["opacity"].setValue(0.2)
        fields["interpolate"].click()
        assert shown.state.overlay.opacity == pytest.approx(0.2)
        assert not shown.state.display.smooth

    def test_a_model_is_taken_when_the_typing_ends(self, shown):
        shown.window.show_settings()
        place = shown.window._settings.fields["model"]
        QTest.keyClicks(place.edit, "base")
        assert shown.state.settings.value.model == ""
        QTest.keyClick(place.edit, Qt.Key.Key_Return)
        assert shown.worker.submitted[-1] == ("load_model", {"model": "base", "device": "auto"})
        assert shown.window._settings.isVisible()


def test_undo_keys_bring_a_removed_question_back_and_take_it_away(shown):
    shown.open()
    shown.window.side.questions.list.setFocus()
    shown.state.queries.select("lung mass")
    shown.press(Qt.Key.Key_Delete)
    assert len(shown.state.queries) == 0
    shown.window.area.panes["axial"].canvas.setFocus()
    shown.press(Qt.Key.Key_Z, CONTROL)
    assert [row.text for row in shown.state.queries] == ["lung mass"]
    assert shown.state.heats.get("lung mass") is not None
    shown.press(Qt.Key.Key_Z, BOTH)
    assert len(shown.state.queries) == 0


def test_a_message_with_an_action_runs_it_once_and_closes(shown):
    done = []
    action = MessageAction("Open anyway", lambda: done.append(1))
    shown.window.show_message(Message("warning", "Too large.", action=action))
    bar = shown.window.messages
    assert bar.action.isVisible()
    assert bar.action.text() == "Open anyway"
    bar.action.click()
    assert done == [1]
    assert not bar.isVisible()
    shown.window.show_message(Message("info", "Other."))
    assert not bar.action.isVisible()


class TestEmptyState:
    def test_it_teaches_and_offers_three_questions_about_the_sample(self, shown):
        from PySide6.QtWidgets import QPushButton

        empty = shown.window.area.empty
        assert empty.isVisible()
        texts = [button.text() for button in empty.findChildren(QPushButton)]
        assert {"Open file…", "Open DICOM folder…", "Open sample CT"} <= set(texts)
        assert texts[-3:] == ["pleural effusion", "lung mass", "left kidney"]
        assert any("Drop a scan here" in label.text() for label in empty.findChildren(QLabel))

    def test_a_question_opens_the_sample_and_is_asked(self, shown):
        shown.window.area.empty.sample_asked.emit("lung mass")
        kind, arguments = shown.worker.submitted[0]
        assert kind == "open"
        assert "effusion" in str(arguments["source"])
        assert shown.state.queries["lung mass"].pending

    def test_it_makes_way_for_the_scan(self, shown):
        shown.open()
        assert not shown.window.area.empty.isVisible()


def test_numbers_can_be_read_in_their_fields(shown):
    from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit

    shown.open()
    shown.window.show_settings()
    shown.settle()
    for top in (shown.window.widget, shown.window._settings):
        for field in top.findChildren(QAbstractSpinBox):
            if field.isVisible() and field.width() > 40:
                edit = field.findChild(QLineEdit)
                needed = edit.fontMetrics().horizontalAdvance(edit.text())
                assert edit.width() >= needed, field.accessibleName()


def test_the_window_fits_a_small_screen_and_a_long_text_does_not_widen_it(shown):
    shown.open()
    before = shown.window.widget.minimumSizeHint().width()
    shown.state.jobs.start(99, "encode", "Encoding the scan " * 30)
    shown.settle()
    assert shown.window.widget.minimumSizeHint().width() <= before
    assert before <= 1280
