"""A few simulated CT and X-ray case files from procedural anatomy: no data set is needed."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from medvlp_training.simulation.phantom import phantom_host
from medvlp_training.simulation.shard_file import known_absent, write_shard
from medvlp_training.simulation.shards import make_case
from medvlp_training.simulation.simulate import simulate
from medvlp_training.simulation.xray_shards import write_projected

HOSTS = 4


def simulate_samples(folder: Path, count: int, seed: int = 0) -> None:
    """Write ``count`` CT cases to ``folder/ct`` and as many projected X-rays to ``folder/xr``."""
    hosts = []
    for number in range(HOSTS):
        rng = np.random.default_rng([seed, number])
        host = phantom_host(rng, f"phantom-{number:03d}")
        case = simulate(host.volume, host.organs, host.spacing, [], rng, host.absent)
        path = folder / "hosts" / f"{host.name}.safetensors"
        write_shard(path, host, case, known_absent(host, ()), seed)
        hosts.append(path)
    for number in range(count):
        make_case(hosts, folder / "ct", seed, number)
    written = number = 0
    # A finding that finds no room in a host gives no film: the next number is tried.
    while written < count and number < 8 * count:
        path = folder / "xr" / f"project_{number:05d}.safetensors"
        written += write_projected(path, hosts[number % HOSTS], number, seed)
        number += 1
