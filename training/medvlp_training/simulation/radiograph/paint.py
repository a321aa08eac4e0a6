"""Paint findings onto a real chest X-ray."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from medvlp_training.simulation.case import Mask, Request, SimulationError
from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.radiograph.atelectasis import paint_atelectasis
from medvlp_training.simulation.radiograph.effusion import paint_effusion
from medvlp_training.simulation.radiograph.film import Film, Painted
from medvlp_training.simulation.radiograph.heart import paint_cardiomegaly
from medvlp_training.simulation.radiograph.nodule import paint_mass, paint_nodule
from medvlp_training.simulation.radiograph.opacity import paint_consolidation, paint_haze
from medvlp_training.simulation.radiograph.pneumothorax import paint_pneumothorax

# In the order in which they are painted: deformation first, fluid over everything last.
PAINTERS: dict[str, Callable[[Film, Request], Painted]] = {
    "cardiomegaly": paint_cardiomegaly,
    "pneumothorax": paint_pneumothorax,
    "ground_glass_opacity": paint_haze,
    "consolidation": paint_consolidation,
    "atelectasis": paint_atelectasis,
    "lung_mass": paint_mass,
    "lung_nodule": paint_nodule,
    "pleural_effusion": paint_effusion,
}


@dataclass(frozen=True, eq=False)
class PaintedFilm:
    """A film with its painted findings and the organ masks as they are afterwards."""

    image: Array
    painted: tuple[Painted, ...]
    lung_left: Mask
    lung_right: Mask
    heart: Mask | None


def paint(
    image: Array,
    lung_left: Mask,
    lung_right: Mask,
    heart: Mask | None,
    rng: np.random.Generator,
    findings: Sequence[str | Request] | None = None,
) -> PaintedFilm:
    """Paint findings inside the lungs of a real film.

    Parameters
    ----------
    image
        ``(rows, columns)`` in [0, 1], dense bright, the patient's left on the right of the image.
    lung_left, lung_right, heart
        Masks on the same grid; without a heart there is no cardiomegaly.
    rng
        The only source of randomness.
    findings
        What to paint; one or two at random when None.

    Raises
    ------
    SimulationError
        If a finding is unknown or needs a mask that is not given.
    """
    if findings is None:
        names = [n for n in PAINTERS if heart is not None or n != "cardiomegaly"]
        findings = rng.choice(names, size=1 + int(rng.random() < 0.3), replace=False).tolist()
    requests = [Request(f) if isinstance(f, str) else f for f in findings]
    unknown = [r.finding for r in requests if r.finding not in PAINTERS]
    if unknown:
        raise SimulationError(
            f"No painter for {', '.join(unknown)}; there are: {', '.join(PAINTERS)}."
        )
    film = Film(image, {"left": lung_left, "right": lung_right}, heart, rng)
    order = list(PAINTERS)
    painted: list[Painted] = []
    for request in sorted(requests, key=lambda r: order.index(r.finding)):
        new = PAINTERS[request.finding](film, request)
        if new.finding == "pleural_effusion":
            # Fluid hides what lies in front of or behind it.
            painted = [replace(p, mask=p.mask * (1 - 0.9 * new.mask)) for p in painted]
        painted.append(new)
    if any(p.mask.max() < 0.35 or p.mask.sum() < 12 for p in painted):
        raise SimulationError("A painted finding is hidden by another one or left the lung.")
    return PaintedFilm(
        film.image, tuple(painted), film.lungs["left"], film.lungs["right"], film.heart
    )
