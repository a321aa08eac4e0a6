"""Real X-rays with lung masks that findings are painted on; held-out patients are left out."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medvlp_training.datasets.splits import is_held_out
from medvlp_training.simulation.case import Mask
from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.radiograph.found_lungs import find_lungs

if TYPE_CHECKING:
    from PIL import Image

    from medvlp.models.protocol import GroundingModel

SIZE = 384
_THORAX = (
    "pleural_effusion", "pneumothorax", "consolidation", "atelectasis", "lung_mass",
    "ground_glass_opacity", "emphysema",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Base:
    """A real film in a square, its masks, and what is known about its own disease.

    ``content`` is ``(first row, last row, first column, last column)`` of the film inside the
    square (half-open); outside it is padding. ``absent`` and ``present`` as for CT hosts.
    """

    name: str
    patient: str
    source: str
    view: str
    image: Array
    lung_left: Mask
    lung_right: Mask
    heart: Mask | None
    others: dict[str, Mask]
    content: tuple[int, int, int, int]
    absent: tuple[str, ...]
    present: tuple[str, ...]


def read_square(path: Path, mask: bool = False) -> tuple[Array, tuple[int, int, int, int]]:
    """Grey image scaled to fit ``SIZE`` and centred in a square of zeros, in [0, 1]."""
    from PIL import Image

    with Image.open(path) as image:
        return _fit(image.convert("L"), mask)


def square_mask(mask: Mask) -> Mask:
    """A mask of a whole film in the square of :func:`read_square`."""
    from PIL import Image

    return _fit(Image.fromarray(mask.astype(np.uint8) * 255), mask=True)[0] > 0.5


def _fit(image: Image.Image, mask: bool) -> tuple[Array, tuple[int, int, int, int]]:
    from PIL import Image

    scale = SIZE / max(image.size)
    width, height = (max(1, round(n * scale)) for n in image.size)
    small = image.resize(
        (width, height), Image.Resampling.NEAREST if mask else Image.Resampling.BOX
    )
    values = np.asarray(small, np.float32) / 255
    top, left = (SIZE - height) // 2, (SIZE - width) // 2
    out = np.zeros((SIZE, SIZE), np.float32)
    out[top : top + height, left : left + width] = values
    return out, (top, top + height, left, left + width)


def split_lungs(mask: Mask) -> tuple[Mask, Mask] | None:
    """``(left, right)`` of the patient: the two largest parts, by column; None if not two."""
    from scipy import ndimage

    labels, count = ndimage.label(mask)
    if count < 2:
        return None
    sizes = np.bincount(labels.ravel())[1:]
    order = np.argsort(sizes)[::-1][:2] + 1
    if sizes[order[1] - 1] < 0.25 * sizes[order[0] - 1]:
        return None
    parts: list[NDArray[np.bool_]] = [labels == k for k in order]
    parts.sort(key=lambda part: float(np.mean(np.nonzero(part)[1])))
    return parts[1], parts[0]


def jsrt_bases(data: Path) -> list[Base]:
    """JSRT films with organ masks."""
    folder = data / "cxr_jsrt_organs"
    bases = []
    for row in _rows(folder / "labels.csv"):
        name = row["file"].rsplit(".", 1)[0]
        if is_held_out(row["patient"]):
            continue
        image, content = read_square(folder / "images" / row["file"])
        organs = {
            organ: read_square(folder / "masks" / organ / f"{name}.png", mask=True)[0] > 0.5
            for organ in ("left_lung", "right_lung", "heart", "left_clavicle", "right_clavicle")
        }
        nodule = row["labels"] == "Nodule"
        bases.append(
            Base(
                name, row["patient"], "jsrt", row["view"], image, organs["left_lung"],
                organs["right_lung"], organs["heart"],
                {
                    "clavicula_left": organs["left_clavicle"],
                    "clavicula_right": organs["right_clavicle"],
                },
                content, _THORAX if nodule else (*_THORAX, "lung_nodule"),
                ("lung_nodule",) if nodule else (),
            )
        )  # fmt: skip
    return bases


def covid_bases(data: Path) -> list[Base]:
    """Frontal films of the COVID collection with a mask of both lungs; their disease is unknown."""
    folder = data / "cxr_covid"
    bases = []
    for row in _rows(folder / "metadata.csv"):
        frontal = row["view"] in ("PA", "AP", "AP Supine")
        if not row["lung_mask"] or not frontal or is_held_out(row["patientid"]):
            continue
        image, content = read_square(folder / "images" / row["file"])
        mask = read_square(folder / "lung_masks" / row["lung_mask"], mask=True)[0] > 0.5
        lungs = split_lungs(mask)
        if lungs is None:
            continue
        bases.append(
            Base(
                row["file"].rsplit(".", 1)[0], row["patientid"], "covid", row["view"], image,
                lungs[0], lungs[1], None, {}, content, (),
                ("consolidation", "ground_glass_opacity", "pneumonia"),
            )
        )  # fmt: skip
    return bases


def nih_bases(data: Path, model: GroundingModel) -> list[Base]:
    """NIH films that are labelled free of findings, with lungs and heart as a model finds them."""
    folder = data / "cxr_nih"
    bases = []
    for row in _rows(folder / "labels.csv"):
        if row["labels"] != "No Finding" or is_held_out(row["patient"]):
            continue
        path = folder / "images" / row["file"]
        found = find_lungs(model, path)
        if found is None:
            continue
        image, content = read_square(path)
        left, right, heart = (square_mask(mask) for mask in found)
        bases.append(
            Base(
                path.stem, row["patient"], "nih", row["view"], image, left, right, heart, {},
                content, (*_THORAX, "lung_nodule", "cardiomegaly"), (),
            )
        )  # fmt: skip
    return bases


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
