"""One simulated CT case or host as one safetensors file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import MedVLPError
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.simulation.case import SimulatedCase
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.organ_masks import OrganMasks
from medvlp_training.simulation.variation import Acquisition

GENERATOR = "medvlp-simulation/5"

# A finding that brings another with it, or that cannot be told from it, makes the other unknown.
CONFOUNDS: dict[str, tuple[str, ...]] = {
    "pleural_effusion": ("atelectasis", "consolidation"),
    "pneumothorax": ("atelectasis",),
    "consolidation": ("ground_glass_opacity", "atelectasis"),
    "atelectasis": ("consolidation",),
    "ground_glass_opacity": ("consolidation",),
    "lung_mass": ("lung_nodule",),
    "lung_nodule": ("lung_mass", "ground_glass_opacity"),
    "liver_cyst": ("liver_lesion",),
    "liver_lesion": ("liver_cyst",),
    "cardiomegaly": ("atelectasis",),
    "pericardial_effusion": ("cardiomegaly",),
}

# A film does not show the edge and the bronchi by which CT tells a mass from filled airspaces.
FILM_CONFOUNDS: dict[str, tuple[str, ...]] = {
    **CONFOUNDS,
    "consolidation": (*CONFOUNDS["consolidation"], "lung_mass"),
    "lung_mass": (*CONFOUNDS["lung_mass"], "consolidation"),
}


@dataclass(frozen=True, eq=False)
class Shard:
    """What :func:`read_shard` returns: arrays by name, and the metadata as plain objects."""

    volume: NDArray[np.int16]
    organs: NDArray[np.uint8]
    lesions: dict[str, NDArray[np.uint8]]
    meta: dict[str, Any]


def known_absent(
    host: Host,
    placed: tuple[str, ...],
    confounds: Mapping[str, tuple[str, ...]] = CONFOUNDS,
) -> list[str]:
    """Findings that are certainly not in the case."""
    unknown = set(placed) | set(host.present)
    for name in placed:
        unknown.update(confounds.get(name, ()))
    return [name for name in host.absent if name not in unknown]


def write_shard(
    path: Path, host: Host, case: SimulatedCase, absent: list[str], seed: int,
    acquisition: Acquisition | None = None,
) -> None:  # fmt: skip
    """Write a case atomically; a host without lesions is a case with no findings."""
    from safetensors.numpy import save

    organs, names = OrganMasks.of(case.organs).label_map()
    tensors: dict[str, np.ndarray] = {"volume": case.volume, "organs": organs}
    for name, mask in case.lesions.items():
        tensors[f"lesion.{name}"] = np.ascontiguousarray(mask, dtype=np.uint8)
    findings = [
        {
            "finding": lesion.finding,
            "side": lesion.side,
            "severity": round(lesion.severity, 4),
            "location": lesion.location,
            "sentence": lesion.sentence,
            "volume_ml": round(float(lesion.mask.sum() * np.prod(host.spacing)) / 1000, 3),
        }
        for lesion in case.placed
    ]
    meta = {
        "generator": GENERATOR,
        "seed": seed,
        "axes": "SPL",
        "spacing_mm": list(host.spacing),
        "host": host.name,
        "patient": host.patient,
        "synthetic": host.synthetic,
        "organ_names": names,
        "annotated": list(host.annotated),
        "report": case.report,
        "findings": findings,
        "absent": absent,
        "host_present": list(host.present),
        "acquisition": asdict(acquisition) if acquisition else None,
    }
    write_bytes_atomically(path, save(tensors, {"medvlp": json.dumps(meta)}))


def require_one_origin(folder: Path, seed: int) -> None:
    """Make sure that a folder, which may not exist, holds only what this code made with this seed.

    Raises
    ------
    MedVLPError
        If a shard of another version of the simulation or of another seed lies there.
    """
    from safetensors import safe_open

    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, framework="numpy") as file:
            meta = json.loads((file.metadata() or {}).get("medvlp", "{}"))
        found = meta.get("generator"), meta.get("seed", seed)
        if found != (GENERATOR, seed):
            raise MedVLPError(
                f"{path} was made by {found[0] or 'something else'} with seed {found[1]}; "
                f"{GENERATOR} with seed {seed} would be mixed with it. Name an empty folder."
            )


def read_shard(path: Path) -> Shard:
    """Read a case written by :func:`write_shard`."""
    from safetensors import safe_open

    with safe_open(path, framework="numpy") as file:
        meta = json.loads(file.metadata()["medvlp"])
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    lesions = {n.removeprefix("lesion."): a for n, a in arrays.items() if n.startswith("lesion.")}
    return Shard(arrays["volume"], arrays["organs"], lesions, meta)


def read_host(path: Path) -> Host:
    """Host from its file, which :func:`write_shard` wrote without lesions."""
    shard = read_shard(path)
    meta = shard.meta
    return Host(
        meta["host"], meta["patient"], shard.volume,
        OrganMasks(shard.organs, {name: int(v) for v, name in meta["organ_names"].items()}),
        tuple(meta["annotated"]), tuple(meta["spacing_mm"]), tuple(meta["absent"]),
        tuple(meta["host_present"]), meta["synthetic"],
    )  # fmt: skip
