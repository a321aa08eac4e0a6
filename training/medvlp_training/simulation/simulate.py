"""Place findings into a scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.canvas import Canvas
from medvlp_training.simulation.case import (
    Lesion,
    Mask,
    Posture,
    Request,
    Side,
    SimulatedCase,
    SimulationError,
)
from medvlp_training.simulation.fields import Spacing
from medvlp_training.simulation.findings import SIMULATORS
from medvlp_training.simulation.report import write_report

# Regions that keep their extent when something else lies inside them.
_SHOW_THROUGH = ("cardiomegaly", "emphysema")


def simulate(
    volume: NDArray[np.int16],
    organs: Mapping[str, Mask],
    spacing_mm: Spacing,
    findings: Sequence[str | Request],
    rng: np.random.Generator,
    absent: Sequence[str] = (),
    posture: Posture = "supine",
) -> SimulatedCase:
    """Place ``findings`` into a host scan.

    Parameters
    ----------
    volume
        int16 HU, ``(S, P, L)``.
    organs
        Masks of the host by TotalSegmentator name; ``lung_left`` and ``lung_right`` may stand in
        for lobes.
    spacing_mm
        Along ``(S, P, L)``.
    findings
        Names of the lexicon, or :class:`Request` to fix side or severity. Applied in the order of
        :data:`~medvlp_training.simulation.findings.SIMULATORS`.
    rng
        The only source of randomness: the same generator state gives the same case.
    absent
        Findings the host is known not to have, for normal statements in the report.
    posture
        Upright for a radiograph that will be projected from the volume.

    Raises
    ------
    SimulationError
        If a finding is unknown, or the host lacks the organ or the room for it.
    """
    requests = [Request(f) if isinstance(f, str) else f for f in findings]
    unknown = [r.finding for r in requests if r.finding not in SIMULATORS]
    if unknown:
        known = ", ".join(SIMULATORS)
        raise SimulationError(f"No simulator for {', '.join(unknown)}; there are: {known}.")
    order = list(SIMULATORS)
    canvas = Canvas(volume, organs, spacing_mm, rng, posture)
    placed: list[Lesion] = [
        SIMULATORS[request.finding](canvas, request)
        for request in sorted(requests, key=lambda r: order.index(r.finding))
    ]
    return _case(canvas, tuple(placed), tuple(absent))


def _visible(placed: tuple[Lesion, ...]) -> tuple[Lesion, ...]:
    """Lesions without what a later one of another kind covers.

    Raises
    ------
    SimulationError
        If more than two thirds of a lesion are covered: the report would speak of what none sees.
    """
    out = []
    for k, lesion in enumerate(placed):
        mask = lesion.mask
        for later in placed[k + 1 :]:
            if later.finding != lesion.finding and lesion.finding not in _SHOW_THROUGH:
                mask = mask & ~later.mask
        if mask.sum() < lesion.mask.sum() / 3:
            raise SimulationError(f"{lesion.finding} is hidden by another finding.")
        out.append(replace(lesion, mask=mask))
    return tuple(out)


def _case(canvas: Canvas, placed: tuple[Lesion, ...], absent: tuple[str, ...]) -> SimulatedCase:
    lesions: dict[str, Mask] = {}
    sides: dict[str, Side | None] = {}
    severity: dict[str, float] = {}
    placed = _visible(placed)
    for lesion in placed:
        name = lesion.finding
        known = name in lesions
        lesions[name] = lesions[name] | lesion.mask if known else lesion.mask
        severity[name] = max(severity.get(name, 0.0), lesion.severity)
        sides[name] = "bilateral" if known and sides[name] != lesion.side else lesion.side
    return SimulatedCase(
        volume=np.clip(np.round(canvas.volume), -1024, 3071).astype(np.int16),
        lesions=lesions,
        sides=sides,
        severity=severity,
        report=write_report(placed, absent, canvas.rng),
        organs=canvas.organs,
        placed=placed,
    )
