"""Samples as the pictures that a published model is shown, by its own transform."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from medvlp.errors import RefusedScanError
from medvlp.models.backends.framing import Framing, frame, on_canvas
from medvlp.models.backends.pictures import stretched
from medvlp.models.backends.settings import PlanarPreprocessing
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.pretraining.collate import Collator
from medvlp_training.pretraining.images import (
    Augmentation,
    GridImage,
    changed_square,
    place_ct,
)
from medvlp_training.pretraining.organs import OrganTokens
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shrink import shrink

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from medvlp_training.pretraining.config import DataConfig

SMALL_FIELD_MM = 250.0
"""Side of a CT slice below which stored slices would be coarser than what the model is shown."""


def as_stored(sample: ImageTextSample, settings: PlanarPreprocessing) -> ImageTextSample:
    """The sample with the model's exposure, no finer than twice what the model is shown."""
    if sample.modality == "XR" and settings.stretch:
        sample = replace(sample, image=stretched(sample.image))
    return shrink(sample, 2 * settings.resize_to, SMALL_FIELD_MM / settings.resize_to)


class PictureCollator(Collator):
    """X-rays as squares, and CT as some axial slabs one above the other.

    Parameters
    ----------
    preprocessing
        Of the model.
    data, tokenizer, vocabulary, augmentation
        As :class:`~medvlp_training.pretraining.collate.Collator` takes them; the first number of
        ``data.crop_voxels`` is how many slabs of a CT are shown, ``image_size`` is the model's own.
    """

    def __init__(
        self,
        preprocessing: PlanarPreprocessing,
        data: DataConfig,
        tokenizer: Tokenizer,
        vocabulary: Vocabulary,
        augmentation: Augmentation | None,
    ) -> None:
        super().__init__(data, preprocessing.ct_windows, tokenizer, vocabulary, augmentation)
        self.preprocessing = preprocessing
        cell = preprocessing.cell_pixels
        strides = {2: (cell, cell), 3: (1, cell, cell)}
        self.organs = OrganTokens(vocabulary.organs, data.min_organ_tokens, strides)

    def grid_image(self, sample: ImageTextSample, rng: np.random.Generator) -> GridImage:
        """A square in [-1, 1], or slabs in HU."""
        change, centred = self.augmentation or Augmentation(), self.augmentation is None
        if sample.modality == "XR":
            placed = place_picture(sample, self.preprocessing, change, rng, centred)
            return with_early_cells(placed, self.preprocessing.early)
        size = self.preprocessing.image_size
        voxels = (self.data.crop_voxels[0], size, size)
        spacing = slab_spacing(sample, self.preprocessing)
        return place_ct(sample, voxels, spacing, change, rng, centred)


def place_picture(
    sample: ImageTextSample,
    settings: PlanarPreprocessing,
    change: Augmentation,
    rng: np.random.Generator,
    centred: bool = False,
) -> GridImage:
    """An X-ray as one square of the model's framing, changed.

    Parameters
    ----------
    centred
        The published centre square; otherwise any of those that cover the picture.

    Raises
    ------
    RefusedScanError
        If the sample has no picture of two axes, or its organs are of another shape.
    """
    image = sample.image
    organs = sample.organs if sample.organs is not None else np.zeros(image.shape, np.uint8)
    if image.ndim != 2 or 0 in image.shape or organs.shape != image.shape:
        raise RefusedScanError(
            f"Sample {sample.identity}: an X-ray has 2 axes, and its organ mask the same shape; "
            f"found {image.shape} and {organs.shape}."
        )
    framing = frame((image.shape[0], image.shape[1]), settings)
    squares = framing.squares
    top, left = framing.centre if centred else squares[int(rng.integers(len(squares)))]
    side = settings.image_size

    def square(canvas: Tensor) -> Tensor:
        return canvas[None, None, top : top + side, left : left + side]

    picture = torch.from_numpy(on_canvas(image, framing, settings)).float() / 255
    labels = _nearest(organs, framing)
    inside = _nearest(np.ones(image.shape, np.uint8), framing)
    return changed_square(square(picture), square(labels), square(inside), change, rng)


def with_early_cells(image: GridImage, early: int) -> GridImage:
    """Labels moved on by so many pixels, so that they lie in the cells whose centres come earlier."""
    rows, columns = image.pixels.shape

    def moved(values: Tensor) -> Tensor:
        return F.pad(values, (early, 0, early, 0))[:rows, :columns]

    return GridImage(image.pixels, moved(image.organs), moved(image.inside))


def _nearest(plane: NDArray[np.uint8], framing: Framing) -> Tensor:
    """As :func:`medvlp.models.backends.framing.on_canvas`, of values that are not to be mixed."""
    padded = torch.from_numpy(np.pad(plane, framing.pad).astype(np.float32))
    resized = F.interpolate(padded[None, None], framing.resized, mode="nearest-exact")[0, 0]
    canvas = torch.zeros(framing.canvas)
    (top, left), (rows, columns) = framing.offset, framing.resized
    canvas[top : top + rows, left : left + columns] = resized
    return canvas


def slab_spacing(
    sample: ImageTextSample, settings: PlanarPreprocessing
) -> tuple[float, float, float]:
    """Millimetres of a slab's voxels (S, P, L): slices are shown as the model frames them.

    Raises
    ------
    RefusedScanError
        If the sample has no affine: a CT without geometry has no slabs.
    """
    if sample.affine is None:
        raise RefusedScanError(
            f"Sample {sample.identity} is a CT without an affine: its voxels have no size. "
            "Write the sample again with the geometry of its scan."
        )
    left, back, _ = np.abs(sample.affine[:3, :3]) @ np.array(sample.image.shape, float)
    if settings.fit == "pad":
        left = back = max(left, back)
    elif settings.fit == "crop":
        left = back = min(left, back)
    shown = settings.resize_to
    return settings.slice_mm, float(back) / shown, float(left) / shown
