"""Configuration of the unified 2D/3D image-text model, and its three sizes."""

from __future__ import annotations

from typing import Any

from transformers import PretrainedConfig

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


class UnifiedConfig(PretrainedConfig):
    """Shape of :class:`~medvlp.models.unified.UnifiedModel`.

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

    model_type = "medvlp-unified"

    def __init__(
        self,
        stem_channels: tuple[int, ...] = (64, 128),
        image_stem_channels: tuple[int, ...] = (96, 192),
        hidden_size: int = 384,
        num_hidden_layers: int = 6,
        num_attention_heads: int = 6,
        mlp_ratio: float = 4.0,
        embedding_size: int = 128,
        windows: tuple[tuple[float, float], ...] = ((-1000, 1000), (-160, 240), (-1000, -400)),
        image_size: int = 384,
        text: dict[str, Any] | None = None,
        prompt_length: int = 8,
        **kwargs: Any,
    ) -> None:
        self.stem_channels = tuple(stem_channels)
        self.image_stem_channels = tuple(image_stem_channels)
        self.hidden_size = hidden_size
        self.num_hidden_layers = num_hidden_layers
        self.num_attention_heads = num_attention_heads
        self.mlp_ratio = mlp_ratio
        self.embedding_size = embedding_size
        self.windows = tuple((float(low), float(high)) for low, high in windows)
        self.image_size = image_size
        self.text = dict(text or {})
        self.prompt_length = prompt_length
        super().__init__(**kwargs)

    @classmethod
    def of_size(cls, size: str, **overrides: Any) -> UnifiedConfig:
        """Configuration of a named size: ``"tiny"``, ``"small"`` or ``"base"``."""
        return cls(**(SIZES[size] | overrides))
