"""What the package ``colipri`` computes on a small seeded configuration, for the tests of ours.

    COLIPRI_VENV/bin/python benchmarks/colipri/reference.py

in the environment that measure.sh makes. Real classes of the package, small sizes: the same number
of heads, so that nothing but widths and depths differ from the published model. Writes
tests/core/models/backends/data/colipri.safetensors: the weights under their published names (rounded
to float16), the inputs and what came out.
"""

from __future__ import annotations

from pathlib import Path

import torch
import torchio
from colipri.model.image import ImageEncoder
from colipri.model.multimodal import Model
from colipri.model.text import TextEncoder
from colipri.pooling import AttentionPool1D
from colipri.processor import get_processor
from dynamic_network_architectures.architectures.primus import Primus
from safetensors.torch import save_file
from transformers import BertConfig, BertModel

TARGET = Path(__file__).parents[2] / "tests/core/models/backends/data/colipri.safetensors"
SIDE, WIDTH, COMMON = 24, 72, 24


def small_model() -> Model:
    """COLIPRI's own classes; only the sizes are small."""
    torch.manual_seed(7)
    backbone = Primus(
        input_channels=1,
        num_classes=1,
        eva_depth=2,
        eva_numheads=12,
        embed_dim=WIDTH,
        patch_embed_size=(8, 8, 8),
        input_shape=(SIDE, SIDE, SIDE),
        use_rot_pos_emb=True,
        use_abs_pos_embed=False,
        drop_path_rate=0.2,
        init_values=0.1,
        scale_attn_inner=True,
        num_register_tokens=0,
    )
    projector = torch.nn.Conv3d(WIDTH, COMMON, kernel_size=1)
    image = ImageEncoder(backbone, projector, AttentionPool1D(COMMON, 12))
    bert = BertConfig(
        vocab_size=40,
        hidden_size=COMMON,
        num_hidden_layers=2,
        num_attention_heads=12,
        intermediate_size=48,
        max_position_embeddings=64,
    )
    text = TextEncoder(BertModel(bert, add_pooling_layer=False), AttentionPool1D(COMMON, 12))
    model = Model(image, text, temperature=0.05).eval()
    with torch.no_grad():
        for parameter in model.parameters():  # at the start many are 0 or 1: every one must count
            parameter.add_(0.05 * torch.randn_like(parameter)).copy_(parameter.half().float())
    return model


def small_ct() -> torchio.ScalarImage:
    """Uneven voxels, axes that are neither the patient's order nor signs, values beyond the clamp."""
    generator = torch.Generator().manual_seed(3)
    data = torch.randn(1, 34, 21, 40, generator=generator) * 700
    affine = torch.tensor(
        [
            [0.0, -0.3, -1.7, 40.0],
            [0.1, 3.0, -0.2, -30.0],
            [-1.3, 0.2, 0.0, 90.0],
            [0.0, 0.0, 0.0, 1.0],
        ]
    )
    rotation, _ = torch.linalg.qr(affine[:3, :3])
    spacing = torch.linalg.vector_norm(affine[:3, :3], dim=0)
    signs = torch.sign(torch.sum(rotation * affine[:3, :3], dim=0))
    affine[:3, :3] = rotation * signs * spacing
    return torchio.ScalarImage(tensor=data.round(), affine=affine.double().numpy())


@torch.inference_mode()
def main() -> None:
    model, image = small_model(), small_ct()
    kept: dict[str, torch.Tensor] = {}
    for orientation in ("SAR", "RAS", "default"):
        chosen = {} if orientation == "default" else {"orientation": orientation}
        processor = get_processor(image_only=True, input_size=SIDE, **chosen)
        (prepared,) = processor.process_images(image)
        kept[f"prepared.{orientation}"] = prepared.data[0]
        kept[f"prepared_affine.{orientation}"] = torch.from_numpy(prepared.affine)
    cube = kept["prepared.SAR"][None]
    cubes = torch.stack([cube, -0.5 * cube.flip(2)])
    kept["ids"] = torch.tensor([[2, 9, 17, 4, 3], [2, 30, 3, 0, 0]])
    kept["mask"] = (kept["ids"] != 0).long()
    kept["patches"] = model.encode_image(cubes)
    kept["dense"] = model.encode_image(cubes, project=True, normalize=True)
    kept["pooled"] = model.encode_image(cubes, project=True, pool=True, normalize=True)
    kept["texts"] = model.encode_text(kept["ids"], kept["mask"])
    kept["probabilities"] = model.classify(kept["pooled"], kept["texts"])
    kept["ct"] = image.data[0].to(torch.int16)
    kept["ct_affine"] = torch.from_numpy(image.affine)
    weights = {f"weights.{name}": value.half() for name, value in model.state_dict().items()}
    weights["weights.softmax_temperature"] = model.softmax_temperature
    TARGET.parent.mkdir(exist_ok=True)
    everything = {k: v.contiguous().clone() for k, v in (weights | kept).items()}
    save_file(everything, TARGET, metadata={"command": "benchmarks/colipri/reference.py"})
    print(f"{TARGET}: {TARGET.stat().st_size / 1024:.0f} KiB")


if __name__ == "__main__":
    main()
