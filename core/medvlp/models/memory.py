"""Whether a model fits before it is loaded."""

from __future__ import annotations

import json
import logging
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from pathlib import Path

from medvlp.errors import ModelMismatchError, NotEnoughMemoryError
from medvlp.models.device import Placement, available_devices, choose_device
from medvlp.models.folder import WEIGHTS

OVERRIDE = "MEDVLP_MEMORY_CHECK"
FLOAT_BYTES = 4
SPARE = 256 * 1024**2
"""Left to everything else: the scan, the encoding, the interpreter."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Need:
    """Bytes that a model takes.

    Parameters
    ----------
    weights
        As float32, which they are held in.
    per_item
        Activations of one picture or cube, from above.
    items
        Pictures or cubes of one pass.
    """

    weights: int
    per_item: int
    items: int = 1

    def total(self, items: int | None = None) -> int:
        """Weights, one pass and some to spare."""
        return self.weights + self.per_item * (self.items if items is None else items) + SPARE


def weights_header(folder: Path) -> dict[str, tuple[int, ...]]:
    """Shapes of the tensors of ``model.safetensors``, without reading them.

    Raises
    ------
    ModelMismatchError
        If the file is not safetensors.
    """
    path = folder / WEIGHTS
    try:
        with open(path, "rb") as file:
            (size,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(min(size, path.stat().st_size)))
        return {n: tuple(t["shape"]) for n, t in header.items() if n != "__metadata__"}
    except (OSError, ValueError, KeyError, TypeError, struct.error) as error:
        raise ModelMismatchError(f"{path} is not a safetensors file ({error}).") from error


def weights_bytes(folder: Path) -> int:
    """Size of the weights as float32."""
    return sum(prod(shape) for shape in weights_header(folder).values()) * FLOAT_BYTES


def free_bytes(device: str) -> int | None:
    """Memory that is free on a device; None where the system does not say."""
    if device == "cuda":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    if device != "cpu":
        return None
    found = [n for n in (_system_bytes(), _container_bytes()) if n is not None]
    return min(found, default=None)


def _system_bytes() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next(int(s.split()[1]) * 1024 for s in lines if s.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _container_bytes() -> int | None:
    """What the control group leaves (Linux, version 2)."""
    try:
        root = Path("/sys/fs/cgroup")
        limit = int((root / "memory.max").read_text(encoding="ascii"))
        used = int((root / "memory.current").read_text(encoding="ascii"))
        lines = (root / "memory.stat").read_text(encoding="ascii").splitlines()
        cached = next((int(s.split()[1]) for s in lines if s.startswith("inactive_file ")), 0)
    except (OSError, ValueError):
        return None
    return max(limit - used + cached, 0)


def place(name: str, need: Need, device: str = "auto") -> tuple[Placement, int]:
    """Where a model runs, and how many items at once it has room for.

    ``"auto"`` goes to the next device, down to the processor, where the best one has too little.

    Parameters
    ----------
    name
        Of the model, for the message.
    need
        What it takes.
    device
        As :func:`~medvlp.models.device.choose_device` takes it.

    Raises
    ------
    NotEnoughMemoryError
        If it fits nowhere, not even one item at a time. ``MEDVLP_MEMORY_CHECK=off`` tries anyway.
    """
    candidates: Sequence[str] = available_devices() if device == "auto" else [device]
    short: list[str] = []
    for candidate in candidates:
        placement = choose_device(candidate)
        free = free_bytes(placement.device)
        items = _room(need, free)
        if items:
            if short:
                _log.warning("%s runs on the processor: %s.", name, "; ".join(short))
            return placement, items
        assert free is not None
        short.append(
            f"{placement.device} has {_gib(free)} free, and {_gib(need.total(1))} are needed "
            f"({_gib(need.weights)} of weights, {_gib(need.per_item)} to run)"
        )
    raise NotEnoughMemoryError(
        f"{name} does not fit: {'; '.join(short)}. Close other programs, or choose a smaller model.",
        command_line=f"'medvlp models list' names them; {OVERRIDE}=off tries all the same.",
    )


def _room(need: Need, free: int | None) -> int:
    if free is None or os.environ.get(OVERRIDE, "") == "off":
        return need.items
    items = need.items
    while items and need.total(items) > free:
        items //= 2
    return items


def _gib(size: int) -> str:
    return f"{size / 1024**3:.2f} GiB"
