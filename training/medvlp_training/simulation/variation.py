"""Another acquisition of a patient: breath, contrast phase, field of view, slice thickness and noise.

Anatomy is varied by :func:`medvlp_training.simulation.variants.vary`. What decides where a lesion
can lie and what it is seen against (breath, phase, range of the scan) is applied to the host before lesions are
placed; what only degrades the picture (slice thickness, noise, circle of reconstruction) afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.breath import breathe
from medvlp_training.simulation.case import Mask, SimulatedCase
from medvlp_training.simulation.fields import Array, Spacing, bounding_box, soften
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.organ_masks import OrganMasks

Phase = Literal["none", "arterial", "portal"]

# Typical attenuation in HU: unenhanced, late arterial, portal venous.
_PHASES: dict[Phase, dict[str, float]] = {
    "none": {"artery": 42, "vein": 40, "heart": 42, "liver": 57, "spleen": 48, "kidney": 32,
             "pancreas": 40},
    "arterial": {"artery": 290, "vein": 90, "heart": 220, "liver": 66, "spleen": 110,
                 "kidney": 145, "pancreas": 95},
    "portal": {"artery": 150, "vein": 160, "heart": 130, "liver": 108, "spleen": 118,
               "kidney": 175, "pancreas": 90},
}  # fmt: skip
_TISSUE = {
    "aorta": "artery", "subclavian_artery_left": "artery", "subclavian_artery_right": "artery",
    "common_carotid_artery_left": "artery", "common_carotid_artery_right": "artery",
    "brachiocephalic_trunk": "artery", "iliac_artery_left": "artery",
    "iliac_artery_right": "artery", "pulmonary_artery": "heart", "pulmonary_vein": "heart",
    "atrial_appendage_left": "heart", "heart": "heart", "superior_vena_cava": "vein",
    "inferior_vena_cava": "vein", "portal_vein_and_splenic_vein": "vein",
    "brachiocephalic_vein_left": "vein", "brachiocephalic_vein_right": "vein",
    "iliac_vena_left": "vein", "iliac_vena_right": "vein", "liver": "liver", "spleen": "spleen",
    "kidney_left": "kidney", "kidney_right": "kidney", "pancreas": "pancreas",
}  # fmt: skip
_DENIED_OUTSIDE = {
    "kidney_stone": "kidney_", "renal_cyst": "kidney_", "liver_lesion": "liver",
    "liver_cyst": "liver", "ascites": "liver", "cardiomegaly": "heart",
    "pericardial_effusion": "heart",
}  # fmt: skip
TURN_DEGREES = 2.5
"""Turn of the host for one case: host files are turned already, and a corner that turns in is empty."""
_SMALLEST = 40  # slices that a cut scan keeps, and the least share of it
_SMALLEST_SHARE = 0.6


@dataclass(frozen=True)
class Acquisition:
    """How a patient was scanned.

    Parameters
    ----------
    phase
        Of the contrast medium; None leaves the host as it is.
    cut_feet_mm, cut_head_mm
        Taken off the two ends of the scan.
    slice_mm
        Thickness of the slices that the grid was interpolated from; 0 leaves it.
    noise_hu
        Standard deviation of the noise that is added in soft tissue.
    field_mm
        Diameter of the circle of reconstruction; None shows the whole body.
    exhaled, dependent
        Share of the lungs' air that is missing everywhere, and in addition at the back.
    """

    phase: Phase | None = None
    cut_feet_mm: float = 0.0
    cut_head_mm: float = 0.0
    slice_mm: float = 0.0
    noise_hu: float = 0.0
    field_mm: float | None = None
    exhaled: float = 0.0
    dependent: float = 0.0

    @classmethod
    def draw(cls, rng: np.random.Generator) -> Acquisition:
        """Half of the scans keep each property of the host."""
        phases: tuple[Phase, ...] = ("none", "arterial", "portal")
        phase = phases[int(rng.integers(3))] if rng.random() < 0.5 else None
        feet, head = rng.uniform(0, 70), rng.uniform(0, 25)
        cut = rng.random() < 0.5
        thick = float(rng.choice([4.0, 5.0, 7.0, 10.0])) if rng.random() < 0.5 else 0.0
        noise = float(rng.gamma(2.0, 6.0)) if rng.random() < 0.5 else 0.0
        field = float(rng.uniform(300, 400)) if rng.random() < 0.25 else None
        exhaled = float(rng.uniform(0, 0.2)) if rng.random() < 0.3 else 0.0
        dependent = float(rng.uniform(0.03, 0.3)) if rng.random() < 0.4 else 0.0
        ends = (feet, head) if cut else (0.0, 0.0)
        return cls(phase, *ends, thick, noise, field, exhaled, dependent)


def prepare(host: Host, acquisition: Acquisition, rng: np.random.Generator) -> Host:
    """Host in the breath, phase and range of the acquisition, before lesions are placed.

    A finding whose organ is cut away is no longer declared absent: a report would not mention it.
    """
    cut = _cut(host, acquisition)
    if acquisition.exhaled or acquisition.dependent:
        less = breathe(cut, acquisition.exhaled, acquisition.dependent, rng)
        cut = replace(cut, volume=less)
    if acquisition.phase is None:
        return cut
    return replace(cut, volume=_in_phase(cut, acquisition.phase, rng))


def _cut(host: Host, acquisition: Acquisition) -> Host:
    """Host without its ends; nothing is cut off a scan that is short already."""
    slices = host.volume.shape[0]
    first = round(acquisition.cut_feet_mm / host.spacing[0])
    last = slices - round(acquisition.cut_head_mm / host.spacing[0])
    if last - first < max(_SMALLEST, _SMALLEST_SHARE * slices) or last - first == slices:
        return host
    labels, names = OrganMasks.of(host.organs).label_map()
    organs = OrganMasks.present(labels[first:last], names)

    def gone(finding: str) -> bool:
        organ = _DENIED_OUTSIDE.get(finding)
        return (
            organ is not None
            and any(n.startswith(organ) for n in host.organs)
            and not any(n.startswith(organ) for n in organs)
        )

    return replace(
        host,
        volume=np.ascontiguousarray(host.volume[first:last]),
        organs=organs,
        absent=tuple(finding for finding in host.absent if not gone(finding)),
    )


def _in_phase(host: Host, phase: Phase, rng: np.random.Generator) -> NDArray[np.int16]:
    """Shift each masked organ to its attenuation in the phase; calcium and gas stay.

    One dose and one circulation for all organs: contrast differs between patients by a fifth.
    """
    volume: Array = host.volume.astype(np.float32)
    strength = rng.uniform(0.8, 1.2)
    soft = (volume > -80) & (volume < 420)
    shift = np.zeros_like(volume)
    for name in host.organs:
        tissue = _TISSUE.get(name)
        if tissue is None or not host.organs[name].any():
            continue
        box = bounding_box(host.organs[name], 3 * max(host.spacing), host.spacing)
        mask = host.organs[name][box]
        inside = mask & soft[box]
        if not inside.any():
            continue
        plain = _PHASES["none"][tissue]
        target = plain + strength * (_PHASES[phase][tissue] - plain)
        shift[box] += (target - float(np.median(volume[box][inside]))) * soften(mask)
    return np.clip(np.round(volume + np.where(soft, shift, 0)), -1024, 3071).astype(np.int16)


def scan(
    case: SimulatedCase, spacing: Spacing, acquisition: Acquisition, rng: np.random.Generator
) -> SimulatedCase:
    """Case as the acquisition shows it: thick slices, noise, a circle of reconstruction.

    The grid and every lesion stay: the circle is widened until it holds all of them.
    """
    volume: Array = case.volume.astype(np.float32)
    if acquisition.slice_mm > spacing[0]:
        volume = _thick(volume, acquisition.slice_mm / spacing[0])
    if acquisition.noise_hu:
        volume = volume + _noise(volume, acquisition.noise_hu, rng)
    organs = case.organs
    if acquisition.field_mm is not None:
        field = _circle(case, spacing, acquisition.field_mm)
        volume = np.where(field, volume, -1024)
        labels, names = OrganMasks.of(organs).label_map()
        organs = OrganMasks.present(labels * field, names)
    grey = np.clip(np.round(volume), -1024, 3071).astype(np.int16)
    return replace(case, volume=grey, organs=organs)


def _thick(volume: Array, factor: float) -> Array:
    """Mean over ``factor`` slices around each slice of a coarser stack, interpolated back."""
    from scipy import ndimage

    slices = volume.shape[0]
    reach = int(np.ceil((factor - 1) / 2))
    profile = np.clip(factor / 2 + 0.5 - np.abs(np.arange(-reach, reach + 1)), 0, 1)
    mean = ndimage.convolve1d(volume, profile / profile.sum(), axis=0, mode="nearest")
    centres = np.arange(0.5 * (factor - 1), slices - 0.5, factor)
    place = np.clip((np.arange(slices) - centres[0]) / factor, 0, len(centres) - 1)
    low = np.minimum(place.astype(int), max(len(centres) - 2, 0))
    high = np.minimum(low + 1, len(centres) - 1)
    weight = (place - low)[:, None, None].astype(np.float32)
    stack = mean[np.clip(np.round(centres).astype(int), 0, slices - 1)]
    return np.asarray(stack[low] * (1 - weight) + stack[high] * weight, np.float32)


def _noise(volume: Array, deviation: float, rng: np.random.Generator) -> Array:
    """Noise correlated between neighbours as after a soft kernel, less of it in air."""
    from scipy import ndimage

    white = rng.standard_normal(volume.shape, dtype=np.float32)
    noise = ndimage.gaussian_filter(white, 0.5)
    return np.asarray(
        noise * (deviation / noise.std()) * np.clip((volume + 1100) / 1000, 0.2, 1), np.float32
    )


def _circle(case: SimulatedCase, spacing: Spacing, field_mm: float) -> Mask:
    """``(1, P, L)``: inside the circle around the middle of the body, or of a wider one."""
    body = case.volume > -300
    middle = [float(np.mean(np.nonzero(body.any(axis=(0, 3 - axis)))[0])) for axis in (1, 2)]
    rows, columns = (
        (np.arange(n) - m) * s
        for n, m, s in zip(case.volume.shape[1:], middle, spacing[1:], strict=True)
    )
    distance = np.hypot(rows[:, None], columns[None])
    radius = field_mm / 2
    for mask in case.lesions.values():
        radius = max(radius, float(distance[mask.any(axis=0)].max(initial=0)) + spacing[2])
    return np.asarray(distance <= radius)[None]
