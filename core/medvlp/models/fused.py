"""A convolution or a linear layer together with what follows it, in one pass over memory.

oneDNN applies a GELU or a sum to its results while they are still in registers, in float32: one
rounding and one new tensor fewer than step by step. Where it cannot (training, autocast, a GPU, a build
of torch without it), the same steps run one after the other.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TypeVar

import torch
import torch.nn.functional as F
from torch import Tensor, nn

Layer = nn.Conv2d | nn.Conv3d | nn.Linear
Module = TypeVar("Module", bound=nn.Module)


def apply(
    layer: nn.Module, x: Tensor, *, gelu: bool = False, residual: Tensor | None = None
) -> Tensor:
    """``layer(x)``, then an exact GELU if asked for, then ``+ residual`` if there is one.

    Parameters
    ----------
    layer
        A convolution or a linear layer.
    x
        Its input; without autocast it is cast to the dtype of the weights.
    """
    assert isinstance(layer, Layer)
    if not torch.is_autocast_enabled(x.device.type):
        x = x.to(layer.weight.dtype)
    if _fusible(layer, x) and not (gelu and residual is not None):
        return _fused(layer, x, gelu, residual)
    y = layer(x)
    y = F.gelu(y) if gelu else y
    return y if residual is None else residual + y


def inference_copy(module: Module, dtype: torch.dtype) -> Module:
    """A copy whose convolutions and linear layers hold weights of ``dtype``; all others are float32.

    Each weight is converted once, straight from what ``module`` holds; one that need not be is shared.
    """
    converted: dict[int, nn.Parameter] = {}
    for part in module.modules():
        wanted = dtype if isinstance(part, Layer) else torch.float32
        for weight in part.parameters(recurse=False):
            cast = weight.detach().to(wanted)
            converted[id(weight)] = nn.Parameter(cast, requires_grad=False)
    return deepcopy(module, converted).eval()  # type: ignore[arg-type]


def channels_last(module: nn.Module) -> None:
    """Lay the weights of convolutions out as they are used."""
    for part in module.modules():
        if isinstance(part, nn.Conv3d):
            part.to(memory_format=torch.channels_last_3d)  # type: ignore[call-overload]
        elif isinstance(part, nn.Conv2d):
            part.to(memory_format=torch.channels_last)  # type: ignore[call-overload]


def _fusible(layer: Layer, x: Tensor) -> bool:
    return (
        x.device.type == "cpu"
        and x.dtype in (torch.bfloat16, torch.float32)
        and not torch.is_grad_enabled()
        and not torch.is_autocast_enabled("cpu")
        and torch.backends.mkldnn.is_available()
        and hasattr(torch.ops.mkldnn, "_convolution_pointwise")
    )


def _fused(layer: Layer, x: Tensor, gelu: bool, residual: Tensor | None) -> Tensor:
    """The two private operators that torch's own compiler calls for such layers."""
    no_settings: list[float] = []
    activation = ("gelu", no_settings, "none") if gelu else ("none", no_settings, "")
    weights = (layer.weight, layer.bias)
    y: Tensor
    if isinstance(layer, nn.Linear):
        linear = torch.ops.mkldnn._linear_pointwise
        if residual is None:
            y = linear(x, *weights, *activation)
        else:
            y = linear.binary(x, residual.to(x.dtype), *weights, "add")
        return y
    settings = (layer.padding, layer.stride, layer.dilation, layer.groups)
    convolution = torch.ops.mkldnn._convolution_pointwise
    if residual is None:
        y = convolution(x, *weights, *settings, *activation)
    else:
        y = convolution.binary(
            x, residual, *weights, *settings, "add", 1.0, None, no_settings, None
        )
    return y
