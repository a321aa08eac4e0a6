"""What medvlp draws in a napari viewer: heat, peaks, organs; found again by their metadata.

Every function runs in the main thread and takes the viewer model, so it works with and without a
window. Layers belong to the layer that was asked about (``source``) and share its transforms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medvlp_napari.heat_array import HeatArray
from medvlp_napari.layer_scan import METADATA_KEY, world_affine
from medvlp_widgets.colour.hues import Hue, hue_for
from medvlp_widgets.colour.maps import colour_map, hue_map
from medvlp_widgets.models.overlay import OverlayModel
from medvlp_widgets.models.queries import query_key

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image, Labels, Layer, Points
    from napari.utils import Colormap

    from medvlp.grounding.heatmap import Heatmap

HEAT, PEAKS, ORGANS = "heat", "peaks", "organs"
PEAKS_PER_QUERY = 5
_PEAK_LAYER_SIZE_MM = 14.0


def layers_of(
    viewer: ViewerModel, source: Layer | None = None, role: str | None = None
) -> list[Layer]:
    """Layers that medvlp made, optionally only those of one source layer or with one role."""
    return [
        layer
        for layer in viewer.layers
        if is_made_by_medvlp(layer)
        and role in (None, layer.metadata[METADATA_KEY]["role"])
        and (source is None or belongs_to(layer, source))
    ]


def is_made_by_medvlp(layer: Layer) -> bool:
    """True for heat, peaks and organs; False for scans, also those that medvlp read."""
    return bool(layer.metadata.get(METADATA_KEY, {}).get("role"))


def belongs_to(layer: Layer, source: Layer) -> bool:
    """Whether medvlp made ``layer`` from ``source``."""
    return layer.metadata.get(METADATA_KEY, {}).get("source") == str(source.unique_id)


def heat_layer(viewer: ViewerModel, source: Layer, text: str) -> Image | None:
    """The heat layer of a question about ``source``."""
    for layer in layers_of(viewer, source, HEAT):
        if layer.metadata[METADATA_KEY]["query"] == query_key(text):
            return layer
    return None


def show_heatmap(
    viewer: ViewerModel,
    source: Layer,
    heatmap: Heatmap,
    hue: Hue,
    overlay: OverlayModel,
    visible: bool = True,
) -> Image:
    """Add the heat of one question, or update its layer if the question was asked before."""
    text = heatmap.query.text
    notes = _notes(source, HEAT) | {
        "query": query_key(text),
        "heatmap": heatmap,
        "hue": hue,
        "probability": heatmap.probability,
        "abstained": heatmap.abstained,
        "reason": heatmap.reason,
    }
    layer = heat_layer(viewer, source, text)
    if layer is None:
        layer = viewer.add_image(
            HeatArray(heatmap),
            name=text,
            rgb=False,
            multiscale=False,
            blending="additive",
            contrast_limits=(0.0, 1.0),
            interpolation2d="linear",
            metadata={METADATA_KEY: notes},
            **_spatial(source),
        )
        viewer.layers.selection.active = source
    else:
        layer.data = HeatArray(heatmap)
        for name, value in _spatial(source).items():
            setattr(layer, name, value)
        layer.metadata = {**layer.metadata, METADATA_KEY: notes}
        layer.contrast_limits = (0.0, 1.0)
    style_heat(layer, hue, overlay, visible)
    return layer


def style_heat(layer: Image, hue: Hue, overlay: OverlayModel, visible: bool) -> None:
    """Apply opacity, threshold, colour map and visibility."""
    layer.colormap = heat_colormap(hue, overlay)
    layer.opacity = overlay.opacity
    layer.visible = visible and overlay.visible


def heat_colormap(hue: Hue, overlay: OverlayModel) -> Colormap:
    """Napari colour map; black, which adds nothing, below the threshold."""
    from napari.utils import Colormap

    by_query = overlay.by_hue()
    colours = np.array(hue_map(hue.rgb) if by_query else colour_map(overlay.colour_map))
    colours[np.linspace(0.0, 1.0, len(colours)) < overlay.threshold] = 0.0
    name = hue.name if by_query else overlay.colour_map
    return Colormap(colours, name=f"medvlp {name} from {overlay.threshold:.2f}")


def show_peaks(viewer: ViewerModel, source: Layer, answers: Sequence[tuple[Heatmap, Hue]]) -> None:
    """Mark the peaks of these answers; replaces the marks of ``source``. No peaks, no layer."""
    rows = [
        (peak, heatmap.query.text, hue, rank)
        for heatmap, hue in answers
        for rank, peak in enumerate(heatmap.peaks(PEAKS_PER_QUERY), start=1)
    ]
    old = _single(viewer, source, PEAKS)
    if old is not None:
        viewer.layers.remove(old)
    if not rows:
        return
    features = {
        "query": [text for _, text, _, _ in rows],
        "number": [hue.number for _, _, hue, _ in rows],
        "rank": [rank for *_, rank in rows],
        "heat": [round(peak.value, 3) for peak, *_ in rows],
    }
    viewer.add_points(
        np.array([peak.index for peak, *_ in rows], dtype=float),
        name="peaks",
        features=features,
        face_color="transparent",
        border_color=np.array([[*hue.rgb, 255] for _, _, hue, _ in rows]) / 255.0,
        border_width=0.12,
        size=_point_size(source),
        symbol="ring",
        text={"string": "{number}.{rank}", "size": 9, "color": "white", "translation": 0},
        metadata={METADATA_KEY: _notes(source, PEAKS)},
        **_spatial(source),
    )
    viewer.layers.selection.active = source


def show_organs(
    viewer: ViewerModel,
    source: Layer,
    labels: NDArray[np.uint8],
    to_scan: NDArray[np.float64],
    features: dict[str, list[Any]],
) -> Labels:
    """Add or update the organ labels of ``source``.

    Parameters
    ----------
    viewer, source
        Where, and the layer that was scored.
    labels
        Label values on a grid with the axes of ``source``.
    to_scan
        ``(ndim + 1, ndim + 1)``: indices of ``labels`` to indices of ``source``.
    features
        Columns of the layer's table, one row per label value; ``"index"`` holds the values.
    """
    import pandas

    old = _single(viewer, source, ORGANS)
    if old is not None:
        viewer.layers.remove(old)
    layer = viewer.add_labels(
        labels,
        name="organs",
        features=pandas.DataFrame(features),
        opacity=0.6,
        metadata={METADATA_KEY: _notes(source, ORGANS)},
        affine=world_affine(source) @ to_scan,
        axis_labels=source.axis_labels,
        units=source.units,
    )
    layer.contour = 1
    viewer.layers.selection.active = source
    return layer


def select_organ(viewer: ViewerModel, source: Layer, organ: str) -> None:
    """Outline one organ alone, if it has a label; otherwise outline all."""
    layer = _single(viewer, source, ORGANS)
    if layer is None:
        return
    names = list(layer.features["organ"])
    layer.show_selected_label = organ in names
    if organ in names:
        layer.selected_label = int(layer.features["index"][names.index(organ)])


def remove_query(viewer: ViewerModel, source: Layer, text: str) -> None:
    """Take the heat of a question off the viewer."""
    layer = heat_layer(viewer, source, text)
    if layer is not None:
        viewer.layers.remove(layer)


def jump_to(viewer: ViewerModel, source: Layer, index: Sequence[float]) -> None:
    """Move the sliders to an index of ``source``; centre the camera there if it is out of sight."""
    corners = np.asarray(source.corner_pixels)[:, list(viewer.dims.displayed)[-2:]]
    world = [float(v) for v in source.data_to_world(tuple(index))]
    first = viewer.dims.ndim - len(world)
    for i, value in enumerate(world):
        viewer.dims.set_point(first + i, value)
    place = np.asarray(index, dtype=float)[list(viewer.dims.displayed)[-2:]]
    if viewer.dims.ndisplay == 2 and np.all((corners[0] < place) & (place < corners[1])):
        return
    shown = [world[axis - first] for axis in viewer.dims.displayed if axis >= first]
    # napari 0.9 moved the camera to the scene.
    camera = getattr(viewer, "scene", viewer).camera
    camera.center = tuple([0.0] * (3 - len(shown)) + shown)


def show_slice(viewer: ViewerModel, source: Layer, k: int) -> None:
    """Move the slider of the first axis of a volume to slice ``k``; the others stay."""
    point = np.asarray(source.world_to_data(tuple(viewer.dims.point[-source.ndim :])))
    point[0] = k
    world = source.data_to_world(tuple(point))
    for i, value in enumerate(world):
        viewer.dims.set_point(viewer.dims.ndim - len(world) + i, float(value))


def free_hue(viewer: ViewerModel, source: Layer, text: str) -> Hue:
    """Hue of the question's layer, or the first one that no layer of ``source`` has."""
    old = heat_layer(viewer, source, text)
    if old is not None:
        return old.metadata[METADATA_KEY]["hue"]
    used = {x.metadata[METADATA_KEY]["hue"].number for x in layers_of(viewer, source, HEAT)}
    return hue_for(next(n for n in range(1, len(used) + 2) if n not in used))


def current_slice(viewer: ViewerModel, source: Layer) -> int:
    """Index of ``source`` along its first axis at the viewer's current point."""
    point = tuple(viewer.dims.point[-source.ndim :])
    index = np.rint(np.asarray(source.world_to_data(point), dtype=float))
    return int(np.clip(index[0], 0, source.data.shape[0] - 1))


def _single(viewer: ViewerModel, source: Layer, role: str) -> Any:
    return next(iter(layers_of(viewer, source, role)), None)


def _notes(source: Layer, role: str) -> dict[str, Any]:
    return {"role": role, "source": str(source.unique_id)}


def _spatial(source: Layer) -> dict[str, Any]:
    """All transforms of a layer, so that layers made from it lie on the same pixels."""
    return {
        "scale": source.scale,
        "translate": source.translate,
        "rotate": source.rotate,
        "shear": source.shear,
        "affine": source.affine.affine_matrix,
        "axis_labels": source.axis_labels,
        "units": source.units,
    }


def _point_size(source: Layer | Points) -> float:
    """Diameter in data units: napari scales points by the layer's affine."""
    matrix = world_affine(source)[:-1, :-1]
    step = float(np.linalg.norm(matrix, axis=0).min())
    if source.ndim == 2:
        return max(source.data.shape[:2]) / 25
    return _PEAK_LAYER_SIZE_MM / max(step, 1e-6)
