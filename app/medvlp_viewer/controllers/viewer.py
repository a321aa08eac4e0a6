"""The controller of one window: owns the others, does what spans several of them."""

from __future__ import annotations

from collections.abc import Callable

from medvlp_viewer.controllers.actions import build_commands
from medvlp_viewer.controllers.compare import CompareController
from medvlp_viewer.controllers.compare_models import CompareModelsController
from medvlp_viewer.controllers.compare_opening import CompareOpening
from medvlp_viewer.controllers.file_writer import FileWriter
from medvlp_viewer.controllers.keep import KeepController
from medvlp_viewer.controllers.keep_dicom import KeepDicomController
from medvlp_viewer.controllers.measure_panel import MeasurePanelController
from medvlp_viewer.controllers.measuring import MeasuringController
from medvlp_viewer.controllers.models import ModelsController
from medvlp_viewer.controllers.organ_masks import OrganMasksController
from medvlp_viewer.controllers.organs import OrgansController
from medvlp_viewer.controllers.pane import Later, run_now
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.controllers.ports import WorkerPort
from medvlp_viewer.controllers.questions import QuestionsController
from medvlp_viewer.controllers.server import ServerController
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.controllers.session_file import SessionFileController
from medvlp_viewer.controllers.settings import SettingsController
from medvlp_viewer.controllers.status import StatusController
from medvlp_viewer.controllers.study import StudyController
from medvlp_viewer.controllers.system import System
from medvlp_viewer.controllers.triage import TriageController
from medvlp_viewer.controllers.trouble import TroubleController
from medvlp_viewer.controllers.turns import OncePerTurn
from medvlp_viewer.controllers.undo import UndoController
from medvlp_viewer.controllers.volume import VolumeController
from medvlp_viewer.models.recent import RecentModel
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import WindowView


class ViewerController:
    """Everything behind one window.

    Parameters
    ----------
    state
        Its models.
    window
        Its view.
    worker
        Its inference process, started by the caller.
    memory
        Text about the memory in use.
    later
        Runs a function once the present event was handled.
    system
        Files, memory and threads; by default nothing is written or measured.
    make_scorer
        Makes a process that yields to the first one, for worklists and downloads; without it there
        are none.
    second
        Makes the process for a second scan; without it there is no comparing.
    used_memory
        Bytes in use by the inference process; None where that is not known.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        worker: WorkerPort,
        memory: Callable[[], str] = lambda: "",
        later: Later = run_now,
        system: System | None = None,
        make_scorer: Callable[[], WorkerPort] | None = None,
        second: Callable[[], WorkerPort] | None = None,
        used_memory: Callable[[], int | None] = lambda: None,
    ) -> None:
        self.state = state
        self.window = window
        self.session = SessionController(state, worker)
        self.panes = PanesController(state, window, later)
        self.measuring = MeasuringController(state, self.panes)
        self.measure_panel = MeasurePanelController(
            state, self.panes, self.measuring, window.measure_view(), later
        )
        self.undo = UndoController(state, window, self.session)  # before the answers are forgotten
        self.questions = QuestionsController(state, window, self.session)
        self.organs = OrgansController(state, window, self.session)
        self.organ_masks = OrganMasksController(state, window, self.session, worker)
        self.status = StatusController(state, window, self.session, memory)
        system = system or System()
        recent = RecentModel(system.recent_file, system.background)
        self.studies = StudyController(state, window, self.session, worker, recent)
        self.studies.taken_by = self.organ_masks.take
        self.server = ServerController(state, window, self.studies.open, system)
        self.writer = writer = FileWriter(state, window)
        self.keep = KeepController(state, window, self.session, self.panes, writer)
        self.keep_dicom = KeepDicomController(state, window, self.session, self.keep, writer)
        self.session.available_memory = system.available_memory
        self.settings = SettingsController(state, window, system)
        self.trouble = TroubleController(state, window, self.session, system)
        self.triage = TriageController(
            state, window, self.session, make_scorer, writer, system.background
        )
        self._make_sides(system, make_scorer, second, used_memory, later)
        self.session_files = SessionFileController(
            state,
            window,
            self.session,
            self.panes,
            self.questions,
            self.studies,
            writer,
            self.volume,
            self.compare,
        )
        self.commands = build_commands(self)
        self._connect(later)

    def _make_sides(
        self,
        system: System,
        make_scorer: Callable[[], WorkerPort] | None,
        second: Callable[[], WorkerPort] | None,
        used_memory: Callable[[], int | None],
        later: Later,
    ) -> None:
        """The 3D pane, the second side, and the models that answer."""
        state, window = self.state, self.window
        self.volume = VolumeController(state, window, later, background=system.background)
        self.compare = CompareController(
            state, window, self.panes, second, system, used_memory, later
        )
        self.compare_opening = CompareOpening(window, self.compare)
        followers = (self.compare.follow_model,)
        self.models = ModelsController(
            state,
            window,
            self.session,
            system,
            followers,
            make_scorer,
            self.questions.keep_place,
        )
        self.compare_models = CompareModelsController(
            state, self.session, self.compare, self.models
        )

    def _connect(self, later: Later) -> None:
        """What the window asks for, and what the check marks of the commands depend on."""
        state, window = self.state, self.window
        window.closed.connect(self.session.close)
        window.sample_asked.connect(self._ask_sample)
        window.closed.connect(self.triage.shut_down)
        refresh = OncePerTurn(later, window.refresh_commands)
        for signal in (
            state.overlay.changed,
            state.crosshair.visibility_changed,
            state.display.options_changed,
            state.display.window_changed,
            state.measurements.changed,
            state.measurements.tool_changed,
        ):
            signal.connect(refresh)

    @property
    def active_area(self) -> PanesController | VolumeController:
        """What zoom, reset and maximise act on: the slices, or the 3D pane if it has the keyboard."""
        return self.volume if self.volume.active else self.focused_panes

    @property
    def focused_panes(self) -> PanesController:
        """The slices that the keys act on: of the first scan, or of the second beside it."""
        compare = self.compare
        return compare.panes if compare.focused and compare.panes is not None else self.panes

    def open(self, path: str) -> None:
        """Open a file or folder."""
        self.studies.open([path])

    def open_file(self) -> None:
        """Ask for a file and open it."""
        path = self.window.choose_file()
        if path:
            self.open(path)

    def open_folder(self) -> None:
        """Ask for a folder and open it."""
        path = self.window.choose_folder()
        if path:
            self.open(path)

    def open_sample(self) -> None:
        """Open the simulated CT that comes with the package."""
        self.studies.open_sample()

    def _ask_sample(self, text: str) -> None:
        self.open_sample()
        self.window.ask(text)

    def toggle_heat(self) -> None:
        """Draw the heat, or the scan alone."""
        self.state.overlay.visible = not self.state.overlay.visible

    def invert_drag(self) -> None:
        """Turn the direction of the window drag around."""
        brightens = self.state.settings.value.drag_down_brightens
        self.settings.choose("drag_down_brightens", not brightens)
