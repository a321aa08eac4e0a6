"""Downloads or imports a model in a process of its own: the scan on screen goes on answering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from psygnal import Signal

from medvlp.errors import LicenceError
from medvlp.worker.messages import JobKind
from medvlp_viewer.controllers.ports import WorkerEvent, WorkerPort
from medvlp_viewer.models.background import Background
from medvlp_viewer.models.model_picker import Download, PickerModel
from medvlp_viewer.views.base import Message, MessageAction, WindowView


class ModelDownload:
    """One model at a time.

    Parameters
    ----------
    picker
        Its selected offer is downloaded; it shows the progress.
    make_worker
        Makes the process; None: nothing can be downloaded or imported.

    Events
    ------
    finished()
        A download or an import ended, well or not.
    """

    finished = Signal()

    def __init__(
        self,
        picker: PickerModel,
        window: WindowView,
        background: Background,
        make_worker: Callable[[], WorkerPort] | None,
    ) -> None:
        self._picker, self._window = picker, window
        self._background, self._make_worker = background, make_worker
        self._worker: WorkerPort | None = None
        self._request = 0

    @property
    def possible(self) -> bool:
        """Whether the selected model can be downloaded now."""
        offer = self._picker.offer
        wanted = offer is not None and offer.status == "can-be-pulled"
        return wanted and self._worker is None and self._make_worker is not None

    @property
    def can_import(self) -> bool:
        """Whether a model can be imported now."""
        return self._worker is None and self._make_worker is not None

    @property
    def running(self) -> bool:
        """Whether a model is being downloaded or imported."""
        return self._worker is not None

    def begin(self) -> None:
        """Accept the licence of the selected model, which is on screen, and download it."""
        offer = self._picker.offer
        if offer is not None:
            self._run("pull_model", offer.key, repository=offer.key, accept_licence=True)

    def import_folder(self) -> None:
        """Ask for a folder and add the model in it."""
        folder = self._window.choose_model_folder()
        if folder:
            self._import(folder, accept_licence=False)

    def _import(self, folder: str, *, accept_licence: bool) -> None:
        self._run("import_model", folder, folder=Path(folder), accept_licence=accept_licence)

    def _run(self, kind: JobKind, key: str, **arguments: Any) -> None:
        if self._make_worker is None or self._worker is not None:
            return
        self._worker = self._make_worker()
        self._worker.start()
        self._request = self._worker.submit(kind, **arguments)
        self._picker.set_download(Download(key, imported=kind == "import_model"))

    def cancel(self) -> None:
        """Stop; what has arrived is kept, and the next download goes on there."""
        if self._worker is not None:
            self._worker.cancel(self._request)

    def poll(self) -> None:
        """See what the process has done."""
        for event in self._worker.poll() if self._worker is not None else ():
            if event.kind == "progress" and self._picker.download is not None:
                now = replace(self._picker.download, words=event.message, fraction=event.fraction)
                self._picker.set_download(now)
            elif event.kind != "progress":
                self._end(event)
                return

    def shut_down(self) -> None:
        """End the process, as when the window closes."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None

    def _end(self, event: WorkerEvent) -> None:
        if self._worker is not None:
            self._background(self._worker.close)
            self._worker = None
        ended = self._picker.download
        folder = ended.key if ended is not None and ended.imported else ""
        self._picker.set_download(None)
        if event.kind == "result":
            self._picker.selected = event.value
            text = f"{event.value} was downloaded and checked."
            if folder:
                text = f"{event.value} was added and checked."
            show = MessageAction("Show models", self._window.show_models)
            self._window.show_message(Message("info", text, action=show))
        elif event.kind == "cancelled":
            text = "The download was stopped. The next one goes on where it was."
            if folder:
                text = "The import was stopped. Nothing was added."
            self._window.show_message(Message("info", text))
        elif folder and isinstance(event.value, LicenceError):
            accept = MessageAction(
                "Accept and add it", lambda: self._import(folder, accept_licence=True)
            )
            self._window.show_message(Message("warning", event.message, action=accept))
        else:
            self._window.show_message(Message("error", event.message))
        self.finished.emit()
