"""The comparison's data: ``python -m medvlp_training.comparison.corpus --data D --out O``.

``O/XR`` holds painted films (:mod:`.films`), ``O/CT`` simulated CT at 6 mm; one patient in three is kept
for testing. Findings and reports are simulated; the anatomy is that of real patients and, in CT, of
phantoms.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from medvlp_training.comparison.films import Counts, films
from medvlp_training.comparison.splits import comparison_split
from medvlp_training.pretraining.simulated import CaseFiles
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_writer import write_shards

CT_FACTOR = 2
SEED = 0
CT_FILES = "runs/comparison/cases/case_*.safetensors"


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


def volumes(files: str) -> Iterator[ImageTextSample]:
    """Every simulated CT that has a report, coarser, with its split."""
    source = CaseFiles(files, "CT")
    for number in range(len(source)):
        sample = source.read(number)
        if sample.sentences:
            small = coarser(sample, CT_FACTOR)
            yield replace(small, split=comparison_split(sample.patient))


def split_films(data: Path, counts: Counts, seed: int) -> Iterator[ImageTextSample]:
    """Painted films with their splits."""
    for film in films(data, counts, seed):
        yield replace(film, split=comparison_split(film.patient))


def main(arguments: list[str] | None = None) -> None:
    """Write the shards of a kind, or of both, that are not there."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the real scans")
    parser.add_argument("--ct", default=CT_FILES, help="simulated CT cases")
    parser.add_argument("--out", type=Path, default=Path("runs/comparison/corpus"))
    parser.add_argument("--kinds", nargs="*", default=["XR", "CT"], choices=["XR", "CT"])
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO)
    sources = {
        "XR": lambda: split_films(given.data, Counts(), SEED),
        "CT": lambda: volumes(given.ct),
    }
    for kind in given.kinds:
        folder = given.out / kind
        if (folder / "shards.json").is_file():
            continue
        written = write_shards(sources[kind](), folder, origin=f"simulated {kind} for comparison")
        logging.getLogger(__name__).info("%d samples in %s", len(written), folder)


if __name__ == "__main__":
    main()
