"""What a shard holds, told without reading it: JSON beside each shard, and one for the set."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from medvlp_training.samples.errors import ShardError
from medvlp_training.samples.member import header_size
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.splits import split_of

SET_FORMAT = "medvlp/sample-set/1"
INDEX_FORMAT = "medvlp/sample-shard/1"
SET_FILE = "shards.json"


@dataclass(frozen=True)
class Entry:
    """One member of a shard.

    Parameters
    ----------
    shard
        Path of the tar file.
    name
        Of the member.
    offset, size
        Of the member's bytes in the tar file.
    header_size
        How many of these bytes, the first ones, hold everything but the arrays.
    sha256, header_sha256
        Of the member's bytes, and of its header's.
    identity, patient, split, modality, source
        Of the sample; ``split`` is resolved, never empty.
    shape
        Of the image.
    """

    shard: Path
    name: str
    offset: int
    size: int
    header_size: int
    sha256: str
    header_sha256: str
    identity: str
    patient: str
    split: str
    modality: str
    source: str
    shape: tuple[int, ...]

    @property
    def place(self) -> str:
        """For messages: shard and member."""
        return f"{self.shard.name}, {self.name}"


def entry_of(sample: ImageTextSample, shard: Path, name: str, offset: int, data: bytes) -> Entry:
    """Entry of a sample whose bytes are ``data``."""
    header = data[: header_size(data)]
    return Entry(
        shard=shard,
        name=name,
        offset=offset,
        size=len(data),
        header_size=len(header),
        sha256=hashlib.sha256(data).hexdigest(),
        header_sha256=hashlib.sha256(header).hexdigest(),
        identity=sample.identity,
        patient=sample.patient,
        split=sample.split or split_of(sample.patient),
        modality=sample.modality,
        source=sample.source,
        shape=tuple(int(n) for n in sample.image.shape),
    )


def index_bytes(entries: list[Entry]) -> bytes:
    """JSON of the entries of one shard."""
    rows = [{k: v for k, v in asdict(entry).items() if k != "shard"} for entry in entries]
    text = json.dumps({"format": INDEX_FORMAT, "members": rows}, ensure_ascii=False)
    return (text + "\n").encode("utf-8")


def read_index(shard: Path, sha256: str) -> list[Entry]:
    """Entries of a shard, from the JSON beside it.

    Raises
    ------
    ShardError
        If the index is missing, altered or of another format.
    """
    path = shard.with_suffix(".json")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ShardError(f"{path} cannot be read ({error.strerror}). Copy the set again.") from None
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ShardError(
            f"{path} is damaged: its SHA-256 is not the one in {SET_FILE}. Copy the set again."
        )
    content = parse_json(data, path, INDEX_FORMAT)
    rows: list[dict[str, Any]] = content["members"]
    return [Entry(shard=shard, **{**row, "shape": tuple(row["shape"])}) for row in rows]


def parse_json(data: bytes, path: Path, expected: str) -> dict[str, Any]:
    """JSON object of a format.

    Raises
    ------
    ShardError
        If it is none, or of another format.
    """
    try:
        content = json.loads(data)
        found = content["format"]
    except (ValueError, KeyError, TypeError):
        raise ShardError(f"{path} is no index of samples: expected JSON of {expected}.") from None
    if found != expected:
        raise ShardError(f"{path}: expected format {expected}, found {found!r}.")
    return dict(content)
