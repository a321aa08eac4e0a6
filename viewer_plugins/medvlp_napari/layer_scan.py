"""Any napari Image layer as a scan: its voxels, and where they lie after all its transforms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import RefusedScanError
from medvlp.geometry import Geometry
from medvlp.scan import Scan, ScanWarning
from medvlp_napari.frames import image_affine, volume_affine

if TYPE_CHECKING:
    from napari.layers import Image, Layer

METADATA_KEY = "medvlp"
_LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601, as for pictures read from files
_AIR_BELOW_HU = -300
_INVERTED_COLOURMAPS = ("gray_r", "grey_r")


def scan_from_layer(
    layer: Image, modality: Literal["CT", "XR"] | None = None, orientation: str = "SPL"
) -> Scan:
    """Make a scan of a layer, honouring its scale, translate, rotate, shear, affine and units.

    Heatmaps of this scan lie on the layer's own pixels.

    Parameters
    ----------
    layer
        A 3D layer in Hounsfield units, or a 2D layer (grey or RGB): an X-ray.
    modality
        ``"CT"`` or ``"XR"``; judged from dimensions and value range by default.
    orientation
        Patient directions toward which the world axes z, y, x run (:mod:`medvlp_napari.frames`).

    Raises
    ------
    RefusedScanError
        If the layer is not one volume in Hounsfield units or one radiograph.
    """
    data = layer.data[0] if layer.multiscale else layer.data
    ndim = int(layer.ndim)
    if ndim not in (2, 3):
        raise RefusedScanError(
            f"Layer {layer.name!r} has {ndim} axes; expected 3 (a CT volume) or 2 (an X-ray). "
            "Split it into single volumes first (Layers > Split Stack)."
        )
    notes = dict(layer.metadata.get(METADATA_KEY, {}))
    modality = modality or notes.get("modality") or ("CT" if ndim == 3 else "XR")
    if (modality == "CT") != (ndim == 3):
        raise RefusedScanError(
            f"Layer {layer.name!r} has {ndim} axes and cannot be {modality}: a CT has 3, an X-ray 2."
        )
    array = np.asarray(data)
    if ndim == 3:
        return _volume(layer, array, orientation, known="modality" in notes)
    return _radiograph(layer, array)


def world_affine(layer: Layer) -> NDArray[np.float64]:
    """``(ndim + 1, ndim + 1)``: data indices to napari's world, with all transforms of the layer."""
    ndim = int(layer.ndim)
    origin = np.asarray(layer.data_to_world((0.0,) * ndim), dtype=np.float64)
    steps = [
        np.asarray(layer.data_to_world(row), dtype=np.float64) - origin for row in np.eye(ndim)
    ]
    matrix = np.eye(ndim + 1)
    matrix[:ndim, :ndim] = np.stack(steps, axis=1)
    matrix[:ndim, ndim] = origin
    return matrix


def _volume(layer: Image, array: NDArray[Any], orientation: str, known: bool) -> Scan:
    if layer.rgb or not np.issubdtype(array.dtype, np.number):
        raise RefusedScanError(f"Layer {layer.name!r} is in colour; expected Hounsfield units.")
    if not known and float(array.min()) > _AIR_BELOW_HU:
        raise RefusedScanError(
            f"Layer {layer.name!r} is not a CT in Hounsfield units: expected air near -1000, found "
            f"values from {float(array.min()):g} to {float(array.max()):g}. Apply the rescale slope "
            "and intercept, or open the original file with medvlp."
        )
    factors = _millimetres(layer)
    warnings: tuple[ScanWarning, ...] = ()
    if factors is None:
        sizes = " x ".join(f"{s:g}" for s in np.linalg.norm(world_affine(layer)[:3, :3], axis=0))
        message = f"The layer has no physical unit; its voxels of {sizes} are taken as millimetres."
        warnings = (ScanWarning("layer-without-units", message),)
    world = np.diag([*(factors or (1.0, 1.0, 1.0)), 1.0]) @ world_affine(layer)
    geometry = Geometry(array.shape, volume_affine(world, orientation))
    return Scan(_as_hounsfield(array), geometry, "CT", "HU", warnings, {"format": "napari layer"})


def _radiograph(layer: Image, array: NDArray[Any]) -> Scan:
    grey = array[..., :3] @ _LUMA if layer.rgb else array
    if np.issubdtype(grey.dtype, np.floating) and not np.all(np.isfinite(grey)):
        raise RefusedScanError(f"Layer {layer.name!r} holds values that are not finite.")
    low, high = float(grey.min()), float(grey.max())
    if not layer.rgb and low < _AIR_BELOW_HU:
        raise RefusedScanError(
            f"Layer {layer.name!r} looks like one CT slice (values from {low:g} to {high:g}); "
            "expected an X-ray. Open the whole volume instead."
        )
    values = (grey.astype(np.float32) - np.float32(low)) / np.float32(max(high - low, 1e-6))
    if str(layer.colormap.name).lower() in _INVERTED_COLOURMAPS:
        values = 1.0 - values
    factors = _millimetres(layer)
    world = np.diag([*(factors or (1.0, 1.0)), 1.0]) @ world_affine(layer)
    geometry = Geometry(values.shape, image_affine(world), "mm" if factors else "pixel")
    return Scan(values, geometry, "XR", "normalised", (), {"format": "napari layer"})


def _as_hounsfield(array: NDArray[Any]) -> NDArray[np.int16]:
    """int16, rounded; slice by slice, so that no second float volume is held."""
    if array.dtype == np.int16:
        return array
    limits = np.iinfo(np.int16)
    out = np.empty(array.shape, dtype=np.int16)
    for k, plane in enumerate(array):
        finite = np.nan_to_num(plane.astype(np.float64), nan=-1024.0)
        out[k] = np.clip(np.rint(finite), limits.min, limits.max)
    return out


def _millimetres(layer: Layer) -> tuple[float, ...] | None:
    """Millimetres per world unit along each axis; None if the units are pixels."""
    factors = []
    for unit in layer.units:
        quantity = 1.0 * unit
        if not quantity.is_compatible_with("mm"):
            return None
        factors.append(float(quantity.to("mm").magnitude))
    return tuple(factors)
