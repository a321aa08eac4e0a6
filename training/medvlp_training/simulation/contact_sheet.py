"""Look at simulated cases: ``python -m medvlp_training.simulation.contact_sheet --shards D --out F``.

One row per case and finding: the axial slice with the most lesion and the coronal slice through it,
each plain and with the lesion in red, in a window that suits the organ.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.hosts import DEVICES
from medvlp_training.simulation.shard_file import Shard, read_shard

WINDOWS = {
    "soft tissue": (40.0, 400.0),
    "lung": (-500.0, 1400.0),
    "bone": (250.0, 900.0),
    "device": (100.0, 1400.0),
}
LUNG = (
    "pneumothorax", "lung_nodule", "lung_mass", "consolidation", "ground_glass_opacity",
    "atelectasis", "emphysema",
)  # fmt: skip
BONE = ("rib_fracture", "vertebral_fracture")
CELL = (300, 300)


def window(values: NDArray[np.number], centre: float, width: float) -> NDArray[np.uint8]:
    """Grey levels of HU values."""
    scaled = (values.astype(np.float32) - centre + width / 2) / width
    return (np.clip(scaled, 0, 1) * 255).astype(np.uint8)


def window_of(finding: str) -> tuple[float, float]:
    """Centre and width of the window that a finding is looked at in."""
    if finding in BONE:
        return WINDOWS["bone"]
    if finding in DEVICES:
        return WINDOWS["device"]
    return WINDOWS["lung" if finding in LUNG else "soft tissue"]


def overlay(grey: NDArray[np.uint8], mask: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """RGB with the mask's outline in red."""
    from scipy import ndimage

    rgb = np.repeat(grey[..., None], 3, axis=2)
    rgb[mask & ~ndimage.binary_erosion(mask)] = (255, 40, 40)
    return rgb


def cell(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGB picture fitted into the upper left of a cell."""
    from PIL import Image

    rgb = image if image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)
    scale = min(CELL[0] / rgb.shape[0], CELL[1] / rgb.shape[1])
    size = (max(1, int(rgb.shape[1] * scale)), max(1, int(rgb.shape[0] * scale)))
    small = np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BILINEAR))
    out = np.zeros((*CELL, 3), np.uint8)
    out[: small.shape[0], : small.shape[1]] = small
    return out


def row(shard: Shard, finding: str) -> NDArray[np.uint8]:
    """Axial and coronal views of one finding in one case."""
    mask = shard.lesions[finding].astype(bool)
    level = int(np.argmax(mask.sum(axis=(1, 2))))
    column = int(np.argmax(mask.sum(axis=(0, 2))))
    centre, width = window_of(finding)
    body = np.nonzero((shard.volume[level] > -300).any(axis=0))[0]
    sides = slice(max(0, body[0] - 3), body[-1] + 3) if body.size else slice(None)
    axial = window(shard.volume[level, :, sides], centre, width)
    coronal = window(shard.volume[::-1, column, sides], centre, width)
    other = window(shard.volume[level, :, sides], *WINDOWS["lung"])
    cells = [
        axial,
        overlay(axial, mask[level, :, sides]),
        other,
        coronal,
        overlay(coronal, mask[::-1, column, sides]),
    ]
    return np.hstack([cell(c) for c in cells])


def sheet(paths: list[Path], finding: str | None, limit: int) -> NDArray[np.uint8]:
    """Rows of all cases that have the finding (or of each case's first finding), labelled."""
    from PIL import Image, ImageDraw

    rows: list[NDArray[np.uint8]] = []
    for path in paths:
        shard = read_shard(path)
        shown = finding or next(iter(shard.lesions), None)
        if shown is None or shown not in shard.lesions or len(rows) >= limit:
            continue
        picture = Image.fromarray(row(shard, shown))
        label = f"{path.stem} {shard.meta['host']}: {shard.meta['report']}"[:240]
        ImageDraw.Draw(picture).text((4, 4), label, fill=(255, 255, 0))
        rows.append(np.asarray(picture))
    if not rows:
        raise SystemExit(f"No case with {finding or 'a finding'} among {len(paths)} files.")
    return np.vstack(rows)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    from PIL import Image

    parser = argparse.ArgumentParser(prog="python -m medvlp_training.simulation.contact_sheet")
    parser.add_argument("--shards", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--finding", default=None)
    parser.add_argument("--limit", type=int, default=6)
    parser.add_argument("--skip", type=int, default=0, help="cases to leave out at the start")
    options = parser.parse_args(arguments)
    paths = sorted(options.shards.glob("case_*.safetensors"))[options.skip :]
    Image.fromarray(sheet(paths, options.finding, options.limit)).save(options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
