"""The unified model's configuration as transformers keeps it."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any

from transformers import PretrainedConfig

from medvlp.models.shape import SIZES, UnifiedShape


class UnifiedConfig(PretrainedConfig):
    """:class:`~medvlp.models.shape.UnifiedShape` as a configuration of transformers, with the same fields."""

    model_type = "medvlp-unified"

    if TYPE_CHECKING:
        stem_channels: tuple[int, ...]
        image_stem_channels: tuple[int, ...]
        hidden_size: int
        num_hidden_layers: int
        num_attention_heads: int
        mlp_ratio: float
        embedding_size: int
        windows: tuple[tuple[float, float], ...]
        image_size: int
        text: dict[str, Any]
        prompt_length: int

    def __init__(self, **kwargs: Any) -> None:
        names = {field.name for field in fields(UnifiedShape)}
        shape = UnifiedShape.from_dict({n: kwargs.pop(n) for n in names & kwargs.keys()})
        for name in names:
            setattr(self, name, getattr(shape, name))
        super().__init__(**kwargs)

    @classmethod
    def of_size(cls, size: str, **overrides: Any) -> UnifiedConfig:
        """Configuration of a named size: ``"tiny"``, ``"small"`` or ``"base"``."""
        return cls(**(SIZES[size] | overrides))
