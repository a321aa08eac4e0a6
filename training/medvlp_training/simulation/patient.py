"""One simulated patient: a host, findings that fit it, and how it was scanned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from medvlp_training.simulation.case import Request, SimulatedCase, SimulationError
from medvlp_training.simulation.findings import NEEDED_ORGAN, SIMULATORS
from medvlp_training.simulation.hosts import Host, lungs_ml
from medvlp_training.simulation.shard_file import known_absent
from medvlp_training.simulation.simulate import simulate
from medvlp_training.simulation.variants import vary
from medvlp_training.simulation.variation import TURN_DEGREES, Acquisition, prepare, scan

LoadHost = Callable[[], Host]
_TOGETHER = {
    "ground_glass_opacity": ("consolidation", "consolidation", "pleural_effusion"),
    "consolidation": ("ground_glass_opacity", "pleural_effusion", "atelectasis", "lung_mass"),
    "pleural_effusion": (
        "atelectasis",
        "cardiomegaly",
        "consolidation",
        "pericardial_effusion",
        "lung_mass",
    ),
    "lung_mass": (
        "lymphadenopathy",
        "pleural_effusion",
        "emphysema",
        "liver_lesion",
        "consolidation",
        "consolidation",
    ),
    "ascites": ("pleural_effusion", "liver_lesion"),
    "emphysema": ("lung_nodule", "pneumothorax"),
    "renal_cyst": ("liver_cyst", "kidney_stone"),
    "cardiomegaly": ("pleural_effusion", "pacemaker"),
    "endotracheal_tube": ("central_venous_catheter", "enteric_tube", "consolidation"),
    "central_venous_catheter": ("endotracheal_tube", "pleural_effusion", "pneumothorax"),
    "enteric_tube": ("endotracheal_tube", "atelectasis", "pleural_effusion"),
    "pacemaker": ("cardiomegaly", "pleural_effusion"),
}
_SMALLEST_LUNG_ML = 900.0


@dataclass(frozen=True, eq=False)
class Patient:
    """What was drawn for one number.

    Parameters
    ----------
    host
        The scan before lesions were placed.
    case
        The scan with them.
    scanned
        ``case`` as the acquisition shows it.
    acquisition
        None if the host was taken as it is.
    """

    host: Host
    case: SimulatedCase
    scanned: SimulatedCase
    acquisition: Acquisition | None

    @property
    def absent(self) -> list[str]:
        """Findings that are certainly not in the case."""
        return known_absent(self.host, tuple(self.case.lesions))


def is_chest(host: Host) -> bool:
    """Whether most of both lungs is in the scan."""
    return min(lungs_ml(host)) > _SMALLEST_LUNG_ML


def draw_requests(primary: str, rng: np.random.Generator) -> list[Request]:
    """The primary finding, often on both sides, often with what tends to come with it."""
    requests = [Request(primary)]
    if primary == "pleural_effusion" and rng.random() < 0.3:
        requests = [Request(primary, "left"), Request(primary, "right")]
    if rng.random() < 0.45:
        options = _TOGETHER.get(primary) or tuple(n for n in SIMULATORS if n != primary)
        requests.append(Request(str(rng.choice(options))))
    if rng.random() < 0.15:
        requests.append(Request(str(rng.choice([n for n in SIMULATORS if n != primary]))))
    kept: list[Request] = []
    for request in requests:
        if all(k.finding != request.finding or k.side != request.side for k in kept):
            kept.append(request)
    return kept


def fits(host: Host, finding: str) -> bool:
    """Whether a host can take a finding, as far as its list of organs says.

    A finding that the host has of its own is not placed: its mask would miss the true lesion.
    """
    organ = NEEDED_ORGAN[finding]
    return finding not in host.present and any(name.startswith(organ) for name in host.organs)


def draw_patient(
    hosts: Iterable[LoadHost],
    primary: str | None,
    rng: np.random.Generator,
    varied: bool,
    chest: bool = False,
) -> Patient | None:
    """A patient with a finding, from the first host that has room for it; None without one.

    Parameters
    ----------
    hosts
        In the order in which they are tried.
    primary
        Finding that the patient has, perhaps with others; None for no finding.
    varied
        Bend the host anew and scan it in another way.
    chest
        Only hosts that show both lungs, and never cut through them.
    """
    for load in hosts:
        host = load()
        if (chest and not is_chest(host)) or (primary and not fits(host, primary)):
            continue
        drawn = draw_requests(primary, rng) if primary else []
        requests = [request for request in drawn if fits(host, request.finding)]
        acquisition = Acquisition.draw(rng) if varied else None
        if acquisition:
            cut = _prepare_chest if chest else prepare
            host = cut(vary(host, rng, TURN_DEGREES), acquisition, rng)
        case = _place(host, requests, rng)
        if case is None and len(requests) > 1:
            case = _place(host, requests[:1], rng)
        if case is not None:
            scanned = scan(case, host.spacing, acquisition, rng) if acquisition else case
            return Patient(host, case, scanned, acquisition)
    return None


def _prepare_chest(host: Host, acquisition: Acquisition, rng: np.random.Generator) -> Host:
    """Host as the acquisition asks, but never cut through the lungs: a film shows them whole."""
    cut = prepare(host, acquisition, rng)
    if sum(lungs_ml(cut)) > 0.99 * sum(lungs_ml(host)):
        return cut
    return prepare(host, replace(acquisition, cut_feet_mm=0.0, cut_head_mm=0.0), rng)


def _place(host: Host, requests: list[Request], rng: np.random.Generator) -> SimulatedCase | None:
    absent = known_absent(host, tuple(request.finding for request in requests))
    try:
        return simulate(host.volume, host.organs, host.spacing, requests, rng, absent)
    except SimulationError:
        return None
