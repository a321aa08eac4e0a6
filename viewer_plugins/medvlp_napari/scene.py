"""What medvlp draws in a napari viewer: heat, peaks, organs.

Every function runs in the main thread and takes the viewer model, so it works with and without a
window. A heat layer belongs to the layer that was asked about and to the model that answered:
another model's answer is another layer.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from medvlp_napari.drawing import Drawing, draw, drawing_of, first_drawing, hide
from medvlp_napari.heat_array import HeatArray
from medvlp_napari.layer_scan import METADATA_KEY, world_affine
from medvlp_napari.made_layers import (
    HEAT,
    ORGANS,
    PEAKS,
    follow,
    layers_of,
    notes_for,
    single,
    transforms,
)
from medvlp_widgets.colour.hues import Hue, hue_for
from medvlp_widgets.models.overlay import OverlayModel
from medvlp_widgets.models.queries import query_key

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image, Labels, Layer, Points

    from medvlp.grounding.heatmap import Heatmap, Peak

PEAKS_PER_QUERY = 5
_PEAK_LAYER_SIZE_MM = 14.0


class AnyModel(Protocol):
    """What is needed to know of the model that answered."""

    @property
    def name(self) -> str:
        """For people."""

    @property
    def model_id(self) -> str:
        """Changes with the weights and with everything else that the answer depends on."""


def heat_layers(viewer: ViewerModel, source: Layer, model_id: str | None = None) -> list[Image]:
    """Heat of ``source`` that one model found, or any, in the order of the viewer."""
    return [
        layer
        for layer in layers_of(viewer, source, HEAT)
        if model_id in (None, layer.metadata[METADATA_KEY]["model_id"])
    ]


def heat_layer(
    viewer: ViewerModel, source: Layer, text: str, model_id: str | None = None
) -> Image | None:
    """The heat layer of a question about ``source``, of one model or of the newest that answered."""
    for layer in reversed(heat_layers(viewer, source, model_id)):
        if layer.metadata[METADATA_KEY]["query"] == query_key(text):
            return layer
    return None


def other_answers(
    viewer: ViewerModel, source: Layer, heatmap: Heatmap
) -> list[tuple[str, Heatmap]]:
    """Names and answers of other models that were asked the same about the same scan."""
    notes = [layer.metadata[METADATA_KEY] for layer in heat_layers(viewer, source)]
    return [
        (note["model"], note["heatmap"])
        for note in notes
        if note["query"] == query_key(heatmap.query.text)
        and note["heatmap"] is not heatmap
        and note["heatmap"].scan_geometry.is_close(heatmap.scan_geometry)
    ]


def _answer_notes(heatmap: Heatmap, model: AnyModel) -> dict[str, Any]:
    """What a layer of heat knows of its answer."""
    return {
        "query": query_key(heatmap.query.text),
        "model": model.name,
        "model_id": model.model_id,
        "heatmap": heatmap,
        "probability": heatmap.probability,
        "abstained": heatmap.abstained,
        "reason": heatmap.reason,
    }


def show_heatmap(
    viewer: ViewerModel,
    source: Layer,
    heatmap: Heatmap,
    model: AnyModel,
    drawing: Drawing | None = None,
    overlay: OverlayModel | None = None,
) -> Image:
    """Add the heat of one question, or update its layer if the model was asked before.

    Parameters
    ----------
    viewer, source
        Where, and the layer that was asked about.
    heatmap, model
        The answer, and whose it is.
    drawing
        How it is drawn; None: as before, or with a hue that is free.
    overlay
        What the drawing leaves open; None: as before, or the defaults.
    """
    text = heatmap.query.text
    notes = notes_for(source, HEAT) | _answer_notes(heatmap, model)
    layer = heat_layer(viewer, source, text, model.model_id)
    if layer is not None:
        layer.data = HeatArray(heatmap)
        follow(layer, source)
        layer.metadata[METADATA_KEY] |= notes
        if overlay is not None:
            draw(layer, drawing or drawing_of(layer), overlay)
        return layer
    drawing = drawing or Drawing(free_hue(viewer, source, text))
    look, remembered = first_drawing(drawing, overlay or OverlayModel())
    layer = viewer.add_image(
        HeatArray(heatmap),
        name=text,
        rgb=False,
        multiscale=False,
        blending="additive",
        contrast_limits=(0.0, 1.0),
        interpolation2d="linear",
        metadata={METADATA_KEY: notes | remembered},
        **look,
        **transforms(source),
    )
    marks = single(viewer, source, PEAKS)
    if marks is not None:  # rings lie over the heat
        viewer.layers.move(viewer.layers.index(marks), len(viewer.layers))
    viewer.layers.selection.active = source
    return layer


def set_aside(viewer: ViewerModel, source: Layer, model: AnyModel) -> None:
    """Hide what other models found in ``source`` and put their names to it.

    Their heat stays, to be looked at side by side (grid mode); their organs go, because there is one
    table. What ``model`` found before gets the plain name again.
    """
    heat = heat_layers(viewer, source)
    others = [x for x in heat if x.metadata[METADATA_KEY]["model_id"] != model.model_id]
    for layer in others:
        if layer.name == layer.metadata[METADATA_KEY]["heatmap"].query.text:
            layer.name = _name_with_model(layer)
            hide(layer)
    for layer in heat:
        if layer not in others and layer.name == _name_with_model(layer):
            layer.name = layer.metadata[METADATA_KEY]["heatmap"].query.text
    organs = single(viewer, source, ORGANS)
    if organs is not None and organs.metadata[METADATA_KEY]["model_id"] != model.model_id:
        viewer.layers.remove(organs)


def _peak_features(rows: Sequence[tuple[Peak, str, Hue, int]]) -> dict[str, list[Any]]:
    return {
        "query": [text for _, text, _, _ in rows],
        "number": [hue.number for _, _, hue, _ in rows],
        "rank": [rank for *_, rank in rows],
        "heat": [round(peak.value, 3) for peak, *_ in rows],
    }


def show_peaks(viewer: ViewerModel, source: Layer, answers: Sequence[tuple[Heatmap, Hue]]) -> None:
    """Mark the peaks of these answers, instead of those marked before. No peaks, no layer."""
    rows = [
        (peak, heatmap.query.text, hue, rank)
        for heatmap, hue in answers
        for rank, peak in enumerate(heatmap.peaks(PEAKS_PER_QUERY), start=1)
    ]
    layer = single(viewer, source, PEAKS)
    if not rows:
        if layer is not None:
            viewer.layers.remove(layer)
        return
    places = np.array([peak.index for peak, *_ in rows], dtype=float)
    colours = np.array([[*hue.rgb, 255] for _, _, hue, _ in rows]) / 255.0
    features = _peak_features(rows)
    if layer is not None:
        layer.selected_data = set()  # else what is selected would be given the colour below
        size = float(np.median(layer.size))
        layer.data = places
        layer.size = size
        layer.features = features
        layer.border_color = colours
        return
    viewer.add_points(
        places,
        name="peaks",
        features=features,
        face_color="transparent",
        border_color=colours,
        border_width=0.12,
        size=_point_size(source),
        symbol="ring",
        text={"string": "{number}.{rank}", "size": 9, "color": "white", "translation": 0},
        metadata={METADATA_KEY: notes_for(source, PEAKS)},
        **transforms(source),
    )
    viewer.layers.selection.active = source


def show_organs(
    viewer: ViewerModel,
    source: Layer,
    model: AnyModel,
    labels: NDArray[np.uint8],
    to_scan: NDArray[np.float64],
    features: dict[str, list[Any]],
) -> Labels:
    """Add or replace the organ labels of ``source``.

    Parameters
    ----------
    viewer, source
        Where, and the layer that was scored.
    model
        That found them.
    labels
        Label values on a grid with the axes of ``source``.
    to_scan
        ``(ndim + 1, ndim + 1)``: indices of ``labels`` to indices of ``source``.
    features
        Columns of the layer's table, one row per label value; ``"index"`` holds the values.
    """
    import pandas

    kept = {"opacity": 0.6}
    old = single(viewer, source, ORGANS)
    if old is not None:
        kept = {name: getattr(old, name) for name in ("opacity", "visible", "name")}
        viewer.layers.remove(old)
    layer = viewer.add_labels(
        labels,
        features=pandas.DataFrame(features),
        metadata={
            METADATA_KEY: notes_for(source, ORGANS)
            | {"model": model.name, "model_id": model.model_id, "to_scan": to_scan}
        },
        affine=world_affine(source) @ to_scan,
        axis_labels=source.axis_labels,
        units=source.units,
        **({"name": "organs"} | kept),
    )
    layer.contour = 1
    viewer.layers.selection.active = source
    return layer


def select_organ(viewer: ViewerModel, source: Layer, organ: str) -> None:
    """Outline one organ alone, if it has a label; otherwise outline all."""
    layer = single(viewer, source, ORGANS)
    if layer is None:
        return
    names = list(layer.features["organ"])
    layer.show_selected_label = organ in names
    if organ in names:
        layer.selected_label = int(layer.features["index"][names.index(organ)])


def remove_query(
    viewer: ViewerModel, source: Layer, text: str, model_id: str | None = None
) -> None:
    """Take the heat of a question off the viewer."""
    layer = heat_layer(viewer, source, text, model_id)
    if layer is not None:
        viewer.layers.remove(layer)


def free_hue(viewer: ViewerModel, source: Layer, text: str) -> Hue:
    """Hue of the question, whoever answered it, or the first one that no layer of ``source`` has."""
    old = heat_layer(viewer, source, text)
    if old is not None:
        return drawing_of(old).hue
    used = {drawing_of(layer).hue.number for layer in heat_layers(viewer, source)}
    return hue_for(next(n for n in range(1, len(used) + 2) if n not in used))


def _name_with_model(layer: Layer) -> str:
    notes = layer.metadata[METADATA_KEY]
    return f"{notes['heatmap'].query.text} ({notes['model']})"


def _point_size(source: Layer | Points) -> float:
    """Diameter in data units: napari scales points by the layer's affine."""
    matrix = world_affine(source)[:-1, :-1]
    step = float(np.linalg.norm(matrix, axis=0).min())
    if source.ndim == 2:
        return max(source.data.shape[:2]) / 25
    return _PEAK_LAYER_SIZE_MM / max(step, 1e-6)
