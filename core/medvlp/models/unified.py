"""The whole model as transformers keeps it: ``save_pretrained``, ``from_pretrained``."""

from __future__ import annotations

from dataclasses import asdict
from typing import cast

from torch import nn
from transformers import PreTrainedModel

from medvlp.models.config import UnifiedConfig
from medvlp.models.network import UnifiedNetwork
from medvlp.models.shape import UnifiedShape


class UnifiedModel(UnifiedNetwork, PreTrainedModel):
    """:class:`~medvlp.models.network.UnifiedNetwork` in the conventions of transformers.

    Training and export use it. A model that is only asked is a plain network
    (:func:`medvlp.models.weights.load_network`), which is there without importing transformers.
    """

    config: UnifiedConfig
    config_class = UnifiedConfig
    base_model_prefix = "medvlp"

    def __init__(self, config: UnifiedConfig) -> None:
        PreTrainedModel.__init__(self, config)
        self.build(config)
        self.post_init()

    @classmethod
    def of_network(cls, network: UnifiedNetwork) -> UnifiedModel:
        """A copy of a loaded network."""
        model = cls(UnifiedConfig(**asdict(cast(UnifiedShape, network.config))))
        model.load_state_dict(network.state_dict())
        return model

    def _init_weights(self, module: nn.Module) -> None:
        """Keep the initialisation that torch's layers give themselves."""
