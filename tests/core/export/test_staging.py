from __future__ import annotations

import os
from pathlib import Path

import pytest

from medvlp.export.staging import staged, write_text


def test_missing_folders_are_made(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "b" / "c.txt", "ü\r\n")
    assert (tmp_path / "a" / "b" / "c.txt").read_bytes() == "ü\r\n".encode()


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "map.nii.gz"
    target.write_text("old")

    def write_half() -> None:
        with staged(target) as temporary:
            temporary.write_text("half of the n")
            raise OSError("disk full")

    with pytest.raises(OSError, match="full"):
        write_half()
    assert os.listdir(tmp_path) == ["map.nii.gz"]
    assert target.read_text() == "old"


def test_the_temporary_file_keeps_the_suffixes_that_writers_look_at(tmp_path: Path) -> None:
    with staged(tmp_path / "map.nii.gz") as temporary:
        assert temporary.name.endswith(".nii.gz")


def test_files_get_the_permissions_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        write_text(tmp_path / "open.txt", "x")
    finally:
        os.umask(before)
    assert (tmp_path / "open.txt").stat().st_mode & 0o777 == 0o644
