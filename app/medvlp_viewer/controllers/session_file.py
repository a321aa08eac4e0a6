"""Saving how a scan is looked at, and putting exactly that view back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from medvlp.scan import Scan
from medvlp.worker import EncodingFacts
from medvlp_viewer.controllers.compare import CompareController
from medvlp_viewer.controllers.file_writer import FileWriter
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.controllers.questions import QuestionsController
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.controllers.session_capture import (
    compare_part,
    measurement_parts,
    pane_parts,
    query_part,
    vector,
    volume_part,
    window_part,
)
from medvlp_viewer.controllers.session_sides import SecondSide, restore_volume
from medvlp_viewer.controllers.study import StudyController
from medvlp_viewer.controllers.volume import VolumeController
from medvlp_viewer.models.session_file import (
    SCHEMA,
    SUFFIX,
    SessionError,
    ViewerSession,
    found_origin,
    read_session,
    relative_paths,
    session_bytes,
)
from medvlp_viewer.models.session_parts import (
    CrosshairPart,
    LayoutPart,
    ModelPart,
    OverlayPart,
    QueryPart,
    ScanPart,
)
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.study import Origin
from medvlp_viewer.models.window import Window
from medvlp_viewer.views.base import Message, WindowView
from medvlp_viewer.views.keep import FileKind
from medvlp_viewer.views.pane import Viewpoint
from medvlp_widgets.colour.hues import Hue
from medvlp_widgets.models.queries import QueryRow, query_key

KIND = FileKind("Session of the viewer", SUFFIX)


@dataclass(frozen=True)
class _Pending:
    """A session whose scan is being read."""

    origin: Origin
    session: ViewerSession
    file: Path


class SessionFileController:
    """Writes and reads session files.

    A session is restored in three steps, as its scan becomes known: the view and the queries once
    the scan was read, the outline once it was encoded, the heat as the answers come, which then
    neither select a row nor move the crosshair.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        session: SessionController,
        panes: PanesController,
        questions: QuestionsController,
        studies: StudyController,
        writer: FileWriter,
        volume: VolumeController,
        compare: CompareController,
    ) -> None:
        self._state = state
        self._window = window
        self._session = session
        self._panes = panes
        self._questions = questions
        self._studies = studies
        self._writer = writer
        self._volume, self._compare = volume, compare
        self._second = SecondSide(compare, window)
        self._pending: _Pending | None = None
        self._not_opened: _Pending | None = None
        self._outline: tuple[str, ModelPart | None] | None = None
        self._model: ModelPart | None = None
        session.opened.connect(self._on_opened)
        session.not_opened.connect(self._on_not_opened)
        session.insisted.connect(self._on_insisted)
        session.encoded.connect(self._on_encoded)
        studies.session_dropped.connect(self.open)

    def save(self) -> None:
        """Ask for a name and write the session there."""
        scan, origin = self._state.scan.scan, self._session.origin
        if scan is None or origin is None:
            return
        target = self._window.keep.choose_target("Save session", f"session{SUFFIX}", KIND)
        if not target:
            return
        content = session_bytes(self.captured(scan, origin, Path(target).parent))

        self._writer.write(target, lambda: content, "Session")

    def choose(self) -> None:
        """Ask for a session file and open it."""
        path = self._window.keep.choose_source("Open session", KIND)
        if path:
            self.open(path)

    def open(self, path: str) -> None:
        """Read a session file and the scan it is about; if that fails, all stays as it is."""
        file = Path(os.path.abspath(path))
        try:
            session = read_session(file)
            origin = found_origin(session.scan, file)
        except SessionError as error:
            self._window.show_message(Message("error", str(error)))
            return
        self._studies.open(origin.source, origin.series, session.scan.scan_id)
        self._pending = _Pending(origin, session, file)

    def captured(self, scan: Scan, origin: Origin, folder: Path) -> ViewerSession:
        """The session of what is on screen; paths as seen from ``folder``."""
        state, overlay, chosen = self._state, self._state.overlay, self._state.measurements.chosen
        return ViewerSession(
            schema=SCHEMA,
            scan=ScanPart(
                paths=relative_paths(origin.source, folder),
                series=origin.series,
                scan_id=scan.scan_id,
            ),
            model=self._model,
            window=window_part(state.display.window),
            interpolate=state.display.smooth,
            annotations=state.display.annotations,
            crosshair=CrosshairPart(
                position=vector(state.crosshair.world), visible=state.crosshair.visible
            ),
            panes=pane_parts(self._panes, state.scan.frames),
            layout=LayoutPart(
                active=self._panes.active,
                maximised=self._panes.maximised,
                study_shown=state.study.shown,
                sizes=self._window.keep.layout(),
            ),
            queries=tuple(query_part(row) for row in state.queries),
            selected=state.queries.selected,
            overlay=OverlayPart(
                opacity=overlay.opacity,
                threshold=overlay.threshold,
                colour_map=overlay.colour_map,
                visible=overlay.visible,
            ),
            outlined_organ=state.outline.chosen,
            measurements=measurement_parts(state.measurements),
            chosen_measurement=chosen.number if chosen is not None else 0,
            volume=volume_part(self._volume),
            compare=compare_part(self._compare, folder),
        )

    def _on_opened(self, scan: Scan) -> None:
        self._model = self._outline = None
        if self._pending is not None and self._session.origin == self._pending.origin:
            session = self._pending.session
            self._restore_queries(session)
            device = self._state.settings.value.device
            self._second.restore(session.compare, self._pending.file, device)
            restore_volume(self._volume, session.volume)
            self._restore_view(session)
            self._outline = session.outlined_organ, session.model
        self._pending = None

    def _on_not_opened(self, origin: Origin) -> None:
        if self._pending is not None and origin == self._pending.origin:
            self._pending, self._not_opened = None, self._pending
        elif self._not_opened is not None and origin == self._not_opened.origin:
            self._not_opened = None

    def _on_insisted(self, origin: Origin) -> None:
        """The scan was too large, and is opened anyway: its session still holds."""
        if self._not_opened is not None and origin == self._not_opened.origin:
            self._pending, self._not_opened = self._not_opened, None

    def _on_encoded(self, facts: EncodingFacts) -> None:
        self._model = ModelPart(name=facts.model.name, sha256=facts.model.sha256)
        if self._outline is None:
            return
        organ, model = self._outline
        self._outline = None
        self._state.outline.choose(organ)
        if model is not None and model.sha256 != self._model.sha256:
            text = (
                f"The session was saved with the model {model.name} ({model.sha256[:12]}); "
                f"{self._model.name} ({self._model.sha256[:12]}) answers now, perhaps differently."
            )
            self._window.show_message(Message("warning", text))

    def _restore_queries(self, session: ViewerSession) -> None:
        queries = self._state.queries
        queries.clear()
        for position, part in enumerate(session.queries):
            row = _query_row(part)
            queries.restore(row, position)
            self._session.ask(row.key)
        self._questions.keep_place(frozenset(row.key for row in queries))
        queries.select(session.selected)

    def _restore_view(self, session: ViewerSession) -> None:
        state = self._state
        state.display.set_window(Window(session.window.level, session.window.width))
        state.display.set_smooth(session.interpolate)
        state.display.set_annotations(session.annotations)
        overlay = session.overlay
        for name in ("opacity", "threshold", "colour_map", "visible"):
            setattr(state.overlay, name, getattr(overlay, name))
        layout = session.layout
        state.study.show(layout.study_shown)
        if layout.active in state.scan.frames:
            self._panes.arrange(layout.active, maximised=layout.maximised)
            self._panes.activate(layout.active)
        self._window.keep.set_layout(layout.sizes)
        for plane, part in session.panes.items():
            if plane in state.scan.frames:
                view = self._panes.panes[plane].view
                view.set_viewpoint(Viewpoint(part.zoom, part.row, part.column))
        state.crosshair.show(session.crosshair.visible)
        state.crosshair.move_to(session.crosshair.position)
        items = (part.measurement for part in session.measurements)
        state.measurements.restore(items, session.chosen_measurement)


def _query_row(part: QueryPart) -> QueryRow:
    return QueryRow(
        key=query_key(part.text),
        text=part.text,
        hue=Hue(part.colour_name, part.colour, part.number),
        visible=part.visible,
        opacity=part.opacity,
        threshold=part.threshold,
    )
