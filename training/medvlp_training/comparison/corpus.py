"""The comparison's data: simulated cases with reports, made small: ``python -m ...comparison.corpus``.

CT at 6 mm, X-rays at 192 pixels, one patient in three kept for testing. Findings and reports are
simulated; the anatomy is that of real patients and of phantoms, the films are real films with painted
findings and projections of CT.
"""

from __future__ import annotations

import argparse
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from medvlp_training.pretraining.simulated import CaseFiles
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_writer import write_shards
from medvlp_training.samples.splits import Split

CT_FACTOR = 2
FILM_SIDE = 192
TEST_ONE_IN = 3
CT_FILES = "runs/shards/ct/case_*.safetensors"
FILM_FILES = "runs/shards/xr/*.safetensors"


def comparison_split(patient: str) -> Split:
    """``"test"`` for one patient in three, ``"val"`` for one in eighteen, ``"train"`` otherwise."""
    digest = int(hashlib.sha256(patient.encode("utf-8")).hexdigest()[:8], 16)
    if digest % TEST_ONE_IN == 0:
        return "test"
    return "val" if (digest // TEST_ONE_IN) % 12 == 0 else "train"


def coarser(sample: ImageTextSample, factor: int) -> ImageTextSample:
    """Blocks of ``factor`` voxels a side become one: mean of the image, majority of the labels.

    What does not fill a block at the far ends is cut off. A lesion that fills half of no block is kept
    wherever it touches one.
    """
    image = _blocks(sample.image, factor).float().mean(-1).round().numpy()
    affine = sample.affine
    if affine is not None:
        step = np.diag([factor] * 3 + [1.0])
        step[:3, 3] = (factor - 1) / 2  # the centre of the first block
        affine = affine @ step
    organs = sample.organs
    if organs is not None:
        organs = _blocks(organs, factor).mode(-1).values.numpy()
    return replace(
        sample,
        image=image.astype(sample.image.dtype),
        affine=affine,
        organs=organs,
        lesions={name: _lesion(mask, factor) for name, mask in sample.lesions.items()},
        boxes=(),
    )


def _lesion(mask: NDArray[np.bool_], factor: int) -> NDArray[np.bool_]:
    share = _blocks(mask.astype(np.uint8), factor).float().mean(-1).numpy()
    filled: NDArray[np.bool_] = share >= 0.5
    return filled if filled.any() else share > 0


def _blocks(array: NDArray[Any], factor: int) -> torch.Tensor:
    """``(*coarse shape, factor ** axes)``: the voxels of each block."""
    cut = array[tuple(slice(0, n // factor * factor) for n in array.shape)]
    split = [part for n in cut.shape for part in (n // factor, factor)]
    axes = range(cut.ndim)
    blocks = cut.reshape(split).transpose([2 * i for i in axes] + [2 * i + 1 for i in axes])
    coarse = [n // factor for n in cut.shape]
    return torch.from_numpy(np.ascontiguousarray(blocks.reshape(*coarse, -1)))


def smaller_film(sample: ImageTextSample, side: int) -> ImageTextSample:
    """A square film resized to ``side`` pixels.

    Raises
    ------
    ValueError
        If it is not square, or its side is no multiple of ``side``.
    """
    rows, columns = sample.image.shape
    if rows != columns or rows % side:
        raise ValueError(
            f"{sample.identity}: expected a square of n x {side}, found {rows, columns}."
        )
    return coarser(sample, rows // side)


def corpus(ct: str, film: str) -> Iterator[ImageTextSample]:
    """Every case that has a report, small, with its split."""
    for source in (CaseFiles(ct, "CT"), CaseFiles(film, "XR")):
        for number in range(len(source)):
            sample = source.read(number)
            if not sample.sentences:
                continue
            small = (
                coarser(sample, CT_FACTOR)
                if sample.modality == "CT"
                else smaller_film(sample, FILM_SIDE)
            )
            yield replace(small, split=comparison_split(sample.patient))


def main(arguments: list[str] | None = None) -> None:
    """Write the shards."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ct", default=CT_FILES)
    parser.add_argument("--film", default=FILM_FILES)
    parser.add_argument("--out", type=Path, default=Path("runs/comparison/corpus"))
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO)
    written = write_shards(
        corpus(given.ct, given.film), given.out, origin="simulated cases, coarser"
    )
    logging.getLogger(__name__).info("%d samples in %s", len(written), given.out)


if __name__ == "__main__":
    main()
