"""A collection to shards: ``python -m medvlp_training.samples.convert``.

``--reader NAME --root DIR --out DIR`` converts a public collection, ``--manifest FILE --out DIR`` a
private one, and ``--verify DIR`` reads a converted set and names everything that is damaged.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator
from pathlib import Path

from medvlp.errors import MedVLPError
from medvlp_training.samples.manifest_samples import manifest_samples
from medvlp_training.samples.readers.reader import READERS, load_reader
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_set import ShardSet, open_shards
from medvlp_training.samples.shard_writer import SAMPLES_PER_SHARD, write_shards
from medvlp_training.samples.shrink import shrink
from medvlp_training.samples.skips import Skips

_LOG = logging.getLogger(__name__)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m medvlp_training.samples.convert",
        description="Convert a collection of scans and reports to shards for training.",
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--reader", choices=READERS, help="public collection")
    what.add_argument("--manifest", type=Path, help="table of a private collection")
    what.add_argument("--verify", type=Path, metavar="DIR", help="check a converted set")
    parser.add_argument("--root", type=Path, help="folder of the public collection")
    parser.add_argument("--out", type=Path, help="new folder for the shards")
    parser.add_argument("--samples-per-shard", type=int, default=SAMPLES_PER_SHARD)
    parser.add_argument("--longest-side", type=int, help="shrink X-rays to this many pixels")
    parser.add_argument("--spacing-mm", type=float, help="shrink CT to this voxel size")
    parser.add_argument("--strict", action="store_true", help="stop at the first problem")
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.verify is None and options.out is None:
        parser.error("--out is missing: the folder for the shards")
    if options.reader is not None and options.root is None:
        parser.error("--root is missing: the folder of the collection")
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    try:
        return _verify(options.verify) if options.verify else _convert(options)
    except MedVLPError as error:
        _LOG.error("%s", error)
        return error.exit_status


def _convert(options: argparse.Namespace) -> int:
    skips = Skips(options.strict)
    origin = options.reader or options.manifest.name
    samples = (
        shrink(sample, options.longest_side, options.spacing_mm)
        for sample in _samples(options, skips)
    )
    shards = write_shards(
        samples, options.out, options.samples_per_shard, skips=skips, origin=origin
    )
    skips.log_summary(f"Converting {origin}")
    _LOG.info("%s in %s", _totals(shards), options.out)
    return 0


def _samples(options: argparse.Namespace, skips: Skips) -> Iterator[ImageTextSample]:
    if options.manifest is not None:
        return manifest_samples(options.manifest, skips)
    return load_reader(options.reader)(options.root, skips)


def _verify(folder: Path) -> int:
    shards = open_shards(folder)
    problems = shards.verify()
    for problem in problems:
        _LOG.error("%s", problem)
    shards.skips.log_summary("Opening")
    _LOG.info("%s, %d of them damaged", _totals(shards), len(problems))
    return 3 if problems or shards.skips.skipped else 0


def _totals(shards: ShardSet) -> str:
    parts = ", ".join(f"{count} {split}" for split, count in shards.counts().items())
    return f"{len(shards)} samples of {len(shards.patients())} patients ({parts})"


if __name__ == "__main__":
    raise SystemExit(main())
