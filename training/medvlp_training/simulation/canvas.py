"""The scan a simulation paints on: intensities, organs, and what the host's own image is like."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.case import Mask, Posture, Side, SimulationError
from medvlp_training.simulation.fields import Array, Spacing, bounding_box
from medvlp_training.simulation.organ_masks import OrganMasks

# Of white noise after a Gaussian filter of 0.5 voxels, which reaches 2 voxels.
_NOISE_REACH, _NOISE_SD = 2, 0.5136
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
        Masks by TotalSegmentator name (or ``lung_left``, ``lung_right``); the mapping is copied,
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
        organs: Mapping[str, Mask],
        spacing: Spacing,
        rng: np.random.Generator,
        posture: Posture = "supine",
    ) -> None:
        self.posture = posture
        self.volume: Array = volume.astype(np.float32)
        self.organs = OrganMasks.of(organs)
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
        """Union of the named organs, read-only.

        Raises
        ------
        SimulationError
            If none of them is present in this scan.
        """
        found = tuple(n for n in names if n in self.organs and self.organs[n].any())
        if not found:
            raise SimulationError(f"The host has no mask of {' or '.join(names)}.")
        return self.organs.union(found)

    def other_organs(self, *prefixes: str) -> Mask:
        """Union of all organs but those whose names begin with one of ``prefixes``, read-only."""
        names = tuple(name for name in self.organs if not name.startswith(prefixes))
        return self.organs.union(names) if names else self.empty()

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
        """Noise of the host, HU: the quietest fifth of the deviations in soft tissue, in cubes of 3."""
        blocks = tuple(n // 3 for n in self.shape)
        whole = self.volume[tuple(slice(3 * n) for n in blocks)]
        parts = whole.reshape(blocks[0], 3, blocks[1], 3, blocks[2], 3)
        mean = parts.mean(axis=(1, 3, 5))
        variance = np.einsum("aibjck,aibjck->abc", parts, parts) / 27 - mean * mean
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

        wide = [n + 2 * _NOISE_REACH for n in shape]
        noise = ndimage.gaussian_filter(self.rng.standard_normal(wide, dtype=np.float32), 0.5)
        inner = (slice(_NOISE_REACH, -_NOISE_REACH),) * len(shape)
        return np.asarray(noise[inner] * np.float32(0.9 * self.noise_sd / _NOISE_SD), np.float32)

    def blend(self, alpha: Array, hu: float | Array, box: tuple[slice, ...] | None = None) -> None:
        """Replace tissue by ``hu`` plus the host's noise, in the proportion ``alpha`` (0 to 1)."""
        region = box or tuple(slice(n) for n in self.shape)
        touched = alpha > 0
        if not touched.any():
            return
        part = bounding_box(touched, 0, self.spacing)
        inner = tuple(
            slice(whole.start + own.start, whole.start + own.stop)
            for whole, own in zip(region, part, strict=True)
        )
        share, old = alpha[part], self.volume[inner]
        value = hu[part] if isinstance(hu, np.ndarray) else hu
        self.volume[inner] = old + share * (value + self.noise(old.shape) - old)

    def blend_lung(self, alpha: Array, hu: float | Array, side: Side) -> None:
        """Blend inside one lung, up to the pleura.

        Voxels at the rim of a lung are part lung and part chest wall and usually lie outside its
        mask; they take the ``alpha`` of their neighbours, or a dark seam would remain there.
        """
        from scipy import ndimage

        lung = self.lung(side)
        touched = lung & (alpha > 0)
        if not touched.any():
            return
        box = bounding_box(touched, 4 * max(self.spacing), self.spacing)
        inner = lung[box]
        rim = ndimage.binary_dilation(inner, iterations=2) & ~inner & (self.volume[box] < -40)
        rim &= ~self.other_organs("lung_")[box] | (self.volume[box] < -150)
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
        for name in set(names).intersection(self.organs.touched_by(mask)):
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
