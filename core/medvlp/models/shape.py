"""Shape of the unified 2D/3D image-text model, and its three sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

SIZES: dict[str, dict[str, Any]] = {
    "tiny": {
        "stem_channels": (8, 16),
        "image_stem_channels": (8, 16),
        "hidden_size": 32,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "embedding_size": 16,
        "image_size": 96,
        "text": {
            "vocab_size": 30522,
            "hidden_size": 32,
            "layers": 1,
            "heads": 2,
            "intermediate_size": 64,
        },
    },
    "small": {},
    "base": {
        "stem_channels": (96, 192),
        "image_stem_channels": (128, 256),
        "hidden_size": 768,
        "num_hidden_layers": 12,
        "num_attention_heads": 12,
        "image_size": 512,
    },
}


@dataclass(frozen=True)
class UnifiedShape:
    """Shape of :class:`~medvlp.models.network.UnifiedNetwork`.

    Parameters
    ----------
    stem_channels
        Channels of the CT tokeniser at the dense grid and at half its resolution.
    image_stem_channels
        The same of the X-ray tokeniser.
    hidden_size, num_hidden_layers, num_attention_heads, mlp_ratio
        The transformer shared by 2D and 3D tokens.
    embedding_size
        D of the joint image-text space.
    windows
        ``(low, high)`` HU of each CT input channel.
    image_size
        Side in pixels of the square X-ray input. The dense grid has ``image_size / 8`` cells a side.
    text
        Fields of
        :class:`medvlp.models.text.TextConfig`.
    prompt_length
        Learned continuous prompt vectors per polarity (UMCL).
    """

    stem_channels: tuple[int, ...] = (64, 128)
    image_stem_channels: tuple[int, ...] = (96, 192)
    hidden_size: int = 384
    num_hidden_layers: int = 6
    num_attention_heads: int = 6
    mlp_ratio: float = 4.0
    embedding_size: int = 128
    windows: tuple[tuple[float, float], ...] = (
        (-1000.0, 1000.0),
        (-160.0, 240.0),
        (-1000.0, -400.0),
    )
    image_size: int = 384
    text: dict[str, Any] = field(default_factory=dict)
    prompt_length: int = 8

    def __post_init__(self) -> None:
        if self.hidden_size % self.num_attention_heads:
            raise ValueError(
                f"hidden_size {self.hidden_size} is no multiple of num_attention_heads "
                f"{self.num_attention_heads}."
            )

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> UnifiedShape:
        """From a model folder's ``config.json``; keys that are none of ours are ignored."""
        known = {f.name: values[f.name] for f in fields(cls) if values.get(f.name) is not None}
        for name in ("stem_channels", "image_stem_channels"):
            if name in known:
                known[name] = tuple(known[name])
        if "windows" in known:
            known["windows"] = tuple((float(low), float(high)) for low, high in known["windows"])
        return cls(**known | {"text": dict(known.get("text", {}))})
