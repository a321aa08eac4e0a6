"""Where a model runs, said out loud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from medvlp.errors import ModelMismatchError

if TYPE_CHECKING:
    import torch

CHOICES = ("auto", "cpu", "cuda", "mps", "xpu")


@dataclass(frozen=True)
class Placement:
    """A device and the precision of matrix products on it."""

    device: str
    dtype: torch.dtype

    def __str__(self) -> str:
        short = {"bfloat16": "bf16", "float16": "fp16", "float32": "fp32"}
        return f"{self.device} ({short[str(self.dtype).removeprefix('torch.')]})"


def available_devices() -> list[str]:
    """Devices torch can use here, best first; ``"cpu"`` is always the last."""
    import torch

    found = []
    if torch.cuda.is_available():
        found.append("cuda")
    if torch.backends.mps.is_available():
        found.append("mps")
    if torch.xpu.is_available():
        found.append("xpu")
    return [*found, "cpu"]


def cpu_prefers_bf16() -> bool:
    """Whether this CPU multiplies bf16 faster than fp32 (AMX or AVX-512 BF16)."""
    import torch

    return bool(torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported())


def choose_device(wanted: str = "auto") -> Placement:
    """Place a model; ``"auto"`` takes the best device there is.

    Raises
    ------
    ModelMismatchError
        If a device was asked for by name and is not there: there is no silent fall-back.
    """
    import torch

    if wanted not in CHOICES:
        raise ModelMismatchError(
            f"Unknown device {wanted!r}: expected one of {', '.join(CHOICES)}."
        )
    available = available_devices()
    device = available[0] if wanted == "auto" else wanted
    if device not in available:
        raise ModelMismatchError(
            f"Device {device!r} was asked for, but torch {torch.__version__} finds only "
            f"{', '.join(available)} here. Choose the automatic device, or install a torch build for it.",
            command_line="--device auto chooses it.",
        )
    if device == "cpu":
        return Placement(device, torch.bfloat16 if cpu_prefers_bf16() else torch.float32)
    if device == "cuda" and not torch.cuda.is_bf16_supported():
        return Placement(device, torch.float16)
    return Placement(device, torch.float32 if device == "mps" else torch.bfloat16)
