"""Text against encoding: the product that everything else here rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import ModelMismatchError

if TYPE_CHECKING:
    from medvlp.grounding.query import Query
    from medvlp.models.encoding import Encoding
    from medvlp.models.protocol import GroundingModel


@dataclass(frozen=True, eq=False)
class Similarities:
    """Logits of several queries.

    Parameters
    ----------
    dense
        ``(queries, *token shape)`` float32.
    pooled
        ``(queries,)`` float32.
    """

    dense: NDArray[np.float32]
    pooled: NDArray[np.float32]


def check_same_model(model: GroundingModel, encoding: Encoding) -> None:
    """Refuse an encoding that another model made.

    Raises
    ------
    ModelMismatchError
        If the ids differ.
    """
    if encoding.model_id != model.model_id:
        raise ModelMismatchError(
            f"This encoding was made by {encoding.model_id} and cannot be read by "
            f"{model.model_id}. Encode the scan again with this model."
        )


def ensemble_vectors(
    model: GroundingModel, ensembles: Sequence[Sequence[str]]
) -> NDArray[np.float32]:
    """``(n, D)``: the normalised mean of the embeddings of each ensemble's texts.

    Prompt ensembling in embedding space (Radford et al., CLIP, 2021, section 3.1.4). An empty
    ensemble is a zero vector.
    """
    texts = list(dict.fromkeys(text for ensemble in ensembles for text in ensemble))
    if not texts:
        raise ValueError("No texts to embed.")
    table = dict(zip(texts, model.embed_text(texts), strict=True))
    width = len(table[texts[0]])
    means = np.stack([np.sum([np.zeros(width), *(table[t] for t in e)], axis=0) for e in ensembles])
    norms = np.linalg.norm(means, axis=1, keepdims=True)
    return (means / np.where(norms > 0, norms, 1.0)).astype(np.float32)


def similarities(
    model: GroundingModel, encoding: Encoding, queries: Sequence[Query]
) -> Similarities:
    r"""Logits of every query in every cell, and of the whole scan.

    With the query's positive vector :math:`v`, its negative vector :math:`u` and the calibration's
    negative weight :math:`\nu`, a cell :math:`c` scores
    :math:`s\,(\langle c, v\rangle - \nu \langle c, u\rangle) + b`, where :math:`s, b` are the
    model's logit scale and bias.
    """
    positives = ensemble_vectors(model, [query.positives for query in queries])
    weight = model.calibration.negative_weight
    if weight > 0 and any(query.negatives for query in queries):
        positives = positives - weight * ensemble_vectors(model, [q.negatives for q in queries])
    vectors = positives.astype(np.float32)
    scale, bias = np.float32(model.logit_scale), np.float32(model.logit_bias)
    dense = np.asarray((scale * vectors) @ encoding.matrix.T, dtype=np.float32)
    dense += bias
    pooled = np.asarray((scale * vectors) @ encoding.pooled + bias, dtype=np.float32)
    return Similarities(dense.reshape(len(queries), *encoding.geometry.shape), pooled)
