"""What happens when a question is asked in the dock widget. No Qt here.

The panel's models come from the widget, jobs run in a :class:`medvlp.worker.Worker`, and results
are drawn by :mod:`medvlp_napari.scene`: always from :meth:`Controller.poll`, which a timer of the
main thread calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from psygnal import Signal

from medvlp_napari import scene
from medvlp_napari.answers import Answers
from medvlp_napari.background import Background, Start, in_thread
from medvlp_napari.follow_ups import compare_models, outline_organs
from medvlp_napari.inference import Inference
from medvlp_napari.jobs import JobQueue, Jobs, Request
from medvlp_napari.made_layers import follow_source
from medvlp_napari.navigation import jump_to, show_slice
from medvlp_widgets.models.overlay import OverlayModel
from medvlp_widgets.models.progress import ProgressModel
from medvlp_widgets.models.queries import QueryModel, describe_peak, query_key

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image

    from medvlp.grounding.heatmap import Heatmap
    from medvlp.scan import Scan
    from medvlp.worker import ModelFacts

NO_SOURCE = "Open or select an image first."
_TRANSFORMS = ("scale", "translate", "rotate", "shear", "affine", "units")


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
    model_name
        Of the model that ``jobs`` starts with.
    start
        Runs work away from the main thread; see :class:`medvlp_napari.background.Background`.
    """

    table_ready = Signal(object)
    table_cleared = Signal()
    status_changed = Signal(str)
    source_changed = Signal(object)
    model_changed = Signal(str)

    def __init__(
        self,
        viewer: ViewerModel,
        jobs: Jobs,
        queries: QueryModel,
        overlay: OverlayModel,
        progress: ProgressModel,
        *,
        model_name: str = "small",
        start: Start = in_thread,
    ) -> None:
        self.viewer, self.queries = viewer, queries
        self.overlay, self.progress = overlay, progress
        self.model_name = model_name
        self.answers = Answers(viewer, queries, overlay)
        self._jobs = JobQueue(jobs, progress)
        self._background = Background(progress, start)
        self._inference = Inference(self._jobs, self._background)
        self._loading = ""
        self._peak_rank: dict[str, int] = {}
        self._inference.scan_ready.connect(self._on_scan)
        self._inference.refused.connect(self._on_refused)
        viewer.layers.events.removed.connect(self._on_layer_removed)

    @property
    def source(self) -> Image | None:
        """The layer that is asked about."""
        return self.answers.source

    @property
    def busy(self) -> bool:
        """Whether any job is under way."""
        return len(self._jobs) + len(self._background) > 0

    @property
    def orientation(self) -> str:
        """Directions of the world axes in the patient; see :mod:`medvlp_napari.frames`."""
        return self._inference.orientation

    @orientation.setter
    def orientation(self, letters: str) -> None:
        self._inference.orientation = letters

    def set_source(self, layer: Image | None) -> None:
        """Ask about another layer from now on; its earlier answers are shown again."""
        former = self.source
        if layer is former:
            return
        self.table_cleared.emit()
        self._peak_rank.clear()
        self.answers.show_source(layer)
        for name in _TRANSFORMS:
            if former is not None:
                former.events[name].disconnect(self._on_source_moved)
            if layer is not None:
                layer.events[name].connect(self._on_source_moved)
        self.source_changed.emit(layer)

    def ask(self, text: str) -> None:
        """Ask a question whose row is already in the model, pending."""
        if self.source is None:
            self.queries.fail(query_key(text), NO_SOURCE)
        elif not self._loading:  # else it is asked once the model is there
            self._inference.submit(Request("ask", self.source, text), texts=[text])

    def score(self) -> None:
        """Compute the organ table of the source."""
        if self.source is None:
            self.progress.fail(NO_SOURCE)
        else:
            self._inference.submit(Request("score", self.source))

    def choose_model(self, name: str) -> None:
        """Answer with another model from now on, and ask it every question of the panel.

        What the former model found stays in the viewer, hidden, with the model's name. If the model
        cannot be loaded, the former one goes on.
        """
        if name in (self._loading, self.model_name if not self._loading else ""):
            return
        self._stop()
        self._loading = name
        self._jobs.submit(Request("load_model", text=name), model=name, device="auto")

    def cancel(self) -> None:
        """Stop all jobs."""
        self._background.cancel_all()
        self._jobs.cancel_all()

    def poll(self) -> None:
        """Take what other processes and threads found and draw it. Call from the main thread."""
        self._background.poll()
        for request, event in self._jobs.poll():
            if event.kind == "result":
                self._on_result(request, event.value)
            else:
                cancelled = event.kind == "cancelled"
                silent = "Cancelled." if cancelled else "It failed without a message."
                self._on_failure(request, event.message or silent, cancelled=cancelled)

    def step_peak(self, key: str, step: int) -> None:
        """Jump to the next (1) or previous (-1) peak of a question, or its hottest (0)."""
        heatmap = self.answers.heatmap(key)
        peaks = heatmap.peaks(scene.PEAKS_PER_QUERY) if heatmap is not None else []
        if self.source is None or not peaks:
            return
        rank = 0 if step == 0 or key not in self._peak_rank else self._peak_rank[key] + step
        self._peak_rank[key] = rank % len(peaks)
        peak = peaks[self._peak_rank[key]]
        jump_to(self.viewer, self.source, peak.index)
        where = describe_peak(peak.mm, peak.index)
        self.queries.show_peak(key, self._peak_rank[key] + 1, len(peaks), where)

    def jump(self, index: tuple[int, ...] | None) -> None:
        """Move the viewer to an index of the source."""
        if self.source is not None and index is not None:
            jump_to(self.viewer, self.source, index)

    def show_slice(self, k: int) -> None:
        """Show a slice of the source."""
        if self.source is not None and self.source.ndim == 3:
            show_slice(self.viewer, self.source, k)

    def select_organ(self, organ: str) -> None:
        """Outline an organ of the source."""
        if self.source is not None:
            scene.select_organ(self.viewer, self.source, organ)

    def _stop(self) -> None:
        """Forget all jobs; the next question encodes anew."""
        self._background.cancel_all()
        dropped = {request.kind for request in self._jobs.drop()}
        if "open" in dropped:
            self._inference.forget_scan()
        self._inference.forget_encoding()

    def _ask_pending(self) -> None:
        for row in self.queries:
            if row.pending:
                self.ask(row.text)

    def _on_scan(self, scan: Scan) -> None:
        for warning in scan.warnings:
            self.status_changed.emit(str(warning))

    def _on_result(self, request: Request, value: Any) -> None:
        if request.kind == "load_model":
            self._on_model(request.text, value)
        elif request.kind == "encode":
            self._inference.facts = value
            self.answers.use_model(value.model)
            self.status_changed.emit(f"{value.model.name} on {value.model.device}")
        elif request.source is None or request.source not in self.viewer.layers:
            return
        elif request.kind == "ask":
            self._on_answer(request.source, value[0])
        elif request.kind == "score":
            self._on_table(request.source, value)

    def _on_model(self, name: str, facts: ModelFacts) -> None:
        self.model_name, self._loading = name, ""
        self._peak_rank.clear()
        self.table_cleared.emit()
        self.answers.use_model(facts)
        self.status_changed.emit(f"{facts.name} on {facts.device}")
        self.model_changed.emit(name)
        self._ask_pending()

    def _on_answer(self, source: Image, heatmap: Heatmap) -> None:
        facts = self._inference.facts
        if facts is not None:
            self._peak_rank.pop(query_key(heatmap.query.text), None)
            self.answers.put(source, heatmap, facts.model)
            say = self.status_changed.emit
            compare_models(self._background, self.viewer, source, heatmap, facts.model.name, say)

    def _on_table(self, source: Image, table: Any) -> None:
        facts, scan = self._inference.facts, self._inference.scan
        if source is self.source:
            self.table_ready.emit(table)
        if facts is None or scan is None or not facts.organs:
            return

        def show(labels: Any, to_scan: Any, features: dict[str, list[Any]]) -> None:
            if source in self.viewer.layers and self.answers.is_of(facts.model):
                scene.show_organs(self.viewer, source, facts.model, labels, to_scan, features)

        outline_organs(self._background, facts, scan, table, show, self.status_changed.emit)

    def _on_failure(self, request: Request, message: str, *, cancelled: bool) -> None:
        failed = [request]
        if request.kind == "load_model":
            self._loading = ""
            self.model_changed.emit(self.model_name)
            if not cancelled:
                self._ask_pending()
                return
            failed = [Request("ask", text=row.text) for row in self.queries if row.pending]
        if request.kind in ("open", "encode"):
            # Without the scan nothing that waits for it can be answered.
            self._inference.forget_scan()
            failed = self._jobs.drop()
        for waiting in failed:
            self._on_refused(waiting, message)

    def _on_refused(self, request: Request, message: str) -> None:
        if request.kind == "ask":
            self.queries.fail(query_key(request.text), message)

    def _on_source_moved(self, event: Any) -> None:
        if self.source is not None:
            follow_source(self.viewer, self.source)

    def _on_layer_removed(self, event: Any) -> None:
        """Nobody waits for what is found in a layer that is gone."""
        layer = event.value
        self._inference.drop(layer)
        dropped = {request.kind for request in self._jobs.drop(lambda r: r.source is layer)}
        if dropped & {"open", "encode"}:
            self._inference.forget_scan()
        if layer is self.source:
            self.set_source(None)
