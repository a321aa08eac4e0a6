from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.samples.errors import ShardError
from medvlp_training.samples.shard_writer import write_shards
from medvlp_training.samples.source import ShardSource


@pytest.fixture
def shards(make_sample, tmp_path):
    made = [
        make_sample("CT", 0, split="train"),
        make_sample("XR", 1, split="val"),
        make_sample("CT", 2, split="test"),
    ]
    return write_shards(made, tmp_path)


def test_samples_by_number(shards, make_sample):
    source = ShardSource(shards)
    assert len(source) == 3
    assert [source.split(i) for i in range(3)] == ["train", "validation", "test"]
    np.testing.assert_array_equal(source.read(2).image, make_sample("CT", 2).image)
    assert [ShardSource(shards, "CT").read(i).identity for i in (0, 1)] == ["ct-0", "ct-2"]


def test_a_description_says_everything_but_the_pixels(shards, make_sample):
    described, whole = ShardSource(shards).describe(0), make_sample("CT", 0)
    for name in ("identity", "patient", "sentences", "labels", "statements", "entities", "boxes"):
        assert getattr(described, name) == getattr(whole, name), name
    assert described.image.shape == (0, 0, 0)
    assert described.organs is None
    assert ShardSource(shards).describe(1).image.shape == (0, 0)


def test_a_description_reads_no_pixels(shards):
    entry = shards.entries[0]
    with open(entry.shard, "r+b") as file:
        file.seek(entry.offset + entry.size - 8)
        file.write(b"\xff" * 8)
    assert ShardSource(shards).describe(0).identity == "ct-0"
    with pytest.raises(ShardError, match="is damaged"):
        ShardSource(shards).read(0)


def test_a_damaged_header_is_refused(shards):
    entry = shards.entries[0]
    with open(entry.shard, "r+b") as file:
        file.seek(entry.offset + 40)
        file.write(b"\0")
    with pytest.raises(ShardError, match="is damaged"):
        ShardSource(shards).describe(0)
