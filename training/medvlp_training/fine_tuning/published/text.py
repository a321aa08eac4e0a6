"""The text tower of a published model as the objectives see one.

For the objectives a text is ``[first] tokens [last]`` padded with 0, and the state at its first place
stands for the text. Published towers differ: CLIP's summary is the state of the end token, SigLIP has no
first token and reads its own padding. The differences are made up for here.

Published towers have no learned prompts V+ and V-. A text that is to be read as absent is read behind the
word "no", which is how their users deny.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from medvlp.errors import MedVLPError
from medvlp.models.backends.network import PlanarNetwork, TextFeatures
from medvlp.models.text import ABSENT


@dataclass(frozen=True)
class PublishedTextConfig:
    """What methods ask of a text tower's shape."""

    hidden_size: int
    heads: int


@dataclass(frozen=True)
class TextForm:
    """How a published tower takes its texts.

    Parameters
    ----------
    starts
        Whether its texts have a first token of their own.
    pad_id
        Token of its padding.
    fixed_length
        Every text is padded to it; 0 for towers that mask their padding.
    denial
        Tokens of "no".
    """

    starts: bool
    pad_id: int
    fixed_length: int
    denial: tuple[int, ...]


class PublishedText(nn.Module):
    """The text tower; its weights belong to another module, which lists and saves them.

    A deep copy of a tower that is trained has weights of its own; one that is frozen shares them.

    Parameters
    ----------
    network
        Both towers.
    form
        Of its texts.
    """

    def __init__(self, network: PlanarNetwork, form: TextForm) -> None:
        super().__init__()
        vars(self)["network"] = network
        self.form = form
        self.config = PublishedTextConfig(network.text_width, heads_of(network.text_width))

    def __deepcopy__(self, memo: dict[int, Any]) -> PublishedText:
        if not self.is_trained:
            return PublishedText(self._network, self.form)
        network = copy.deepcopy(self._network, memo)
        copied = PublishedText(network, self.form)
        del vars(copied)["network"]
        copied.network = network
        return copied

    @property
    def is_trained(self) -> bool:
        """Whether any weight of the tower is."""
        names = self._network.text_names
        weights = self._network.holder.named_parameters()
        return any(weight.requires_grad for name, weight in weights if name.startswith(names))

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: Tensor | None = None
    ) -> Tensor:
        """Unit vectors ``(B, D)`` in the common space."""
        features, _ = self._read(input_ids, attention_mask, polarity)
        return F.normalize(features.pooled.float(), dim=-1)

    def pool(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: Tensor | None = None
    ) -> Tensor:
        """The state that the tower projects, ``(B, W)``."""
        return self._read(input_ids, attention_mask, polarity)[0].summary

    def hidden_states(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        polarity: Tensor | None = None,
        prompts: Tensor | None = None,
    ) -> Tensor:
        """States of the text's own tokens ``(B, L, W)``, the summary at the first place.

        Raises
        ------
        MedVLPError
            If prompt vectors are given: the tower has no place for them.
        """
        if prompts is not None:
            raise MedVLPError(
                "Prompt vectors were given to a published text tower, which has no place for them. "
                "Use a setting without learned prompts (umcl: context: unified)."
            )
        features, absent = self._read(input_ids, attention_mask, polarity)
        own = features.states[:, 1:] if self.form.starts else features.states
        count, length = len(self.form.denial), input_ids.shape[1] - 1
        if absent is not None:
            own = torch.where(absent[:, None, None], own.roll(-count, 1), own)
        return torch.cat([features.summary[:, None].to(own.dtype), own[:, :length]], dim=1)

    @torch.no_grad()
    def summary_attention(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """How much the summary has of each token, ``(B, L)``: rows sum to 1.

        The softmax of scaled dot products of their states: published towers show no attention [R].
        """
        states = self.hidden_states(input_ids, attention_mask).detach().float()
        scores = (states @ states[:, 0, :, None])[..., 0] / states.shape[-1] ** 0.5
        return scores.masked_fill(attention_mask == 0, torch.finfo(scores.dtype).min).softmax(-1)

    def freeze_layers(self, count: int) -> None:
        """Freeze the embeddings and the first layers."""
        embeddings, layers = self._network.text_layers
        for part in (embeddings, *layers[:count]):
            part.requires_grad_(False)

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return next(self._network.parameters()).device

    @property
    def layers(self) -> Sequence[nn.Module]:
        """The first one first."""
        return self._network.text_layers[1]

    @property
    def _network(self) -> PlanarNetwork:
        network: PlanarNetwork = self.network  # type: ignore[assignment]
        return network

    def _read(
        self, ids: Tensor, mask: Tensor, polarity: Tensor | None
    ) -> tuple[TextFeatures, Tensor | None]:
        """What the network makes of the texts, and which of them it read behind "no"."""
        absent = None
        if polarity is not None and bool((polarity == ABSENT).any()):
            absent = polarity == ABSENT
            ids, mask = self._denied(ids, absent), self._denied(mask, absent, ones=True)
        if not self.form.starts:
            ids, mask = ids[:, 1:], mask[:, 1:]
        missing = max(self.form.fixed_length - ids.shape[1], 0)
        ids = F.pad(
            ids.masked_fill(mask == 0, self.form.pad_id), (0, missing), value=self.form.pad_id
        )
        return self._network.read_texts(ids, F.pad(mask, (0, missing))), absent

    def _denied(self, rows: Tensor, absent: Tensor, ones: bool = False) -> Tensor:
        """Rows with the denial behind the first place where ``absent``, with padding elsewhere."""
        count = len(self.form.denial)
        denial = rows.new_tensor([1] * count if ones else self.form.denial).expand(len(rows), -1)
        behind = torch.cat([rows[:, :1], denial, rows[:, 1:]], dim=1)
        return torch.where(absent[:, None], behind, F.pad(rows, (0, count)))


def heads_of(width: int) -> int:
    """Attention heads of a block that a method adds: of 64 each, or as near as divides the width."""
    wanted = max(width // 64, 1)
    return next(n for n in range(wanted, 0, -1) if width % n == 0)
