"""A model without torch whose maps are known beforehand.

Every cell of its grid says in a one-hot channel what its mean intensity looks like, and on which
side of the patient it lies. Texts are read by key words into the same channels. So "left kidney"
lights up exactly the cells of kidney intensity on the patient's left.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence

import numpy as np

from medvlp.geometry import Geometry
from medvlp.grounding.calibration import Calibration
from medvlp.models.encoding import Encoding
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import Scan

# channel -> (HU range, X-ray range, words). A text belongs to the first channel with one of its
# words, so findings come before organs: "nodule in the left lung" is a nodule.
CHANNELS = {
    "effusion": ((5, 25), (0.85, 1.01), ("effusion", "fluid")),
    "mass": ((30, 45), (0.70, 0.85), ("mass", "nodule", "lesion", "opacity")),
    "bone": ((250, 3000), None, ("bone", "rib", "fracture", "spine", "vertebra")),
    "liver": ((50, 75), None, ("liver", "hepat")),
    "kidney": ((90, 150), None, ("kidney", "renal")),
    "heart": ((76, 89), (0.5, 0.7), ("heart", "cardi")),
    "lung": ((-1000, -300), (0.05, 0.35), ("lung",)),
}
DIMENSIONS = 16
SIDE = DIMENSIONS - 2  # right, left
NOTHING = DIMENSIONS - 3
CELL_VOXELS = 2
SIDE_SHARE = 0.6


class FakeModel:
    """Implements GroundingModel. Cells are 2 voxels wide, axes in canonical S, P, L order.

    Parameters
    ----------
    delay
        Seconds that encoding takes, in 20 steps of reported progress.
    stubborn
        Do not report progress while encoding: cannot be cancelled cooperatively.
    in_domain
        What every scan is given; None: 0.05 for a constant image, 0.99 otherwise.
    crash
        End the process while encoding, as a killed or broken process would.
    """

    name = "fake"
    sha256 = "fa" * 32
    device = "cpu (numpy)"
    modalities = ("CT", "XR")
    logit_scale = 40.0
    logit_bias = -28.0

    def __init__(
        self,
        delay: float = 0.0,
        stubborn: bool = False,
        in_domain: float | None = None,
        crash: bool = False,
        calibration: Calibration | None = None,
    ) -> None:
        self.delay, self.stubborn, self.crash = delay, stubborn, crash
        self.in_domain = in_domain
        self.calibration = calibration or Calibration(pooled_weight=0.0)
        self.encoded = 0

    @property
    def model_id(self) -> str:
        return f"{self.name}@{self.sha256[:16]}"

    def encode(
        self, scan: Scan, *, progress: Progress | None = None, cache: bool = True
    ) -> Encoding:
        self.encoded += 1
        self._take_time(progress or ignore_progress)
        geometry, means = canonical_cells(scan)
        kinds = classify(means, scan.modality)
        sides = (geometry.index_to_world(np.moveaxis(np.indices(means.shape), 0, -1))[..., 0]) >= (
            float(scan.geometry.corners()[:, 0].mean())
        )
        grid = np.zeros((*means.shape, DIMENSIONS), dtype=np.float32)
        np.put_along_axis(grid, kinds[..., None], np.sqrt(1 - SIDE_SHARE**2), axis=-1)
        np.put_along_axis(grid, SIDE + sides[..., None].astype(int), SIDE_SHARE, axis=-1)
        pooled = grid.reshape(-1, DIMENSIONS).mean(axis=0)
        sure = 0.05 if float(np.ptp(means)) < 1e-6 else 0.99
        return Encoding(
            grid=grid.astype(np.float16),
            geometry=geometry,
            pooled=(pooled / np.linalg.norm(pooled)).astype(np.float32),
            model_id=self.model_id,
            scan_id=scan.scan_id,
            modality=scan.modality,
            scan_shape=scan.array.shape,
            in_domain=sure if self.in_domain is None else self.in_domain,
            organs=organ_maps(kinds, sides),
            extra={"scan_geometry": scan.geometry.to_dict()},
        )

    def embed_text(self, texts: Sequence[str]) -> np.ndarray:
        return np.stack([text_vector(text) for text in texts])

    def _take_time(self, progress: Progress) -> None:
        for step in range(20):
            if not self.stubborn:
                progress(step / 20, "encoding")
            time.sleep(self.delay / 20)
        if self.crash:
            os._exit(9)


def text_vector(text: str) -> np.ndarray:
    """``(D,)``: channel of the first key word found, and the side if one is named."""
    words, vector = text.lower(), np.zeros(DIMENSIONS, dtype=np.float32)
    found = [i for i, (_, _, keys) in enumerate(CHANNELS.values()) if any(k in words for k in keys)]
    negated = words.startswith(("no ", "without ", "normal"))
    side = 1 if "left" in words else 0 if "right" in words else None
    channel = NOTHING if negated or not found else found[0]
    vector[channel] = 1.0 if side is None else np.sqrt(1 - SIDE_SHARE**2)
    if side is not None:
        vector[SIDE + side] = SIDE_SHARE
    return vector


def classify(means: np.ndarray, modality: str) -> np.ndarray:
    """Channel of every cell from its mean intensity."""
    kinds = np.full(means.shape, NOTHING)
    for channel, (hounsfield, normalised, _) in enumerate(CHANNELS.values()):
        limits = hounsfield if modality == "CT" else normalised
        if limits is not None:
            kinds[(means >= limits[0]) & (means < limits[1])] = channel
    return kinds


def organ_maps(kinds: np.ndarray, sides: np.ndarray) -> dict[str, np.ndarray]:
    """Organ head: probability 0.98 inside, 0.01 outside, for organs of known intensity."""
    names = list(CHANNELS)
    maps = {"liver": kinds == names.index("liver"), "heart": kinds == names.index("heart")}
    for side, there in (("right", ~sides), ("left", sides)):
        maps[f"lung_{side}"] = (kinds == names.index("lung")) & there
        maps[f"kidney_{side}"] = (kinds == names.index("kidney")) & there
    return {name: np.where(mask, 0.98, 0.01).astype(np.float16) for name, mask in maps.items()}


def canonical_cells(scan: Scan) -> tuple[Geometry, np.ndarray]:
    """Mean intensity of cells of 2 voxels on the scan's axes, turned to run S, P, L."""
    closest = scan.geometry.closest_axes
    axes = tuple(sorted(range(scan.array.ndim), key=lambda a: {2: 0, 1: 1, 0: 2}[closest[a][0]]))
    toward = {2: -1 if scan.array.ndim == 2 else 1, 1: 1, 0: 1}
    flips = tuple(closest[a][1] != toward[closest[a][0]] for a in axes)
    array = scan.array.transpose(axes)
    array = array[tuple(slice(None, None, -1 if flip else 1) for flip in flips)]
    shape = tuple(max(n // CELL_VOXELS, 1) for n in array.shape)
    factors = tuple(min(CELL_VOXELS, n) for n in array.shape)
    geometry = scan.geometry.permuted(axes, flips).with_cells(shape, factors, (0.0,) * array.ndim)
    for axis, (cells, factor) in enumerate(zip(shape, factors, strict=True)):
        array = array.take(range(cells * factor), axis=axis)
        split = (*array.shape[:axis], cells, factor, *array.shape[axis + 1 :])
        array = array.reshape(split).mean(axis=axis + 1)
    return geometry, array
