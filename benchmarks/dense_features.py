"""Which path from a patch to the space of the pooled vector finds things best.

    python -m benchmarks.dense_features

Published weights cannot be part of this repository, so small CLIP and SigLIP models of transformers
are trained here, from pooled vectors alone, on pictures of two shapes each under a caption that names
both. Then each shape is asked for by its name, and the map of every variant is compared with where
the shape is. Pointing: share of queries whose hottest cell touches the shape. AUROC: of the cells
that touch it against the others. Mean and range over two seeds. Writes dense_features.json.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from scipy.stats import rankdata
from torch import Tensor
from torch.nn import functional as F
from transformers import CLIPConfig, CLIPModel, SiglipConfig, SiglipModel

from medvlp.models.backends.dual import head_alone, value_path

RESULT = Path(__file__).with_suffix(".json")
SIZE, PATCH, RADIUS = 40, 8, 5
SHAPES = ("disk", "ring", "cross", "bar")
FIRST, LAST, LENGTH = 1, 2, 4
SEEDS = (0, 1)
STEPS = {"clip": 1200, "siglip": 3000}
"""SigLIP's loss learns more slowly from batches as small as these."""
BATCH, EVALUATED, RATE = 48, 384, 2e-3
Variants = dict[str, Callable[[Any, Tensor], Tensor]]


def shape_mask(name: str, offsets: np.ndarray) -> np.ndarray:
    """Pixels of a shape around its middle, from offsets ``(2, rows, columns)``."""
    y, x = offsets
    far = np.hypot(y, x)
    near = np.maximum(abs(y), abs(x))
    masks = {
        "disk": far <= RADIUS,
        "ring": (far <= RADIUS) & (far >= RADIUS - 2),
        "cross": (near <= RADIUS) & (np.minimum(abs(y), abs(x)) <= 1),
        "bar": (abs(y) <= 1) & (abs(x) <= RADIUS),
    }
    return masks[name]


def pictures(count: int, seed: int) -> tuple[Tensor, np.ndarray, np.ndarray]:
    """Pictures ``(n, 3, size, size)``, which shapes ``(n, 2)``, and their masks ``(n, 2, ...)``."""
    random = np.random.default_rng(seed)
    grid = np.indices((SIZE, SIZE))
    images = random.normal(0, 0.15, (count, SIZE, SIZE))
    which = np.stack([random.choice(len(SHAPES), 2, replace=False) for _ in range(count)])
    masks = np.zeros((count, 2, SIZE, SIZE), dtype=bool)
    for n in range(count):
        middles: list[np.ndarray] = []
        while len(middles) < 2:
            middle = random.integers(RADIUS, SIZE - RADIUS, 2)
            if all(np.abs(middle - m).max() > 2 * RADIUS + 2 for m in middles):
                middles.append(middle)
        for slot, middle in enumerate(middles):
            offsets = grid - middle[:, None, None]
            masks[n, slot] = shape_mask(SHAPES[which[n, slot]], offsets)
            images[n][masks[n, slot]] += random.uniform(0.7, 1.0)
    pixels = torch.from_numpy(images.astype(np.float32))[:, None].expand(-1, 3, -1, -1)
    return pixels.contiguous(), which, masks


def captions(words: np.ndarray) -> Tensor:
    """Tokens ``(n, length)`` of the named shapes."""
    ids = np.full((len(words), LENGTH), LAST)
    ids[:, 0] = FIRST
    ids[:, 1 : 1 + words.shape[1]] = np.sort(words, axis=1) + LAST + 1
    return torch.from_numpy(ids)


def small_model(kind: str) -> Any:
    """Three blocks of width 64, 5 x 5 patches."""
    sizes = {"num_hidden_layers": 3, "num_attention_heads": 4}
    vision = sizes | {"hidden_size": 64, "intermediate_size": 192, "image_size": SIZE}
    vision["patch_size"] = PATCH
    text = {"num_hidden_layers": 1, "num_attention_heads": 4, "hidden_size": 64}
    text |= {"intermediate_size": 128, "vocab_size": LAST + 1 + len(SHAPES)}
    text |= {"max_position_embeddings": LENGTH, "eos_token_id": LAST, "bos_token_id": FIRST}
    text["pad_token_id"] = 0
    if kind == "clip":
        return CLIPModel(CLIPConfig(text_config=text, vision_config=vision, projection_dim=64))
    text["projection_size"] = 64
    model = SiglipModel(SiglipConfig(text_config=text, vision_config=vision))
    model.logit_scale.data.fill_(np.log(10.0))
    model.logit_bias.data.fill_(-10.0)
    return model


def loss_of(kind: str, model: Any, pixels: Tensor, ids: Tensor, words: np.ndarray) -> Tensor:
    """CLIP's softmax or SigLIP's sigmoid loss; pictures with equal captions are all right."""
    same = torch.from_numpy((np.sort(words)[:, None] == np.sort(words)[None]).all(-1))
    logits = model(input_ids=ids, pixel_values=pixels).logits_per_image
    if kind == "clip":
        targets = same.float() / same.sum(1, keepdim=True)
        return (F.cross_entropy(logits, targets) + F.cross_entropy(logits.T, targets)) / 2
    return -F.logsigmoid(torch.where(same, logits, -logits)).sum(1).mean()


def train(kind: str, seed: int, steps: int) -> Any:
    """From pooled vectors alone; one in three captions names one shape."""
    torch.manual_seed(seed)
    model = small_model(kind).train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=steps)
    for step in range(steps):
        pixels, words, _ = pictures(BATCH, seed * 1_000_000 + step)
        if step % 3 == 0:
            words = words[:, :1]
        loss = loss_of(kind, model, pixels, captions(words), words)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        schedule.step()
    return model.eval()


def clip_tokens(model: Any, pixels: Tensor) -> tuple[Tensor, Any]:
    """Tokens before the last block, and that block."""
    vision = model.vision_model
    hidden = vision.embeddings(pixels)
    hidden = vision.pre_layrnorm(hidden) if hasattr(vision, "pre_layrnorm") else hidden
    *blocks, last = vision.encoder.layers
    for block in blocks:
        hidden = block(hidden, None)
    return hidden, last


def clip_variants() -> Variants:
    def project(model: Any, tokens: Tensor) -> Tensor:
        return model.visual_projection(model.vision_model.post_layernorm(tokens))

    def plain(model: Any, pixels: Tensor) -> Tensor:
        hidden, last = clip_tokens(model, pixels)
        return project(model, last(hidden, None)[:, 1:])

    def maskclip(model: Any, pixels: Tensor) -> Tensor:
        hidden, last = clip_tokens(model, pixels)
        return project(model, value_path(last, hidden[:, 1:]))

    def bare(model: Any, pixels: Tensor) -> Tensor:
        hidden, last = clip_tokens(model, pixels)
        values = last.self_attn.v_proj(last.layer_norm1(hidden[:, 1:]))
        return project(model, last.self_attn.out_proj(values))

    return {
        "patch tokens, projected": plain,
        "value path with residual and feed-forward (chosen)": maskclip,
        "values alone": bare,
    }


def siglip_variants() -> Variants:
    def normed(model: Any, tokens: Tensor) -> Tensor:
        return model.vision_model.post_layernorm(tokens)

    def plain(model: Any, pixels: Tensor) -> Tensor:
        hidden, last = clip_tokens(model, pixels)
        return normed(model, last(hidden, None))

    def alone(model: Any, pixels: Tensor) -> Tensor:
        return head_alone(model.vision_model.head, plain(model, pixels))

    def both(model: Any, pixels: Tensor) -> Tensor:
        hidden, last = clip_tokens(model, pixels)
        return head_alone(model.vision_model.head, normed(model, value_path(last, hidden)))

    return {
        "patch tokens": plain,
        "pooling head on each patch": alone,
        "value path of the last block, then the head (chosen)": both,
    }


@torch.inference_mode()
def evaluate(model: Any, dense: Callable[[Any, Tensor], Tensor], seed: int) -> dict[str, float]:
    """Pointing accuracy and AUROC over queries of one shape."""
    pixels, which, masks = pictures(EVALUATED, 10_000_000 + seed)
    names = captions(np.arange(len(SHAPES))[:, None])
    texts = F.normalize(model.get_text_features(input_ids=names).pooler_output, dim=-1)
    cells = F.normalize(dense(model, pixels), dim=-1)
    side = SIZE // PATCH
    blocks = masks.reshape(EVALUATED, 2, side, PATCH, side, PATCH)
    touched = np.asarray(blocks.any(axis=(3, 5)))
    hits, areas = [], []
    for n in range(EVALUATED):
        for slot in range(2):
            heat = (cells[n] @ texts[which[n, slot]]).numpy()
            inside = touched[n, slot].ravel()
            hits.append(inside[heat.argmax()])
            ranks, count = rankdata(heat), inside.sum()
            above = ranks[inside].sum() - count * (count + 1) / 2
            areas.append(above / (count * (len(heat) - count)))
    return {"pointing": float(np.mean(hits)), "auroc": float(np.mean(areas))}


@torch.inference_mode()
def recognised(model: Any, seed: int) -> float:
    """Share of pictures whose two shapes are the two that the pooled vector is closest to."""
    pixels, which, _ = pictures(EVALUATED, 20_000_000 + seed)
    names = captions(np.arange(len(SHAPES))[:, None])
    texts = F.normalize(model.get_text_features(input_ids=names).pooler_output, dim=-1)
    image = F.normalize(model.get_image_features(pixel_values=pixels).pooler_output, dim=-1)
    best = (image @ texts.T).topk(2).indices.numpy()
    return float((np.sort(best) == np.sort(which)).all(axis=1).mean())


def summary(rows: list[dict[str, float]], key: str) -> dict[str, Any]:
    """Mean and range over seeds."""
    values = [row[key] for row in rows]
    ends = [round(min(values), 3), round(max(values), 3)]
    return {"mean": round(float(np.mean(values)), 3), "range": ends}


def main() -> None:
    families = {"clip": clip_variants(), "siglip": siglip_variants()}
    scores: dict[str, dict[str, list[dict[str, float]]]] = {k: {} for k in families}
    known: dict[str, list[float]] = {}
    for seed in SEEDS:
        for kind, variants in families.items():
            model = train(kind, seed, STEPS[kind])
            known.setdefault(kind, []).append(recognised(model, seed))
            for name, dense in variants.items():
                scores[kind].setdefault(name, []).append(evaluate(model, dense, seed))
            results = {
                kind: {
                    name: {key: summary(rows, key) for key in ("pointing", "auroc")}
                    for name, rows in found.items()
                }
                for kind, found in scores.items()
            }
            command = "python -m benchmarks.dense_features"
            report = {"command": command, "steps": STEPS, "seeds": seed + 1, "results": results}
            report["recognised"] = {k: [round(x, 3) for x in v] for k, v in known.items()}
            RESULT.write_text(json.dumps(report, indent=2) + "\n")
            print(json.dumps(report, indent=2), flush=True)


if __name__ == "__main__":
    main()
