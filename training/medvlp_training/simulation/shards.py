"""Simulated CT for training: ``python -m medvlp_training.simulation.shards --data D --out O``.

Writes ``hosts/<name>.safetensors`` (no simulated finding: the paired negatives) and
``case_<number>.safetensors``; ``DONE`` appears when the set is complete. Case ``n`` depends only on
the seed and on ``n``, so an interrupted run continues where it stopped.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from medvlp_training.simulation.case import SimulationError
from medvlp_training.simulation.findings import SIMULATORS
from medvlp_training.simulation.hosts import SOURCES, Host, load_host
from medvlp_training.simulation.patient import draw_patient
from medvlp_training.simulation.phantom import phantom_host
from medvlp_training.simulation.shard_file import (
    known_absent,
    read_host,
    require_one_origin,
    write_shard,
)
from medvlp_training.simulation.simulate import simulate
from medvlp_training.simulation.variants import vary
from medvlp_training.simulation.workers import in_order, timed

VARIANTS_PER_SCAN = 4
NOTHING = "none"
_LOG = logging.getLogger(__name__)


def build_hosts(data: Path, out: Path, phantoms: int, seed: int) -> list[Path]:
    """Write every host and its variants that are not there yet; return their files."""
    files = []
    for source in SOURCES:
        wanted = [out / f"{source.name}-{k}.safetensors" for k in range(VARIANTS_PER_SCAN)]
        files += wanted
        if all(path.is_file() for path in wanted):
            continue
        host = load_host(source, data)
        for k, path in enumerate(wanted):
            rng = np.random.default_rng([seed, 7, k, *source.name.encode()])
            own = host if k == 0 else vary(host, rng)
            _write_host(path, replace(own, name=path.stem), rng, seed)
    for k in range(phantoms):
        path = out / f"phantom-{k:03d}.safetensors"
        files.append(path)
        if not path.is_file():
            rng = np.random.default_rng([seed, 11, k])
            _write_host(path, vary(phantom_host(rng, path.stem), rng), rng, seed)
    return files


def _write_host(path: Path, host: Host, rng: np.random.Generator, seed: int) -> None:
    case = simulate(host.volume, host.organs, host.spacing, [], rng, host.absent)
    write_shard(path, host, case, known_absent(host, ()), seed)


def make_case(
    hosts: list[Path],
    out: Path,
    seed: int,
    number: int,
    varied: bool = False,
    findings: Sequence[str] = (),
) -> str:
    """Write case ``number``; return its report.

    Parameters
    ----------
    findings
        Taken in turn: names of the lexicon or :data:`NOTHING`, as often as they are wanted. All
        that can be simulated without any.
    varied
        Bend the host anew and scan it in another way
        (:mod:`~medvlp_training.simulation.variation`) for this case.

    Raises
    ------
    SimulationError
        If no host can take the finding.
    """
    rng = np.random.default_rng([seed, 3, number])
    names = list(findings or SIMULATORS)
    primary = names[number % len(names)]
    wanted = None if primary == NOTHING else primary
    loaders = [partial(read_host, path) for path in _host_order(hosts, rng)]
    patient = draw_patient(loaders, wanted, rng, varied)
    if patient is None:
        raise SimulationError(f"Case {number}: no host has room for {primary}.")
    write_shard(
        case_path(out, number), patient.host, patient.scanned, patient.absent, seed,
        patient.acquisition,
    )  # fmt: skip
    return patient.case.report


def case_path(out: Path, number: int) -> Path:
    """File of a case."""
    return out / f"case_{number:05d}.safetensors"


def _host_order(hosts: list[Path], rng: np.random.Generator) -> list[Path]:
    """All hosts in random order, real scans first in a little over half of the cases."""
    shuffled = [hosts[int(i)] for i in rng.permutation(len(hosts))]
    real_first = bool(rng.random() < 0.6)
    return sorted(shuffled, key=lambda path: path.name.startswith("phantom") == real_first)


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m medvlp_training.simulation.shards")
    parser.add_argument("--data", type=Path, required=True, help="folder of the real scans")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cases", type=int, default=160)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--phantoms", type=int, default=24)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--vary", action=argparse.BooleanOptionalAction, default=True,
                        help="another anatomy and acquisition for each case")  # fmt: skip
    parser.add_argument("--findings", nargs="+", default=[], choices=(*SIMULATORS, NOTHING),
                        metavar="FINDING",
                        help=f"taken in turn, {NOTHING!r} among them; all if left out")  # fmt: skip
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    for folder in (options.out, options.out / "hosts"):
        require_one_origin(folder, options.seed)
    hosts = build_hosts(options.data, options.out / "hosts", options.phantoms, options.seed)
    numbers = range(options.first, options.first + options.cases)
    missing = [n for n in numbers if not case_path(options.out, n).is_file()]
    work = partial(make_case, hosts, options.out, options.seed, varied=options.vary,
                   findings=options.findings)  # fmt: skip
    for _ in timed(in_order(work, missing, options.workers), "cases", options.workers):
        pass
    (options.out / "DONE").write_text(f"{len(numbers)} cases, {len(hosts)} hosts\n")
    _LOG.info("%d cases and %d hosts in %s", len(numbers), len(hosts), options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
