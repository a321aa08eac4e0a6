"""Queries on an encoding: where, and whether."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.abstention import reason_to_abstain
from medvlp.grounding.anatomy import known_organs
from medvlp.grounding.finding_region import finding_prior, logarithm
from medvlp.grounding.heatmap import Heatmap
from medvlp.grounding.regions import (
    INSIDE,
    neighbourhood,
    scan_geometry_of,
    side_weights,
)
from medvlp.grounding.scan_score import scan_score, top_mean
from medvlp.grounding.similarity import check_same_model, similarities

if TYPE_CHECKING:
    from medvlp.geometry import Geometry
    from medvlp.grounding.calibration import Calibration
    from medvlp.grounding.query import Query
    from medvlp.models.encoding import Encoding
    from medvlp.models.protocol import GroundingModel


def ground(
    model: GroundingModel, enc: Encoding, queries: str | Sequence[str | Query]
) -> list[Heatmap]:
    """Answer queries on an encoded scan.

    Parameters
    ----------
    model
        That made the encoding.
    enc
        Of the scan.
    queries
        Texts as typed, or parsed queries.

    Returns
    -------
    list of Heatmap
        One per query, in order. A query that cannot be answered abstains and says why: its map is
        zero and its probability None.

    Raises
    ------
    QueryError
        If a text is empty or far too long.
    ModelMismatchError
        If another model made the encoding.
    """
    from medvlp.grounding.query import parse_query

    check_same_model(model, enc)
    texts = [queries] if isinstance(queries, str) else queries
    parsed = [parse_query(text) if isinstance(text, str) else text for text in texts]
    scan = scan_geometry_of(enc)
    maps = {}
    for i, query in enumerate(parsed):
        reason = reason_to_abstain(model.calibration, enc, query)
        if reason:
            maps[i] = _abstained(query, enc, scan, reason)
    asked = [i for i in range(len(parsed)) if i not in maps]
    if asked:
        wide = _wider_questions([parsed[i] for i in asked])
        similar = similarities(model, enc, [*wide, *(parsed[i] for i in asked)])
        logits = list(zip(similar.dense, map(float, similar.pooled), strict=True))
        limits = {
            query.concept: _answer(model.calibration, enc, scan, query, *row).score
            for query, row in zip(wide, logits[: len(wide)], strict=True)
        }
        for i, row in zip(asked, logits[len(wide) :], strict=True):
            limit = limits[parsed[i].concept] if _is_narrow(parsed[i]) else None
            maps[i] = _answer(model.calibration, enc, scan, parsed[i], *row, limit)
    return [maps[i] for i in range(len(parsed))]


def _is_narrow(query: Query) -> bool:
    """Whether a finding is asked for on one side or in one place."""
    is_organ = query.concept is None or query.concept.kind == "organ"
    return not is_organ and (query.laterality is not None or bool(query.locations))


def _wider_questions(queries: Sequence[Query]) -> list[Query]:
    """Whether a finding is there at all, for each that is asked for in a part.

    "Left pleural effusion" implies "pleural effusion" but has words, and so a vector, of its own.
    """
    from medvlp.grounding.query import parse_query

    concepts = dict.fromkeys(q.concept for q in queries if q.concept and _is_narrow(q))
    return [parse_query(concept.preferred) for concept in concepts]


def _abstained(query: Query, enc: Encoding, scan: Geometry, reason: str) -> Heatmap:
    return Heatmap(
        query=query,
        values=np.zeros(enc.geometry.shape, dtype=np.float32),
        geometry=enc.geometry,
        scan_geometry=scan,
        probability=None,
        abstained=True,
        reason=reason,
        explanation=query.explanation,
    )


def _answer(
    calibration: Calibration,
    enc: Encoding,
    scan: Geometry,
    query: Query,
    dense: NDArray[np.float32],
    pooled: float,
    highest_score: float | None = None,
) -> Heatmap:
    prior, log_prior = finding_prior(query.concept, enc)
    side, where = side_to_restrict(query), located_in(query, enc)
    if side is not None:
        prior = prior * side_weights(enc, side)
    if where is not None:
        prior = prior * where
    restricted = side is not None or where is not None
    values, score, probability = answer_within(
        calibration,
        query,
        enc,
        dense,
        pooled,
        prior,
        enc.geometry,
        restricted=restricted,
        log_prior=None if restricted else log_prior,
        highest_score=highest_score,
    )
    return Heatmap(
        query=query,
        values=values,
        geometry=enc.geometry,
        scan_geometry=scan,
        probability=probability,
        score=score,
        explanation=_explain(query, side),
    )


def answer_within(
    calibration: Calibration,
    query: Query,
    enc: Encoding,
    dense: NDArray[np.float32],
    pooled: float,
    prior: NDArray[np.floating],
    geometry: Geometry,
    *,
    restricted: bool,
    log_prior: NDArray[np.float32] | None = None,
    highest_score: float | None = None,
) -> tuple[NDArray[np.float32], float, float]:
    r"""Heat, scan-level score and probability of a query where ``prior`` allows it.

    The prior :math:`\pi` of a cell multiplies its odds: the cell's logit becomes
    :math:`l + \log \pi`, its heat :math:`\sigma(l + \log \pi)`.

    Parameters
    ----------
    calibration
        Of the model.
    query
        The question.
    enc
        Of the scan; only its modality is used.
    dense
        ``(*shape)`` logits of the cells.
    pooled
        Logit of the whole scan.
    prior
        ``(*shape)`` in [0, 1]; cells of 0 are out of the question.
    geometry
        Of these cells.
    restricted
        Whether only part of the scan is asked about. The pooled vector knows no places, so it may
        then lower the score but not raise it.
    log_prior
        Logarithm of ``prior``, where the caller knows it already.
    highest_score
        Of the wider question that this one implies: it cannot be more probable.

    Returns
    -------
    tuple
        Heat ``(*shape)`` float32; score; probability of what was asked.
    """
    logits, least = dense, prior.min()
    if least < 1:
        logits = dense + (logarithm(prior) if log_prior is None else log_prior)
    heat = _sigmoid(logits)
    if least <= 0:
        heat *= prior > 0
    if restricted:
        pooled = min(pooled, top_mean(logits, geometry))
    score = scan_score(logits, pooled, geometry, calibration.pooled_weight)
    if highest_score is not None:
        score = min(score, highest_score)
    concept = query.concept.name if query.concept is not None else None
    probability = calibration.probability(concept, score, enc.modality)
    return heat, score, 1.0 - probability if query.polarity == "absent" else probability


def _sigmoid(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """In place after the first step: several times as fast here as scipy's expit.

    Not by torch: its threads go on spinning for a while, and the next numpy product waits for them.
    """
    out = np.negative(logits)
    with np.errstate(over="ignore"):  # of an impossible cell: 1 / (1 + inf) is the 0 it should be
        np.exp(out, out=out)
    out += 1
    return np.reciprocal(out, out=out)


def side_to_restrict(query: Query) -> Literal["left", "right"] | None:
    """The side asked for, where the concept does not name it already ("left kidney" does)."""
    if query.concept is not None and query.concept.laterality is not None:
        return None
    return query.laterality if query.laterality in ("left", "right") else None


def located_in(query: Query, enc: Encoding) -> NDArray[np.float32] | None:
    """``(*token shape)``: 1 in and around the organs that the query names as places.

    None where it names none, or none that the organ head knows.
    """
    organs = known_organs(query.locations, tuple(enc.organs))
    masks = [enc.organs[organ] >= INSIDE for organ in organs]
    if not masks:
        return None
    region = neighbourhood(np.any(masks, axis=0), enc.geometry)
    if region is None:
        return None
    weights = np.zeros(enc.geometry.shape, dtype=np.float32)
    weights[region.box] = region.inside
    return weights


def _explain(query: Query, side: str | None) -> str:
    sentences = [query.explanation] if query.explanation else []
    if side is not None:
        sentences.append(f"Only the patient's {side} side is considered.")
    if query.polarity == "absent":
        sentences.append(f"The map shows the {query.subject}; the probability is of its absence.")
    return " ".join(sentences)
