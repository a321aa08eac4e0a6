"""Writing a file that the user named: made and written beside the event loop."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from medvlp.crash_report import traceback_text
from medvlp.errors import Cancelled, MedVLPError
from medvlp.progress import Progress
from medvlp.store.atomic import write_bytes_atomically
from medvlp_viewer.models.background import FILES
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.task import Task
from medvlp_viewer.views.base import Message, WindowView

_log = logging.getLogger(__name__)

Make = Callable[[Progress], bytes]

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
        self._tasks: dict[int, Task] = {}
        window.cancel_requested.connect(self.cancel)

    def write(self, target: str, make: Callable[[], bytes], what: str, saved: str = "") -> None:
        """Make a content in one go and write it; see :meth:`write_in_steps`.

        For pictures, tables and sessions: they have no steps, and take some hundredths of a second.
        The job is shown meanwhile, and can be given up before the file is written.
        """
        self.write_in_steps(target, lambda progress: make(), what, saved)

    def write_in_steps(self, target: str, make: Make, what: str, saved: str = "") -> None:
        """Make a content and write it, whole or not at all.

        Parameters
        ----------
        target
            Path of the file.
        make
            Makes the content in another thread, from values that nothing changes any more. What it
            is given takes its progress, and raises :class:`medvlp.Cancelled` to stop it.
        what
            What it is, as the first word of a sentence.
        saved
            Said when it is written; by default that ``what`` was saved.
        """
        number, self._number = self._number, self._number - 1
        task = self._tasks[number] = Task()
        self._state.jobs.start(number, "save", f"Saving {Path(target).name}")

        def work() -> Message:
            return _written(target, make, task, what, saved)

        def done(message: Message) -> None:
            del self._tasks[number]
            self._state.jobs.end(number)
            self._window.show_message(message)

        self._state.scan.background(work, done, FILES)

    def cancel(self) -> None:
        """Give up the file whose progress is shown, if one is; what stood there stays."""
        task = self._tasks.get(self._state.jobs.shown or 0)
        if task is not None:
            task.give_up()

    def poll(self) -> None:
        """See how far the file is whose progress is shown."""
        number = self._state.jobs.shown
        task = self._tasks.get(number or 0)
        if number is not None and task is not None and task.fraction > 0:
            self._state.jobs.advance(number, task.fraction, task.words)


def _written(target: str, make: Make, task: Task, what: str, saved: str) -> Message:
    """Make and write; what to say about it."""
    try:
        content = make(task.progress)
        task.check()
        write_bytes_atomically(Path(target), content)
    except OSError as error:
        text = f"{target} could not be written: {error.strerror}. Name another place."
    except Cancelled:
        return Message("info", "Saving was stopped: nothing was written.")
    except MedVLPError as error:
        text = str(error)
    except Exception as error:  # the job must end, and the user must know
        _log.error("Saving failed:\n%s", traceback_text(error))
        text = f"{what} was not saved: unexpected {type(error).__name__}."
    else:
        return Message("info", saved or f"{what} saved: {target}")
    return Message("error", text)
