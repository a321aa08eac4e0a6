from __future__ import annotations

import copy

import torch
from torch import nn

from medvlp.models.config import UnifiedConfig
from medvlp.models.unified import UnifiedModel
from medvlp_training.fine_tuning.low_rank import add_low_rank, linear_layers, merge_low_rank


def test_a_difference_is_up_times_down_scaled_by_alpha_over_rank():
    layer = nn.Linear(3, 2, bias=False)
    before = layer.weight.detach().clone()
    add_low_rank([layer], rank=1, alpha=4.0)
    assert torch.equal(layer.weight, before)
    added = layer.parametrizations.weight[0]
    with torch.no_grad():
        added.down.copy_(torch.tensor([[1.0, 0.0, -2.0]]))
        added.up.copy_(torch.tensor([[0.5], [3.0]]))
    expected = before + torch.tensor([[2.0, 0.0, -4.0], [12.0, 0.0, -24.0]])
    assert torch.allclose(layer.weight, expected)
    trained = {name for name, p in layer.named_parameters() if p.requires_grad}
    assert trained == {"parametrizations.weight.0.down", "parametrizations.weight.0.up"}


def test_the_encoder_sees_the_difference_with_and_without_gradients_and_once_merged():
    torch.manual_seed(0)
    model = UnifiedModel(UnifiedConfig.of_size("tiny")).eval()
    images = torch.rand(1, 1, 96, 96)
    plain = model.vision(images).pooled
    add_low_rank(linear_layers(model.vision), rank=2, alpha=2.0)
    with torch.no_grad():
        assert torch.allclose(model.vision(images).pooled, plain, atol=1e-5)
        for layer in linear_layers(model.vision):
            nn.init.normal_(layer.parametrizations.weight[0].up, std=0.5)
        fused = model.vision(images).pooled
    stepwise = model.vision(images).pooled
    assert torch.allclose(copy.deepcopy(model.vision)(images).pooled, stepwise, atol=1e-6)
    merge_low_rank(model)
    assert not torch.allclose(fused, plain, atol=1e-2)
    assert torch.allclose(fused, stepwise, atol=1e-5)
    assert torch.allclose(model.vision(images).pooled, stepwise, atol=1e-5)
    assert not [name for name, _ in model.named_parameters() if "parametrizations" in name]
