"""The bundled sample: ``python -m medvlp_training.simulation.sample --out FOLDER``.

One procedural patient with a pleural effusion: a CT, its labels, and its projection as a
radiograph. No scan of a person is behind any of it, so the files may be shipped.
"""

from __future__ import annotations

import argparse
import json
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.simulation.case import Request, SimulatedCase
from medvlp_training.simulation.fields import Spacing
from medvlp_training.simulation.hosts import resample
from medvlp_training.simulation.phantom import phantom_host
from medvlp_training.simulation.phantom.build import Build
from medvlp_training.simulation.radiograph.project import project
from medvlp_training.simulation.shard_file import GENERATOR
from medvlp_training.simulation.simulate import simulate

SEED = 20
SPACING: Spacing = (3.0, 2.2, 2.2)
_FINE: Spacing = (1.5, 2.2, 1.5)  # painted at, so that the film has detail
_RADIOGRAPH_ROWS = 1024


def sample_build(rng: np.random.Generator) -> Build:
    """An unremarkable adult without contrast medium, asymmetric and a little noisy."""
    from dataclasses import replace

    drawn = Build.draw(rng)
    return replace(
        drawn, height=226.0, half_width=125.0, half_depth=90.0, fat=15.0, female=False, blood=44.0,
        liver=58.0, kidney=34.0, lung=-850.0, noise=9.0, table=True, stomach_gas=0.5,
        scoliosis=4.0, left_dome=-14.0,
    )  # fmt: skip


def make_sample(seed: int = SEED) -> tuple[SimulatedCase, SimulatedCase]:
    """The patient with a right pleural effusion, supine in the CT and upright for the film.

    The same amount of fluid lies at the back in one and at the base in the other.
    """
    rng = np.random.default_rng(seed)
    host = phantom_host(rng, "sample", _FINE, sample_build(rng), below_mm=105.0)
    request = Request("pleural_effusion", side="right", severity=0.5)
    supine = simulate(host.volume, host.organs, _FINE, [request], rng, host.absent)
    upright = simulate(
        host.volume, host.organs, _FINE, [request], rng, host.absent, posture="upright"
    )
    return supine, upright


def write_sample(folder: Path, seed: int = SEED) -> list[Path]:
    """Write CT, labels, radiograph and ``sample.json``; return the files.

    The CT's noise is rounded to 4 HU: finer steps carry no information at this noise and would
    double the compressed size.
    """
    case, upright = make_sample(seed)
    volume = np.asarray(resample(case.volume, _FINE, SPACING))
    quantised = (np.round(volume / 4) * 4).astype(np.int16)
    labels, names = _labels(case)
    labels = np.asarray(resample(labels, _FINE, SPACING, nearest=True), dtype=np.uint8)
    ct, seg = folder / "effusion_ct.nii.gz", folder / "effusion_ct_seg.nii.gz"
    xray, about = folder / "effusion_xray.png", folder / "sample.json"
    write_bytes_atomically(ct, nifti_bytes(quantised, SPACING))
    write_bytes_atomically(seg, nifti_bytes(labels, SPACING))
    write_bytes_atomically(xray, _radiograph_png(upright))
    facts = _describe(case, names, seed)
    write_bytes_atomically(about, (json.dumps(facts, indent=1) + "\n").encode())
    return [ct, seg, xray, about]


def _labels(case: SimulatedCase) -> tuple[NDArray[np.uint8], dict[str, str]]:
    labels = np.zeros(case.volume.shape, np.uint8)
    names: dict[str, str] = {}
    for value, (name, mask) in enumerate(
        [*sorted(case.organs.items()), *case.lesions.items()], start=1
    ):
        labels[mask] = value
        names[str(value)] = name
    return labels, names


def nifti_bytes(array: NDArray[np.generic], spacing: Spacing) -> bytes:
    """Gzipped NIfTI of an ``(S, P, L)`` array in radiological storage order.

    Stored as ``(L, P, S)`` with index 0 at the right, anterior, lower corner and the origin on the
    body's axis, so that the sign of x says the side; no time stamp, so the same array gives the
    same bytes.
    """
    import gzip

    import nibabel

    affine = np.diag([-spacing[2], -spacing[1], spacing[0], 1.0])
    affine[0, 3] = (array.shape[2] - 1) / 2 * spacing[2]
    affine[1, 3] = (array.shape[1] - 1) / 2 * spacing[1]
    image = nibabel.Nifti1Image(np.ascontiguousarray(array.transpose(2, 1, 0)), affine)
    image.header.set_xyzt_units("mm")
    raw = image.to_bytes()
    buffer = BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(raw)
    return buffer.getvalue()


def _radiograph_png(case: SimulatedCase) -> bytes:
    """8-bit grey PNG of the chest, in the proportions of the detector."""
    from PIL import Image

    film = project(case.volume, _FINE)
    lungs = np.logical_or(case.organs["lung_left"], case.organs["lung_right"])
    levels = np.nonzero(lungs.any(axis=(1, 2)))[0]
    bottom = film.image.shape[0] - int(levels[0]) + int(60 / _FINE[0])
    columns = np.nonzero(lungs.any(axis=(0, 1)))[0]
    margin = int(48 / _FINE[2])
    sides = slice(max(0, columns[0] - margin), columns[-1] + margin)
    shown = film.image[: min(bottom, film.image.shape[0]), sides]
    height = shown.shape[0] * _FINE[0]
    width = round(_RADIOGRAPH_ROWS * shown.shape[1] * _FINE[2] / height)
    picture = Image.fromarray((shown * 255).astype(np.float32))
    picture = picture.resize((width, _RADIOGRAPH_ROWS), Image.Resampling.BICUBIC)
    # Fewer grey levels than 256 keep the file small; steps of 2 are invisible.
    grey = (np.clip(np.asarray(picture), 0, 255) // 2 * 2).astype(np.uint8)
    buffer = BytesIO()
    Image.fromarray(grey).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _describe(case: SimulatedCase, names: dict[str, str], seed: int) -> dict[str, object]:
    lesion = case.placed[0]
    index = np.argwhere(lesion.mask)
    # LPS of the CT's affine: x = column and y = row from the middle, z = slice from the centre of
    # the first; both grids begin at the same outer face.
    field = np.array(lesion.mask.shape) * _FINE
    start = np.array([SPACING[0] / 2, field[1] / 2, field[2] / 2])
    centre = (index.mean(axis=0) + 0.5) * _FINE - start
    return {
        "title": "Simulated chest CT with a pleural effusion, and its projection as a radiograph",
        "finding": lesion.finding,
        "side": lesion.side,
        "severity": lesion.severity,
        "volume_ml": round(float(lesion.mask.sum() * np.prod(_FINE)) / 1000),
        "centre_lps_mm": [round(float(c), 1) for c in centre[::-1]],
        "report": case.report,
        "labels": names,
        "radiograph": "The same patient and the same amount of fluid, upright.",
        "seed": seed,
        "generator": GENERATOR,
        "command": "python -m medvlp_training.simulation.sample",
        "licence": "CC0-1.0",
        "origin": "Procedural anatomy; no scan of a person was used.",
    }


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    import logging

    parser = argparse.ArgumentParser(prog="python -m medvlp_training.simulation.sample")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for path in write_sample(options.out, options.seed):
        logging.getLogger(__name__).info("%s: %d bytes", path, path.stat().st_size)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
