"""Where: does the hottest spot lie in what was asked for, and how much do map and mask overlap?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import MedVLPError
from medvlp.geometry import Geometry
from medvlp.grounding.heatmap import Heatmap
from medvlp.io.open import open_scan
from medvlp.models.protocol import GroundingModel
from medvlp_training.evaluation.asking import ask, query_text
from medvlp_training.evaluation.cases import Box, CTItem, XRItem, read_mask

SMALLEST_ML = 1.0


@dataclass(frozen=True)
class Hit:
    """One question about one place.

    ``hit``: the peak lies in the mask or in a box. ``dice``: of the map at 0.5 with the mask, NaN
    for boxes. ``centre_hit`` and ``random_hit``: the centre of the scan, and the chance of a random
    point of the scanned body, as baselines.
    """

    concept: str
    patient: str
    seen: bool
    source: str
    hit: bool
    dice: float
    centre_hit: bool
    random_hit: float


def _dice(heat: NDArray[np.float32], mask: NDArray[np.bool_]) -> float:
    hot = heat > 0.5
    return float(2 * (hot & mask).sum() / max(hot.sum() + mask.sum(), 1))


def _inside(point: tuple[int, ...] | None, mask: NDArray[np.bool_]) -> bool:
    return point is not None and bool(mask[point])


def ct_hits(model: GroundingModel, items: Iterable[CTItem]) -> list[Hit]:
    """Ask every mask's name of its CT."""
    hits = []
    for item in items:
        scan = open_scan(item.path)
        encoding = model.encode(scan, cache=False)
        cubic_ml = float(np.prod(scan.geometry.spacing)) / 1000
        masks = {n: m for n, m in item.masks.items() if m.sum() * cubic_ml >= SMALLEST_ML}
        maps = ask(model, encoding, [query_text(n) for n in masks])
        body = np.asarray(scan.array, dtype=np.int16) > -400
        centre = tuple(4 * round(float(v.mean())) for v in np.nonzero(body[::4, ::4, ::4]))
        for (name, mask), heat in zip(masks.items(), maps, strict=True):
            mask = _on_scan(mask, item.geometry, scan.geometry)
            hits.append(
                Hit(
                    name,
                    item.patient,
                    item.seen,
                    item.path.name,
                    _inside(heat.peak_index, mask),
                    _dice(heat.on(scan), mask),
                    _inside(centre, mask),
                    float((mask & body).sum() / max(int(body.sum()), 1)),
                )
            )
    return hits


def _on_scan(mask: NDArray[np.bool_], own: Geometry, scan: Geometry) -> NDArray[np.bool_]:
    """The mask, which must lie on the scan's own grid."""
    if not own.is_close(scan, 0.5):
        raise MedVLPError(
            f"A mask of {own.shape} and its scan of {scan.shape} do not lie on the same grid: one of "
            "the two files was exchanged. Copy the data folder anew."
        )
    return mask


def _in_boxes(point: Sequence[float] | None, boxes: tuple[Box, ...]) -> bool:
    if point is None:
        return False
    row, column = point
    return any(x <= column <= x + w and y <= row <= y + h for x, y, w, h in boxes)


def xr_hits(model: GroundingModel, items: Iterable[XRItem]) -> list[Hit]:
    """Ask every mask's and box's name of its X-ray."""
    hits = []
    for item in items:
        if not item.masks and not item.boxes:
            continue
        scan = open_scan(item.path)
        encoding = model.encode(scan, cache=False)
        names = [*item.masks, *item.boxes]
        maps = dict(zip(names, ask(model, encoding, [query_text(n) for n in names]), strict=True))
        rows, columns = scan.array.shape
        for name in item.masks:
            mask = read_mask(item.masks[name])
            hits.append(_mask_hit(item, name, maps[name], mask, scan))
        for name, boxes in item.boxes.items():
            area = sum(w * h for _, _, w, h in boxes) / (rows * columns)
            peak = _in_boxes(maps[name].peak_index, boxes)
            middle = _in_boxes((rows / 2, columns / 2), boxes)
            hits.append(
                Hit(
                    name, item.patient, item.seen, item.source, peak, float("nan"), middle,
                    min(area, 1.0),
                )
            )  # fmt: skip
    return hits


def _mask_hit(item: XRItem, name: str, heat: Heatmap, mask: NDArray[np.bool_], scan: object) -> Hit:
    middle = (mask.shape[0] // 2, mask.shape[1] // 2)
    return Hit(
        name,
        item.patient,
        item.seen,
        item.source,
        _inside(heat.peak_index, mask),
        _dice(heat.on(scan), mask),  # type: ignore[arg-type]
        _inside(middle, mask),
        float(mask.mean()),
    )
