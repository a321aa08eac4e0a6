"""Cases on disk: tensors in safetensors, facts as JSON in the header."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import UnreadableScanError
from medvlp.store.atomic import write_bytes_atomically

Tensors = dict[str, NDArray[Any]]


def write_case_file(path: Path, tensors: Mapping[str, NDArray[Any]], facts: dict[str, Any]) -> None:
    """Write tensors and facts, atomically."""
    from safetensors.numpy import save

    contiguous = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    write_bytes_atomically(path, save(contiguous, metadata={"case": json.dumps(facts)}))


def case_facts(path: Path, kind: str | None = None) -> dict[str, Any]:
    """Facts of a case of ``kind``, or of a simulated shard; its tensors stay on disk.

    Raises
    ------
    UnreadableScanError
        If the file is neither, or ends early.
    """
    return _read(path, kind, with_tensors=False)[1]


def read_case_file(path: Path, kind: str) -> tuple[Tensors, dict[str, Any], bool]:
    """Tensors, facts, and whether the file is a simulated shard rather than a case of ``kind``.

    Raises
    ------
    UnreadableScanError
        If the file is neither.
    """
    return _read(path, kind, with_tensors=True)


def _read(
    path: Path, kind: str | None, *, with_tensors: bool
) -> tuple[Tensors, dict[str, Any], bool]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            header = file.metadata() or {}
            keys = file.keys() if with_tensors else ()
            tensors = {key: file.get_tensor(key) for key in keys}
        simulated = "medvlp" in header
        facts = json.loads(header["medvlp" if simulated else "case"])
    except (OSError, SafetensorError, KeyError, ValueError) as error:
        raise UnreadableScanError(f"{path} is not a training case ({error}).") from error
    if kind is not None and not simulated and facts.get("format") != kind:
        raise UnreadableScanError(f"{path}: expected {kind}, found {facts.get('format')}.")
    return tensors, facts, simulated
