"""What goes into a simulation and what comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import MedVLPError

Side = Literal["left", "right", "bilateral"]
Posture = Literal["supine", "upright"]
Mask = NDArray[np.bool_]


class SimulationError(MedVLPError):
    """A finding cannot be simulated in this anatomy: an organ is missing, or there is no room."""


@dataclass(frozen=True)
class Request:
    """One finding to place; whatever is None is drawn.

    Parameters
    ----------
    finding
        Name in the lexicon, such as ``"pleural_effusion"``.
    side
        Side of the patient, for findings that have one.
    severity
        Continuous, 0 (barely visible) to 1 (extreme).
    """

    finding: str
    side: Side | None = None
    severity: float | None = None


@dataclass(frozen=True, eq=False)
class Lesion:
    """One placed lesion.

    ``mask`` has the shape of the volume; ``sentence`` is how a radiologist would report it.
    """

    finding: str
    mask: Mask
    severity: float
    sentence: str
    side: Side | None = None
    location: str = ""


@dataclass(frozen=True, eq=False)
class SimulatedCase:
    """A host scan with lesions placed into it.

    Attributes
    ----------
    volume
        int16 HU, ``(S, P, L)``, the shape of the host.
    lesions
        Finding name to mask, all lesions of one finding together.
    sides, severity
        The same keys; ``sides`` is None for findings without a side.
    report
        Findings as dictated, with normal statements about what is known to be normal.
    organs
        The host's organ masks, changed where a lesion displaced an organ.
    """

    volume: NDArray[np.int16]
    lesions: dict[str, Mask]
    sides: dict[str, Side | None]
    severity: dict[str, float]
    report: str
    organs: Mapping[str, Mask] = field(default_factory=dict)
    placed: tuple[Lesion, ...] = ()
