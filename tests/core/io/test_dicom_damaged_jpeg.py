"""Damaged JPEG lossless: its decoder may end the process, which must not be this one."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate, get_frame

from medvlp import UnreadableScanError, open_scan
from medvlp.io.dicom import apart

SYNTAX = "JPEGLosslessProcess14_1"


@pytest.fixture
def slices(ct_writer, body, tmp_path, recompress) -> list[Path]:
    """Two different CT slices of 48 x 40 in JPEG lossless."""
    block = np.kron(body[:2], np.ones((1, 4, 4), dtype=np.int16))
    return [
        recompress(path, tmp_path / "lossless", SYNTAX)
        for path in ct_writer().write(tmp_path / "plain", block)
    ]


@pytest.fixture
def lossless(slices) -> bytes:
    return slices[0].read_bytes()


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


def test_a_cancelled_decoding_leaves_no_child_whose_answer_is_still_to_come(
    lossless, tmp_path, monkeypatch
):
    path = tmp_path / "sound.dcm"
    path.write_bytes(lossless)
    before = open_scan(path).array

    def cancelled(stream):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(apart, "receive", cancelled)
        with pytest.raises(KeyboardInterrupt):
            open_scan(path)
    np.testing.assert_array_equal(open_scan(path).array, before)


def test_a_file_in_the_working_folder_does_not_stand_in_for_a_module(
    lossless, tmp_path, monkeypatch
):
    path = tmp_path / "sound.dcm"
    path.write_bytes(lossless)
    (tmp_path / "json.py").write_text("raise SystemExit(1)")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(apart, "_IDLE", [])
    assert open_scan(path).array.shape == (1, 48, 40)


def test_frames_of_several_fragments_are_told_apart(slices):
    datasets = [dcmread(path) for path in slices]
    frames = [get_frame(ds.PixelData, 0, number_of_frames=1) for ds in datasets]
    syntax = datasets[0].file_meta.TransferSyntaxUID
    single = [apart.decode_apart(ds, 0, syntax, "gdcm") for ds in datasets]
    assert not np.array_equal(*single)
    both = datasets[0]
    both.NumberOfFrames = 2
    both.PixelData = encapsulate(frames, fragments_per_frame=2)
    for number, expected in enumerate(single):
        np.testing.assert_array_equal(apart.decode_apart(both, number, syntax, "gdcm"), expected)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_process_has_no_children_of_its_parent(lossless, tmp_path):
    path = tmp_path / "sound.dcm"
    path.write_bytes(lossless)
    open_scan(path)
    assert apart._IDLE
    own = os.fork()
    if not own:
        os._exit(len(apart._IDLE))
    assert os.waitstatus_to_exitcode(os.waitpid(own, 0)[1]) == 0
