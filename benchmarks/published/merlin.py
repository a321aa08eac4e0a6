"""What merlin-vlm computes with seeded weights, for the tests of ours.

    python -m benchmarks.published.merlin

in an environment with torch, torchvision, transformers, nltk, einops, peft and merlin-vlm 0.0.7. Writes
merlin.safetensors to tests/core/models/backends/data: shapes of the tensors under their published names,
and what came out. The weights themselves come from ``seeded.py``. The architecture is the package's own,
over a ResNet with one block a level and a small Longformer.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
import torchvision
from merlin.models import build
from transformers import LongformerConfig, LongformerModel

from benchmarks.published.reference_file import write
from benchmarks.published.seeded import seeded_state

COMMAND = "python -m benchmarks.published.merlin"
IDS = torch.tensor([[0, 9, 17, 4, 25, 2], [0, 12, 30, 2, 1, 1]])
SMALL: dict[str, Any] = {
    "vocab_size": 40,
    "hidden_size": 768,  # the published projection takes so many
    "num_hidden_layers": 2,
    "num_attention_heads": 12,
    "intermediate_size": 64,
    "max_position_embeddings": 66,
    "attention_window": 32,
    "pad_token_id": 1,
    "bos_token_id": 0,
    "eos_token_id": 2,
    "type_vocab_size": 1,
    "layer_norm_eps": 1e-5,
}
SENTENCE = "No free fluid; liver (segment 4) is NORMAL."


class Words:
    """In place of the tokenizer: fixed tokens, and a record of the texts."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, texts: list[str], **_: Any) -> dict[str, torch.Tensor]:
        """As a tokenizer is called."""
        self.seen += texts
        return {"input_ids": IDS, "attention_mask": (IDS != 1).long()}


def small_resnet(**_: Any) -> torch.nn.Module:
    """One bottleneck a level; widths as published."""
    return torchvision.models.ResNet(torchvision.models.resnet.Bottleneck, [1, 1, 1, 1])


def box() -> torch.Tensor:
    """``(n, 1, R, A, S)`` in [0, 1], not cubic: no axis can be taken for another."""
    values = np.random.RandomState(5).random_sample((2, 1, 64, 96, 48))
    return torch.from_numpy(values.astype(np.float32))


def main() -> None:
    words = Words()
    longformer = LongformerModel(LongformerConfig(**SMALL))
    with (
        patch.object(torchvision.models, "resnet152", small_resnet),
        patch.object(build, "AutoTokenizer", SimpleNamespace(from_pretrained=lambda _: words)),
        patch.object(build, "AutoModel", SimpleNamespace(from_pretrained=lambda _: longformer)),
    ):
        model = build.MerlinArchitecture().eval()
    model.load_state_dict(seeded_state(model.state_dict()))
    kept: dict[str, torch.Tensor] = {}
    with torch.inference_mode():
        features: list[torch.Tensor] = []
        resnet = model.encode_image.i3_resnet
        hook = resnet.layer4.register_forward_hook(lambda *found: features.append(found[2]))
        images, _, texts = model(box(), [SENTENCE, "no"])
        hook.remove()
        kept |= {"features": features[0].mean(dim=1), "images": images, "texts": texts}
    write("merlin.safetensors", model.state_dict(), kept | {"ids": IDS}, COMMAND)
    print(json.dumps(words.seen))


if __name__ == "__main__":
    main()
