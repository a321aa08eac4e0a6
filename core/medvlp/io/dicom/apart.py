"""Decoding in a child process, for codecs that may abort the whole process on damaged data.

JPEG lossless and 12-bit JPEG have one decoder here, GDCM, whose C++ code ends the process on some
damaged streams: Python cannot catch that. A child that dies costs one error message instead.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import UnreadableScanError

FACTS = {
    "rows": "Rows",
    "columns": "Columns",
    "samples_per_pixel": "SamplesPerPixel",
    "photometric_interpretation": "PhotometricInterpretation",
    "bits_allocated": "BitsAllocated",
    "bits_stored": "BitsStored",
    "pixel_representation": "PixelRepresentation",
}
"""pydicom's decoding options, and the elements that hold them."""

_IDLE: list[_Child] = []
"""Children without work; taken and put back by one operation each, so that threads may share them."""


def decode_apart(dataset: Any, frame: int, syntax: str, plugin: str) -> NDArray[np.integer[Any]]:
    """Decode one frame of compressed pixel data in a child process.

    Parameters
    ----------
    dataset
        Holds the encapsulated pixel data.
    frame
        Number from 0.
    syntax
        Transfer syntax UID.
    plugin
        pydicom's name of the decoder.

    Returns
    -------
    ndarray
        ``(rows, columns)`` stored values.

    Raises
    ------
    UnreadableScanError
        If the decoder fails, or ends the child.
    """
    from pydicom.encaps import get_frame

    frames = int(dataset.get("NumberOfFrames", 1) or 1)
    data = get_frame(dataset.PixelData, frame, number_of_frames=frames)
    facts = {option: dataset[keyword].value for option, keyword in FACTS.items()}
    child = _idle_or_new()
    try:
        array = child.decode({"syntax": syntax, "plugin": plugin, **facts}, data)
    except _ChildEndedError:
        child.close()
        raise UnreadableScanError("the decoder stopped on damaged data") from None
    except UnreadableScanError:
        _IDLE.append(child)
        raise
    except BaseException:  # cancelled half-way: what it still sends would answer the next question
        child.close()
        raise
    _IDLE.append(child)
    return array


class _ChildEndedError(Exception):
    """The child is gone."""


class _Child:
    """One decoding process; it ends when its input is closed."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            # -P: a file in the user's folder must not stand in for a module.
            [sys.executable, "-P", "-m", "medvlp.io.dicom.decoding_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def decode(self, facts: dict[str, Any], data: bytes) -> NDArray[np.integer[Any]]:
        """Send one frame, and wait for its pixels."""
        try:
            send(self._process.stdin, facts, data)
            answer, pixels = receive(self._process.stdout)
        except (OSError, EOFError):
            raise _ChildEndedError from None
        if "error" in answer:
            raise UnreadableScanError(answer["error"])
        return np.frombuffer(pixels, answer["dtype"]).reshape(answer["shape"])

    def close(self) -> None:
        """End the process."""
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()


def send(stream: IO[bytes] | None, facts: dict[str, Any], payload: bytes = b"") -> None:
    """One line of JSON, then the payload whose length it names."""
    assert stream is not None
    stream.write(json.dumps({**facts, "length": len(payload)}).encode() + b"\n" + payload)
    stream.flush()


def receive(stream: IO[bytes] | None) -> tuple[dict[str, Any], bytes]:
    """What :func:`send` wrote.

    Raises
    ------
    EOFError
        If the other side is gone.
    """
    assert stream is not None
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    facts = json.loads(line)
    payload = stream.read(facts.pop("length"))
    return facts, payload


def _idle_or_new() -> _Child:
    try:
        return _IDLE.pop()
    except IndexError:
        return _Child()


@atexit.register
def _close_idle() -> None:
    while _IDLE:
        _IDLE.pop().close()


if hasattr(os, "register_at_fork"):  # a forked process must not speak through its parent's pipes
    os.register_at_fork(after_in_child=_IDLE.clear)
