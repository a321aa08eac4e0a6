"""Simulated CT for training: ``python -m medvlp_training.simulation.shards --data D --out O``.

Writes ``hosts/<name>.safetensors`` (no simulated finding: the paired negatives) and
``case_<number>.safetensors``; ``DONE`` appears when the set is complete. Case ``n`` depends only on
the seed and on ``n``, so an interrupted run continues where it stopped.
"""

from __future__ import annotations

import argparse
import logging
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import numpy as np

from medvlp_training.simulation.case import Request, SimulatedCase, SimulationError
from medvlp_training.simulation.findings import SIMULATORS
from medvlp_training.simulation.hosts import SOURCES, Host, load_host
from medvlp_training.simulation.phantom import phantom_host
from medvlp_training.simulation.shard_file import known_absent, read_shard, write_shard
from medvlp_training.simulation.simulate import simulate
from medvlp_training.simulation.variants import vary
from medvlp_training.simulation.variation import TURN_DEGREES, Acquisition, prepare, scan

VARIANTS_PER_SCAN = 4
_MADE_BEFORE = "(already there)"
_LOG = logging.getLogger(__name__)
_TOGETHER = {
    "pleural_effusion": ("atelectasis", "cardiomegaly", "consolidation", "pericardial_effusion"),
    "lung_mass": ("lymphadenopathy", "pleural_effusion", "emphysema", "liver_lesion"),
    "ascites": ("pleural_effusion", "liver_lesion"),
    "emphysema": ("lung_nodule", "pneumothorax"),
    "renal_cyst": ("liver_cyst", "kidney_stone"),
    "cardiomegaly": ("pleural_effusion",),
}


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


def read_host(path: Path) -> Host:
    """Host from its file."""
    shard = read_shard(path)
    meta = shard.meta
    organs = {name: shard.organs == int(value) for value, name in meta["organ_names"].items()}
    return Host(
        meta["host"], meta["patient"], shard.volume, organs, tuple(meta["annotated"]),
        tuple(meta["spacing_mm"]), tuple(meta["absent"]), tuple(meta["host_present"]),
        meta["synthetic"],
    )  # fmt: skip


def draw_requests(primary: str, rng: np.random.Generator) -> list[Request]:
    """The primary finding, often on both sides, often with what tends to come with it."""
    requests = [Request(primary)]
    if primary == "pleural_effusion" and rng.random() < 0.3:
        requests = [Request(primary, "left"), Request(primary, "right")]
    if rng.random() < 0.45:
        options = _TOGETHER.get(primary) or tuple(n for n in SIMULATORS if n != primary)
        requests.append(Request(str(rng.choice(options))))
    if rng.random() < 0.15:
        requests.append(Request(str(rng.choice([n for n in SIMULATORS if n != primary]))))
    kept: list[Request] = []
    for request in requests:
        if all(k.finding != request.finding or k.side != request.side for k in kept):
            kept.append(request)
    return kept


def make_case(hosts: list[Path], out: Path, seed: int, number: int, varied: bool = False) -> str:
    """Write case ``number`` unless it exists; return its report.

    Parameters
    ----------
    varied
        Bend the host anew and scan it in another way
        (:mod:`~medvlp_training.simulation.variation`) for this case.

    Raises
    ------
    SimulationError
        If no host can take the finding.
    """
    path = out / f"case_{number:05d}.safetensors"
    if path.is_file():
        return _MADE_BEFORE
    rng = np.random.default_rng([seed, 3, number])
    names = list(SIMULATORS)
    primary = names[number % len(names)]
    for host_file in _host_order(hosts, rng):
        host = read_host(host_file)
        acquisition = Acquisition.draw(rng) if varied else None
        if acquisition:
            host = prepare(vary(host, rng, TURN_DEGREES), acquisition, rng)
        case = _try(host, draw_requests(primary, rng), rng) or _try(host, [Request(primary)], rng)
        if case is not None and not _duplicates(host, case):
            if acquisition:
                case = scan(case, host.spacing, acquisition, rng)
            absent = known_absent(host, tuple(case.lesions))
            write_shard(path, host, case, absent, seed, acquisition)
            return case.report
    raise SimulationError(f"Case {number}: no host has room for {primary}.")


def _host_order(hosts: list[Path], rng: np.random.Generator) -> list[Path]:
    """All hosts in random order, real scans first in a little over half of the cases."""
    shuffled = [hosts[int(i)] for i in rng.permutation(len(hosts))]
    real_first = bool(rng.random() < 0.6)
    return sorted(shuffled, key=lambda path: path.name.startswith("phantom") == real_first)


def _try(host: Host, requests: list[Request], rng: np.random.Generator) -> SimulatedCase | None:
    placed = tuple(r.finding for r in requests)
    try:
        return simulate(
            host.volume, host.organs, host.spacing, requests, rng, known_absent(host, placed)
        )
    except SimulationError:
        return None


def _duplicates(host: Host, case: SimulatedCase) -> bool:
    """Whether the host has the finding of its own: its mask would then miss a true lesion."""
    return bool(set(case.lesions) & set(host.present))


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
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    hosts = build_hosts(options.data, options.out / "hosts", options.phantoms, options.seed)
    numbers = range(options.first, options.first + options.cases)
    work = partial(make_case, hosts, options.out, options.seed, varied=options.vary)
    start = perf_counter()
    if options.workers > 1:
        with ProcessPoolExecutor(options.workers, mp_context=get_context("spawn")) as pool:
            reports = list(pool.map(work, numbers))
    else:
        reports = [work(number) for number in numbers]
    (options.out / "DONE").write_text(f"{len(reports)} cases, {len(hosts)} hosts\n")
    seconds, made = perf_counter() - start, sum(report != _MADE_BEFORE for report in reports)
    _LOG.info(
        "%d cases made in %.1f s with %d processes: %.2f a second",
        made, seconds, options.workers, made / max(seconds, 1e-9),
    )  # fmt: skip
    _LOG.info("%d cases and %d hosts in %s", len(reports), len(hosts), options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
