"""Real scans with something known about them, as evaluation reads them.

Each item names its patient and whether training saw that patient.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from medvlp.geometry import Geometry
from medvlp.io.nifti import read_nifti
from medvlp_training.datasets.sources import CT_SOURCES, NIH_LABELS
from medvlp_training.datasets.splits import is_held_out

Mask = NDArray[np.bool_]
Box = tuple[float, float, float, float]
FRONTAL = ("PA", "AP", "AP Supine")
"""Views of the COVID collection that are read."""


@dataclass(frozen=True)
class CTItem:
    """A CT with masks on its own grid: ``{concept: bool (slices, rows, columns)}``."""

    path: Path
    patient: str
    seen: bool
    geometry: Geometry
    masks: dict[str, Mask] = field(default_factory=dict)


@dataclass(frozen=True)
class XRItem:
    """An X-ray with scan-level labels, boxes ``(x, y, w, h)`` in pixels of its file, and masks."""

    path: Path
    patient: str
    view: str
    source: str
    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    boxes: dict[str, tuple[Box, ...]] = field(default_factory=dict)
    masks: dict[str, Path] = field(default_factory=dict)

    @property
    def seen(self) -> bool:
        """Whether training may have seen the patient."""
        return not is_held_out(self.patient)


def ct_with_masks(data: Path) -> Iterator[CTItem]:
    """Every CT that has organ or lesion masks."""
    for source in CT_SOURCES:
        if source.mask is None or source.labels is None:
            continue
        raw = read_nifti(data / source.mask)
        table = json.loads((data / source.labels).read_text(encoding="utf-8"))
        masks = {}
        for label in np.unique(raw.array):
            name = source.lesion_labels.get(int(label)) or table.get(str(int(label)))
            wanted = source.annotated is None or name in source.annotated
            if label and name and (wanted or int(label) in source.lesion_labels):
                masks[name] = raw.array == label
        yield CTItem(data / source.volume, source.patient, not source.held_out, raw.geometry, masks)


def ct_with_tumour_boxes(data: Path) -> Iterator[CTItem]:
    """Lung-PET-CT-Dx: boxes of the tumour on slices, as masks. Never trained on."""
    for series in json.loads((data / "ct_lungdx" / "boxes.json").read_text(encoding="utf-8")):
        path = data / "ct_lungdx" / series["file"]
        raw = read_nifti(path)
        mask = np.zeros(raw.array.shape, dtype=bool)
        for box in series["boxes"]:
            x0, y0, x1, y1 = (round(v) for v in box["box_px_resampled"])
            mask[int(box["slice"]), y0 : y1 + 1, x0 : x1 + 1] = True
        yield CTItem(path, "A0001", False, raw.geometry, {"lung_mass": mask})


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _boxes(path: Path, names: dict[str, str]) -> dict[str, dict[str, list[Box]]]:
    found: dict[str, dict[str, list[Box]]] = {}
    for row in _rows(path):
        concept = names.get(row["finding"])
        if concept:
            x, y, w, h = (float(row[k]) for k in "xywh")
            found.setdefault(row["file"], {}).setdefault(concept, []).append((x, y, w, h))
    return found


def nih_items(data: Path) -> Iterator[XRItem]:
    """NIH ChestX-ray14 sample."""
    folder = data / "cxr_nih"
    boxes = _boxes(folder / "boxes_512.csv", NIH_LABELS)
    for row in _rows(folder / "labels.csv"):
        present = frozenset(NIH_LABELS[n] for n in row["labels"].split("|") if n in NIH_LABELS)
        own: dict[str, Any] = {k: tuple(v) for k, v in boxes.get(row["file"], {}).items()}
        yield XRItem(
            folder / "images" / row["file"],
            row["patient"],
            row["view"],
            "nih",
            present,
            frozenset(NIH_LABELS.values()) - present,
            own,
        )


def jsrt_items(data: Path) -> Iterator[XRItem]:
    """JSRT: organ masks and nodule boxes at 512 pixels."""
    folder = data / "cxr_jsrt_organs"
    boxes = _boxes(folder / "boxes_512.csv", {"Nodule": "lung_nodule"})
    names = {
        "heart": "heart",
        "lung_left": "left_lung",
        "lung_right": "right_lung",
        "clavicula_left": "left_clavicle",
        "clavicula_right": "right_clavicle",
    }
    for row in _rows(folder / "labels.csv"):
        stem = Path(row["file"]).stem
        own: dict[str, Any] = {k: tuple(v) for k, v in boxes.get(row["file"], {}).items()}
        masks = {concept: folder / "masks" / n / f"{stem}.png" for concept, n in names.items()}
        present = frozenset(own)
        yield XRItem(
            folder / "images" / row["file"],
            row["patient"],
            "PA",
            "jsrt",
            present,
            frozenset({"lung_nodule"}) - present,
            own,
            masks,
        )


def covid_films(data: Path) -> Iterator[tuple[Path, str]]:
    """Frontal films of the COVID collection, and whose they are."""
    folder = data / "cxr_covid"
    for row in _rows(folder / "metadata.csv"):
        if row["view"] in FRONTAL:
            yield folder / "images" / row["file"], row["patientid"]


def read_mask(path: Path) -> Mask:
    """Mask image to bool."""
    with Image.open(path) as image:
        return np.asarray(image.convert("L")) > 127
