"""Damaged JPEG lossless: its decoder may end the process, which must not be this one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from medvlp import UnreadableScanError, open_scan
from medvlp.io.dicom import apart


@pytest.fixture
def lossless(ct_writer, body, tmp_path) -> bytes:
    """One CT slice of 48 x 40 in JPEG lossless."""
    gdcm = pytest.importorskip("gdcm")
    block = np.kron(body[:1], np.ones((1, 4, 4), dtype=np.int16))
    (path,) = ct_writer().write(tmp_path / "plain", block)
    reader = gdcm.ImageReader()
    reader.SetFileName(str(path))
    assert reader.Read()
    change = gdcm.ImageChangeTransferSyntax()
    change.SetTransferSyntax(gdcm.TransferSyntax(gdcm.TransferSyntax.JPEGLosslessProcess14_1))
    change.SetInput(reader.GetImage())
    assert change.Change()
    writer = gdcm.ImageWriter()
    writer.SetFileName(str(tmp_path / "lossless.dcm"))
    writer.SetFile(reader.GetFile())
    writer.SetImage(change.GetOutput())
    assert writer.Write()
    return (tmp_path / "lossless.dcm").read_bytes()


def damaged(data: bytes, seed: int) -> bytes:
    """Flips bits in the JPEG stream, markers included."""
    rng = np.random.default_rng(seed)
    stream = bytearray(data)
    start = data.index(b"\xff\xd8\xff")
    for position in rng.integers(start, len(data), 3):
        stream[position] ^= int(rng.integers(1, 256))
    return bytes(stream)


def test_damage_gives_an_image_or_an_error_and_never_ends_the_process(lossless, tmp_path):
    outcomes = set()
    for seed in range(60):
        path = tmp_path / f"{seed}.dcm"
        path.write_bytes(damaged(lossless, seed))
        try:
            outcomes.add(open_scan(path).array.shape)
        except UnreadableScanError as error:
            outcomes.add("stopped" if "stopped on damaged data" in str(error) else "error")
    assert "error" in outcomes or "stopped" in outcomes


def test_a_decoder_that_dies_is_an_error_and_the_next_file_is_read(lossless, tmp_path, monkeypatch):
    path = Path(tmp_path / "sound.dcm")
    path.write_bytes(lossless)
    before = open_scan(path).array
    real = apart._Child.decode

    def die_first(self, facts, data):
        self._process.kill()
        self._process.wait()
        return real(self, facts, data)

    with monkeypatch.context() as patch:
        patch.setattr(apart._Child, "decode", die_first)
        with pytest.raises(UnreadableScanError, match="stopped on damaged data"):
            open_scan(path)
    np.testing.assert_array_equal(open_scan(path).array, before)
