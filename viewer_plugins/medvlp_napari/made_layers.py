"""Layers that medvlp made: whose they are, and where they lie.

They are known by their metadata, so they are found again whatever the user calls them. Each belongs
to the layer that was asked about (``source``) and shares its transforms.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medvlp.errors import MedVLPError
from medvlp_napari.layer_scan import METADATA_KEY, world_affine

if TYPE_CHECKING:
    from napari.components import ViewerModel
    from napari.layers import Layer

    from medvlp.grounding.heatmap import Heatmap

HEAT, PEAKS, ORGANS = "heat", "peaks", "organs"


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


def heatmap_of(layer: Layer) -> Heatmap:
    """The answer that a heat layer draws.

    Raises
    ------
    medvlp.MedVLPError
        If the layer is not heat that medvlp made.
    """
    notes = layer.metadata.get(METADATA_KEY, {})
    if "heatmap" not in notes:
        raise MedVLPError(
            f"Layer {layer.name!r} is not heat that medvlp made. Ask a question first."
        )
    heatmap: Heatmap = notes["heatmap"]
    return heatmap


def belongs_to(layer: Layer, source: Layer) -> bool:
    """Whether medvlp made ``layer`` from ``source``."""
    return layer.metadata.get(METADATA_KEY, {}).get("source") == str(source.unique_id)


def follow_source(viewer: ViewerModel, source: Layer) -> None:
    """Put everything that medvlp made from ``source`` back onto its pixels, wherever it was moved."""
    for layer in layers_of(viewer, source):
        follow(layer, source)


def single(viewer: ViewerModel, source: Layer, role: str) -> Any:
    """The one layer of a role that ``source`` can have, or None."""
    return next(iter(layers_of(viewer, source, role)), None)


def notes_for(source: Layer, role: str) -> dict[str, Any]:
    """Metadata by which the layer is known."""
    return {"role": role, "source": str(source.unique_id)}


def transforms(source: Layer) -> dict[str, Any]:
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


def follow(layer: Any, source: Layer) -> None:
    """Give a layer the transforms of the one it was made from."""
    to_scan = layer.metadata[METADATA_KEY].get("to_scan")
    if to_scan is not None:
        layer.affine = world_affine(source) @ to_scan
        return
    for name, value in transforms(source).items():
        setattr(layer, name, value)
