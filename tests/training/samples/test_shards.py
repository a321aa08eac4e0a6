from __future__ import annotations

import json
import logging
import tarfile

import numpy as np
import pytest

from medvlp_training.samples.errors import SampleError, ShardError
from medvlp_training.samples.shard_set import SHARDS_MIXED, open_shards
from medvlp_training.samples.shard_writer import write_shards
from medvlp_training.samples.skips import Skips
from medvlp_training.samples.splits import split_of, train_or_val


@pytest.fixture
def samples(make_sample):
    return [make_sample("XR", number) for number in range(60)]


@pytest.fixture
def shards(samples, tmp_path):
    return write_shards(iter(samples), tmp_path / "set", 4)


def drawn(shards, *arguments, **options):
    return [(p, s.identity) for p, s in shards.iterate(*arguments, **options)]


def test_every_sample_is_in_the_split_of_its_patient(shards, samples):
    assert len(shards) == 60
    for split in ("train", "val", "test"):
        expected = {s.identity for s in samples if split_of(s.patient) == split}
        assert {identity for _, identity in drawn(shards, split)} == expected
        assert shards.patients(split) == {
            s.patient for s in samples if split_of(s.patient) == split
        }
    assert sum(shards.counts().values()) == 60


def test_a_split_of_the_collection_goes_before_the_hash(make_sample, tmp_path):
    made = [make_sample("XR", n, split="test" if n < 3 else "train") for n in range(10)]
    shards = write_shards(made, tmp_path)
    assert shards.counts() == {"train": 7, "val": 0, "test": 3}


def test_splits_by_hash_are_about_a_tenth_each_and_agree_with_held_out_patients():
    found = [split_of(f"p{n}") for n in range(5000)]
    assert 0.08 < found.count("val") / 5000 < 0.12
    assert 0.08 < found.count("test") / 5000 < 0.12
    assert split_of("LUNG1-001") == "test"
    assert {train_or_val(f"p{n}") for n in range(100)} == {"train", "val"}


def test_the_order_depends_on_seed_and_epoch_alone(shards, tmp_path):
    again = open_shards(tmp_path / "set")
    first = drawn(shards, "train", seed=3, epoch=1)
    assert drawn(again, "train", seed=3, epoch=1) == first
    for other in ({"seed": 4, "epoch": 1}, {"seed": 3, "epoch": 2}):
        assert [i for _, i in drawn(shards, "train", **other)] != [i for _, i in first]
        assert sorted(i for _, i in drawn(shards, "train", **other)) == sorted(i for _, i in first)


def test_workers_share_an_epoch_without_gap_or_overlap(shards):
    whole = drawn(shards, "train", seed=1)
    parts = [pair for w in range(3) for pair in drawn(shards, "train", 1, worker=w, workers=3)]
    assert sorted(parts) == sorted(whole)


def test_an_epoch_is_taken_up_where_it_stopped(shards):
    whole = drawn(shards, "train", seed=1, epoch=5)
    assert drawn(shards, "train", seed=1, epoch=5, start=11) == whole[11:]
    rest = [drawn(shards, "train", seed=1, epoch=5, worker=w, workers=2, start=11) for w in (0, 1)]
    assert sorted(rest[0] + rest[1]) == sorted(whole[11:])


def test_neighbours_in_the_order_come_from_few_shards(make_sample, tmp_path):
    made = [make_sample("XR", n, split="train") for n in range(2 * SHARDS_MIXED * 3)]
    shards = write_shards(made, tmp_path, 3)
    order = shards.order("train", 0, 0)
    half = len(order) // 2
    assert len({e.shard for e in order[:half]}) == SHARDS_MIXED
    assert not {e.shard for e in order[:half]} & {e.shard for e in order[half:]}


def test_one_kind_of_image_can_be_asked_for(make_sample, tmp_path):
    made = [make_sample(kind, n, split="train") for n, kind in enumerate(["CT", "XR"] * 5)]
    shards = write_shards(made, tmp_path)
    assert {s.modality for _, s in shards.iterate("train", modality="CT")} == {"CT"}
    assert [p for p, _ in shards.iterate("train", modality="CT")] == [0, 1, 2, 3, 4]


def test_several_folders_are_one_set(make_sample, tmp_path):
    write_shards([make_sample("XR", 1)], tmp_path / "a")
    write_shards([make_sample("CT", 2)], tmp_path / "b")
    assert len(open_shards(tmp_path / "a", tmp_path / "b")) == 2
    write_shards([make_sample("CT", 1, split="val")], tmp_path / "c")
    with pytest.raises(ShardError, match="One patient is in two splits"):
        open_shards(tmp_path / "a", tmp_path / "c")


def test_a_shard_is_an_ordinary_tar(shards, tmp_path):
    with tarfile.open(tmp_path / "set" / "shard-00000.tar") as tar:
        assert tar.getnames() == [f"{n:06d}.safetensors" for n in range(4)]
        entry = shards.entries[2]
        assert tar.getmembers()[2].offset_data == entry.offset


def test_equal_samples_give_equal_files(shards, samples, tmp_path):
    write_shards(samples, tmp_path / "again", 4)
    for path in sorted((tmp_path / "set").iterdir()):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_nothing_is_left_of_an_interrupted_shard(make_sample, tmp_path):
    def breaks():
        yield make_sample("XR", 0)
        yield make_sample("XR", 1)
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError, match="power cut"):
        write_shards(breaks(), tmp_path / "set", 8)
    assert list((tmp_path / "set").iterdir()) == []


def test_an_interrupted_conversion_is_not_taken_for_a_set(shards, tmp_path):
    (tmp_path / "set" / "shards.json").unlink()
    with pytest.raises(ShardError, match="interrupted conversion"):
        open_shards(tmp_path / "set")


def test_a_damaged_member_is_counted_logged_and_left_out(shards, caplog):
    entry = shards.order("train", 0, 0)[5]
    data = bytearray(entry.shard.read_bytes())
    data[entry.offset + entry.size // 2] ^= 1
    entry.shard.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        found = drawn(shards, "train")
    assert [p for p, _ in found] == [p for p in range(shards.counts()["train"]) if p != 5]
    assert shards.skips.skipped == {"damaged or missing member": 1}
    assert entry.place in caplog.text
    assert "1 skipped" in caplog.records[-1].message
    assert entry.patient not in caplog.text
    (problem,) = shards.verify()
    assert entry.name in problem
    assert str(entry.shard) in problem


def test_a_missing_shard_is_counted_by_sample(shards):
    shards.entries[0].shard.unlink()
    found = sum(len(drawn(shards, split)) for split in ("train", "val", "test"))
    assert found == 56
    assert shards.skips.skipped == {"damaged or missing member": 4}
    assert len(shards.verify()) == 4


def test_a_damaged_index_is_counted_by_sample(shards, tmp_path):
    path = tmp_path / "set" / "shard-00001.json"
    path.write_text(path.read_text().replace("patient-4", "patient-X"))
    again = open_shards(tmp_path / "set")
    assert len(again) == 56
    assert again.skips.skipped == {"damaged index of a shard": 4}


def test_strict_raises_at_the_first_damage(shards, tmp_path):
    (tmp_path / "set" / "shard-00001.tar").write_bytes(b"")
    strict = open_shards(tmp_path / "set", strict=True)
    split = strict.entries[4].split
    with pytest.raises(ShardError, match="is damaged"):
        list(strict.iterate(split))
    (tmp_path / "set" / "shard-00002.json").write_bytes(b"{}")
    with pytest.raises(ShardError, match=r"shard-00002.json is damaged"):
        open_shards(tmp_path / "set", strict=True)


def test_samples_that_cannot_be_written_are_counted(make_sample, tmp_path):
    skips = Skips()
    made = [
        make_sample("XR", 0),
        make_sample("XR", 1, labels={"pneumothorax": 3}),
        make_sample("XR", 0),
        make_sample("XR", 0, identity="other", split="test"),
        make_sample("XR", 0, identity="another", split="val"),
    ]
    first = split_of("patient-0")
    shards = write_shards(made, tmp_path, skips=skips)
    assert skips.skipped == {
        "not in the format": 1,
        "identity seen before": 1,
        "patient in two splits": 2 - (first in ("test", "val")),
    }
    assert len(shards) == 5 - sum(skips.skipped.values())
    recorded = json.loads((tmp_path / "shards.json").read_text())
    assert recorded["skipped"] == dict(skips.skipped)


def test_strict_writing_raises(make_sample, tmp_path):
    made = [make_sample("XR", 1, labels={"pneumothorax": 3})]
    with pytest.raises(SampleError, match="out of range"):
        write_shards(made, tmp_path, skips=Skips(strict=True))


def test_a_set_without_samples_is_an_error_that_says_why(make_sample, tmp_path):
    with pytest.raises(ShardError, match="no sample to write; nothing skipped"):
        write_shards([], tmp_path / "a")
    with pytest.raises(ShardError, match=r"1 skipped \(not in the format: 1\)"):
        write_shards([make_sample("XR", 1, patient="")], tmp_path / "b")


def test_a_folder_with_shards_is_not_written_over(shards, samples, tmp_path):
    with pytest.raises(ShardError, match="holds shards already"):
        write_shards(samples, tmp_path / "set")


@pytest.mark.parametrize("arguments", [("all",), ("train", 0, 0, 2, 2), ("train", 0, 0, 0, 1, -1)])
def test_arguments_out_of_range_are_refused(shards, arguments):
    with pytest.raises(ShardError, match="expected"):
        shards.iterate(*arguments)


def test_reading_holds_one_sample_at_a_time(make_sample, tmp_path):
    import tracemalloc

    size = 512
    image = np.zeros((size, size), np.uint8)
    made = (make_sample("XR", n, image=image, split="train") for n in range(40))
    tracemalloc.start()
    shards = write_shards(made, tmp_path, 40)
    for _ in shards.iterate("train"):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12 * size * size
