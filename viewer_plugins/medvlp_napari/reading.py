"""A scan as the data of a napari layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medvlp_napari.frames import AXIS_LABELS, align
from medvlp_napari.layer_scan import METADATA_KEY

if TYPE_CHECKING:
    from medvlp.scan import Scan

_SOFT_TISSUE = (40.0, 400.0)


def layer_data(scan: Scan, name: str) -> tuple[Any, dict[str, Any], str]:
    """``(array, keyword arguments, "image")`` of an axis-aligned layer.

    The layer's metadata keeps, under ``"medvlp"``: modality, intensity, the affine to LPS and the
    shape as they were in the file, whether the volume was resampled, and the reader's warnings.
    """
    aligned = align(scan)
    level, width = scan.window or (_SOFT_TISSUE if scan.modality == "CT" else (0.5, 1.0))
    ndim = aligned.scan.geometry.ndim
    notes = {
        "modality": scan.modality,
        "intensity": scan.intensity,
        "affine_lps": aligned.original.affine,
        "shape": aligned.original.shape,
        "orientation": aligned.original.orientation,
        "resampled": aligned.resampled,
        "warnings": [str(warning) for warning in scan.warnings],
    }
    arguments = {
        "name": name,
        "scale": aligned.scale,
        "translate": aligned.translate,
        "units": (aligned.scan.geometry.units,) * ndim,
        "axis_labels": AXIS_LABELS[ndim],
        "colormap": "gray",
        "contrast_limits": (level - width / 2, level + width / 2),
        "rgb": False,
        "multiscale": False,
        "metadata": {METADATA_KEY: notes},
    }
    return aligned.scan.array, arguments, "image"
