"""From a scan to the 8-bit pictures that two-dimensional networks were trained on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp.geometry import Geometry
from medvlp.models.backends.framing import frame, on_canvas
from medvlp.models.backends.settings import PlanarPreprocessing
from medvlp.models.preprocessing import canonical
from medvlp.scan import Scan


def slab_weights(slices: int, slabs: int) -> NDArray[np.float64]:
    """``(slabs, slices)``: the share of each slice in each of ``slabs`` slabs of equal thickness."""
    edges = np.linspace(0, slices, slabs + 1)
    faces = np.arange(slices)
    overlap = np.minimum(edges[1:, None], faces + 1) - np.maximum(edges[:-1, None], faces)
    weights = np.clip(overlap, 0, None)
    return weights / weights.sum(axis=1, keepdims=True)


def windowed(hu: NDArray[np.floating], low: float, high: float) -> NDArray[np.uint8]:
    """A CT window as 8 bits: ``low`` HU and less is 0, ``high`` and more is 255."""
    scaled = (np.clip(hu, low, high) - low) * (255.0 / (high - low))
    return np.rint(scaled).astype(np.uint8)


def eight_bits(image: NDArray[np.generic]) -> NDArray[np.uint8]:
    """[0, 1] to 8 bits."""
    return np.rint(np.clip(np.asarray(image, np.float32), 0, 1) * 255).astype(np.uint8)


def stretched(image: NDArray[np.generic]) -> NDArray[np.uint8]:
    """Smallest to greatest value to 8 bits, fractions cut off; a flat image is black."""
    values = np.asarray(image, np.float64)
    above = values - values.min()
    return (above / max(float(above.max()), 1e-12) * 255).astype(np.uint8)


class Pictures:
    """The pictures of a scan: one X-ray, or the axial slabs of a CT from the feet up.

    Rows run to the back and columns to the patient's left, as slices are hung; an X-ray's rows run
    to the feet.

    Parameters
    ----------
    scan
        CT or X-ray.
    settings
        Of the model.

    Attributes
    ----------
    framing
        How each picture is shown.
    geometry
        Of the cells of all pictures.
    """

    def __init__(self, scan: Scan, settings: PlanarPreprocessing) -> None:
        self._settings = settings
        self._array, plane = canonical(scan.array, scan.geometry)
        if scan.is_volume:
            slices, spacing = plane.shape[0], plane.spacing[0]
            count = min(slices, max(1, round(slices * spacing / settings.slice_mm)))
            self._weights = slab_weights(slices, count)
            plane = plane.resampled((count, *plane.shape[1:]))
        self.framing = frame((plane.shape[-2], plane.shape[-1]), settings)
        self.geometry: Geometry = self.framing.cells(plane, settings)

    def __len__(self) -> int:
        return self.geometry.shape[0] if self._array.ndim == 3 else 1

    def __getitem__(self, number: int) -> NDArray[np.uint8]:
        """``(3, *canvas)``: red, green, blue."""
        if self._array.ndim == 2:
            grey = stretched(self._array) if self._settings.stretch else eight_bits(self._array)
            canvas = on_canvas(grey, self.framing, self._settings)
            return np.broadcast_to(canvas, (3, *canvas.shape))
        weights = self._weights[number]
        taps = np.flatnonzero(weights)
        hu = np.tensordot(weights[taps], self._array[taps[0] : taps[-1] + 1], axes=1)
        channels = [windowed(hu, *window) for window in self._settings.ct_windows]
        return np.stack([on_canvas(c, self.framing, self._settings) for c in channels])
