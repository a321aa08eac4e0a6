"""Heat and organs as surfaces in patient millimetres. Pure functions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp_viewer.models.heat_model import HeatModel
from medvlp_viewer.models.outline import LEVEL, OutlineModel
from medvlp_viewer.models.overlay import drawn_rows
from medvlp_viewer.models.volume_model import faces
from medvlp_viewer.models.volume_scene import Surface
from medvlp_widgets.models.overlay import OverlayModel
from medvlp_widgets.models.queries import QueryModel

# At zero the surface would be that of the whole scan.
LOWEST_LEVEL = 0.05
_ORGAN_RGB = (205, 225, 255)


def heat_surfaces(
    queries: QueryModel, heats: HeatModel, overlay: OverlayModel
) -> tuple[Surface, ...]:
    """One surface per visible query, in its hue, where its heat reaches the threshold."""
    if not overlay.visible:
        return ()
    return tuple(
        Surface(
            row.text,
            "heat",
            heatmap.values,
            heatmap.geometry.affine,
            max(overlay.threshold if row.threshold is None else row.threshold, LOWEST_LEVEL),
            row.hue.rgb,
            scan_box(heatmap.geometry, heatmap.scan_geometry),
        )
        for row, heatmap in drawn_rows(queries, heats)
    )


def organ_surface(outline: OutlineModel, scan: Geometry) -> Surface | None:
    """Surface of the organ that is selected in the table."""
    if outline.shown is None or outline.geometry is None:
        return None
    values, geometry = outline.shown[0], outline.geometry
    box = scan_box(geometry, scan)
    return Surface(outline.chosen, "organ", values, geometry.affine, LEVEL, _ORGAN_RGB, box)


def scan_box(grid: Geometry, scan: Geometry) -> NDArray[np.float64]:
    """Part of a token grid that lies in the scan: ``(2, 3)`` lowest and highest grid index.

    Heat is constant in the outer half of the outer cells and 0 beyond them, as on the slices.
    """
    corners = grid.world_to_index(faces(scan))
    last = np.asarray(grid.shape) - 0.5
    return np.stack([np.maximum(corners.min(axis=0), -0.5), np.minimum(corners.max(axis=0), last)])
