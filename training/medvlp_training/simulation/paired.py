"""Simulated patients with a CT, a film and one report: sample shards for pre-training.

``python -m medvlp_training.simulation.paired --hosts H --out O``. ``H`` is the folder ``hosts`` of
``python -m medvlp_training.simulation.shards``; with ``--phantoms N`` alone, ``N`` procedural
patients are made instead and no data set is needed. Pair ``n`` depends on the seed, ``n`` and the
hosts only.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_writer import write_shards
from medvlp_training.simulation.case import Request, SimulatedCase, SimulationError
from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.pair import pair
from medvlp_training.simulation.phantom import phantom_host
from medvlp_training.simulation.shard_file import GENERATOR, known_absent
from medvlp_training.simulation.shards import draw_requests, read_host
from medvlp_training.simulation.simulate import simulate
from medvlp_training.simulation.variants import vary
from medvlp_training.simulation.variation import TURN_DEGREES, Acquisition, prepare, scan

LoadHost = Callable[[], Host]
CHEST = (
    "pleural_effusion", "pneumothorax", "lung_nodule", "lung_mass", "consolidation",
    "atelectasis", "cardiomegaly", "ground_glass_opacity", "emphysema", "pericardial_effusion",
    "lymphadenopathy", "rib_fracture", "vertebral_fracture",
)  # fmt: skip
_NORMAL_ONE_IN = 7
_SMALLEST_LUNG_ML = 900.0
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
    for index in rng.permutation(len(hosts)):
        host = hosts[int(index)]()
        if not _is_chest(host):
            continue
        acquisition = Acquisition.draw(rng) if varied else Acquisition()
        if varied:
            host = _prepare_chest(vary(host, rng, TURN_DEGREES), acquisition, rng)
        case = _place(host, primary, rng)
        if case is not None:
            scanned = scan(case, host.spacing, acquisition, rng)
            return pair(host, case, scanned, f"pair-{seed}-{number:06d}", rng)
    raise SimulationError(f"Pair {number}: no host with both lungs has room for {primary}.")


def _lungs_ml(host: Host) -> NDArray[np.float64]:
    """Volume of the left and of the right lung in the scan."""
    voxels = [
        sum(int(m.sum()) for n, m in host.organs.items() if n.startswith("lung_") and n.endswith(s))
        for s in ("left", "right")
    ]
    return np.array(voxels) * float(np.prod(host.spacing)) / 1000


def _is_chest(host: Host) -> bool:
    """Whether most of both lungs is in the scan."""
    return bool(_lungs_ml(host).min() > _SMALLEST_LUNG_ML)


def _prepare_chest(host: Host, acquisition: Acquisition, rng: np.random.Generator) -> Host:
    """Host as the acquisition asks, but never cut through the lungs: a film shows them whole."""
    cut = prepare(host, acquisition, rng)
    if _lungs_ml(cut).sum() > 0.99 * _lungs_ml(host).sum():
        return cut
    return prepare(host, replace(acquisition, cut_feet_mm=0.0, cut_head_mm=0.0), rng)


def _place(host: Host, primary: str | None, rng: np.random.Generator) -> SimulatedCase | None:
    """Case with the finding and its company, else with the finding alone; None without room."""
    attempts = [draw_requests(primary, rng), [Request(primary)]] if primary else [[]]
    for requests in attempts:
        placed = tuple(request.finding for request in requests)
        if set(placed) & set(host.present):
            continue  # its mask would miss the host's own lesion
        try:
            return simulate(
                host.volume, host.organs, host.spacing, requests, rng, known_absent(host, placed)
            )
        except SimulationError:
            continue
    return None


def make_pairs(
    hosts: Sequence[LoadHost], seed: int, count: int, varied: bool = True
) -> Iterator[ImageTextSample]:
    """CT and film of pair 0, of pair 1, and so on; the time taken is logged at the end."""
    start = perf_counter()
    for number in range(count):
        yield from make_pair(hosts, seed, number, varied)
    seconds = perf_counter() - start
    _LOG.info(
        "%d pairs of CT and film in %.1f s with one process: %.2f pairs a second",
        count, seconds, count / max(seconds, 1e-9),
    )  # fmt: skip


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
    parser.add_argument("--vary", action=argparse.BooleanOptionalAction, default=True,
                        help="another anatomy and acquisition for each pair")  # fmt: skip
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    hosts = find_hosts(options.hosts, options.phantoms, options.seed)
    samples = make_pairs(hosts, options.seed, options.pairs, options.vary)
    shards = write_shards(samples, options.out, origin=f"{GENERATOR}, seed {options.seed}")
    _LOG.info("%d samples in %s", len(shards), options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
