"""How the heat of a question is drawn, by the panel and by napari's own layer controls together.

A layer remembers what the panel set last. Only what the panel wants to be different from that is
set again, so what was changed in the layer controls stays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from medvlp_napari.layer_scan import METADATA_KEY
from medvlp_napari.made_layers import heatmap_of
from medvlp_widgets.colour.hues import Hue
from medvlp_widgets.colour.maps import colour_map, hue_map
from medvlp_widgets.models.overlay import BY_QUERY, OverlayModel

if TYPE_CHECKING:
    from napari.layers import Image, Layer
    from napari.utils import Colormap

_DRAWING, _SET = "drawing", "set by medvlp"


@dataclass(frozen=True)
class Drawing:
    """How the heat of one question is drawn.

    Parameters
    ----------
    hue
        Colour and number.
    opacity, threshold
        In [0, 1]; None: as for all questions.
    visible
        Whether it is drawn at all.
    """

    hue: Hue
    opacity: float | None = None
    threshold: float | None = None
    visible: bool = True


def drawing_of(layer: Layer) -> Drawing:
    """The drawing of a heat layer, with what was changed in napari's layer controls."""
    notes = layer.metadata[METADATA_KEY]
    drawing: Drawing = notes[_DRAWING]
    was_set = notes[_SET]
    opacity = drawing.opacity
    if not np.isclose(layer.opacity, was_set["opacity"]):
        opacity = float(layer.opacity)
    visible = drawing.visible if layer.visible == was_set["visible"] else bool(layer.visible)
    return Drawing(drawing.hue, opacity, drawing.threshold, visible)


def draw(layer: Image, drawing: Drawing, overlay: OverlayModel, drawn: int = 2) -> None:
    """Apply opacity, threshold, colour map and visibility, as far as they are new.

    Parameters
    ----------
    layer
        Heat.
    drawing
        Of its question.
    overlay
        What questions follow that say nothing else.
    drawn
        How many questions are drawn at once: a single one may get the map of ``overlay``.
    """
    notes = layer.metadata[METADATA_KEY]
    was_set, look = notes[_SET], _look(drawing, overlay, drawn)
    notes[_DRAWING], notes[_SET] = drawing, look
    for name, value in look.items():
        if was_set[name] != value:
            setattr(layer, name, heat_colormap(*value) if name == "colormap" else value)


def first_drawing(drawing: Drawing, overlay: OverlayModel) -> tuple[dict[str, Any], dict[str, Any]]:
    """Arguments and notes of a new heat layer, so that it never appears in another look."""
    look = _look(drawing, overlay, drawn=2)
    return look | {"colormap": heat_colormap(*look["colormap"])}, {_DRAWING: drawing, _SET: look}


def _look(drawing: Drawing, overlay: OverlayModel, drawn: int) -> dict[str, Any]:
    """Attributes of a heat layer; the colour map as the arguments of :func:`heat_colormap`."""
    colours = drawing.hue.rgb if overlay.by_hue(drawn) else overlay.map_name
    threshold = overlay.threshold if drawing.threshold is None else drawing.threshold
    return {
        "opacity": overlay.opacity if drawing.opacity is None else drawing.opacity,
        "visible": drawing.visible and overlay.visible,
        "colormap": (colours, threshold),
    }


def current_overlay(layer: Layer) -> OverlayModel:
    """The controls of all questions under which a heat layer has the look that medvlp gave it."""
    look = layer.metadata[METADATA_KEY][_SET]
    colours, threshold = look["colormap"]
    shared = BY_QUERY if isinstance(colours, tuple) else colours
    return OverlayModel(look["opacity"], threshold, shared)


def redraw(
    layer: Image,
    *,
    opacity: float | None = None,
    threshold: float | None = None,
    hue: Hue | None = None,
    visible: bool | None = None,
    overlay: OverlayModel | None = None,
) -> None:
    """Draw the heat of one question in its own way; what is None stays as it is.

    Parameters
    ----------
    layer
        Heat that medvlp made.
    opacity, threshold
        In [0, 1].
    hue
        See :func:`medvlp_widgets.colour.hues.hue_for`.
    visible
        Whether it is drawn.
    overlay
        What all questions have in common, if that is to change too.

    Raises
    ------
    medvlp.MedVLPError
        If the layer is not heat that medvlp made.
    """
    heatmap_of(layer)
    given = {"opacity": opacity, "threshold": threshold, "hue": hue, "visible": visible}
    changes: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    draw(layer, replace(drawing_of(layer), **changes), overlay or current_overlay(layer))


def hide(layer: Layer) -> None:
    """Hide a heat layer for the panel's sake: its drawing stays visible, for when it comes back."""
    layer.metadata[METADATA_KEY][_SET]["visible"] = False
    layer.visible = False


def heat_colormap(colours: tuple[int, int, int] | str, threshold: float) -> Colormap:
    """Napari colour map; black, which adds nothing, below the threshold.

    Parameters
    ----------
    colours
        sRGB in [0, 255] of a hue, or the name of a colour map.
    threshold
        Heat in [0, 1] below which nothing is drawn.
    """
    from napari.utils import Colormap

    by_hue = not isinstance(colours, str)
    table = np.array(hue_map(colours) if by_hue else colour_map(colours))  # type: ignore[arg-type]
    table[np.linspace(0.0, 1.0, len(table)) < threshold] = 0.0
    name = "#" + bytes(colours).hex() if by_hue else colours  # type: ignore[arg-type]
    return Colormap(table, name=f"medvlp {name} from {threshold:.2f}")
