"""Opening: by drop, dialog, recent list or click in the study browser; and what is listed there."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from psygnal import Signal

from medvlp.io.survey import Survey, SurveyedSeries, survey_of_file, with_scan
from medvlp.scan import Scan
from medvlp_viewer.controllers.ports import WorkerEvent, WorkerPort
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.recent import RecentModel
from medvlp_viewer.models.session_file import SUFFIX
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.study import Origin, without_patients
from medvlp_viewer.views.base import Message, WindowView

SAMPLE = "effusion-ct"
_TITLE = "Listing what there is"
_HINT = (
    "This simulated CT comes with the program. Press one of the example questions on the right, "
    "or drop a scan of your own on the window."
)
# One scan for certain: reading it tells everything that a survey would.
_SINGLE = (".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".png", ".jpg", ".jpeg", ".tif")


class StudyController:
    """Opens paths and fills the study browser.

    The survey runs after the scan was read and before it is encoded, in the same process; files
    that are one scan for certain are listed from the scan itself.

    Events
    ------
    session_dropped(str)
        Path of a session file that was dropped or opened like a scan.
    """

    session_dropped = Signal(str)

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        session: SessionController,
        worker: WorkerPort,
        recent: RecentModel,
    ) -> None:
        self._state = state
        self._window = window
        self._session = session
        self._worker = worker
        self.recent = recent
        self.taken_by: Callable[[list[str]], bool] = lambda paths: False
        self._surveys: dict[int, tuple[str, ...]] = {}
        window.paths_dropped.connect(self.drop)
        window.series_chosen.connect(self.choose)
        window.source_chosen.connect(self.open)
        session.opened.connect(self._on_opened)
        session.not_opened.connect(self._on_not_opened)
        session.unclaimed.connect(self._on_event)
        state.settings.changed.connect(self._on_settings)
        recent.changed.connect(window.refresh_commands)
        state.study.changed.connect(window.refresh_commands)

    def drop(self, paths: Sequence[str]) -> None:
        """Open what was dropped, unless somebody else takes it."""
        if not self.taken_by(list(paths)):
            self.open(paths)

    def open(
        self, paths: Sequence[str], series: str | int | None = None, scan_id: str | None = None
    ) -> None:
        """Open the first of some paths and list all of them; DICOM files count as one.

        A session file is handed on. With ``scan_id`` any other scan than that one is refused.
        """
        if paths[0].lower().endswith(SUFFIX):
            self.session_dropped.emit(paths[0])
            return
        known = any(s.paths == tuple(paths) and s.survey for s in self._state.study.sources)
        self._state.study.expect(paths)
        self._session.open(read_together(paths), series, scan_id)
        if not _is_single(paths) and not (known and series is not None):
            self._survey(tuple(paths))

    def choose(self, entry: SurveyedSeries) -> None:
        """Open a series of the list."""
        if not entry.info.usable:
            text = f"{entry.label or 'This series'} cannot be opened: it is {entry.info.reason}."
            self._window.show_message(Message("warning", text))
            return
        # On some desktops a click arrives twice: as such, and as an activation.
        if self._session.opening != Origin(entry.source, entry.series):
            self._session.open(entry.source, entry.series)

    def open_sample(self) -> None:
        """Open the simulated CT that comes with the package."""
        from medvlp.io.samples import get_sample

        self.open([str(get_sample(SAMPLE))])

    def open_recent(self, number: int) -> None:
        """Open an entry of the recent list."""
        self.open(self.recent.sources[number])

    def _survey(self, paths: tuple[str, ...]) -> None:
        names = self._state.settings.value.show_patient_names
        request = self._worker.submit("survey", paths=list(paths), identifiers=names)
        self._surveys[request] = paths
        self._state.jobs.start(request, "survey", _TITLE)

    def _on_opened(self, scan: Scan) -> None:
        state, origin = self._state, self._session.origin
        if origin is None:
            return
        state.study.set_opened(origin, scan)
        self._complete_listing(origin, scan)
        if _is_sample(origin):
            if not len(state.queries):
                self._window.show_message(Message("info", _HINT))
        elif state.settings.value.remember_recent:
            self.recent.add(origin.source)

    def _complete_listing(self, origin: Origin, scan: Scan) -> None:
        """What was listed by its name only is known now; pictures are made off the event loop."""
        study, background = self._state.study, self._state.scan.background
        for source in study.sources:
            listed = source.survey
            if listed is None and source.paths == origin.source and _is_single(source.paths):
                background(partial(survey_of_file, source.paths[0], scan), self._put)
            elif listed is not None:
                for entry in listed.series:
                    same = entry.source == origin.source and entry.series == origin.series
                    if same and entry.thumbnail is None:
                        background(
                            partial(with_scan, entry, scan),
                            partial(study.complete, source.paths),
                        )

    def _put(self, survey: Survey) -> None:
        """What was read before the switch was turned off, or the source forgotten, comes late."""
        if not self._state.settings.value.show_patient_names:
            survey = without_patients(survey)
        self._state.study.put(survey)

    def _on_not_opened(self, origin: Origin) -> None:
        """A file that was to be listed from its scan has none; what is gone is no longer recent."""
        if not os.path.exists(origin.source[0]):
            self.recent.remove(origin.source)
        if _is_single(origin.source):
            for source in self._state.study.sources:
                if source.paths == origin.source and source.survey is None:
                    name = Path(origin.source[0]).name
                    problem = "It was not opened. Press Enter to try again."
                    self._state.study.put(Survey(origin.source, name, problem=problem))

    def _on_event(self, event: WorkerEvent) -> None:
        if event.request not in self._surveys:
            return
        if event.kind == "progress":
            if isinstance(event.value, Survey):
                self._put(event.value)
            else:
                self._state.jobs.advance(event.request, event.fraction, event.message)
            return
        del self._surveys[event.request]
        self._state.jobs.end(event.request)
        if event.kind != "result" and not self._surveys:
            reason = "cancelled" if event.kind == "cancelled" else event.message
            self._state.study.give_up(f"Not looked through: {reason}")

    def _on_settings(self, names: frozenset[str]) -> None:
        """Names of patients come and go with the switch: headers are read anew."""
        if "show_patient_names" in names:
            if not self._state.settings.value.show_patient_names:
                self._state.study.forget_patients()
            for source in self._state.study.sources:
                if source.survey is not None and not _is_single(source.paths):
                    self._survey(source.paths)
        if "remember_recent" in names and not self._state.settings.value.remember_recent:
            self.recent.clear()


def _is_single(paths: Sequence[str]) -> bool:
    return len(paths) == 1 and paths[0].lower().endswith(_SINGLE)


def read_together(paths: Sequence[str]) -> Sequence[str]:
    """Loose files may be the slices of one series; a folder or zip in front stands alone."""
    first = paths[0].lower()
    alone = os.path.isdir(paths[0]) or first.endswith((*_SINGLE, ".zip"))
    return paths[:1] if alone else paths


def _is_sample(origin: Origin) -> bool:
    from medvlp.io.samples import available_samples

    samples = {str(sample.path) for sample in available_samples()}
    return origin.source[0] in samples
