"""The text tower: a BERT encoder with learned continuous prompts, projected to the common space.

Two prompts of vectors are learned, V+ for "as stated" and V- for "absent" (continuous prompts as in
UMCL, Wang, arXiv 2307.05920). They enter at the embedding layer after the first token::

    [CLS] V_1 ... V_M  token_1 ... token_L [SEP]

so that ``embed("pleural effusion", V-)`` is the learned counterpart of "no pleural effusion".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from medvlp.errors import ModelMismatchError
from medvlp.models.bert import BertEncoder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

PRESENT, ABSENT = 0, 1
"""Values of ``polarity``: the prompt V+ (the text as it stands) and V- (its absence)."""


@dataclass(frozen=True)
class TextConfig:
    """Size of the tower; the defaults are MiniLM-L6's."""

    vocab_size: int = 30522
    hidden_size: int = 384
    layers: int = 6
    heads: int = 12
    intermediate_size: int = 1536
    max_positions: int = 512
    dim: int = 128
    n_prompts: int = 8
    dropout: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """Plain values, for a model folder's ``config.json``."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TextConfig:
        """From ``to_dict``; unknown keys are ignored."""
        known = {field.name for field in fields(cls)}
        return cls(**{key: value for key, value in values.items() if key in known})


class TextTower(nn.Module):
    """Tokens to one unit vector per text.

    Parameters
    ----------
    config
        Sizes. The weights are random: a trained state dict is loaded on top.

    Attributes
    ----------
    prompts
        ``(2, n_prompts, hidden_size)``: V+ and V-.
    """

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        self.config = config
        self.bert = BertEncoder(
            vocab_size=config.vocab_size,
            hidden_size=config.hidden_size,
            layers=config.layers,
            heads=config.heads,
            intermediate_size=config.intermediate_size,
            max_positions=config.max_positions,
            dropout=config.dropout,
        )
        self.prompts = nn.Parameter(torch.empty(2, config.n_prompts, config.hidden_size))
        nn.init.normal_(self.prompts, std=0.02)
        self.projection = nn.Linear(config.hidden_size, config.dim)

    @property
    def device(self) -> torch.device:
        """Where its weights are."""
        return self.prompts.device

    @property
    def layers(self) -> Sequence[nn.Module]:
        """The first one first."""
        return list(self.bert.encoder.layer)

    def freeze_layers(self, count: int) -> None:
        """Freeze the embeddings and the first layers."""
        for part in (self.bert.embeddings, *self.layers[:count]):
            part.requires_grad_(False)

    def forward(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: Tensor | None = None
    ) -> Tensor:
        """Embed a padded batch of texts.

        Parameters
        ----------
        input_ids, attention_mask
            ``(batch, length)`` int64; the first token is ``[CLS]``.
        polarity
            ``(batch,)`` int64 of ``PRESENT`` or ``ABSENT``; all present if omitted.

        Returns
        -------
        Tensor
            ``(batch, dim)`` L2-normalised.
        """
        return nn.functional.normalize(
            self.projection(self.pool(input_ids, attention_mask, polarity)).float(), dim=-1
        )

    def pool(
        self, input_ids: Tensor, attention_mask: Tensor, polarity: Tensor | None = None
    ) -> Tensor:
        """Mean of the last hidden state over the text's own tokens, ``(batch, hidden_size)``."""
        return mean_state(self.hidden_states(input_ids, attention_mask, polarity), attention_mask)

    def hidden_states(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        polarity: Tensor | None = None,
        prompts: Tensor | None = None,
    ) -> Tensor:
        """Last hidden state of the text's own tokens, ``(batch, length, hidden_size)``.

        ``prompts (batch, any number, hidden_size)`` stand in for those of ``polarity``.
        """
        batch, length = input_ids.shape
        if polarity is None:
            polarity = input_ids.new_zeros(batch)
        words = self.bert.embeddings.word_embeddings(input_ids)
        prompts = (self.prompts[polarity] if prompts is None else prompts).to(words.dtype)
        embedded = torch.cat([words[:, :1], prompts, words[:, 1:]], dim=1)
        count = prompts.shape[1]
        mask = torch.cat(
            [attention_mask[:, :1], attention_mask.new_ones(batch, count), attention_mask[:, 1:]], 1
        )
        # The text keeps its own positions: prompts share position 0, and carry their order themselves.
        steps = torch.arange(length, device=input_ids.device)
        positions = torch.cat([steps[:1], steps.new_zeros(count), steps[1:]]).expand(batch, -1)
        hidden = self.bert(embedded, mask, positions)
        return torch.cat([hidden[:, :1], hidden[:, 1 + count :]], dim=1)


def mean_state(states: Tensor, attention_mask: Tensor) -> Tensor:
    """Mean of ``states (batch, length, width)`` over the tokens that are no padding."""
    weight = attention_mask.unsqueeze(-1).to(states.dtype)
    return (states * weight).sum(1) / weight.sum(1).clamp(min=1)


def load_tokenizer(folder: Path, max_tokens: int = 128) -> Tokenizer:
    """The tokenizer of a model folder (``tokenizer.json``), padding batches and cutting long texts.

    Raises
    ------
    ModelMismatchError
        If the folder has no readable ``tokenizer.json``.
    """
    from tokenizers import Tokenizer

    path = Path(folder) / "tokenizer.json"
    if not path.is_file():
        raise ModelMismatchError(
            f"{folder} has no tokenizer.json: a model folder needs the tokenizer its text tower was "
            "trained with. Get the folder again."
        )
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the tokenizers library raises bare Exception
        raise ModelMismatchError(f"{path} is not a tokenizer ({error}).") from error
    tokenizer.enable_truncation(max_tokens)
    tokenizer.enable_padding()
    return tokenizer


def tokenize(tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
    """``input_ids`` and ``attention_mask``, each ``(len(texts), longest)`` int64."""
    encoded = tokenizer.encode_batch(list(texts))
    ids = torch.tensor([item.ids for item in encoded], dtype=torch.int64)
    mask = torch.tensor([item.attention_mask for item in encoded], dtype=torch.int64)
    return ids, mask


@torch.inference_mode()
def embed_texts(
    tower: TextTower,
    tokenizer: Tokenizer,
    texts: Sequence[str],
    polarity: int | Sequence[int] = PRESENT,
    batch_size: int = 64,
) -> NDArray[np.float32]:
    """Unit vectors of ``texts``, ``(len(texts), dim)`` float32; the tower is left in its mode."""
    if not texts:
        return np.zeros((0, tower.config.dim), np.float32)
    device = tower.device
    signs = [polarity] * len(texts) if isinstance(polarity, int) else list(polarity)
    training = tower.training
    tower.eval()
    try:
        parts = []
        for start in range(0, len(texts), batch_size):
            ids, mask = tokenize(tokenizer, texts[start : start + batch_size])
            sign = torch.tensor(signs[start : start + batch_size], device=device)
            parts.append(tower(ids.to(device), mask.to(device), sign).float().cpu().numpy())
    finally:
        tower.train(training)
    return np.concatenate(parts)
