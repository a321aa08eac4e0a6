"""Real lung tumours on CT: does the peak of "lung mass" lie in the tumour's box?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.quality.atlas import Box, Mask, body
from benchmarks.quality.bar import Case, Goal, Record, Row, mean_row
from benchmarks.quality.lesions import lesion_atlas
from medvlp.io.nifti import read_nifti
from medvlp.io.open import open_scan
from medvlp.models.protocol import GroundingModel
from medvlp_training.evaluation.asking import ask, query_text
from medvlp_training.evaluation.cases import CTItem, ct_with_masks, ct_with_tumour_boxes

TITLE = "Lung mass on CT"
FOLDERS = ("ct_lungdx", "ct_thorax", "ct_lidc")
GUARDED = False
CONCEPT = "lung_mass"
EVERY = Goal(1.0)
PHANTOM_LABEL = "lung_tumour"
LIDC_LOBE = "lung_lower_lobe_left"


def cases(data: Path, prepared: Path) -> Iterator[Case]:
    """Boxes of Lung-Dx, masks of the others, and the lobe of the LIDC mass, whose outline is not here."""
    for item in tumours(data):
        yield Case(item.path.name, lambda model, item=item: [_asked(model, item, prepared)])  # type: ignore[misc]


def tumours(data: Path) -> Iterator[CTItem]:
    """Scans with a tumour, and its mask; for LIDC the lobe that holds it."""
    yield from ct_with_tumour_boxes(data)
    for item in ct_with_masks(data):
        if CONCEPT in item.masks:
            yield CTItem(
                item.path, item.patient, item.seen, item.geometry, {CONCEPT: item.masks[CONCEPT]}
            )
        elif LIDC_LOBE in item.masks and item.patient == "lidc":
            yield CTItem(
                item.path, item.patient, item.seen, item.geometry, {CONCEPT: item.masks[LIDC_LOBE]}
            )
    folder = data / "ct_thorax"
    mask = read_nifti(folder / "IBSI-phantom_seg.nii.gz")
    yield CTItem(
        folder / "IBSI-phantom_ct.nii.gz", "IBSI lung patient 1", False, mask.geometry, {CONCEPT: mask.array > 0}
    )  # fmt: skip


def filled(box: Box, shape: tuple[int, ...]) -> Mask:
    """Mask of a box."""
    out = np.zeros(shape, dtype=bool)
    out[box.window] = True
    return out


def _asked(model: GroundingModel, item: CTItem, prepared: Path) -> Record:
    scan = open_scan(item.path)
    heat = ask(model, model.encode(scan, cache=False), [query_text(CONCEPT)])[0]
    mask = item.masks[CONCEPT]
    boxed = filled(Box.around(mask), mask.shape)
    inside = body(np.asarray(scan.array))
    frame = Box.around(inside, scan.geometry)
    points = {
        "model": heat.peak_index,
        "centre": frame.centre,
        "atlas": lesion_atlas(prepared).peak(CONCEPT, frame),
    }
    return {
        "patient": item.patient,
        "seen": item.seen,
        "scan": item.path.name,
        "kind": "boxes" if "lungdx" in str(item.path) else "lobe" if item.seen else "mask",
        "in_box": {of: None if p is None else bool(boxed[p]) for of, p in points.items()},
        "in_mask": {of: None if p is None else bool(mask[p]) for of, p in points.items()},
        "chance_box": float((boxed & inside).sum() / max(int(inside.sum()), 1)),
        "chance_mask": float((mask & inside).sum() / max(int(inside.sum()), 1)),
        "probability": heat.probability,
    }


def _in(where: str, record: Record, of: str) -> float | None:
    if of == "random":
        return float(record[f"chance_{where}"])
    found = record[f"in_{where}"][of]
    return (0.0 if of == "model" else None) if found is None else float(found)


def rows(records: Sequence[Record]) -> list[Row]:
    """The boxed series; all unseen tumours; the mass of the patient that was trained on."""
    series = [r for r in records if r["kind"] == "boxes"]
    unseen = [r for r in records if not r["seen"]]
    lidc = [r for r in records if r["seen"]]
    found = [
        mean_row("peak in the tumour's box, Lung-Dx series", "unseen", series,
                 lambda r, of: _in("box", r, of), goal=EVERY),
        mean_row("peak in the tumour's box, all unseen tumours", "unseen", unseen,
                 lambda r, of: _in("box", r, of), goal=EVERY),
        mean_row("peak in the tumour itself (boxes of each slice, or outline)", "unseen", unseen,
                 lambda r, of: _in("mask", r, of)),
    ]  # fmt: skip
    if lidc:
        found.append(
            mean_row("peak in the lobe of the mass, LIDC", "trained on", lidc,
                     lambda r, of: _in("mask", r, of), goal=EVERY,
                     note="the mass has no outline in the data")
        )  # fmt: skip
    return found
