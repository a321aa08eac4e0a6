"""Whether: scan-level scores of X-rays against their labels, per view, and how calibrated they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from medvlp.grounding.finding_region import finding_prior
from medvlp.grounding.scan_score import top_mean
from medvlp.grounding.similarity import similarities
from medvlp.io.open import open_scan
from medvlp.models.encoding import Encoding
from medvlp.models.protocol import GroundingModel
from medvlp_training.evaluation.asking import ask, query_text
from medvlp_training.evaluation.cases import XRItem


@dataclass(frozen=True)
class Answer:
    """Score and probability of one finding in one scan, and the truth."""

    concept: str
    patient: str
    seen: bool
    source: str
    view: str
    score: float
    probability: float
    truth: bool
    dense: float
    pooled: float


def answers_for(
    model: GroundingModel,
    encoding: Encoding,
    truths: Mapping[str, bool],
    *,
    patient: str,
    seen: bool,
    source: str,
    view: str,
) -> list[Answer]:
    """Ask about each concept of ``truths`` in one encoded scan; what is declined is left out."""
    maps = ask(model, encoding, [query_text(c) for c in truths])
    similar = similarities(model, encoding, [m.query for m in maps])
    return [
        Answer(
            concept,
            patient,
            seen,
            source,
            view,
            heat.score,
            heat.probability,
            truth,
            top_mean(
                similar.dense[k] + finding_prior(heat.query.concept, encoding)[1], encoding.geometry
            ),
            float(similar.pooled[k]),
        )
        for k, ((concept, truth), heat) in enumerate(zip(truths.items(), maps, strict=True))
        if heat.score is not None and heat.probability is not None
    ]


def xr_answers(
    model: GroundingModel, items: Iterable[XRItem], concepts: Sequence[str]
) -> list[Answer]:
    """Ask the findings of each X-ray that its labels say something about."""
    answers = []
    for item in items:
        known = [c for c in concepts if c in item.present or c in item.absent]
        encoding = model.encode(open_scan(item.path), cache=False)
        truths = {c: c in item.present for c in known}
        answers += answers_for(
            model,
            encoding,
            truths,
            patient=item.patient,
            seen=item.seen,
            source=item.source,
            view=item.view,
        )
    return answers
