from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from medvlp.models.config import UnifiedConfig
from medvlp.models.fused import apply, inference_copy
from medvlp.models.vision import UnifiedVisionEncoder


def layers() -> list[tuple[nn.Module, torch.Tensor]]:
    torch.manual_seed(0)
    return [
        (nn.Linear(6, 5), torch.randn(2, 7, 6)),
        (nn.Conv2d(4, 5, 3, padding=1), torch.randn(1, 4, 6, 7)),
        (nn.Conv3d(4, 5, 3, padding=1), torch.randn(1, 4, 5, 6, 7)),
        (nn.Conv3d(4, 5, 2, stride=2), torch.randn(1, 4, 4, 6, 8)),
    ]


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_it_is_the_same_as_one_step_after_the_other(number, dtype):
    layer, x = layers()[number]
    layer, x = layer.to(dtype), x.to(dtype)
    tolerance = 1e-5 if dtype == torch.float32 else 2e-2
    with torch.inference_mode():
        plain = layer(x)
        residual = torch.randn_like(plain)
        torch.testing.assert_close(apply(layer, x), plain, atol=tolerance, rtol=0)
        with_gelu = apply(layer, x, gelu=True)
        torch.testing.assert_close(with_gelu, F.gelu(plain), atol=tolerance, rtol=0)
        summed = apply(layer, x, residual=residual)
        torch.testing.assert_close(summed, plain + residual, atol=tolerance, rtol=0)
        both = apply(layer, x, gelu=True, residual=residual)
        torch.testing.assert_close(both, F.gelu(plain) + residual, atol=2 * tolerance, rtol=0)


def test_what_it_is_given_is_left_as_it_was():
    layer, x = layers()[2]
    residual = torch.randn(1, 5, 5, 6, 7)
    before = (x.clone(), residual.clone())
    with torch.inference_mode():
        apply(layer, x, residual=residual)
    torch.testing.assert_close((x, residual), before, atol=0, rtol=0)


def test_it_can_be_trained_through():
    layer, x = layers()[2]
    apply(layer, x, gelu=True, residual=torch.zeros(1, 5, 5, 6, 7)).sum().backward()
    expected = torch.autograd.grad(F.gelu(layer(x)).sum(), layer.weight)[0]
    torch.testing.assert_close(layer.weight.grad, expected)


def test_a_bf16_copy_says_nearly_the_same_and_leaves_the_original_alone():
    torch.manual_seed(0)
    model = UnifiedVisionEncoder(UnifiedConfig.of_size("tiny")).eval()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    copy = inference_copy(model, torch.bfloat16)
    volume = torch.randn(1, 3, 16, 24, 32)
    with torch.inference_mode():
        exact = model.embed(model(volume).features, True)
        near = copy.embed(copy(volume).features, True)
    assert float((exact * near).sum(-1).min()) > 0.999
    assert copy.norm.weight.dtype == torch.float32
    torch.testing.assert_close(dict(model.state_dict()), before, atol=0, rtol=0)


def test_a_copy_of_stored_weights_is_the_copy_of_the_same_weights_in_float32():
    torch.manual_seed(0)
    stored = UnifiedVisionEncoder(UnifiedConfig.of_size("tiny")).half().eval()
    widened = UnifiedVisionEncoder(UnifiedConfig.of_size("tiny")).eval()
    widened.load_state_dict(stored.state_dict())
    copies = [dict(inference_copy(m, torch.bfloat16).state_dict()) for m in (stored, widened)]
    torch.testing.assert_close(copies[0], copies[1], atol=0, rtol=0)
    assert {p.dtype for p in stored.parameters()} == {torch.float16}
