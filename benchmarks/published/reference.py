"""What open_clip and hi-ml-multimodal compute with seeded weights, for the tests of ours.

    python -m benchmarks.published.reference

in an environment with torch, timm, torchvision, open_clip_torch 3.3.0 and hi-ml-multimodal 0.2.2.
Writes biomedclip.safetensors and biovil.safetensors to tests/core/models/backends/data: shapes of
the tensors under their published names, and what came out. The weights themselves come from
``seeded.py``. BiomedCLIP is made with a smaller image and text tower, BioViL-T's image model is the
published one, in full.
"""

from __future__ import annotations

import sys
import tempfile
from typing import Any

import numpy as np
import timm
import timm.layers
import torch
from PIL import Image
from transformers import BertConfig, BertForMaskedLM

from benchmarks.published.reference_file import write
from benchmarks.published.seeded import seeded_state

COMMAND = "python -m benchmarks.published.reference"
IDS = torch.tensor([[2, 9, 17, 4, 3], [2, 12, 3, 0, 0]])
SMALL_VIT = {"img_size": 64, "patch_size": 16, "embed_dim": 128, "depth": 2, "num_heads": 2}
SMALL_BERT: dict[str, Any] = {
    "vocab_size": 40,
    "hidden_size": 24,
    "num_hidden_layers": 1,
    "num_attention_heads": 12,
    "intermediate_size": 48,
    "max_position_embeddings": 32,
}
TIED = {
    "cls.predictions.decoder.weight": "bert.embeddings.word_embeddings.weight",
    "cls.predictions.decoder.bias": "cls.predictions.bias",
}
"""Tensors of CXR-BERT that are one and the same."""


def picture() -> np.ndarray:
    """(87, 110) uint8 noise with a gradient."""
    random = np.random.RandomState(4)
    ramp = np.linspace(20, 180, 110)
    return np.clip(ramp + random.normal(0, 30, (87, 110)), 0, 255).astype(np.uint8)


def biomedclip() -> None:
    """BiomedCLIP's open_clip_config.json, with smaller towers."""
    import open_clip
    from open_clip.model import CustomTextCLIP

    real = timm.create_model

    def create(name: str, **options: Any) -> torch.nn.Module:
        assert name == "vit_base_patch16_224"
        return real(name, **options | SMALL_VIT)

    open_clip.timm_model.timm.create_model = create
    with tempfile.TemporaryDirectory() as folder:
        BertConfig(**SMALL_BERT).save_pretrained(folder)
        vision = {
            "timm_model_name": "vit_base_patch16_224",
            "timm_model_pretrained": False,
            "timm_pool": "",
            "timm_proj": "linear",
            "image_size": 64,
        }
        text = {
            "hf_model_name": folder,
            "hf_tokenizer_name": folder,
            "hf_proj_type": "mlp",
            "hf_pooler_type": "cls_last_hidden_state_pooler",
            "hf_model_pretrained": False,
            "context_length": 32,
        }
        model = CustomTextCLIP(16, vision_cfg=vision, text_cfg=text).eval()
    open_clip.timm_model.timm.create_model = real
    state = seeded_state(model.state_dict())
    model.load_state_dict(state)
    transform = open_clip.image_transform(64, is_train=False)
    pixels = transform(Image.fromarray(picture()).convert("RGB"))[None]
    with torch.inference_mode():
        kept = {
            "pixels": pixels,
            "pooled": model.encode_image(pixels, normalize=True),
            "texts": model.encode_text(IDS, normalize=True),
            "ids": IDS,
        }
    write("biomedclip.safetensors", state, kept, COMMAND)


def biovil() -> None:
    """BioViL-T's image model in full; CXR-BERT, smaller."""
    sys.modules["timm.models.layers"] = timm.layers  # its old name, which the package imports
    from health_multimodal.image.data.io import remap_to_uint8
    from health_multimodal.image.data.transforms import create_chest_xray_transform_for_inference
    from health_multimodal.image.model.model import ImageModel
    from health_multimodal.text.model.modelling_cxrbert import BertProjectionHead

    image = ImageModel(img_encoder_type="resnet50_multi_image", joint_feature_size=128).eval()
    state = {f"image.{k}": v for k, v in seeded_state(image.state_dict()).items()}
    image.load_state_dict({k[6:]: v for k, v in state.items()})
    config = BertConfig(**SMALL_BERT | {"projection_size": 128})
    bert, head = BertForMaskedLM(config).eval(), BertProjectionHead(config).eval()
    names = bert.state_dict() | {
        f"cls_projection_head.{k}": v for k, v in head.state_dict().items()
    }
    text = seeded_state(names)
    for tied, kept_in in TIED.items():
        text[tied] = text[kept_in]
    head.load_state_dict({k[20:]: v for k, v in text.items() if k.startswith("cls_projection")})
    bert.load_state_dict({k: v for k, v in text.items() if not k.startswith("cls_projection")})
    transform = create_chest_xray_transform_for_inference(resize=146, center_crop_size=128)
    prepared = transform(Image.fromarray(remap_to_uint8(picture())).convert("L"))
    with torch.inference_mode():
        output = image(prepared[None])
        patches = image.get_patchwise_projected_embeddings(prepared[None], normalize=True)
        states = bert.bert(IDS, attention_mask=(IDS != 0).long()).last_hidden_state
        vectors = torch.nn.functional.normalize(head(states[:, 0]), dim=1)
    pooled = torch.nn.functional.normalize(output.projected_global_embedding, dim=-1)
    kept = {"pixels": prepared[None, :1], "patches": patches, "pooled": pooled, "texts": vectors}
    state |= {f"text.{k}": v for k, v in text.items()}
    write("biovil.safetensors", state, kept | {"ids": IDS}, COMMAND)


if __name__ == "__main__":
    biomedclip()
    biovil()
