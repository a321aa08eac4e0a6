"""Answers as a structured report tells them: of queries, or of the findings of an organ table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from medvlp.grounding.ground import side_to_restrict
from medvlp.grounding.organs import WHOLE_SCAN

if TYPE_CHECKING:
    from highdicom.sr import CodedConcept

    from medvlp.grounding.heatmap import Heatmap, Peak
    from medvlp.grounding.organs import OrganTable
    from medvlp.grounding.query import Query


@dataclass(frozen=True, eq=False)
class Answer:
    """One answer.

    Parameters
    ----------
    text
        The question for people; what its tracking UID is made of.
    finding
        Coded: what the probability is of.
    probability
        None where no answer is given.
    reason
        Why none is.
    peak
        Hottest spot, or None.
    sites
        Names of the organs that were looked at.
    side
        "left" or "right" where the question names it and its organs do not.
    """

    text: str
    finding: CodedConcept
    probability: float | None
    reason: str
    peak: Peak | None
    sites: tuple[str, ...] = ()
    side: Literal["left", "right"] | None = None


def heat_answers(heatmaps: Sequence[Heatmap]) -> list[Answer]:
    """One answer per query, in order.

    The heat of "no pleural effusion" shows the effusion: where the answer is that it is absent, no
    place is given.
    """
    from medvlp.export.dicom_codes import query_code

    return [
        Answer(
            text=heatmap.query.text,
            finding=query_code(heatmap.query),
            probability=heatmap.probability,
            reason=heatmap.reason,
            peak=heatmap.peak if heatmap.query.polarity == "present" else None,
            sites=_sites(heatmap.query),
            side=side_to_restrict(heatmap.query),
        )
        for heatmap in heatmaps
    ]


def _sites(query: Query) -> tuple[str, ...]:
    """Where a query looks: the places it names, a one-sided organ itself, or the host of a side."""
    concept = query.concept
    if query.locations or concept is None:
        return query.locations
    if concept.kind == "organ":
        return (concept.name,) if concept.laterality or query.laterality else ()
    return concept.hosts[:1] if side_to_restrict(query) else ()


def organ_answers(table: OrganTable) -> list[Answer]:
    """One answer per organ and finding, in the order of the table."""
    from medvlp.export.dicom_codes import named_code

    return [
        Answer(
            text=f"{finding.display}, {row.display}",
            finding=named_code(finding.finding),
            probability=finding.probability,
            reason=finding.reason,
            peak=finding.peak,
            sites=() if row.organ == WHOLE_SCAN else (row.organ,),
        )
        for row in table.rows
        for finding in row.findings
    ]
