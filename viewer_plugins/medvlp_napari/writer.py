"""napari writer: a heat layer as NIfTI in patient coordinates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from medvlp.errors import RefusedScanError


def write_heatmap(path: str, data: Any, attributes: dict[str, Any]) -> list[str]:
    """Save a heat layer of medvlp; called by napari for ``.nii`` and ``.nii.gz``.

    The file has the affine of the scan that was asked about and values in [0, 1].

    Raises
    ------
    medvlp.RefusedScanError
        If the layer is not heat that medvlp made: its place in the patient is not known.
    """
    heatmap = attributes.get("metadata", {}).get("medvlp", {}).get("heatmap")
    if heatmap is None:
        raise RefusedScanError(
            f"Layer {attributes.get('name', '')!r} is not a heatmap of medvlp; only those are "
            "saved as NIfTI by this plugin. Choose another file type or plugin."
        )
    from medvlp.export.volumes import write_nifti
    from medvlp.scan import Scan

    geometry = heatmap.scan_geometry
    # Only the geometry of the scan is used: a broadcast array stands for its voxels.
    voxels = np.broadcast_to(np.int16(0), geometry.shape)
    scan = Scan(voxels, geometry, "CT" if geometry.ndim == 3 else "XR", "HU")
    write_nifti(heatmap, scan, Path(path))
    return [path]
