"""What happens when a question is asked in the dock widget. No Qt here.

The panel's models come from the widget, jobs run in a :class:`medvlp.worker.Worker`, and results
are drawn by :mod:`medvlp_napari.scene`: always from :meth:`Controller.poll`, which a timer of the
main thread calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psygnal import Signal

from medvlp.errors import MedVLPError
from medvlp_napari import scene
from medvlp_napari.jobs import JobQueue, Jobs, Request
from medvlp_napari.layer_scan import METADATA_KEY, scan_from_layer, world_affine
from medvlp_napari.organ_labels import organ_features, organ_labels
from medvlp_widgets.models.overlay import OverlayModel
from medvlp_widgets.models.progress import ProgressModel
from medvlp_widgets.models.queries import QueryModel, query_key

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image

    from medvlp.grounding.heatmap import Heatmap
    from medvlp.scan import Scan
    from medvlp.worker import EncodingFacts


class Controller:
    """Connects the layer that is asked about, the panels' models and the inference process.

    Parameters
    ----------
    viewer
        napari's viewer, or its model.
    jobs
        Runs the session.
    queries, overlay, progress
        Models of the panels.
    """

    table_ready = Signal(object)
    table_cleared = Signal()
    status_changed = Signal(str)
    source_changed = Signal(object)

    def __init__(
        self,
        viewer: ViewerModel,
        jobs: Jobs,
        queries: QueryModel,
        overlay: OverlayModel,
        progress: ProgressModel,
    ) -> None:
        self.viewer, self.queries = viewer, queries
        self.overlay, self.progress = overlay, progress
        self._jobs = JobQueue(jobs, progress)
        self.orientation = "SPL"
        self.source: Image | None = None
        self._in_process: tuple[Any, ...] = ()
        self._scan: Scan | None = None
        self._facts: EncodingFacts | None = None
        self._peak_rank: dict[str, int] = {}
        overlay.changed.connect(self._restyle)
        queries.row_changed.connect(lambda _row: self._restyle())
        queries.row_removed.connect(self._on_row_removed)
        viewer.layers.events.removed.connect(self._on_layer_removed)

    @property
    def busy(self) -> bool:
        """Whether any job is under way."""
        return len(self._jobs) > 0

    def set_source(self, layer: Image | None) -> None:
        """Ask about another layer from now on; its earlier answers are shown again."""
        if layer is self.source:
            return
        self.source = None
        self.queries.clear()
        self.table_cleared.emit()
        self.source = layer
        self._peak_rank.clear()
        if layer is not None:
            for heat in reversed(scene.layers_of(self.viewer, layer, scene.HEAT)):
                self.queries.answer(heat.metadata[METADATA_KEY]["heatmap"])
        self.source_changed.emit(layer)

    def ask(self, text: str) -> None:
        """Ask a question whose row is already in the model, pending."""
        key = query_key(text)
        if self.source is None:
            self.queries.fail(key, "Open or select an image first.")
            return
        try:
            self._open_if_needed(self.source)
        except MedVLPError as error:
            self.queries.fail(key, str(error))
            return
        self._jobs.submit(Request("ask", self.source, text), texts=[text])

    def score(self) -> None:
        """Compute the organ table of the source."""
        if self.source is None:
            self.progress.fail("Open or select an image first.")
            return
        try:
            self._open_if_needed(self.source)
        except MedVLPError as error:
            self.progress.fail(str(error))
            return
        self._jobs.submit(Request("score", self.source))

    def cancel(self) -> None:
        """Stop all jobs."""
        self._jobs.cancel_all()

    def poll(self) -> None:
        """Take what the inference process sent and draw it. Call from the main thread."""
        for request, event in self._jobs.poll():
            if event.kind == "result":
                self._on_result(request, event.value)
            else:
                self._on_failure(request, event.message or "It failed without a message.")

    def step_peak(self, key: str, step: int) -> None:
        """Jump to the next (1) or previous (-1) peak of a question, or its hottest (0)."""
        heatmap = self._heatmap(key)
        peaks = heatmap.peaks(scene.PEAKS_PER_QUERY) if heatmap is not None else []
        if self.source is None or not peaks:
            return
        rank = 0 if step == 0 or key not in self._peak_rank else self._peak_rank[key] + step
        self._peak_rank[key] = rank % len(peaks)
        scene.jump_to(self.viewer, self.source, peaks[self._peak_rank[key]].index)

    def jump(self, index: tuple[int, ...] | None) -> None:
        """Move the viewer to an index of the source."""
        if self.source is not None and index is not None:
            scene.jump_to(self.viewer, self.source, index)

    def show_slice(self, k: int) -> None:
        """Show a slice of the source."""
        if self.source is not None and self.source.ndim == 3:
            scene.show_slice(self.viewer, self.source, k)

    def select_organ(self, organ: str) -> None:
        """Outline an organ of the source."""
        if self.source is not None:
            scene.select_organ(self.viewer, self.source, organ)

    def _open_if_needed(self, source: Image) -> None:
        """Send the layer to the inference process unless it is there, unchanged, already."""
        state = (
            source.unique_id,
            id(source.data),
            world_affine(source).tobytes(),
            self.orientation,
        )
        if state == self._in_process:
            return
        self._scan = scan_from_layer(source, orientation=self.orientation)
        for warning in self._scan.warnings:
            self.status_changed.emit(str(warning))
        self._in_process, self._facts = state, None
        self._jobs.submit(Request("open", source), source=self._scan)
        self._jobs.submit(Request("encode", source))

    def _on_result(self, request: Request, value: Any) -> None:
        if request.kind == "encode":
            self._facts = value
            self.status_changed.emit(f"{value.model.name} on {value.model.device}")
        elif request.source not in self.viewer.layers:
            return
        elif request.kind == "ask":
            self._on_answer(request, value[0])
        elif request.kind == "score":
            self._on_table(request, value)

    def _on_answer(self, request: Request, heatmap: Heatmap) -> None:
        source = request.source
        if source is not self.source:
            hue = scene.free_hue(self.viewer, source, heatmap.query.text)
            scene.show_heatmap(self.viewer, source, heatmap, hue, self.overlay)
            return
        if query_key(request.text) not in self.queries:
            return  # the row was removed while the answer was on its way
        row = self.queries[query_key(request.text)]
        scene.show_heatmap(self.viewer, source, heatmap, row.hue, self.overlay, row.visible)
        self.queries.answer(heatmap)
        self._peak_rank.pop(row.key, None)
        self._mark_peaks()

    def _on_table(self, request: Request, table: Any) -> None:
        facts, scan = self._facts, self._scan
        if facts is not None and scan is not None and facts.organs:
            labels, to_scan, names = organ_labels(facts.organs, facts.geometry, scan.geometry)
            features = organ_features(names, table)
            scene.show_organs(self.viewer, request.source, labels, to_scan, features)
        if request.source is self.source:
            self.table_ready.emit(table)

    def _on_failure(self, request: Request, message: str) -> None:
        failed = [request]
        if request.kind in ("open", "encode"):
            # Without the scan nothing that waits for it can be answered.
            self._in_process = ()
            failed = self._jobs.drop_all()
        for waiting in failed:
            if waiting.kind == "ask":
                self.queries.fail(query_key(waiting.text), message)

    def _heatmap(self, key: str) -> Heatmap | None:
        layer = None if self.source is None else scene.heat_layer(self.viewer, self.source, key)
        return None if layer is None else layer.metadata[METADATA_KEY]["heatmap"]

    def _restyle(self) -> None:
        for row in self.queries:
            layer = self.source and scene.heat_layer(self.viewer, self.source, row.key)
            if layer:
                scene.style_heat(layer, row.hue, self.overlay, row.visible)

    def _mark_peaks(self) -> None:
        if self.source is not None:
            maps = [(self._heatmap(row.key), row.hue) for row in self.queries]
            answers = [(heatmap, hue) for heatmap, hue in maps if heatmap is not None]
            scene.show_peaks(self.viewer, self.source, answers)

    def _on_row_removed(self, key: str) -> None:
        if self.source is not None:
            scene.remove_query(self.viewer, self.source, key)
            self._mark_peaks()

    def _on_layer_removed(self, event: Any) -> None:
        layer, source = event.value, self.source
        if layer is source:
            self.set_source(None)
        elif source is not None and scene.belongs_to(layer, source):
            self.queries.remove(layer.metadata[METADATA_KEY].get("query", ""))
