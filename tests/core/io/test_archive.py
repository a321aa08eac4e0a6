"""Zips: unpacked into a folder that goes away, refused when they could do harm."""

from __future__ import annotations

import stat
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import pytest

from medvlp import RefusedScanError, UnreadableScanError, open_scan
from medvlp.io.archive import ArchiveLimits, unpacked
from medvlp.io.open import list_series


@pytest.fixture
def scratch(tmp_path, monkeypatch) -> Path:
    """An own folder for temporary files, to see what is left in it."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def packed(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_a_zipped_series_is_the_series(ct_writer, body, tmp_path, scratch):
    paths = ct_writer().write(tmp_path / "in", body)
    members = {f"study/sub {i % 2}/{p.name}": p.read_bytes() for i, p in enumerate(paths)}
    members["__MACOSX/._0000.dcm"] = b"junk"
    zipped = packed(tmp_path / "study.zip", members)
    scan = open_scan(zipped)
    np.testing.assert_array_equal(scan.array, body)
    assert scan.geometry == open_scan(tmp_path / "in").geometry
    assert list_series(zipped)[0].shape == body.shape
    assert list(scratch.iterdir()) == []


def test_a_zip_is_known_by_content(ct_writer, body, tmp_path):
    (path,) = ct_writer().write(tmp_path / "in", body[:1])
    zipped = packed(tmp_path / "study.dat", {"a": path.read_bytes()})
    np.testing.assert_array_equal(open_scan(zipped).array, body[:1])


def test_a_zipped_nifti_opens(real_data, tmp_path, scratch):
    path = real_data / "ct_thorax" / "tptbox-lumbar_ct.nii.gz"
    zipped = packed(tmp_path / "a.zip", {"x/" + path.name: path.read_bytes()})
    assert open_scan(zipped).scan_id == open_scan(path).scan_id
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["../evil.dcm", "a/../../evil.dcm", "/tmp/evil.dcm", "..\\evil.dcm", "C:\\evil.dcm"]
)
def test_a_name_that_leads_outside_is_refused_and_nothing_is_written(tmp_path, scratch, name):
    zipped = packed(tmp_path / "a.zip", {"good.dcm": b"x" * 500, name: b"evil"})
    with pytest.raises(RefusedScanError, match="outside its folder"):
        open_scan(zipped)
    assert list(scratch.iterdir()) == []
    assert not list(tmp_path.rglob("evil*"))


def test_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("link.dcm")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(RefusedScanError, match="symbolic link"):
        open_scan(tmp_path / "a.zip")


def test_a_bomb_is_refused_by_its_ratio(tmp_path, scratch):
    zipped = packed(tmp_path / "a.zip", {"zeros.dcm": bytes(40 * 2**20)})
    with pytest.raises(RefusedScanError, match="zip bomb"):
        open_scan(zipped)
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (ArchiveLimits(total_bytes=1000), "zip bomb"),
        (ArchiveLimits(files=3), "4 files; at most 3"),
        (ArchiveLimits(ratio=1.5, ratio_from_bytes=10), "grow"),
    ],
)
def test_each_limit_is_kept(tmp_path, limits, reason):
    zipped = packed(tmp_path / "a.zip", {f"{i}": bytes(500) for i in range(4)})
    with pytest.raises(RefusedScanError, match=reason), unpacked(zipped, limits=limits):
        pass


def test_a_size_that_lies_does_not_unpack_more(tmp_path):
    """The directory claims 100 bytes for a member that really holds 5 MiB."""
    zipped = packed(tmp_path / "a.zip", {"a.dcm": bytes(5 * 2**20)})
    data = bytearray(zipped.read_bytes())
    entry = data.rindex(b"PK\x01\x02")
    data[entry + 24 : entry + 28] = (100).to_bytes(4, "little")
    zipped.write_bytes(data)
    with pytest.raises(UnreadableScanError):
        open_scan(zipped)


def test_a_password_is_named(tmp_path):
    zipped = packed(tmp_path / "a.zip", {"a.dcm": b"x" * 100})
    data = bytearray(zipped.read_bytes())
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    zipped.write_bytes(data)
    with pytest.raises(RefusedScanError, match="password"):
        open_scan(zipped)


@pytest.mark.parametrize("keep", [60, 400])
def test_a_zip_cut_short_is_unreadable(ct_writer, body, tmp_path, scratch, keep):
    (path,) = ct_writer().write(tmp_path / "in", body[:1])
    zipped = packed(tmp_path / "a.zip", {"a.dcm": path.read_bytes()})
    zipped.write_bytes(zipped.read_bytes()[:keep])
    with pytest.raises(UnreadableScanError, match="damaged"):
        open_scan(zipped)
    assert list(scratch.iterdir()) == []


def test_a_damaged_member_is_unreadable(ct_writer, body, tmp_path):
    (path,) = ct_writer().write(tmp_path / "in", body[:1])
    zipped = packed(tmp_path / "a.zip", {"a.dcm": path.read_bytes()})
    data = bytearray(zipped.read_bytes())
    data[100:140] = bytes(40)
    zipped.write_bytes(data)
    with pytest.raises(UnreadableScanError, match="damaged"):
        open_scan(zipped)


def test_a_zip_without_images_says_so(tmp_path):
    with pytest.raises(UnreadableScanError, match="only files of other kinds"):
        open_scan(packed(tmp_path / "a.zip", {"readme.txt": b"hello there"}))


def test_an_empty_zip_says_so(tmp_path):
    with pytest.raises(UnreadableScanError, match="no file at all"):
        open_scan(packed(tmp_path / "a.zip", {}))
