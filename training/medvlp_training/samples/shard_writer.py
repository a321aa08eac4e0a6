"""Samples to shards: tar files of safetensors members, each with an index beside it."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import tarfile
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.samples.check import check_sample
from medvlp_training.samples.errors import SampleError, ShardError
from medvlp_training.samples.member import encode_member
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.shard_index import (
    SET_FILE,
    SET_FORMAT,
    Entry,
    entry_of,
    index_bytes,
)
from medvlp_training.samples.shard_set import ShardSet, open_shards
from medvlp_training.samples.skips import Skips
from medvlp_training.samples.splits import split_of

SAMPLES_PER_SHARD = 256
_TAR_HEADER = 512


def write_shards(
    samples: Iterable[ImageTextSample],
    folder: Path | str,
    samples_per_shard: int = SAMPLES_PER_SHARD,
    *,
    skips: Skips | None = None,
    origin: str = "",
) -> ShardSet:
    """Write samples as a set of shards; one sample at a time is held in memory.

    ``shards.json`` is written last: a folder without it is an interrupted conversion. A sample
    that fails :func:`medvlp_training.samples.check.check_sample`, repeats an identity or puts a
    patient into a second split is counted and left out (``skips.strict``: raised).

    Parameters
    ----------
    samples
        May be a generator; it is read once.
    folder
        New or empty of shards.
    samples_per_shard
        At least 1.
    skips
        Counts what is left out; those of a reader may be handed on.
    origin
        What the set was made of, for people.

    Raises
    ------
    ShardError
        If the folder holds a set already, or no sample is left to write.
    SampleError
        With ``skips.strict``, for the first sample that cannot be written.
    """
    folder, skips = Path(folder), skips if skips is not None else Skips()
    if samples_per_shard < 1:
        raise ShardError(f"samples_per_shard: expected at least 1, found {samples_per_shard}.")
    if any(folder.glob("shard-*")) or (folder / SET_FILE).exists():
        raise ShardError(f"{folder} holds shards already. Give a new folder, or remove them.")
    folder.mkdir(parents=True, exist_ok=True)
    good = _good(samples, skips)
    shards: list[dict[str, Any]] = []
    for number in itertools.count():
        first = next(good, None)
        if first is None:
            break
        part = itertools.chain([first], itertools.islice(good, samples_per_shard - 1))
        shards.append(_write_shard(folder / f"shard-{number:05d}.tar", part))
    if not shards:
        raise ShardError(f"{folder}: there is no sample to write; {skips.summary()}.")
    _write_set_file(folder, shards, skips, origin)
    return open_shards(folder, strict=skips.strict)


def _write_set_file(folder: Path, shards: list[dict[str, Any]], skips: Skips, origin: str) -> None:
    content = {
        "format": SET_FORMAT,
        "origin": origin,
        "samples": sum(shard["samples"] for shard in shards),
        "shards": shards,
        "skipped": dict(skips.skipped),
        "noted": dict(skips.noted),
    }
    write_bytes_atomically(folder / SET_FILE, (json.dumps(content, indent=1) + "\n").encode())


def _good(samples: Iterable[ImageTextSample], skips: Skips) -> Iterator[ImageTextSample]:
    """Samples that can be written."""
    identities: set[str] = set()
    splits: dict[str, str] = {}
    for number, sample in enumerate(samples):
        where, split = f"sample {number}", sample.split or split_of(sample.patient)
        try:
            check_sample(sample)
        except SampleError as error:
            skips.skip(where, "not in the format", error)
            continue
        if sample.identity in identities:
            repeated = SampleError(f"{where}: its identity {sample.identity!r} came before.")
            skips.skip(where, "identity seen before", repeated)
            continue
        if splits.setdefault(sample.patient, split) != split:
            leak = SampleError(
                f"{where}: its patient is in two splits, {splits[sample.patient]} and {split}; "
                "expected one. Correct the split of all samples of this patient."
            )
            skips.skip(where, "patient in two splits", leak)
            continue
        identities.add(sample.identity)
        yield sample


def _write_shard(path: Path, samples: Iterable[ImageTextSample]) -> dict[str, Any]:
    """Write one shard and its index, each appearing whole; what ``shards.json`` says of it."""
    handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            entries = _write_members(file, path, samples)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    index = index_bytes(entries)
    write_bytes_atomically(path.with_suffix(".json"), index)
    sha256 = hashlib.sha256(index).hexdigest()
    return {"name": path.name, "samples": len(entries), "index_sha256": sha256}


def _write_members(
    file: io.BufferedWriter, path: Path, samples: Iterable[ImageTextSample]
) -> list[Entry]:
    entries: list[Entry] = []
    with tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for number, sample in enumerate(samples):
            data = encode_member(sample)
            info = tarfile.TarInfo(f"{number:06d}.safetensors")
            info.size = len(data)  # times and owners stay zero: equal samples give equal shards
            offset = tar.offset + _TAR_HEADER
            tar.addfile(info, io.BytesIO(data))
            entries.append(entry_of(sample, path, info.name, offset, data))
    return entries
