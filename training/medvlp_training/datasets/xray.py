"""X-rays ready for training: image on the model's square, masks, scan-level labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from medvlp_training.datasets.case_file import Tensors, read_case_file, write_case_file

FORMAT = "medvlp/xr-case/1"
MAX_DEGREES = 8.0


@dataclass(frozen=True, eq=False)
class XRCase:
    """One X-ray of one patient, hung as usual: the patient's left on the right of the image.

    Parameters
    ----------
    patient
        Identifier used for splits.
    image
        uint8 ``(size, size)``, padded to a square with 0, dense tissue bright.
    masks
        Concept name to bool mask; organs and findings alike. A finding that is among ``present``
        but has no mask is somewhere unknown.
    sides
        Finding to side, where known.
    present
        Findings known to be in the image.
    absent
        Findings known to be nowhere outside their masks (nowhere at all if they have none).
    source
        Collection, for reports per source and view.
    """

    patient: str
    image: NDArray[np.uint8]
    masks: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    sides: dict[str, str | None] = field(default_factory=dict)
    present: frozenset[str] = frozenset()
    absent: frozenset[str] = frozenset()
    source: str = ""


def write_xr(path: Path, case: XRCase) -> None:
    """Write a case as safetensors, atomically."""
    tensors: dict[str, NDArray[np.generic]] = {"image": case.image}
    tensors |= {f"mask/{n}": np.packbits(mask, axis=-1) for n, mask in case.masks.items()}
    facts = {
        "format": FORMAT,
        "patient": case.patient,
        "sides": case.sides,
        "present": sorted(case.present),
        "absent": sorted(case.absent),
        "source": case.source,
    }
    write_case_file(path, tensors, facts)


def read_xr(path: Path) -> XRCase:
    """Read a prepared X-ray, or a simulated shard of :mod:`medvlp_training.simulation`.

    Raises
    ------
    UnreadableScanError
        If the file is not a case.
    """
    tensors, facts, simulated = read_case_file(path, FORMAT)
    if simulated:
        return _from_shard(tensors, facts)
    width = tensors["image"].shape[1]
    return XRCase(
        patient=facts["patient"],
        image=tensors["image"],
        masks={
            name.removeprefix("mask/"): np.unpackbits(bits, axis=-1, count=width).astype(bool)
            for name, bits in tensors.items()
            if name.startswith("mask/")
        },
        sides=facts["sides"],
        present=frozenset(facts["present"]),
        absent=frozenset(facts["absent"]),
        source=facts["source"],
    )


def _from_shard(tensors: Tensors, meta: dict[str, Any]) -> XRCase:
    """A radiograph with painted or projected lesions; real ones it had are somewhere unknown."""
    masks: dict[str, NDArray[np.bool_]] = {}
    sides: dict[str, str | None] = {}
    for key, array in tensors.items():
        kind, _, rest = key.partition(".")
        if kind not in {"organ", "lesion"}:
            continue
        name, _, side = rest.partition(".")
        mask = array > (127 if array.max() > 1 else 0)
        masks[name] = masks[name] | mask if name in masks else mask
        if kind == "lesion":
            sides[name] = side if sides.get(name, side) == side else "bilateral"
    real = frozenset(meta.get("base_present", ()))
    return XRCase(
        patient=str(meta["patient"]),
        image=tensors["image"],
        masks=masks,
        sides=sides,
        present=frozenset(sides) | real,
        absent=frozenset(meta["absent"]) | (frozenset(sides) - real),
        source=f"{meta['source']}-simulated",
    )


def augment_xr(case: XRCase, rng: np.random.Generator) -> tuple[Tensor, dict[str, Tensor]]:
    """Turned, scaled, shifted, re-exposed image in [-1, 1] ``(size, size)``, and its masks.

    Never mirrored: left and right are part of what is learned.
    """
    angle = np.radians(rng.uniform(-MAX_DEGREES, MAX_DEGREES))
    scale, shear = rng.uniform(0.85, 1.2), rng.normal(0, 0.03)
    stretch = rng.uniform(0.93, 1.07)
    cosine, sine = np.cos(angle), np.sin(angle)
    theta = torch.tensor(
        [
            [scale * cosine, -scale * sine + shear, rng.normal(0, 0.06)],
            [scale * sine * stretch, scale * cosine * stretch, rng.normal(0, 0.06)],
        ],
        dtype=torch.float32,
    )
    layers = [torch.from_numpy(case.image).float() / 255]
    layers += [torch.from_numpy(mask).float() for mask in case.masks.values()]
    stack = torch.stack(layers)[None]
    grid = F.affine_grid(theta[None], list(stack.shape), align_corners=False)
    warped = F.grid_sample(stack, grid, align_corners=False)[0]
    masks = {name: warped[i + 1] > 0.5 for i, name in enumerate(case.masks)}
    return expose(warped[0], rng), masks


def expose(image: Tensor, rng: np.random.Generator) -> Tensor:
    """Another exposure, contrast and noise; then the model's own normalisation to [-1, 1]."""
    image = image.clamp(0, 1) ** float(np.exp(rng.normal(0, 0.25)))
    if rng.random() < 0.5:
        local = F.avg_pool2d(image[None, None], 41, 1, 20, count_include_pad=False)[0, 0]
        image = image - float(rng.uniform(0, 0.5)) * (local - local.mean())
    if rng.random() < 0.3:
        blurred = F.avg_pool2d(image[None, None], 3, 1, 1)[0, 0]
        image = image + float(rng.uniform(-0.7, 1.0)) * (image - blurred)
    generator = torch.Generator().manual_seed(int(rng.integers(2**31)))
    image = image + torch.randn(image.shape, generator=generator) * float(rng.gamma(1.5, 0.01))
    low, high = torch.quantile(image.flatten()[::7], torch.tensor([0.005, 0.995]))
    return ((image - low) / (high - low).clamp(min=1e-4)).clamp(0, 1) * 2 - 1
