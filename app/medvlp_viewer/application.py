"""Puts models, window, controllers and the inference process together."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from medvlp.worker import Worker
from medvlp_viewer.controllers.system import System
from medvlp_viewer.controllers.viewer import ViewerController
from medvlp_viewer.memory import available_bytes, memory_text, used_bytes
from medvlp_viewer.models.recent import default_path as recent_path
from medvlp_viewer.models.settings import Settings, SettingsModel
from medvlp_viewer.models.settings_file import SettingsFile
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.platform import DESKTOP_ID, font_warning
from medvlp_viewer.uncaught import catch_errors
from medvlp_viewer.views.base import Message
from medvlp_viewer.views.qt.theme import DARK, apply_theme
from medvlp_viewer.views.qt.turns import Threads, Turns
from medvlp_viewer.views.qt.watchdog import VARIABLE, WatchedApplication
from medvlp_viewer.views.qt.window import PROGRAM, QtWindow

POLL_MILLISECONDS = 25
STATUS_MILLISECONDS = 2000
BUILT_IN = "built-in"


@dataclass(frozen=True)
class Viewer:
    """A window with everything behind it. Keep a reference while it is on screen."""

    application: QApplication
    state: ViewerState
    window: QtWindow
    controller: ViewerController
    worker: Worker
    timers: tuple[QTimer, ...]
    threads: Threads

    def close(self) -> None:
        """Close the window and end the inference process."""
        for timer in self.timers:
            timer.stop()
        self.window.close()
        self.controller.triage.shut_down()
        self.controller.session.close()
        self.threads.finish()


def make_application() -> QApplication:
    """The QApplication with the project's name and theme; made once per process."""
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else _new_application()
    qInstallMessageHandler(_say)
    application.setApplicationName("medvlp-viewer")
    application.setApplicationDisplayName(PROGRAM)
    application.setDesktopFileName(DESKTOP_ID)
    apply_theme(application, DARK)
    return application


def _new_application() -> QApplication:
    """Watched for slow handlers where the environment says above how many milliseconds."""
    arguments, limit = ["medvlp-viewer"], os.environ.get(VARIABLE, "")
    try:
        return WatchedApplication(arguments, float(limit)) if limit else QApplication(arguments)
    except ValueError:
        sys.stderr.write(f"{VARIABLE} is {limit!r}; expected milliseconds, such as 50.\n")
        return QApplication(arguments)


def make_viewer(
    worker: Worker,
    settings: Settings | None = None,
    system: System | None = None,
    message: Message | None = None,
) -> Viewer:
    """A window that is not yet shown, and its polling timer, which runs.

    Parameters
    ----------
    worker
        The inference process; started here.
    settings
        By default the built-in ones.
    system
        By default nothing is written: for pictures and tests.
    message
        Said as the program starts.
    """
    application = make_application()
    state = ViewerState(settings=SettingsModel(settings))
    threads = Threads()
    state.scan.background = state.heats.background = threads.run
    window = QtWindow(state)
    controller = ViewerController(
        state,
        window,
        worker,
        memory=lambda: memory_text(os.getpid(), worker.process_id),
        later=Turns(),
        system=replace(system or System(), background=threads.run),
        make_scorer=worker.background,
        second=worker.another,
        used_memory=lambda: used_bytes(worker.process_id),
    )
    window.install_commands(controller.commands)
    controller.settings.start()
    controller.models.start(worker.model)
    state.jobs.set_engine(Path(worker.model or BUILT_IN).name, "")
    if message is not None:
        controller.status.say_at_start(message)
    warning = font_warning()
    if warning:
        window.show_message(Message("warning", warning))
    worker.start()
    QTimer.singleShot(0, lambda: threads.run(_warm_up, lambda nothing: None))
    timers = (
        _timer(POLL_MILLISECONDS, controller.session.poll),
        _timer(POLL_MILLISECONDS, controller.triage.poll),
        _timer(POLL_MILLISECONDS, controller.models.download.poll),
        _timer(POLL_MILLISECONDS, controller.server.poll),
        _timer(POLL_MILLISECONDS, controller.writer.poll),
        _timer(STATUS_MILLISECONDS, controller.status.refresh),
    )
    return Viewer(application, state, window, controller, worker, timers, threads)


def _warm_up() -> None:
    """What the first scan, answer and key in the question field would otherwise wait for."""
    from medvlp.grounding.lexicon import load_lexicon
    from medvlp.io.samples import available_samples

    available_samples()
    load_lexicon()
    import scipy.ndimage  # noqa: F401


def user_system(settings_file: SettingsFile) -> System:
    """Files of the user and memory of this computer."""
    from platformdirs import user_data_path, user_log_path

    return System(
        settings_file,
        user_log_path("medvlp", appauthor=False),
        recent_file=recent_path(),
        available_memory=available_bytes,
        server_folder=user_data_path("medvlp", appauthor=False) / "studies",
    )


def run(
    viewer: Viewer,
    path: str,
    queries: Sequence[str],
    worklist: bool = False,
    others: Sequence[str] = (),
) -> int:
    """Show the window until it is closed."""
    signal.signal(signal.SIGINT, lambda *_: viewer.window.close())
    catch_errors(viewer.controller.trouble.on_error, viewer.threads.run)
    viewer.window.show()
    # What the program itself consists of lives until its end. Looking for garbage among it would
    # take some 50 ms now and then, in the midst of any handler.
    gc.freeze()
    start(viewer, path, queries, worklist, others)
    status = viewer.application.exec()
    viewer.close()
    return status


def start(
    viewer: Viewer,
    path: str,
    queries: Sequence[str],
    worklist: bool = False,
    others: Sequence[str] = (),
) -> None:
    """Open a scan and ask; the questions wait until it is encoded.

    With ``worklist`` the path is one, and the first question is what it is ordered by. ``others``
    are paths that are listed beside the first one.
    """
    for text in queries:
        viewer.window.ask(text)
    if worklist:
        viewer.controller.triage.open(path, queries[0] if queries else "")
    else:
        viewer.controller.studies.open([path, *others])


def _say(kind: QtMsgType, context: object, text: str) -> None:
    """Qt's messages go to stderr, but for one that the offscreen platform repeats for nothing."""
    if "propagateSizeHints" not in text:
        sys.stderr.write(f"{text}\n")


def _timer(milliseconds: int, run_this: object) -> QTimer:
    timer = QTimer()
    timer.setInterval(milliseconds)
    timer.timeout.connect(run_this)
    timer.start()
    return timer
