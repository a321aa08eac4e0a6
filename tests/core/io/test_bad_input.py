"""Whatever the input, the answer is a scan or one sentence: never a foreign exception."""

from __future__ import annotations

import gzip
import os
import random
import re
from contextlib import suppress

import numpy as np
import pytest

from medvlp import MedVLPError, UnreadableScanError, open_scan
from medvlp.io.open import list_series


def refused(path) -> str:
    """The sentence with which reading fails; any other exception fails the test."""
    with pytest.raises(MedVLPError) as caught:
        open_scan(path)
    assert caught.value.exit_status == 3
    with suppress(MedVLPError):
        assert not any(info.usable for info in list_series(path))
    message = str(caught.value)
    assert message.strip()
    assert "Traceback" not in message
    return message


def test_a_missing_path(tmp_path):
    assert "no file or folder" in refused(tmp_path / "nowhere" / "x.dcm")


def test_an_empty_folder(tmp_path):
    assert "no file at all" in refused(tmp_path)


def test_a_folder_of_text(tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    assert "only files of other kinds" in refused(tmp_path)


@pytest.mark.parametrize("name", ["a.png", "a.dcm", "a.nii.gz", "a.zip", "a.mha", "a"])
def test_an_empty_file(tmp_path, name):
    (tmp_path / name).touch()
    assert "0 bytes" in refused(tmp_path / name)


@pytest.mark.parametrize(
    "name",
    ["a.png", "a.jpg", "a.tiff", "a.dcm", "a.nii", "a.nii.gz", "a.nrrd", "a.mha", "a.zip", "a"],
)
@pytest.mark.parametrize("content", [b"garbage", random.Random(5).randbytes(5000), b"\0" * 5000])
def test_garbage_of_any_name(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    assert name in refused(tmp_path / name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path):
    (tmp_path / "a.dcm").write_bytes(b"x" * 200)
    (tmp_path / "a.dcm").chmod(0)
    assert "cannot be read" in refused(tmp_path / "a.dcm")


def test_a_device_is_no_scan():
    with pytest.raises(UnreadableScanError, match="neither a file nor a folder"):
        open_scan("/dev/null")


def test_a_path_with_a_null_byte():
    with pytest.raises(UnreadableScanError):
        open_scan("a\0b")


@pytest.mark.parametrize("keep", [1, 100, 131, 132, 200, 800, 1500, 3000, 300_000])
def test_a_real_dicom_cut_at_any_place(real_data, tmp_path, keep):
    source = sorted((real_data / "dicom_ct_series").glob("*.dcm"))[0]
    (tmp_path / "cut.dcm").write_bytes(source.read_bytes()[:keep])
    refused_now = refused if keep < 5000 else pixels_refused
    assert "cut.dcm" in refused_now(tmp_path / "cut.dcm")


def pixels_refused(path) -> str:
    """The header is whole, so listing cannot know; opening must."""
    with pytest.raises(UnreadableScanError) as caught:
        open_scan(path)
    return str(caught.value)


@pytest.mark.parametrize("name", ["dicom_odd/693_J2KR.dcm", "dicom_odd/bad_sequence.dcm"])
def test_compressed_pixels_cut_short(real_data, tmp_path, name):
    data = (real_data / name).read_bytes()
    (tmp_path / "cut.dcm").write_bytes(data[: len(data) * 2 // 3])
    with pytest.raises(UnreadableScanError):
        open_scan(tmp_path / "cut.dcm")


def test_a_dicom_with_flipped_bytes_never_raises_a_foreign_exception(ct_writer, body, tmp_path):
    (path,) = ct_writer().write(tmp_path / "in", body[:1])
    original = path.read_bytes()
    chance = random.Random(0)
    for _ in range(150):
        data = bytearray(original)
        for _flip in range(chance.randrange(1, 8)):
            data[chance.randrange(128, len(data))] = chance.randrange(256)
        target = tmp_path / "flipped.dcm"
        target.write_bytes(data)
        with suppress(MedVLPError):
            open_scan(target)


def test_a_nifti_with_flipped_header_bytes_never_raises_a_foreign_exception(body, tmp_path):
    import nibabel as nib

    path = tmp_path / "a.nii"
    nib.save(nib.Nifti1Image(body.transpose(2, 1, 0), np.diag([1, 1, 2.0, 1])), path)
    original = path.read_bytes()
    chance = random.Random(0)
    for _ in range(150):
        data = bytearray(original)
        for _flip in range(chance.randrange(1, 8)):
            data[chance.randrange(352)] = chance.randrange(256)
        path.write_bytes(data)
        with suppress(MedVLPError):
            open_scan(path)


@pytest.mark.parametrize("keep", [10, 400, 5000])
def test_a_nifti_cut_short(real_data, tmp_path, keep):
    source = real_data / "ct_thorax" / "tptbox-lumbar_ct.nii.gz"
    (tmp_path / "a.nii.gz").write_bytes(source.read_bytes()[:keep])
    refused(tmp_path / "a.nii.gz")
    (tmp_path / "a.nii").write_bytes(gzip.decompress(source.read_bytes())[:keep])
    refused(tmp_path / "a.nii")


@pytest.mark.parametrize("suffix", ["mha", "nrrd"])
def test_an_itk_file_cut_short(body, tmp_path, suffix):
    import SimpleITK as sitk

    path = tmp_path / f"a.{suffix}"
    sitk.WriteImage(sitk.GetImageFromArray(np.kron(body, np.ones((4, 4, 4), np.int16))), str(path))
    path.write_bytes(path.read_bytes()[:2000])
    message = refused(path)
    assert str(tmp_path) not in message


def test_an_unknown_format_says_what_is_expected(tmp_path):
    (tmp_path / "a.xyz").write_bytes(b"some text that is no image at all" * 20)
    assert "expected DICOM (file, folder or zip), NIfTI" in refused(tmp_path / "a.xyz")


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("suffix", [".mha", ".mhd"])
def test_a_metaimage_without_all_its_voxels_says_how_many_are_there(tmp_path, suffix, compressed):
    import SimpleITK as sitk

    values = np.random.default_rng(0).integers(-1000, 1000, (4, 20, 30)).astype(np.int16)
    path = tmp_path / f"a{suffix}"
    sitk.WriteImage(sitk.GetImageFromArray(values), str(path), compressed)
    data = path if suffix == ".mha" else next(p for p in tmp_path.iterdir() if p != path)
    data.write_bytes(data.read_bytes()[:-100])
    said = refused(path)
    found, expected = (
        int(n.replace(",", "")) for n in re.findall(r"([\d,]+)(?: bytes| exp)", said)
    )
    assert expected - found == 100
    assert compressed or expected == values.nbytes


def closed(monkeypatch, *names):
    """Files and folders of these names cannot be read, whoever runs the tests (root may read all)."""
    import io

    scandir, opening, access = os.scandir, io.open, os.access

    def refuse(path):
        if isinstance(path, str | os.PathLike) and os.path.basename(path) in names:
            raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "scandir", lambda path=".": refuse(path) or scandir(path))
    monkeypatch.setattr(io, "open", lambda file, *a, **k: refuse(file) or opening(file, *a, **k))
    monkeypatch.setattr(
        os, "access", lambda p, *a, **k: os.path.basename(p) not in names and access(p, *a, **k)
    )


def test_a_folder_that_may_not_be_read_is_not_called_empty(tmp_path, monkeypatch):
    closed(monkeypatch, tmp_path.name)
    assert "the folder cannot be read (Permission denied)" in refused(tmp_path)


def test_what_may_not_be_read_is_counted(tmp_path, monkeypatch):
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked.dcm").write_bytes(b"x" * 200)
    closed(monkeypatch, "locked", "locked.dcm")
    assert "found 2 files or subfolders that cannot be read" in refused(tmp_path)

    from PIL import Image

    Image.fromarray(np.arange(4096, dtype=np.uint8).reshape(64, 64)).save(tmp_path / "film.png")
    said = {w.code: w.message for w in open_scan(tmp_path).warnings}
    assert "2 files or subfolders could not be read" in said["files-unread"]
