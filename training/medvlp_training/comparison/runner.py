"""Train and measure every entry with every seed: ``make compare``.

A result is one JSON file; one that was made with the same configuration is not made again, so the
comparison can be stopped at any time. Two processes may share the work (``--part 0/2``, ``--part 1/2``).
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.comparison.encoded import Prepared, prepare
from medvlp_training.comparison.measure import measure
from medvlp_training.comparison.plan import PLAN, Entry, Plan, read_plan
from medvlp_training.comparison.start import train_start
from medvlp_training.objectives.batch import Vocabulary
from medvlp_training.pretraining.config import PretrainingConfig
from medvlp_training.pretraining.load import TrainedRun, load_run
from medvlp_training.pretraining.run import Run
from medvlp_training.pretraining.source import JoinedSources, Kind, SampleSource
from medvlp_training.pretraining.trainer import make_accelerator
from medvlp_training.samples.shard_set import ShardSet, open_shards
from medvlp_training.samples.source import ShardSource

_LOG = logging.getLogger(__name__)
MOST_MEASURED = 1200
"""Samples of a split that are measured on, or that probes learn from."""


def result_path(out: Path, entry: Entry, seed: int) -> Path:
    """Where the result of an entry and a seed is kept."""
    return out / "results" / f"{entry.name}-{seed}.json"


def is_done(path: Path, config: PretrainingConfig) -> bool:
    """Whether a result of this very configuration is there."""
    if not path.is_file():
        return False
    return bool(json.loads(path.read_text(encoding="utf-8"))["config_sha256"] == config.digest())


class TestBed:
    """Prepared samples, kept for the runs that can share them.

    Parameters
    ----------
    corpus
        Folder with one set of shards for each kind of image.
    """

    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus
        self._sets: dict[str, ShardSet] = {}
        self._kept: dict[tuple[str, tuple[str, ...], Vocabulary], Prepared] = {}

    def shards(self, kind: str) -> ShardSet:
        """The set of one kind."""
        if kind not in self._sets:
            self._sets[kind] = open_shards(self.corpus / kind)
        return self._sets[kind]

    def source(self, kinds: Sequence[Kind]) -> SampleSource:
        """All samples of some kinds."""
        return JoinedSources(tuple(ShardSource(self.shards(kind)) for kind in kinds))

    def prepared(self, run: TrainedRun, kind: str, splits: tuple[str, ...]) -> Prepared:
        """Samples of one kind, in the order of the shards; of many, every n-th."""
        key = (kind, splits, run.vocabulary)
        if key not in self._kept:
            shards = self.shards(kind)
            chosen = [e for e in shards.entries if e.split in splits]
            step = max(1, -(-len(chosen) // MOST_MEASURED))
            self._kept[key] = prepare(run, [shards.read(e) for e in chosen[::step]])
        return self._kept[key]


def start_of(plan: Plan, bed: TestBed, out: Path) -> Path:
    """Weights that every run starts from; trained unless those of this configuration are there."""
    entry = plan.start
    config = plan.config(entry, plan.seeds[0], bed.corpus, out / "start")
    path = out / f"start-{config.digest()[:16]}.safetensors"
    if not path.is_file():
        train_start(config, bed.source(entry.kinds), path)
    return path


def run_entry(plan: Plan, entry: Entry, seed: int, start: Path, out: Path, bed: TestBed) -> None:
    """Train and measure one entry, unless that was done."""
    path = result_path(out, entry, seed)
    config = plan.config(entry, seed, bed.corpus, out, start)
    # A run of an older plan lies beside it, untouched.
    folder = out / "runs" / f"{entry.name}-{seed}-{config.digest()[:8]}"
    config = config.model_copy(update={"out": folder})
    if is_done(path, config):
        _LOG.info("%s, seed %d: done before", entry.name, seed)
        return
    started = time.monotonic()
    Run(config, bed.source(entry.kinds), make_accelerator(config.optimisation)).train()
    trained = time.monotonic()
    run = load_run(config.out)
    measures: dict[str, Any] = {}
    for kind in entry.kinds:
        train = bed.prepared(run, kind, ("train", "val"))
        measures[kind] = measure(run, train, bed.prepared(run, kind, ("test",)), kind)
    result = {
        "entry": entry.name,
        "seed": seed,
        "config_sha256": config.digest(),
        "objective": entry.objective,
        "measures": measures,
        "seconds": {
            "train": round(trained - started),
            "measure": round(time.monotonic() - trained),
        },
    }
    write_bytes_atomically(path, (json.dumps(result) + "\n").encode())
    _LOG.info("%s, seed %d: %s s", entry.name, seed, result["seconds"])


def main(arguments: list[str] | None = None) -> None:
    """Run what is left of the plan, seed by seed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--plan", type=Path, default=PLAN)
    parser.add_argument("--corpus", type=Path, default=Path("runs/comparison/corpus"))
    parser.add_argument("--out", type=Path, default=Path("runs/comparison"))
    parser.add_argument("--part", default="0/1", help="which part of the work, such as 0/2")
    parser.add_argument("--only", nargs="*", help="names of entries")
    parser.add_argument("--seeds", nargs="*", type=int, help="some of the plan's seeds")
    given = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    plan, bed = read_plan(given.plan), TestBed(given.corpus)
    start = start_of(plan, bed, given.out)
    part, parts = map(int, given.part.split("/"))
    entries = [e for e in plan.entries if not given.only or e.name in given.only]
    seeds = [s for s in plan.seeds if not given.seeds or s in given.seeds]
    work = [(e, s) for s in seeds for e in entries]
    for number, (entry, seed) in enumerate(work):
        if number % parts == part:
            run_entry(plan, entry, seed, start, given.out, bed)


if __name__ == "__main__":
    main()
