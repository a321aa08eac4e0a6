from __future__ import annotations

import json
import subprocess
import sys

import pytest
import torch
from safetensors.torch import load_file, save_file

from medvlp.errors import ModelMismatchError
from medvlp.models.unified import UnifiedModel
from medvlp.models.weights import WEIGHTS, load_network

ASK = """
import sys
import medvlp
model = medvlp.load_model(sys.argv[1], device="cpu")
model.embed_text(["liver"])
print(sorted({"transformers", "torch._dynamo"} & sys.modules.keys()))
"""


def test_a_plain_network_is_the_model_of_transformers(tiny_folder):
    network = load_network(tiny_folder).eval()
    model = UnifiedModel.from_pretrained(tiny_folder, dtype="float32").eval()

    assert network.config.windows == model.config.windows
    for (name, ours), (other, theirs) in zip(
        network.state_dict().items(), model.state_dict().items(), strict=True
    ):
        assert name == other
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)
    image = torch.linspace(-1, 1, 96 * 96).reshape(1, 1, 96, 96) ** 3
    with torch.no_grad():
        ours, theirs = network.encode_images(image), model.encode_images(image)
    torch.testing.assert_close(ours.features, theirs.features)
    torch.testing.assert_close(ours.pooled, theirs.pooled)


def test_a_network_becomes_a_model_that_can_be_saved(tiny_folder, tmp_path):
    network = load_network(tiny_folder)
    UnifiedModel.of_network(network).save_pretrained(tmp_path)

    again = load_network(tmp_path)
    assert again.config == network.config
    for name, tensor in network.state_dict().items():
        torch.testing.assert_close(again.state_dict()[name], tensor, rtol=0, atol=0)


def test_weights_can_be_trained_and_are_float32(tiny_folder):
    network = load_network(tiny_folder)
    assert {p.dtype for p in network.parameters()} == {torch.float32}
    assert all(p.requires_grad for p in network.parameters())


def test_each_way_not_to_fit_is_named(own_tiny_folder):
    path = own_tiny_folder / WEIGHTS
    weights = load_file(path)
    weights["vision.surplus"] = weights.pop("domain.bias")
    weights["domain.weight"] = torch.zeros(1, 7)
    save_file(weights, path)

    with pytest.raises(ModelMismatchError, match=r"do not fit config\.json") as caught:
        load_network(own_tiny_folder)
    said = str(caught.value)
    assert "'missing': ['domain.bias']" in said
    assert "'unexpected': ['vision.surplus']" in said
    assert "'of another size': ['domain.weight']" in said


@pytest.mark.parametrize("change", [{"num_attention_heads": 5}, {"hidden_size": "wide"}])
def test_a_configuration_that_makes_no_network_is_refused(own_tiny_folder, change):
    path = own_tiny_folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(ModelMismatchError, match=str(own_tiny_folder)):
        load_network(own_tiny_folder)


def test_a_truncated_file_is_refused(own_tiny_folder):
    path = own_tiny_folder / WEIGHTS
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ModelMismatchError, match="cannot be loaded"):
        load_network(own_tiny_folder)


def test_asking_a_model_imports_neither_transformers_nor_the_compiler(tiny_folder):
    """Importing transformers takes longer than importing torch (``docs/explanation/speed.md``)."""
    run = subprocess.run(
        [sys.executable, "-c", ASK, str(tiny_folder)], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
