"""Simulated patients with a CT, a film and one report: sample shards for pre-training.

``python -m medvlp_training.simulation.paired --hosts H --out O``. ``H`` is the folder ``hosts`` of
``python -m medvlp_training.simulation.shards``; with ``--phantoms N`` alone, ``N`` procedural
patients are made instead and no data set is needed. Pair ``n`` depends on the seed, ``n`` and the
hosts only.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_writer import write_shards
from medvlp_training.simulation.case import SimulationError
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.pair import pair
from medvlp_training.simulation.patient import LoadHost, draw_patient
from medvlp_training.simulation.phantom import phantom_host
from medvlp_training.simulation.shard_file import GENERATOR, read_host
from medvlp_training.simulation.workers import in_order, timed

CHEST = (
    "pleural_effusion", "pneumothorax", "lung_nodule", "lung_mass", "consolidation",
    "atelectasis", "cardiomegaly", "ground_glass_opacity", "emphysema", "pericardial_effusion",
    "lymphadenopathy", "rib_fracture", "vertebral_fracture", "endotracheal_tube",
    "central_venous_catheter", "enteric_tube", "pacemaker",
)  # fmt: skip
_NORMAL_ONE_IN = 7
_PHANTOMS_KEPT = 32
_LOG = logging.getLogger(__name__)


def make_pair(
    hosts: Sequence[LoadHost], seed: int, number: int, varied: bool = True
) -> tuple[ImageTextSample, ImageTextSample]:
    """CT and film of pair ``number``; one in seven has no finding.

    Raises
    ------
    SimulationError
        If no host shows both lungs and has room for the finding.
    """
    rng = np.random.default_rng([seed, 31, number])
    primary = None if number % _NORMAL_ONE_IN == 0 else CHEST[number % len(CHEST)]
    loaders = [hosts[int(index)] for index in rng.permutation(len(hosts))]
    patient = draw_patient(loaders, primary, rng, varied, chest=True)
    if patient is None:
        raise SimulationError(f"Pair {number}: no host with both lungs has room for {primary}.")
    return pair(patient, f"pair-{seed}-{number:06d}", rng)


def make_pairs(
    hosts: Sequence[LoadHost], seed: int, count: int, varied: bool = True, workers: int = 1
) -> Iterator[ImageTextSample]:
    """CT and film of pair 0, of pair 1, and so on; the time taken is logged at the end.

    With several ``workers``, the loaders of hosts must be picklable.
    """
    work = partial(make_pair, hosts, seed, varied=varied)
    pairs = in_order(work, range(count), workers)
    for ct, film in timed(pairs, "pairs of CT and film", workers):
        yield ct
        yield film


@lru_cache(maxsize=_PHANTOMS_KEPT)
def make_phantom(seed: int, number: int) -> Host:
    """Procedural patient ``number``."""
    return phantom_host(np.random.default_rng([seed, 32, number]), f"phantom-{number:03d}")


def find_hosts(folder: Path | None, phantoms: int, seed: int) -> list[LoadHost]:
    """Hosts of a folder, or procedural ones.

    Raises
    ------
    SimulationError
        If there are none.
    """
    files = sorted(folder.glob("*.safetensors")) if folder else []
    loaders: list[LoadHost] = [partial(read_host, path) for path in files]
    loaders += [partial(make_phantom, seed, number) for number in range(phantoms)]
    if not loaders:
        raise SimulationError(
            f"--hosts {folder}: expected host files (*.safetensors); found none. Write them with "
            "python -m medvlp_training.simulation.shards, or give --phantoms."
        )
    return loaders


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m medvlp_training.simulation.paired")
    parser.add_argument("--hosts", type=Path, help="folder of host files")
    parser.add_argument("--phantoms", type=int, default=0, help="procedural hosts to add")
    parser.add_argument("--out", type=Path, required=True, help="new folder of sample shards")
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--vary", action=argparse.BooleanOptionalAction, default=True,
                        help="another anatomy and acquisition for each pair")  # fmt: skip
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    hosts = find_hosts(options.hosts, options.phantoms, options.seed)
    samples = make_pairs(hosts, options.seed, options.pairs, options.vary, options.workers)
    shards = write_shards(samples, options.out, origin=f"{GENERATOR}, seed {options.seed}")
    _LOG.info("%d samples in %s", len(shards), options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
