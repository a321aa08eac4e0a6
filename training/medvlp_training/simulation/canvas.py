"""The scan a simulation paints on: intensities, organs, and what the host's own image is like."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.case import Mask, Posture, Side, SimulationError
from medvlp_training.simulation.fields import Array, Spacing, bounding_box

_LOBES = {
    "left": ("lung_upper_lobe_left", "lung_lower_lobe_left"),
    "right": ("lung_upper_lobe_right", "lung_middle_lobe_right", "lung_lower_lobe_right"),
}


class Canvas:
    """A volume under the brush.

    Parameters
    ----------
    volume
        HU, ``(S, P, L)``; copied.
    organs
        Masks by TotalSegmentator name (or ``lung_left``, ``lung_right``); the dictionary is copied,
        masks are replaced and never written into.
    spacing
        Millimetres along each axis.
    rng
        Source of every random draw.
    posture
        Where fluid and air go: to the back and the front of a supine patient, to the base and the
        apex of an upright one.
    """

    def __init__(
        self,
        volume: NDArray[np.int16],
        organs: dict[str, Mask],
        spacing: Spacing,
        rng: np.random.Generator,
        posture: Posture = "supine",
    ) -> None:
        self.posture = posture
        self.volume: Array = volume.astype(np.float32)
        self.organs = dict(organs)
        self.spacing = spacing
        self.rng = rng

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the volume."""
        return self.volume.shape

    @property
    def voxel_ml(self) -> float:
        """Volume of a voxel in millilitres."""
        return float(np.prod(self.spacing)) / 1000

    def organ(self, *names: str) -> Mask:
        """Union of the named organs.

        Raises
        ------
        SimulationError
            If none of them is present in this scan.
        """
        found = [self.organs[n] for n in names if n in self.organs and self.organs[n].any()]
        if not found:
            raise SimulationError(f"The host has no mask of {' or '.join(names)}.")
        return np.logical_or.reduce(found)

    def lung(self, side: Side) -> Mask:
        """Lung of one side, from its lobes or as a whole."""
        if side == "bilateral":
            return self.organ("lung_left", "lung_right", *_LOBES["left"], *_LOBES["right"])
        return self.organ(f"lung_{side}", *_LOBES[side])

    def lobes(self, side: Side) -> dict[str, Mask]:
        """Lobes of one side that the host has masks of; empty when it only has whole lungs."""
        sides = ("left", "right") if side == "bilateral" else (side,)
        names = [n for s in sides for n in _LOBES[s]]
        return {n: self.organs[n] for n in names if n in self.organs and self.organs[n].any()}

    def draw_side(self) -> Side:
        """Left or right, among the lungs that are large enough to hold something."""
        sides: list[Side] = []
        for side in ("left", "right"):
            try:
                if self.lung(side).sum() * self.voxel_ml > 150:  # type: ignore[arg-type]
                    sides.append(side)  # type: ignore[arg-type]
            except SimulationError:
                continue
        if not sides:
            raise SimulationError("The host has no lung of at least 150 ml.")
        return sides[int(self.rng.integers(len(sides)))]

    @cached_property
    def noise_sd(self) -> float:
        """Noise of the host, HU: the quietest fifth of the local deviations in soft tissue."""
        from scipy import ndimage

        v = self.volume
        mean = ndimage.uniform_filter(v, 3)
        variance = ndimage.uniform_filter(v * v, 3) - mean * mean
        tissue = variance[(mean > 0) & (mean < 120)]
        if tissue.size < 100:
            return 8.0
        return float(np.clip(np.sqrt(max(np.quantile(tissue, 0.2), 0.0)), 2.0, 40.0))

    @cached_property
    def blood_hu(self) -> float:
        """Median HU of the aorta or heart; 45, as without contrast, when neither is known."""
        for name in ("aorta", "heart"):
            mask = self.organs.get(name)
            if mask is not None and mask.any():
                return float(np.clip(np.median(self.volume[mask]), 35, 350))
        return 45.0

    @property
    def enhancement(self) -> float:
        """0 without intravenous contrast, about 1 in a portal venous phase."""
        return float(np.clip((self.blood_hu - 60) / 100, 0.0, 1.2))

    def noise(self, shape: tuple[int, ...]) -> Array:
        """Noise with the host's standard deviation, correlated between neighbours as in CT."""
        from scipy import ndimage

        noise = ndimage.gaussian_filter(self.rng.standard_normal(shape).astype(np.float32), 0.5)
        return noise * (0.9 * self.noise_sd / (float(noise.std()) + 1e-6))

    def blend(self, alpha: Array, hu: float | Array, box: tuple[slice, ...] | None = None) -> None:
        """Replace tissue by ``hu`` plus the host's noise, in the proportion ``alpha`` (0 to 1)."""
        region = box or (slice(None),) * 3
        old = self.volume[region]
        new = hu + self.noise(old.shape)
        self.volume[region] = old * (1 - alpha) + alpha * new

    def blend_lung(self, alpha: Array, hu: float | Array, side: Side) -> None:
        """Blend inside one lung, up to the pleura.

        Voxels at the rim of a lung are part lung and part chest wall and usually lie outside its
        mask; they take the ``alpha`` of their neighbours, or a dark seam would remain there.
        """
        from scipy import ndimage

        lung = self.lung(side)
        box = bounding_box(lung, 4 * max(self.spacing), self.spacing)
        inner = lung[box]
        rim = ndimage.binary_dilation(inner, iterations=2) & ~inner & (self.volume[box] < -40)
        for name, mask in self.organs.items():
            if not name.startswith("lung_"):
                rim &= ~mask[box] | (self.volume[box] < -150)
        for other in ("left", "right"):
            if side not in (other, "bilateral"):
                rim &= ~self._lung_or_empty(other)[box]  # type: ignore[arg-type]
        here = alpha[box]
        spread = ndimage.grey_dilation(here * inner, size=(3, 3, 3))
        spread = np.maximum(spread, ndimage.grey_dilation(spread * rim, size=(3, 3, 3)))
        values = hu[box] if isinstance(hu, np.ndarray) else hu
        self.blend(np.where(rim, spread, here * inner).astype(np.float32), values, box)

    def _lung_or_empty(self, side: Side) -> Mask:
        try:
            return self.lung(side)
        except SimulationError:
            return self.empty()

    def remove_from(self, names: tuple[str, ...], mask: Mask) -> None:
        """Take ``mask`` out of the named organs: something else is there now."""
        for name in names:
            if name in self.organs:
                self.organs[name] = self.organs[name] & ~mask

    def remove_from_lungs(self, mask: Mask) -> None:
        """Take ``mask`` out of every lung and lobe."""
        self.remove_from(("lung_left", "lung_right", *_LOBES["left"], *_LOBES["right"]), mask)

    def box_around(
        self, centre: NDArray[np.floating], radius_mm: float
    ) -> tuple[tuple[slice, ...], list[Array]]:
        """Slices of a cube around a voxel, and open grids of millimetres from its centre."""
        box, grids = [], []
        for axis, (n, step) in enumerate(zip(self.shape, self.spacing, strict=True)):
            reach = int(np.ceil(radius_mm / step)) + 1
            start = max(0, int(centre[axis]) - reach)
            stop = min(n, int(centre[axis]) + reach + 1)
            box.append(slice(start, stop))
            line = (np.arange(start, stop) - centre[axis]) * step
            view = [1, 1, 1]
            view[axis] = -1
            grids.append(line.astype(np.float32).reshape(view))
        return tuple(box), grids

    def empty(self) -> Mask:
        """All-false mask of the volume's shape."""
        return np.zeros(self.shape, bool)

    def pick(self, where: Mask, weight: Array | None = None) -> NDArray[np.float64]:
        """Draw a voxel of ``where`` (sub-voxel jitter included), optionally weighted.

        Raises
        ------
        SimulationError
            If ``where`` is empty: there is no room for the lesion.
        """
        indices = np.flatnonzero(where)
        if indices.size == 0:
            raise SimulationError("There is no room in the host for the lesion.")
        p = None
        if weight is not None:
            w = weight.ravel()[indices].astype(np.float64) + 1e-9
            p = w / w.sum()
        chosen = int(self.rng.choice(indices, p=p))
        jitter = self.rng.uniform(-0.4, 0.4, 3)
        return np.array(np.unravel_index(chosen, self.shape), np.float64) + jitter
