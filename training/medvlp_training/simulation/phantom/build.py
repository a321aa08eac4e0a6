"""Shape parameters of one procedural patient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Build:
    """Sizes in millimetres, densities in HU.

    ``height`` is the lung's height over the right dome, ``half_width`` and ``half_depth`` the inner
    half sizes of the rib cage at its widest.
    """

    height: float
    half_width: float
    half_depth: float
    fat: float
    muscle: float
    female: bool
    slope: float
    left_dome: float
    heart: float
    blood: float
    liver: float
    kidney: float
    bone: float
    lung: float
    noise: float
    kyphosis: float
    scoliosis: float
    stomach_gas: float
    table: bool

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Build:
        """A random patient; contrast is one draw for all vessels and organs."""
        phase = rng.choice(["none", "arterial", "portal"], p=[0.45, 0.2, 0.35])
        blood = {"none": 42, "arterial": 290, "portal": 150}[str(phase)] * rng.uniform(0.9, 1.1)
        lift = {"none": 0, "arterial": 12, "portal": 50}[str(phase)]
        kidney = {"none": 32, "arterial": 140, "portal": 170}[str(phase)] * rng.uniform(0.9, 1.1)
        female = bool(rng.random() < 0.5)
        size = rng.uniform(0.92, 1.08) * (0.95 if female else 1.03)
        return cls(
            height=rng.uniform(175, 225) * size,
            half_width=rng.uniform(122, 138) * size,
            half_depth=rng.uniform(82, 98) * size,
            fat=float(np.exp(rng.normal(np.log(15), 0.45))),
            muscle=rng.uniform(9, 16),
            female=female,
            slope=rng.uniform(0.45, 0.7),
            left_dome=-rng.uniform(3, 20),
            heart=rng.uniform(0.88, 1.08),
            blood=blood,
            liver=rng.uniform(48, 65) + lift,
            kidney=kidney,
            bone=rng.uniform(0.75, 1.15),
            lung=rng.uniform(-880, -810),
            noise=float(np.exp(rng.normal(np.log(11), 0.4))),
            kyphosis=rng.uniform(5, 22),
            scoliosis=rng.normal(0, 5),
            stomach_gas=rng.uniform(0.1, 0.75),
            table=bool(rng.random() < 0.6),
        )
