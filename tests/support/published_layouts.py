"""Tiny checkpoints in the published layouts, random weights, and how they are imported."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors

DATA = Path(__file__).parents[1] / "core" / "models" / "backends" / "data"
WORDS = ("left", "right", "lung", "nodule", "pleural", "effusion", "no", "there", "is", "a", "of")


def _tokenizer(first: str, last: str, pad: str) -> Tokenizer:
    names = [pad, "[UNK]", *WORDS, first, last]
    vocabulary = {word: number for number, word in enumerate(dict.fromkeys(n for n in names if n))}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    special = [(s, vocabulary[s]) for s in (first, last) if s]
    template = f"{first} $A {last}".strip()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=template, special_tokens=special
    )
    return tokenizer


def write_clip(folder: Path) -> Path:
    """CLIP of transformers: names and shapes as in openai/clip-vit-base-patch32, but small."""
    from transformers import CLIPConfig, CLIPModel

    torch.manual_seed(1)
    tokenizer = _tokenizer("<|startoftext|>", "<|endoftext|>", "[PAD]")
    sizes = {"intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    end = tokenizer.token_to_id("<|endoftext|>")
    text = sizes | {"hidden_size": 24, "vocab_size": 32, "max_position_embeddings": 16}
    text |= {"eos_token_id": end, "bos_token_id": end - 1, "pad_token_id": 0}
    vision = sizes | {"hidden_size": 32, "image_size": 64, "patch_size": 16}
    CLIPModel(
        CLIPConfig(text_config=text, vision_config=vision, projection_dim=16)
    ).save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    processor = {
        "do_center_crop": True,
        "do_resize": True,
        "size": {"shortest_edge": 64},
        "crop_size": {"height": 64, "width": 64},
        "resample": 3,
        "image_mean": [0.48145466, 0.4578275, 0.40821073],
        "image_std": [0.26862954, 0.26130258, 0.27577711],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# A tiny CLIP\n")
    return folder


def write_siglip(folder: Path) -> Path:
    """SigLIP of transformers: names and shapes as in google/medsiglip-448, but small."""
    from transformers import SiglipConfig, SiglipModel

    torch.manual_seed(2)
    tokenizer = _tokenizer("", "</s>", "<pad>")
    sizes = {"intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    text = sizes | {"hidden_size": 32, "vocab_size": 32, "max_position_embeddings": 16}
    text |= {"projection_size": 32, "pad_token_id": 0, "eos_token_id": 13, "bos_token_id": 12}
    vision = sizes | {"hidden_size": 32, "image_size": 56, "patch_size": 14}
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=vision))
    model.logit_scale.data.fill_(2.3)
    model.logit_bias.data.fill_(-1.7)
    for block in model.vision_model.encoder.layers:  # untrained attention blurs: places would mix
        block.self_attn.out_proj.weight.data *= 0.2
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    processor = {
        "size": {"height": 56, "width": 56},
        "resample": 2,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    (folder / "README.md").write_text("---\nlicense: other\n---\nSee google/medsiglip-448.\n")
    return folder


def write_colipri(folder: Path) -> Path:
    """COLIPRI: the weights that its own package made (benchmarks/colipri/reference.py)."""
    from safetensors.torch import load_file, save_file

    kept = load_file(DATA / "colipri.safetensors")
    weights = {k[8:]: v.float() for k, v in kept.items() if k.startswith("weights.")}
    save_file(weights, folder / "model.safetensors")
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# COLIPRI\n")
    return write_vocabulary(folder)


def write_vocabulary(folder: Path) -> Path:
    """``vocab.txt`` of a BERT with a few words."""
    words = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *WORDS)
    (folder / "vocab.txt").write_text("\n".join(words))
    return folder


BERT = {
    "vocab_size": 32,
    "hidden_size": 24,
    "num_hidden_layers": 1,
    "num_attention_heads": 12,
    "intermediate_size": 48,
    "max_position_embeddings": 32,
}


def tell_texts_apart(tower: torch.nn.Module) -> None:
    """An untrained BERT gives every text almost the same vector."""
    for parameter in tower.parameters():
        if parameter.ndim > 1:
            parameter.data *= 8


def write_biomedclip(folder: Path) -> Path:
    """BiomedCLIP: open_clip's configuration and pickled state dict, with smaller towers."""
    from medvlp.models.backends.biomedclip import BiomedClipNetwork

    torch.manual_seed(4)
    sizes = {"image_size": 64, "patch": 16, "width": 128, "heads": 2, "depth": 2}
    network = BiomedClipNetwork(sizes | {"feed_forward": 256, "common_width": 16, "text": BERT})
    torch.nn.init.normal_(network.visual.trunk.pos_embed, std=0.1)
    torch.nn.init.normal_(network.visual.trunk.cls_token, std=0.1)
    network.logit_scale.data.fill_(3.0)
    tell_texts_apart(network.text)
    state = network.state_dict()
    state["text.transformer.embeddings.position_ids"] = torch.arange(32)[None]
    torch.save(state, folder / "open_clip_pytorch_model.bin")
    vision = {"timm_model_name": "vit_base_patch16_224", "timm_proj": "linear", "image_size": 64}
    text = {"hf_proj_type": "mlp", "hf_pooler_type": "cls_last_hidden_state_pooler"}
    model = {"embed_dim": 16, "vision_cfg": vision, "text_cfg": text | {"context_length": 24}}
    shown = {
        "mean": [0.48145466, 0.4578275, 0.40821073],
        "std": [0.26862954, 0.26130258, 0.27577711],
    }
    settings = {"model_cfg": model, "preprocess_cfg": shown}
    (folder / "open_clip_config.json").write_text(json.dumps(settings))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# BiomedCLIP\n")
    return write_vocabulary(folder)


def write_biovil(folder: Path) -> Path:
    """BioViL-T: an image model and CXR-BERT, pickled, with a thinner ResNet."""
    from medvlp.models.backends.biovil import BiovilNetwork

    torch.manual_seed(6)
    sizes = {"stem": 8, "depths": [1, 1, 1, 1], "half_width": 16, "width": 32, "common_width": 12}
    network = BiovilNetwork(sizes | {"logit_scale": 10.0, "text": BERT})
    tell_texts_apart(network.text)
    for module in network.image.modules():  # untrained convolutions blur: places would mix
        if isinstance(module, torch.nn.Conv2d) and module.kernel_size == (3, 3):
            middle = module.weight.data[:, :, 1:2, 1:2].clone()
            module.weight.data *= 0.05
            module.weight.data[:, :, 1:2, 1:2] = 3 * middle
        if isinstance(module, torch.nn.BatchNorm2d):  # without offsets brightness turns no vector
            torch.nn.init.normal_(module.bias, std=0.3)
            module.weight.data *= 1.7
    network.image.projector["model"][3].bias.data.zero_()
    image = network.image.state_dict()
    image["encoder.encoder.fc.weight"] = torch.zeros(1000, 256)
    image["encoder.vit_pooler.type_embed"] = torch.zeros(2, 1, 16)
    torch.save(image, folder / "biovil_t_image_model_proj_size_128.pt")
    text = network.text.state_dict() | {"cls.predictions.bias": torch.zeros(32)}
    torch.save(text, folder / "pytorch_model.bin")
    (folder / "config.json").write_text(json.dumps({"model_type": "cxr-bert"} | BERT))
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# BioViL-T\n")
    return write_vocabulary(folder)


def write_raddino(folder: Path) -> Path:
    """RAD-DINO: DINOv2 of transformers, small; transformers writes the published names."""
    from transformers import Dinov2Config, Dinov2Model

    torch.manual_seed(8)
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "mlp_ratio": 2}
    model = Dinov2Model(Dinov2Config(image_size=56, patch_size=14, **sizes))
    for block in model.encoder.layer:  # untrained attention blurs: places would mix
        block.attention.o_proj.weight.data *= 0.2
    model.save_pretrained(folder)
    processor = {
        "do_center_crop": True,
        "size": {"shortest_edge": 56},
        "crop_size": {"height": 56, "width": 56},
        "resample": 3,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.25, 0.25, 0.25],
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(processor))
    (folder / "README.md").write_text("---\nlicense: mit\n---\nSee microsoft/rad-dino.\n")
    return folder


def write_ctclip(folder: Path) -> Path:
    """CT-CLIP: a pickled state dict with all that is published, small.

    The first half of a token is what its patch looks like, the second half is that it is even. Even
    patches have a code of their own, and layers hardly mix, so that places can be told apart.
    """
    from medvlp.models.backends.ctclip import CtClipNetwork

    torch.manual_seed(9)
    sizes = {"width": 32, "heads": 2, "head_width": 8, "feed_forward": 24, "codes": 64, "side": 16}
    sizes |= {"spatial_depth": 1, "temporal_depth": 1, "patch": 2, "slices": 3, "common_width": 16}
    network = CtClipNetwork(sizes | {"text": BERT})
    tell_texts_apart(network.text_transformer)
    vision = network.visual_transformer
    for name, parameter in vision.named_parameters():
        if name.endswith(("to_out.weight", "3.4.weight", "dsconv.weight", "dsconv.bias")):
            parameter.data *= 1e-3
    linear = vision.to_patch_emb["2"]
    torch.nn.init.normal_(linear.weight)
    linear.weight.data[16:] = 0
    linear.bias.data = torch.cat([torch.zeros(16), 0.1 * torch.randn(16)])
    even = torch.nn.functional.normalize(linear.bias.data, dim=0)
    codes = torch.randn(64, 32)
    codes[:, 0] = 2.0  # a share that all but the even ones have in common
    codes[:, 16:] = 0
    codes[0] = even
    vision.vq["_codebook"].embed.copy_(torch.nn.functional.normalize(codes, dim=-1)[None])
    shared = torch.zeros(16, 32)
    shared[1:, 1:16] = 0.25 * torch.randn(15, 15)
    shared[0, 0], shared[1, 16:] = 4.0, 3 * even[16:]
    shared = shared[:, None].expand(-1, 256, -1)
    network.to_visual_latent.weight.data = (shared + 0.003 * torch.randn(16, 256, 32)).flatten(1)
    network.temperature.data.fill_(2.0)
    state = network.state_dict()
    first = "visual_transformer.enc_spatial_transformer.layers.0.1."
    state |= {first + "null_kv": torch.zeros(2, 0, 8), first + "context_norm.gamma": torch.ones(32)}
    state |= {
        "visual_transformer.to_patch_emb_first_frame.1.weight": torch.ones(4),
        "visual_transformer.vq._codebook.initted": torch.ones(1),
        "visual_transformer.dec_spatial_transformer.norm_out.gamma": torch.ones(32),
        "to_visual_latent_extra.weight": torch.zeros(16, 8192),
        "text_transformer.embeddings.position_ids": torch.arange(32)[None],
    }
    torch.save(state, folder / "CT-CLIP_v2.pt")
    return write_vocabulary(folder)


def write_merlin(folder: Path) -> Path:
    """Merlin: a pickled state dict with all that is published, small, and RoBERTa's vocabulary files."""
    from medvlp.models.backends.merlin import MerlinNetwork

    torch.manual_seed(12)
    text = {"vocab_size": 48, "hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 1}
    text |= {"intermediate_size": 48, "max_position_embeddings": 130, "type_vocab_size": 1}
    text |= {"pad_token_id": 1}
    levels = [[1, 8, 32]] * 4
    network = MerlinNetwork({"stem": 8, "levels": levels, "common_width": 16, "text": text})
    tell_texts_apart(network.encode_text)
    for module in network.encode_image.modules():  # untrained convolutions blur: places would mix
        if isinstance(module, torch.nn.Conv3d) and module.kernel_size == (3, 3, 3):
            middle = module.weight.data[:, :, 1:2, 1:2, 1:2].clone()
            module.weight.data *= 0.01
            module.weight.data[:, :, 1:2, 1:2, 1:2] = 5 * middle
        if isinstance(module, torch.nn.BatchNorm3d):  # without offsets brightness turns no vector
            torch.nn.init.normal_(module.bias, std=0.3)
            module.weight.data *= 1.7
    network.logit_scale.data.fill_(2.0)
    state = network.state_dict()
    layer = "encode_text.text_encoder.encoder.layer.0.attention.self."
    state |= {f"{layer}{n}_global.weight": torch.zeros(64, 64) for n in ("query", "key", "value")}
    state |= {f"{layer}{n}_global.bias": torch.zeros(64) for n in ("query", "key", "value")}
    state |= {
        "encode_text.text_encoder.pooler.dense.weight": torch.zeros(64, 64),
        "encode_image.i3_resnet.classifier.weight": torch.zeros(1692, 32, 1, 1, 1),
        "encode_image.i3_resnet.classifier.bias": torch.zeros(1692),
    }
    name = "i3_resnet_clinical_longformer_best_clip_04-02-2024_23-21-36_epoch_99.pt"
    torch.save(state, folder / name)
    letters = "abcdefghijklmnopqrstuvwxyz"
    tokens = ["<s>", "<pad>", "</s>", "<unk>", "<mask>", "\u0120", *letters, *".,;-()0123456789"]
    (folder / "vocab.json").write_text(json.dumps({t: n for n, t in enumerate(tokens)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# Merlin\n")
    return folder


Write = Callable[[Path], Path]
LAYOUTS: dict[str, Write] = {
    "clip": write_clip,
    "siglip": write_siglip,
    "colipri": write_colipri,
    "biomedclip": write_biomedclip,
    "biovil": write_biovil,
    "raddino": write_raddino,
    "ctclip": write_ctclip,
    "merlin": write_merlin,
}
SMALLER = {
    "colipri": {"side_voxels": 24, "spacing_mm": 3.0},
    "biovil": {"image_size": 128, "resize_to": 146},
    "ctclip": {"spacing_mm": [2.5, 3.75, 3.75]},
    "merlin": {"spacing_mm": [0.5, 0.5, 1.0], "side_voxels": [160, 160, 80]},
}
"""Fields in which a tiny checkpoint differs from what the published one says."""


def write_bridged(source: Path, target: Path, name: str, known, overrides) -> None:
    """The model folder of RAD-DINO with our small text tower and a bridge that was not fitted."""
    from medvlp.models.backends.importing import write_model
    from medvlp.models.backends.raddino import text_bridge
    from medvlp.models.backends.raddino_import import Bridge, read_image_tower, with_bridge
    from medvlp.models.load import load_model

    texts = load_model("small", device="cpu")
    torch.manual_seed(10)
    made = text_bridge(texts.network.text.config.dim, 0, 32)
    tensors = {f"bridge.{k}": v.detach() for k, v in made.state_dict().items()}
    tensors |= {"image_mean": 0.05 * torch.randn(32), "logit_scale": torch.tensor(2.0)}
    parts = with_bridge(read_image_tower(source, known), texts, Bridge(0, tensors, {}))
    write_model(parts, source, target, name, known, overrides)
