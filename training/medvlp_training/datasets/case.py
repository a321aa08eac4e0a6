"""A CT ready for training: volume at the working spacing, organ labels, lesions, what is known."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp_training.datasets.case_file import Tensors, read_case_file, write_case_file

FORMAT = "medvlp/ct-case/1"


@dataclass(frozen=True, eq=False)
class CTCase:
    """One CT of one patient.

    Parameters
    ----------
    patient
        Identifier used for splits.
    volume
        int16 HU ``(S, P, L)``, isotropic at ``spacing_mm``.
    organs
        uint8 label of each voxel; 0 is unlabelled.
    names
        Label to organ name (lexicon names).
    annotated
        Organs that are labelled wherever they are; other organs are unknown at label 0.
    lesions
        Finding to bool mask.
    sides
        Finding to ``"left"``, ``"right"``, ``"bilateral"`` or None.
    absent
        Findings known not to be in the scan (outside ``lesions``).
    """

    patient: str
    volume: NDArray[np.int16]
    organs: NDArray[np.uint8]
    names: dict[int, str]
    annotated: frozenset[str]
    lesions: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    sides: dict[str, str | None] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    report: str = ""
    spacing_mm: float = 3.0


def write_case(path: Path, case: CTCase) -> None:
    """Write a case as safetensors, atomically."""
    tensors: dict[str, NDArray[np.generic]] = {"volume": case.volume, "organs": case.organs}
    tensors |= {f"lesion/{k}": v.astype(np.uint8) for k, v in case.lesions.items()}
    facts = {
        "format": FORMAT,
        "patient": case.patient,
        "names": {str(k): v for k, v in case.names.items()},
        "annotated": sorted(case.annotated),
        "sides": case.sides,
        "absent": sorted(case.absent),
        "report": case.report,
        "spacing_mm": case.spacing_mm,
    }
    write_case_file(path, tensors, facts)


def read_case(path: Path) -> CTCase:
    """Read a prepared case, or a simulated shard of :mod:`medvlp_training.simulation`.

    Raises
    ------
    UnreadableScanError
        If the file is not a case.
    """
    tensors, facts, simulated = read_case_file(path, FORMAT)
    if simulated:
        return _from_shard(tensors, facts)
    return CTCase(
        patient=facts["patient"],
        volume=tensors["volume"],
        organs=tensors["organs"],
        names={int(k): v for k, v in facts["names"].items()},
        annotated=frozenset(facts["annotated"]),
        lesions=_lesions(tensors, "lesion/"),
        sides=facts["sides"],
        absent=frozenset(facts["absent"]),
        report=facts["report"],
        spacing_mm=float(facts["spacing_mm"]),
    )


def _lesions(tensors: Tensors, prefix: str) -> dict[str, NDArray[np.bool_]]:
    return {
        name.removeprefix(prefix): mask.astype(bool)
        for name, mask in tensors.items()
        if name.startswith(prefix)
    }


def _from_shard(tensors: Tensors, meta: dict[str, Any]) -> CTCase:
    """A simulated case, or a host without lesions."""
    sides: dict[str, str | None] = {}
    for finding in meta["findings"]:
        name, side = finding["finding"], finding["side"]
        sides[name] = side if sides.get(name, side) == side else "bilateral"
    return CTCase(
        patient=meta["patient"],
        volume=tensors["volume"],
        organs=tensors["organs"],
        names={int(label): name for label, name in meta["organ_names"].items()},
        annotated=frozenset(meta["annotated"]),
        lesions=_lesions(tensors, "lesion."),
        sides=sides,
        absent=frozenset(meta["absent"]),
        report=meta["report"],
        spacing_mm=float(meta["spacing_mm"][0]),
    )
