"""How faint nodules on films are: ``python -m medvlp_training.simulation.radiograph.contrast FOLDER...``.

Each folder holds prepared or simulated films (``*.safetensors``). Films of held-out patients are left
out, so that painting can be fitted to the real ones.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp_training.datasets.splits import is_held_out
from medvlp_training.datasets.xray import read_xr

NODULE = "lung_nodule"
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
_SMALLEST_PIXELS = 6
_LOG = logging.getLogger(__name__)


def contrast(image: NDArray[np.uint8], mask: NDArray[np.bool_]) -> float | None:
    """Grey value of the middle of a lesion above the ring around it, as a share of the grey scale.

    Parameters
    ----------
    image
        ``(rows, columns)``, dense bright.
    mask
        One lesion, or the box around it.

    Returns
    -------
    float or None
        None for a mask of fewer than 6 pixels.
    """
    rows, columns = np.nonzero(mask)
    if rows.size < _SMALLEST_PIXELS:
        return None
    radius = max(np.ptp(rows), np.ptp(columns)) / 2 + 1
    y, x = np.indices(image.shape)
    away = np.hypot(y - rows.mean(), x - columns.mean()) / radius
    core, ring = image[away < 0.45], image[(away > 1.15) & (away < 1.7)]
    return float(core.mean() - ring.mean()) / 255


def contrasts(folder: Path, pattern: str = "*.safetensors") -> Iterator[float]:
    """Of every nodule on the films of patients who are not held out."""
    for path in sorted(folder.glob(pattern)):
        case = read_xr(path)
        if NODULE in case.masks and not is_held_out(case.patient):
            rise = contrast(case.image, case.masks[NODULE])
            if rise is not None:
                yield rise


def main(arguments: list[str] | None = None) -> int:
    """Command line: quantiles for each folder."""
    parser = argparse.ArgumentParser(
        prog="python -m medvlp_training.simulation.radiograph.contrast"
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--films", default="*.safetensors", help="pattern of the file names")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for folder in options.folders:
        found = list(contrasts(folder, options.films))
        values = np.quantile(found, QUANTILES).round(3).tolist() if found else []
        _LOG.info("%s: %d nodules, quantiles %s: %s", folder, len(found), QUANTILES, values)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
