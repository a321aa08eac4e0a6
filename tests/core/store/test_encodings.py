"""The cache of encodings."""

from __future__ import annotations

import errno
import logging
import multiprocessing
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp.models.encoding import Encoding
from medvlp.store.encodings import DEFAULT_MAX_BYTES, EncodingStore


def encoding(scan_id: str = "a" * 64, fill: float = 0.5, cells: int = 6) -> Encoding:
    geometry = Geometry.axial((cells,) * 3, (6.0, 6.0, 6.0))
    return Encoding(
        grid=np.full((cells, cells, cells, 8), fill, np.float16),
        geometry=geometry,
        pooled=np.full(8, fill, np.float32),
        model_id="small@0123456789abcdef",
        scan_id=scan_id,
        modality="CT",
        scan_shape=(12, 12, 12),
        organs={"liver": np.zeros((cells,) * 3, np.float16)},
        extra={"scan_geometry": geometry.to_dict()},
    )


def temporary_files(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and p.suffix != ".safetensors"]


def test_what_was_put_is_got_by_scan_and_model(tmp_path):
    store = EncodingStore(tmp_path)
    original = encoding()
    assert store.get(original.scan_id, original.model_id) is None
    assert store.put(original)
    found = store.get(original.scan_id, original.model_id)
    assert np.array_equal(found.grid, original.grid)
    assert found.geometry == original.geometry
    assert found.organs.keys() == original.organs.keys()
    assert found.extra == original.extra
    assert store.get(original.scan_id, "other@0000000000000000") is None
    assert store.get("b" * 64, original.model_id) is None


def test_file_names_tell_nothing(tmp_path):
    store = EncodingStore(tmp_path)
    original = encoding()
    store.put(original)
    name = str(store.path_for(original.scan_id, original.model_id).relative_to(tmp_path))
    assert original.scan_id[:8] not in name
    assert "small" not in name


@pytest.mark.parametrize("damage", ["empty", "truncated", "noise", "header", "swapped"])
def test_a_damaged_file_is_removed_and_made_again(tmp_path, damage, caplog):
    store, original = EncodingStore(tmp_path), encoding()
    store.put(original)
    path = store.path_for(original.scan_id, original.model_id)
    whole = path.read_bytes()
    if damage == "swapped":
        replace(original, scan_id="c" * 64).save(path)
    else:
        content = {
            "empty": b"",
            "truncated": whole[: len(whole) // 2],
            "noise": bytes(range(256)) * 8,
            "header": whole.replace(b'"geometry"', b'"geometrx"'),
        }[damage]
        path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert store.get(original.scan_id, original.model_id) is None
    assert "made again" in caplog.text
    assert not path.exists()
    store.put(original)
    assert store.get(original.scan_id, original.model_id) is not None


def test_a_full_disk_is_a_warning_and_leaves_nothing_behind(tmp_path, monkeypatch, caplog):
    store, original = EncodingStore(tmp_path), encoding()
    real_write = os.fsync

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("medvlp.store.atomic.os.fsync", full)
    with caplog.at_level(logging.WARNING):
        assert not store.put(original)
    assert "No space left" in caplog.text
    assert "MEDVLP_CACHE" in caplog.text
    assert not any(p.is_file() for p in tmp_path.rglob("*"))
    monkeypatch.setattr("medvlp.store.atomic.os.fsync", real_write)
    assert store.put(original)


def test_a_folder_that_cannot_be_made_is_a_warning(tmp_path, caplog):
    (tmp_path / "file").write_text("not a folder")
    store = EncodingStore(tmp_path / "file" / "cache")
    assert store.get("a" * 64, "m@1") is None
    with caplog.at_level(logging.WARNING):
        assert not store.put(encoding())
    assert "not cached" in caplog.text


def test_the_least_recently_used_goes_first(tmp_path):
    items = [encoding(letter * 64) for letter in "abcd"]
    size = EncodingStore(tmp_path / "probe")
    size.put(items[0])
    one = size.prune()
    store = EncodingStore(tmp_path / "cache", max_bytes=int(one * 3.5))
    for age, item in enumerate(items[:3]):
        store.put(item)
        os.utime(store.path_for(item.scan_id, item.model_id), (1000 + age, 1000 + age))
    assert store.get(items[0].scan_id, items[0].model_id) is not None  # used: now the youngest
    store.put(items[3])
    kept = [store.get(i.scan_id, i.model_id) is not None for i in items]
    assert kept == [True, False, True, True]
    assert store.prune() <= store.max_bytes


def test_an_encoding_larger_than_the_limit_is_kept_alone(tmp_path):
    store = EncodingStore(tmp_path, max_bytes=10)
    first, second = encoding("a" * 64), encoding("b" * 64)
    store.put(first)
    store.put(second)
    assert store.get(first.scan_id, first.model_id) is None
    assert store.get(second.scan_id, second.model_id) is not None


def test_leftovers_of_a_crashed_process_are_swept(tmp_path):
    store, original = EncodingStore(tmp_path), encoding()
    store.put(original)
    folder = store.path_for(original.scan_id, original.model_id).parent
    old, fresh = folder / ".writing-old", folder / ".writing-fresh"
    old.write_bytes(b"x")
    fresh.write_bytes(b"x")
    os.utime(old, (1000, 1000))
    store.prune()
    assert not old.exists()
    assert fresh.exists()


def test_the_folder_follows_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("MEDVLP_CACHE", str(tmp_path / "elsewhere"))
    assert EncodingStore().folder.parent == tmp_path / "elsewhere"


def write_and_read(folder: str, rounds: int, fill: float) -> None:
    store = EncodingStore(folder, max_bytes=40_000)
    for i in range(rounds):
        item = encoding("abcdef"[i % 6] * 64, fill)
        assert store.put(item)
        found = store.get(item.scan_id, item.model_id)
        assert found is None or len(np.unique(found.grid)) == 1


def test_two_processes_can_write_the_same_entries_at_once(tmp_path, caplog):
    context = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
    processes = [
        context.Process(target=write_and_read, args=(str(tmp_path), 40, fill))
        for fill in (0.25, 0.75)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(120)
    assert [p.exitcode for p in processes] == [0, 0]
    assert temporary_files(tmp_path) == []
    store = EncodingStore(tmp_path)
    for path in tmp_path.rglob("*.safetensors"):
        assert len(np.unique(Encoding.load(path).grid)) == 1
    assert store.prune() > 0


def test_a_limit_kept_in_the_folder_holds_for_other_stores_and_damage_does_not(tmp_path):
    store = EncodingStore(tmp_path)
    assert store.max_bytes == DEFAULT_MAX_BYTES
    store.keep_limit(123_456)
    assert EncodingStore(tmp_path).max_bytes == 123_456
    assert EncodingStore(tmp_path, max_bytes=7).max_bytes == 7
    (tmp_path / "limit.json").write_text("{")
    assert EncodingStore(tmp_path).max_bytes == DEFAULT_MAX_BYTES
