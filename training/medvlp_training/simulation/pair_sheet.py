"""Look at pairs: ``python -m medvlp_training.simulation.pair_sheet --shards O --out F``.

One row for the first pair with each finding: the axial and the coronal slice with the most lesion,
plain and outlined, and the film, plain and with the lesions that it shows outlined.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_set import open_shards
from medvlp_training.simulation.case import SimulationError
from medvlp_training.simulation.contact_sheet import cell, window, window_of
from medvlp_training.simulation.fields import Spacing, bounding_box

_COLOURS = 256
_MARGIN_MM = 50.0
_STRIP = 28  # rows of text


def row(ct: ImageTextSample, film: ImageTextSample, finding: str) -> NDArray[np.uint8]:
    """Views of one finding in a CT, and the film of the same patient, under their reports."""
    from PIL import Image, ImageDraw

    mask = ct.lesions[finding]
    level = int(np.argmax(mask.sum(axis=(1, 2))))
    column = int(np.argmax(mask.sum(axis=(0, 2))))
    low, rows, columns = bounding_box(mask, _MARGIN_MM, _spacing(ct))
    grey = window(ct.image, *window_of(finding))
    shown = np.zeros(film.image.shape, bool)
    for lesion in film.lesions.values():
        shown |= lesion
    views = [
        (grey[level, rows, columns], mask[level, rows, columns]),
        (grey[low, column, columns][::-1], mask[low, column, columns][::-1]),
        (film.image, shown),
    ]
    cells = [c for picture, lesion in views for c in (cell(picture), _outlined(picture, lesion))]
    strip = np.pad(np.hstack(cells), ((_STRIP, 0), (0, 0), (0, 0)))
    picture = Image.fromarray(strip)
    draw = ImageDraw.Draw(picture)
    draw.text((4, 2), f"CT: {' '.join(ct.sentences)}"[:290], fill=(255, 255, 0))
    draw.text((4, 14), f"film: {' '.join(film.sentences)}"[:290], fill=(255, 255, 0))
    return np.asarray(picture)


def _spacing(ct: ImageTextSample) -> Spacing:
    assert ct.affine is not None  # checked when it was written
    rows, columns, slices = (float(n) for n in np.linalg.norm(ct.affine[:3, :3], axis=0)[[1, 2, 0]])
    return slices, rows, columns


def _outlined(grey: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Cell with the mask's outline in red, drawn at the size of the cell."""
    from scipy import ndimage

    picture, inside = cell(grey), cell((mask * 255).astype(np.uint8))[..., 0] > 127
    picture[inside & ~ndimage.binary_erosion(inside, iterations=2)] = (255, 40, 40)
    return picture


def pairs_of(
    samples: Iterable[ImageTextSample],
) -> Iterator[tuple[ImageTextSample, ImageTextSample]]:
    """CT and film of one report, by their identities."""
    waiting: dict[str, ImageTextSample] = {}
    for sample in samples:
        name = sample.identity.rpartition("/")[0]
        other = waiting.pop(name, None)
        if other is None:
            waiting[name] = sample
        else:
            yield (other, sample) if other.modality == "CT" else (sample, other)


def sheet(samples: Iterable[ImageTextSample], limit: int) -> NDArray[np.uint8]:
    """Rows of the first pair with each finding.

    Raises
    ------
    SimulationError
        If no pair has a finding.
    """
    rows: dict[str, NDArray[np.uint8]] = {}
    for ct, film in pairs_of(samples):
        fresh = [name for name in ct.lesions if name not in rows]
        if fresh and len(rows) < limit:
            rows[fresh[0]] = row(ct, film, fresh[0])
    if not rows:
        raise SimulationError("No pair of CT and film has a finding; expected at least one.")
    return np.vstack([rows[name] for name in sorted(rows)])


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    from PIL import Image

    parser = argparse.ArgumentParser(prog="python -m medvlp_training.simulation.pair_sheet")
    parser.add_argument("--shards", type=Path, required=True, help="folder written by paired")
    parser.add_argument("--out", type=Path, required=True, help="PNG")
    parser.add_argument("--limit", type=int, default=12)
    parser.add_argument("--width", type=int, default=1200, help="of the picture in pixels")
    options = parser.parse_args(arguments)
    shards = open_shards(options.shards)
    picture = Image.fromarray(sheet(map(shards.read, shards.entries), options.limit))
    height = round(picture.height * options.width / picture.width)
    small = picture.resize((options.width, height), Image.Resampling.LANCZOS)
    buffer = BytesIO()
    small.quantize(_COLOURS, Image.Quantize.FASTOCTREE).save(buffer, "PNG", optimize=True)
    write_bytes_atomically(options.out, buffer.getvalue())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
