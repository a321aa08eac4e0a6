"""The film that painters work on, and helpers in its plane."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from medvlp_training.simulation.case import Mask, Side, SimulationError
from medvlp_training.simulation.fields import Array, smooth_noise


@dataclass(frozen=True, eq=False)
class Painted:
    """One painted finding: ``mask`` as soft as the finding's edge, 0 to 1."""

    finding: str
    side: Side | None
    mask: Array
    severity: float
    sentence: str


class Film:
    """A radiograph under the brush.

    Parameters
    ----------
    image
        ``(rows, columns)`` in [0, 1], dense bright; copied.
    lungs
        ``"left"`` and ``"right"``: the patient's sides.
    heart
        Mask or None when it is not known.
    rng
        Source of every random draw.
    """

    def __init__(
        self, image: Array, lungs: dict[str, Mask], heart: Mask | None, rng: np.random.Generator
    ) -> None:
        self.image = image.astype(np.float32).copy()
        self.lungs = dict(lungs)
        self.heart = heart
        self.rng = rng
        rows, columns = np.indices(image.shape, dtype=np.float32)
        self.rows, self.columns = rows, columns

    @property
    def unit(self) -> float:
        """Pixels per millimetre, taking a lung for 240 mm high (PA, deep inspiration)."""
        heights = [
            int(np.ptp(np.nonzero(m.any(axis=1))[0])) for m in self.lungs.values() if m.any()
        ]
        if not heights:
            raise SimulationError("The film has no lung mask.")
        return float(max(max(heights), 40)) / 240.0

    @cached_property
    def soft_tissue(self) -> float:
        """Grey level of what is as dense as heart or fluid: bright, but not bone."""
        around = self.image[~(self.lungs["left"] | self.lungs["right"]) & (self.image > 0.1)]
        lung = float(np.median(self.image[self.lungs["left"] | self.lungs["right"]]))
        level = float(np.quantile(around, 0.6)) if around.size else 0.8
        return float(np.clip(max(level, lung + 0.22), 0.45, 0.92))

    def draw_side(self) -> Side:
        """A side whose lung is visible."""
        sides: list[Side] = [s for s in ("left", "right") if self.lungs[s].sum() > 400]  # type: ignore[misc]
        if not sides:
            raise SimulationError("The film has no lung mask.")
        return sides[int(self.rng.integers(len(sides)))]

    def noise(self, scale_px: float) -> Array:
        """Smooth unit noise."""
        return smooth_noise(self.image.shape, (1.0, 1.0), scale_px, self.rng)

    def lateral(self, side: Side) -> Array:
        """Pixels toward the patient's side, from the inner edge of its lung: grows laterally."""
        columns = np.nonzero(self.lungs[side].any(axis=0))[0]
        inner, sign = (columns[0], 1.0) if side == "left" else (columns[-1], -1.0)
        return np.asarray(sign * (self.columns - float(inner)), np.float32)

    def densify(self, alpha: Array, target: float | Array, keep: float = 0.3) -> None:
        """Veil the film toward ``target``, keeping a part of the fine structure (grain, ribs)."""
        from scipy import ndimage

        detail = self.image - ndimage.gaussian_filter(self.image, 3 * self.unit + 1)
        veiled = target + keep * detail
        veiled = np.maximum(veiled, np.minimum(self.image, veiled + 0.1))
        self.image = np.clip(self.image * (1 - alpha) + veiled * alpha, 0, 1).astype(np.float32)
