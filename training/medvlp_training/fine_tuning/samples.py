"""The rows of a table as sample shards, seen as the model that is trained sees them."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from medvlp.errors import MedVLPError
from medvlp.models.backends.settings import PlanarPreprocessing
from medvlp.models.preprocessing import Preprocessing, normalise_xr
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.fine_tuning.published.pictures import as_stored
from medvlp_training.fine_tuning.table import patient_splits
from medvlp_training.samples.manifest import Manifest
from medvlp_training.samples.manifest_samples import samples_of_manifest
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_index import SET_FILE
from medvlp_training.samples.shard_set import ShardSet, open_shards
from medvlp_training.samples.shard_writer import write_shards
from medvlp_training.samples.shrink import shrink
from medvlp_training.samples.skips import Skips

_LOG = logging.getLogger(__name__)
ORIGIN = "table.json"
Shown = Preprocessing | PlanarPreprocessing
"""What a model is shown."""


def prepare_samples(
    manifest: Manifest, folder: Path, preprocessing: Shown, skip_bad_rows: bool = False
) -> ShardSet:
    """Convert a table once; the next call finds the shards there.

    Raises
    ------
    ManifestError, MedVLPError
        If a row cannot be used (unless ``skip_bad_rows``), nothing is left, or the folder holds the
        shards of another table.
    """
    origin = {"sha256": _digest(manifest, preprocessing), "table": manifest.path.name}
    if (folder / SET_FILE).is_file() and (folder / ORIGIN).is_file():
        _require_same_table(folder, origin)
        return open_shards(folder)
    if folder.is_dir():
        shutil.rmtree(folder)  # an interrupted conversion
    skips = Skips(strict=not skip_bad_rows)
    samples = (
        as_seen(sample, preprocessing)
        for sample in _with_splits(manifest, samples_of_manifest(manifest, skips))
    )
    _LOG.info("Reading %d images.", len(manifest.rows))
    shards = write_shards(samples, folder, skips=skips, origin=manifest.path.name)
    write_bytes_atomically(folder / ORIGIN, json.dumps(origin).encode())
    skips.log_summary(f"Reading {manifest.path.name}")
    for split, why in (("train", "to train on"), ("val", "to validate and calibrate on")):
        if not shards.counts().get(split):
            shutil.rmtree(folder)
            raise MedVLPError(
                f"{manifest.path.name}: no image is left {why} once the unusable rows are left out "
                f"({skips.summary()}). Correct the rows that the log names."
            )
    return shards


def as_seen(sample: ImageTextSample, preprocessing: Shown) -> ImageTextSample:
    """The sample with the model's exposure and at the model's resolution, so that no more is stored."""
    if isinstance(preprocessing, PlanarPreprocessing):
        return as_stored(sample, preprocessing)
    if sample.modality == "XR":
        exposed = (normalise_xr(sample.image, preprocessing.xr.percentiles) + 1) / 2
        sample = replace(sample, image=np.rint(255 * exposed).astype(np.uint8))
    return shrink(sample, preprocessing.xr.image_size, preprocessing.ct.spacing_mm)


def _with_splits(
    manifest: Manifest, samples: Iterator[ImageTextSample]
) -> Iterator[ImageTextSample]:
    splits = patient_splits(manifest)
    for sample in samples:
        yield replace(sample, split=splits[sample.patient])


def _digest(manifest: Manifest, preprocessing: Shown) -> str:
    rows = json.dumps([manifest.columns, manifest.rows, preprocessing.model_dump_json()])
    return hashlib.sha256(rows.encode()).hexdigest()


def _require_same_table(folder: Path, origin: dict[str, str]) -> None:
    before = json.loads((folder / ORIGIN).read_text(encoding="utf-8"))
    if before.get("sha256") != origin["sha256"]:
        raise MedVLPError(
            f"{folder} holds the images of another table ({before.get('table')}) than "
            f"{origin['table']} as it is now. Name another folder with --out, or restore the table."
        )
