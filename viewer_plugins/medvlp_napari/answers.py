"""Rows of the panel and heat layers of the viewer, kept in step. No Qt here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from medvlp_napari import scene
from medvlp_napari.drawing import Drawing, draw, drawing_of
from medvlp_napari.layer_scan import METADATA_KEY
from medvlp_napari.made_layers import HEAT, belongs_to, is_made_by_medvlp
from medvlp_widgets.models.overlay import OverlayModel
from medvlp_widgets.models.queries import QueryModel, QueryRow, query_key

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image

    from medvlp.grounding.heatmap import Heatmap


class Answers:
    """What one model found in one layer: a row for each question, and its heat layer.

    Whatever changes one side changes the other: a row is hidden, coloured or removed in the panel;
    a layer is hidden, made fainter or deleted in napari.

    Parameters
    ----------
    viewer
        napari's viewer, or its model.
    queries, overlay
        Models of the panel.
    """

    def __init__(self, viewer: ViewerModel, queries: QueryModel, overlay: OverlayModel) -> None:
        self.viewer, self.queries, self.overlay = viewer, queries, overlay
        self.source: Image | None = None
        self.model: scene.AnyModel | None = None
        self._quiet = False
        self._marked: tuple[object, ...] = ()
        overlay.changed.connect(self._draw_all)
        queries.row_changed.connect(lambda _row: self._draw_all())
        queries.row_removed.connect(self._on_row_removed)
        viewer.layers.events.inserted.connect(self._on_layer_added)
        viewer.layers.events.removed.connect(self._on_layer_removed)

    def show_source(self, source: Image | None) -> None:
        """Show what was found in another layer."""
        with self._quietly():
            self.queries.clear()
            self.source = source
            for layer in self._layers():
                self._restore(layer)
        self._draw_all()

    def use_model(self, model: scene.AnyModel) -> None:
        """Show what another model found; questions that it was not asked become pending."""
        if self.is_of(model):
            return
        self.model = model
        if self.source is None:
            return
        scene.set_aside(self.viewer, self.source, model)
        with self._quietly():
            former = self.queries.rows
            self.queries.clear()
            for row in former:
                layer = self.layer(row.key)
                if layer is None:
                    self.queries.restore(_unanswered(row), len(self.queries))
                else:
                    self._restore(layer)
            for layer in self._layers():
                self._restore(layer)
        self._draw_all()

    def is_of(self, model: scene.AnyModel) -> bool:
        """Whether what is shown is what this model found."""
        return self.model is not None and self.model.model_id == model.model_id

    def put(self, source: Image, heatmap: Heatmap, model: scene.AnyModel) -> None:
        """Show an answer, unless its row was removed while the answer was on its way."""
        if source is not self.source:
            scene.show_heatmap(self.viewer, source, heatmap, model)
            return
        key = query_key(heatmap.query.text)
        if key not in self.queries:
            return
        drawing = _drawing(self.queries[key])
        with self._quietly():
            scene.show_heatmap(self.viewer, source, heatmap, model, drawing, self.overlay)
            self.queries.answer(heatmap)
        self._draw_all()

    def layer(self, key: str) -> Image | None:
        """Heat layer of a row."""
        if self.source is None:
            return None
        return scene.heat_layer(self.viewer, self.source, key, self._model_id)

    def heatmap(self, key: str) -> Heatmap | None:
        """Answer of a row."""
        layer = self.layer(key)
        return None if layer is None else layer.metadata[METADATA_KEY]["heatmap"]

    @property
    def _model_id(self) -> str | None:
        return None if self.model is None else self.model.model_id

    def _layers(self) -> list[Image]:
        if self.source is None:
            return []
        return scene.heat_layers(self.viewer, self.source, self._model_id)

    def _restore(self, layer: Image) -> None:
        """Make the row of a layer that is there already, drawn as the layer is."""
        heatmap = layer.metadata[METADATA_KEY]["heatmap"]
        key, drawing = query_key(heatmap.query.text), drawing_of(layer)
        self._watch(layer)
        if key in self.queries:
            return
        row = QueryRow(
            key,
            heatmap.query.text,
            drawing.hue,
            visible=drawing.visible,
            opacity=drawing.opacity,
            threshold=drawing.threshold,
        )
        self.queries.restore(row, len(self.queries))
        self.queries.answer(heatmap)

    def _draw_all(self) -> None:
        if self._quiet or self.source is None:
            return
        drawn = sum(row.visible and row.probability is not None for row in self.queries)
        with self._quietly():
            for row in self.queries:
                layer = self.layer(row.key)
                if layer is not None:
                    draw(layer, _drawing(row), self.overlay, drawn)
            self._mark_peaks()

    def _mark_peaks(self) -> None:
        found = [(row, self.heatmap(row.key)) for row in self.queries if row.visible]
        answers = [(heatmap, row.hue) for row, heatmap in found if heatmap is not None]
        marked = (self.source, *((id(heatmap), hue) for heatmap, hue in answers))
        if marked != self._marked and self.source is not None:
            self._marked = marked
            scene.show_peaks(self.viewer, self.source, answers)

    def _on_row_removed(self, key: str) -> None:
        if not self._quiet and self.source is not None:
            scene.remove_query(self.viewer, self.source, key, self._model_id)
            self._draw_all()

    def _on_layer_added(self, event: Any) -> None:
        """A script asked: what it shows gets a row."""
        layer = event.value
        if self._is_ours(layer):
            self._watch(layer)
            if not self._quiet:
                with self._quietly():
                    self._restore(layer)
                self._draw_all()

    def _on_layer_removed(self, event: Any) -> None:
        layer = event.value
        if self._is_ours(layer) and not self._quiet:
            self.queries.remove(layer.metadata[METADATA_KEY]["query"])

    def _on_drawn(self, event: Any) -> None:
        """The eye or the opacity of a layer was changed in napari, or a script draws it anew."""
        layer = event.source
        if self._quiet or not self._is_ours(layer):
            return
        key, drawing = layer.metadata[METADATA_KEY]["query"], drawing_of(layer)
        if key not in self.queries:
            return
        with self._quietly():
            self.queries.set_drawing(key, drawing.opacity, drawing.threshold)
            self.queries.set_hue(key, drawing.hue)
            if self.overlay.visible:
                self.queries.set_visible(key, drawing.visible)
        self._draw_all()

    def _watch(self, layer: Image) -> None:
        for emitter in (layer.events.opacity, layer.events.visible, layer.events.colormap):
            emitter.connect(self._on_drawn)

    def _is_ours(self, layer: Any) -> bool:
        """Whether it is heat of the source and the model that are shown."""
        if self.source is None or not is_made_by_medvlp(layer):
            return False
        notes = layer.metadata[METADATA_KEY]
        return (
            notes["role"] == HEAT
            and belongs_to(layer, self.source)
            and self._model_id in (None, notes["model_id"])
        )

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Do not answer to what we change ourselves."""
        before, self._quiet = self._quiet, True
        try:
            yield
        finally:
            self._quiet = before


def _drawing(row: QueryRow) -> Drawing:
    return Drawing(row.hue, row.opacity, row.threshold, row.visible)


def _unanswered(row: QueryRow) -> QueryRow:
    """The same question, drawn the same way, for another model."""
    blank = QueryRow(row.key, row.text, row.hue, row.visible)
    return replace(blank, opacity=row.opacity, threshold=row.threshold)
