"""Writing a file that the user named: made and written beside the event loop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from medvlp.crash_report import traceback_text
from medvlp.errors import MedVLPError
from medvlp.store.atomic import write_bytes_atomically
from medvlp_viewer.models.background import FILES
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import Message, WindowView

_log = logging.getLogger(__name__)

# Requests of the process are numbered from 1.
_FIRST_NUMBER = -1


class FileWriter:
    """Writes one file after another, shows each as a job, and says where it is.

    Parameters
    ----------
    state
        Its jobs, and what runs beside the event loop.
    window
        Shows the messages.
    """

    def __init__(self, state: ViewerState, window: WindowView) -> None:
        self._state, self._window = state, window
        self._number = _FIRST_NUMBER

    def write(self, target: str, make: Callable[[], bytes], what: str, saved: str = "") -> None:
        """Make a content and write it, whole or not at all.

        Parameters
        ----------
        target
            Path of the file.
        make
            Makes the content in another thread, from values that nothing changes any more.
        what
            What it is, as the first word of a sentence.
        saved
            Said when it is written; by default that ``what`` was saved.
        """
        number, self._number = self._number, self._number - 1
        self._state.jobs.start(number, "save", f"Saving {Path(target).name}")

        def work() -> str:
            try:
                write_bytes_atomically(Path(target), make())
            except OSError as error:
                return f"{target} could not be written: {error.strerror}. Name another place."
            except MedVLPError as error:
                return str(error)
            except Exception as error:  # the job must end, and the user must know
                _log.error("Saving failed:\n%s", traceback_text(error))
                return f"{what} was not saved: unexpected {type(error).__name__}."
            return ""

        def done(problem: str) -> None:
            self._state.jobs.end(number)
            if problem:
                self._window.show_message(Message("error", problem))
            else:
                self._window.show_message(Message("info", saved or f"{what} saved: {target}"))

        self._state.scan.background(work, done, FILES)
