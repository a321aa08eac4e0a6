"""Saving how a scan is looked at, and putting exactly that view back."""

from __future__ import annotations

import os
from pathlib import Path

from medvlp.scan import Scan
from medvlp.worker import EncodingFacts
from medvlp_viewer.controllers.file_writer import FileWriter
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.controllers.questions import QuestionsController
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.controllers.study import StudyController
from medvlp_viewer.models.session_file import (
    SCHEMA,
    SUFFIX,
    CrosshairPart,
    LayoutPart,
    ModelPart,
    OverlayPart,
    PanePart,
    QueryPart,
    ScanPart,
    SessionError,
    ViewerSession,
    WindowPart,
    found_origin,
    read_session,
    relative_paths,
    session_bytes,
)
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.models.study import Origin
from medvlp_viewer.models.window import Window
from medvlp_viewer.views.base import Message, WindowView
from medvlp_viewer.views.keep import FileKind, Viewpoint
from medvlp_widgets.colour.hues import Hue
from medvlp_widgets.models.queries import QueryRow, query_key

KIND = FileKind("Session of the viewer", SUFFIX)


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
    ) -> None:
        self._state = state
        self._window = window
        self._session = session
        self._panes = panes
        self._questions = questions
        self._studies = studies
        self._writer = writer
        self._pending: tuple[Origin, ViewerSession] | None = None
        self._not_opened: tuple[Origin, ViewerSession] | None = None
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
        self._pending = origin, session

    def captured(self, scan: Scan, origin: Origin, folder: Path) -> ViewerSession:
        """The session of what is on screen; paths as seen from ``folder``."""
        state, keep = self._state, self._window.keep
        x, y, z = (float(v) for v in state.crosshair.world)
        window = state.display.window
        overlay = state.overlay
        return ViewerSession(
            schema=SCHEMA,
            scan=ScanPart(
                paths=relative_paths(origin, folder), series=origin.series, scan_id=scan.scan_id
            ),
            model=self._model,
            window=WindowPart(level=window.level, width=window.width),
            interpolate=state.display.smooth,
            annotations=state.display.annotations,
            crosshair=CrosshairPart(position=(x, y, z), visible=state.crosshair.visible),
            panes={plane: _pane_part(keep.viewpoint(plane)) for plane in state.scan.frames},
            layout=LayoutPart(
                active=self._panes.active,
                maximised=self._panes.maximised,
                study_shown=state.study.shown,
                sizes=keep.layout(),
            ),
            queries=tuple(_query_part(row) for row in state.queries),
            selected=state.queries.selected,
            overlay=OverlayPart(
                opacity=overlay.opacity,
                threshold=overlay.threshold,
                colour_map=overlay.colour_map,
                visible=overlay.visible,
            ),
            outlined_organ=state.outline.chosen,
        )

    def _on_opened(self, scan: Scan) -> None:
        self._model = self._outline = None
        if self._pending is not None and self._session.origin == self._pending[0]:
            session = self._pending[1]
            self._restore_queries(session)
            self._restore_view(session)
            self._outline = session.outlined_organ, session.model
        self._pending = None

    def _on_not_opened(self, origin: Origin) -> None:
        if self._pending is not None and origin == self._pending[0]:
            self._pending, self._not_opened = None, self._pending
        elif self._not_opened is not None and origin == self._not_opened[0]:
            self._not_opened = None

    def _on_insisted(self, origin: Origin) -> None:
        """The scan was too large, and is opened anyway: its session still holds."""
        if self._not_opened is not None and origin == self._not_opened[0]:
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
        state, keep = self._state, self._window.keep
        state.display.set_window(Window(session.window.level, session.window.width))
        state.display.set_smooth(session.interpolate)
        state.display.set_annotations(session.annotations)
        overlay = session.overlay
        for name in ("opacity", "threshold", "colour_map", "visible"):
            setattr(state.overlay, name, getattr(overlay, name))
        layout = session.layout
        state.study.show(layout.study_shown)
        if layout.active in state.scan.frames:
            if layout.maximised:
                self._panes.toggle_maximised(layout.active)
            self._panes.activate(layout.active)
        keep.set_layout(layout.sizes)
        for plane, part in session.panes.items():
            if plane in state.scan.frames:
                keep.set_viewpoint(plane, Viewpoint(part.zoom, part.row, part.column))
        state.crosshair.show(session.crosshair.visible)
        state.crosshair.move_to(session.crosshair.position)


def _pane_part(viewpoint: Viewpoint) -> PanePart:
    return PanePart(zoom=viewpoint.zoom, row=viewpoint.row, column=viewpoint.column)


def _query_part(row: QueryRow) -> QueryPart:
    return QueryPart(
        text=row.text,
        number=row.hue.number,
        colour_name=row.hue.name,
        colour=row.hue.rgb,
        visible=row.visible,
        opacity=row.opacity,
        threshold=row.threshold,
    )


def _query_row(part: QueryPart) -> QueryRow:
    return QueryRow(
        key=query_key(part.text),
        text=part.text,
        hue=Hue(part.colour_name, part.colour, part.number),
        visible=part.visible,
        opacity=part.opacity,
        threshold=part.threshold,
    )
