"""The main window."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from medvlp.grounding.organs import OrganTable
from medvlp_viewer.commands import Command
from medvlp_viewer.models.palette import PaletteModel
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.settings import LanguageChoice, ThemeChoice
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import EngineStatus, Message, WindowView
from medvlp_viewer.views.compare import CompareView
from medvlp_viewer.views.keep import KeepView
from medvlp_viewer.views.measure import MeasureView
from medvlp_viewer.views.pane import PaneView
from medvlp_viewer.views.qt.actions import Actions
from medvlp_viewer.views.qt.appearance import appearance_of
from medvlp_viewer.views.qt.compare.view import QtCompare
from medvlp_viewer.views.qt.focus import is_busy
from medvlp_viewer.views.qt.keep import QtKeep
from medvlp_viewer.views.qt.message_bar import MessageBar
from medvlp_viewer.views.qt.models.panel import ModelPanel
from medvlp_viewer.views.qt.open_dialog import (
    choose_model_folder,
    choose_scan_file,
    choose_scan_folder,
)
from medvlp_viewer.views.qt.palette import CommandPalette
from medvlp_viewer.views.qt.panes_area import PanesArea
from medvlp_viewer.views.qt.server.panel import QtServer
from medvlp_viewer.views.qt.settings.panel import SettingsPanel
from medvlp_viewer.views.qt.shortcut_sheet import ShortcutSheet
from medvlp_viewer.views.qt.side_panel import SidePanel
from medvlp_viewer.views.qt.snapshot import png_of
from medvlp_viewer.views.qt.status import StatusBar
from medvlp_viewer.views.qt.study.panel import StudyPanel
from medvlp_viewer.views.qt.turns import Turns
from medvlp_viewer.views.qt.volume.pane import QtVolume
from medvlp_viewer.views.qt.window_box import WindowBox
from medvlp_viewer.views.qt.window_frame import MainWindow, splitter
from medvlp_viewer.views.qt.worklist_dock import QtWorklist
from medvlp_viewer.views.volume import VolumeView
from medvlp_widgets.query.edit import complete_from_lexicon
from medvlp_widgets.translation import translate

PROGRAM = "medvlp viewer"


class QtWindow(WindowView):
    """Qt form of the window; ``widget`` is the QMainWindow."""

    def __init__(self, state: ViewerState) -> None:
        self._state = state
        self._actions: Actions | None = None
        self._sheet: ShortcutSheet | None = None
        self._palette: CommandPalette | None = None
        self._settings: SettingsPanel | None = None
        self._models: ModelPanel | None = None
        self._server: QtServer | None = None
        self._volume: QtVolume | None = None
        self._compare: QtCompare | None = None
        self._pane_keys, self._volume_keys = list[QAction](), list[QAction]()
        self.widget = MainWindow(self.on_dropped, self.closed.emit)
        self.messages = MessageBar()
        self.area = PanesArea()
        self._sides = splitter("sides", Qt.Orientation.Horizontal, (self.area,))
        self._stage = splitter("stage", Qt.Orientation.Vertical, (self._sides,))
        self.side = SidePanel(state.queries, state.overlay)
        self.study = StudyPanel(state.study, state.settings)
        self._keep = QtKeep(self.widget, self.area)
        self.status = StatusBar(state.jobs.progress)
        self.widget.lay_out(self.messages, self.study, self._stage, self.side)
        self.widget.setStatusBar(self.status)
        self._worklist = QtWorklist(state.worklist, self.widget)
        self._connect()
        self.set_title("")
        self.show_panes(())
        self.allow_asking(False, "Open a scan first.")

    def on_dropped(self, paths: list[str], where: QPoint) -> None:
        """Open what was dropped; on the right half of the panes, beside the open scan."""
        place, panes = self._sides.mapFrom(self.widget, where), self._sides.rect()
        beside = panes.contains(place) and place.x() > panes.width() / 2
        if beside and self._state.scan.scan is not None:
            self.dropped_beside.emit(paths)
        else:
            self.paths_dropped.emit(paths)

    def install_commands(self, commands: Sequence[Command]) -> None:
        """Make menus, toolbar, keys and their sheet."""
        scan = self._state.scan
        self.window_box = WindowBox(self._state.display, scan)
        self._actions = Actions(
            commands,
            self.widget,
            self.area.key_widgets,
            lambda: scan.scan is not None,
            Turns(),
            self.window_box,
        )
        self._pane_keys = [self._actions[c.name] for c in commands if c.in_panes]
        self._volume_keys = [self._actions[c.name] for c in commands if c.in_volume]
        self._sheet = ShortcutSheet(commands, self.widget)
        palette = PaletteModel(
            commands, lambda: scan.scan is not None, self.ask, complete_from_lexicon, translate
        )
        self._palette = CommandPalette(palette, self.widget)

    def action(self, name: str) -> QAction:
        """The QAction of a command."""
        assert self._actions is not None
        return self._actions[name]

    @property
    def worklist(self) -> QtWorklist:
        """The dock with the worklist."""
        return self._worklist

    @property
    def keep(self) -> KeepView:
        """Dialogs for files, pictures and layout."""
        return self._keep

    def pane(self, plane: PlaneName) -> PaneView:
        """The pane of a plane."""
        return self.area.panes[plane]

    def show_panes(self, planes: Sequence[PlaneName]) -> None:
        """Lay these panes out."""
        self.area.show_panes(planes)

    def focus_pane(self, plane: PlaneName) -> None:
        """Mark a pane, and give it the keyboard unless the user is busy elsewhere: letters decide."""
        self.area.set_active(plane)
        focused = QApplication.focusWidget() or self.widget.focusWidget()
        elsewhere: list[QWidget] = [self.side, self._worklist.dock]
        if self._compare is not None:
            elsewhere += [self._compare.area, self._compare.panel]
        if focused is None or not is_busy(focused, elsewhere):
            self.area.panes[plane].canvas.setFocus()

    def show_message(self, message: Message | None) -> None:
        """Show a sentence in the message bar."""
        self.messages.show_message(message)

    def show_status(self, status: EngineStatus) -> None:
        """Show what runs where."""
        self.status.show_status(status)

    def show_examples(self, examples: Sequence[str]) -> None:
        """Offer queries to try."""
        self.side.questions.set_examples(examples)

    def allow_asking(self, allowed: bool, reason: str = "") -> None:
        """Let questions be typed, or say why not."""
        self.side.questions.set_asking_enabled(allowed, reason)

    def focus_question(self) -> None:
        """Put the cursor into the question field."""
        self.side.questions.focus_query()

    def ask(self, text: str) -> None:
        """Ask as if the text had been typed."""
        self.side.questions.ask(text)

    def show_organs(self, table: OrganTable | None) -> None:
        """Show the organ table, or none."""
        if table is None:
            self.side.organs.clear()
        else:
            self.side.organs.set_table(table)

    def show_organ_note(self, text: str) -> None:
        """Say why a selected organ cannot be outlined."""
        self.side.organs.set_selection_note(text)

    def volume_view(self) -> VolumeView:
        """The 3D pane, made when it is first asked for."""
        if self._volume is None:
            self._volume = QtVolume()
            self._volume.install(self.action, self._volume_keys)
            self.area.add_volume(self._volume)
        return self._volume

    def show_volume(self, shown: bool, *, alone: bool = False) -> None:
        """Show the 3D pane beside the others, or alone, or hide it."""
        self.area.show_volume(shown, alone=alone)
        if self._volume is not None:
            self._volume.set_ticking(shown)

    def compare_view(self) -> CompareView:
        """The side of a second scan, made when it is first asked for."""
        if self._compare is None:
            self._compare = QtCompare()
            self._compare.install(self.action, self._pane_keys)
            self._sides.addWidget(self._compare.area)
            self._stage.addWidget(self._compare.panel)
        return self._compare

    def show_compare(self, shown: bool) -> None:
        """Show that side beside the panes, or hide it."""
        if self._compare is not None:
            self._compare.area.setVisible(shown)
            self._compare.panel.setVisible(shown)
            self._compare.set_ticking(shown)
            self._sides.setSizes([1, 1])
            self._stage.setSizes([self._stage.height(), 1])

    def measure_view(self) -> MeasureView:
        """The panel with measurements and histogram."""
        return self.side.measure

    def show_slice_in_profile(self, index: int) -> None:
        """Mark the slice on screen."""
        self.side.organs.set_current_slice(index)

    def show_shortcuts(self) -> None:
        """Show the sheet of keys."""
        if self._sheet is not None:
            self._sheet.show()
            self._sheet.raise_()

    def show_palette(self) -> None:
        """Show the command palette."""
        if self._palette is not None:
            self._palette.open()

    def show_settings(self) -> None:
        """Show the settings panel, made when first asked for."""
        if self._settings is None:
            self._settings = SettingsPanel(self._state.settings, self.widget)
            self._settings.chosen.connect(self.setting_chosen.emit)
            self._settings.defaults_requested.connect(self.defaults_requested.emit)
            self._settings.cache_clear_requested.connect(self.cache_clear_requested.emit)
        self._settings.show()
        self._settings.raise_()

    def show_models(self) -> None:
        """Show the model picker, made when first asked for."""
        if self._models is None:
            self._models = ModelPanel(self._state.picker, self.action, self.widget)
        self._models.show()
        self._models.raise_()

    def server_view(self) -> QtServer:
        """The panel of a server, made when it is first asked for."""
        if self._server is None:
            self._server = QtServer(self._state.server, self.widget)
        return self._server

    def set_appearance(self, theme: ThemeChoice, language: LanguageChoice) -> None:
        """Use these colours and this language."""
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        appearance_of(application).use(theme, language)

    def refresh_commands(self) -> None:
        """Bring check marks and enabled states up to date."""
        if self._actions is not None:
            self._actions.refresh()

    def set_title(self, scan: str) -> None:
        """Name the scan in the title."""
        self.widget.setWindowTitle(f"{scan} \N{EM DASH} {PROGRAM}" if scan else PROGRAM)

    def choose_file(self) -> str | None:
        """Ask for a file to open."""
        return choose_scan_file(self.widget)

    def choose_folder(self) -> str | None:
        """Ask for a folder to open."""
        return choose_scan_folder(self.widget)

    def choose_model_folder(self) -> str | None:
        """Ask for a folder with a model."""
        return choose_model_folder(self._models or self.widget)

    def picture(self) -> bytes:
        """The window as it is on screen, as PNG."""
        return png_of(self.widget.grab().toImage())

    def show(self) -> None:
        """Put the window on the screen."""
        self.widget.show()

    def close(self) -> None:
        """Close the window."""
        self.widget.close()

    def _connect(self) -> None:
        questions, organs = self.side.questions, self.side.organs
        for panel, names in (
            (questions, ("asked", "removed", "next_peak", "previous_peak")),
            (organs, ("score_requested", "organ_selected", "organ_activated", "slice_chosen")),
        ):
            for name in names:
                getattr(panel, name).connect(getattr(self, name).emit)
        self.status.cancelled.connect(self.cancel_requested.emit)
        self.area.empty.sample_asked.connect(self.sample_asked.emit)
        self.area.empty.command_wanted.connect(lambda name: self.action(name).trigger())
        self.study.series_chosen.connect(self.series_chosen.emit)
        self.study.source_chosen.connect(self.source_chosen.emit)
        choose = self.setting_chosen.emit
        self.study.names_switched.connect(lambda shown: choose("show_patient_names", shown))
