"""Layers that can be asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from medvlp.errors import MedVLPError
from medvlp_napari.made_layers import is_made_by_medvlp

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Image


def source_layer(viewer: ViewerModel) -> Image:
    """The Image layer a question is about: the active one, else the topmost that is a scan.

    Raises
    ------
    medvlp.MedVLPError
        If there is none.
    """
    active = viewer.layers.selection.active
    for layer in (active, *reversed(viewer.layers)):
        if is_source(layer):
            return layer
    raise MedVLPError("There is no image to ask about. Open a CT or an X-ray first.")


def is_source(layer: object) -> bool:
    """Whether a layer is an Image that medvlp did not make itself."""
    from napari.layers import Image

    return isinstance(layer, Image) and not is_made_by_medvlp(layer)
