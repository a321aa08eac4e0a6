"""Organ by organ: is it there, how big, and which findings does it seem to have?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import LabelMapError
from medvlp.grounding.abstention import reason_to_abstain
from medvlp.grounding.anatomy import overlap
from medvlp.grounding.finding_region import finding_prior
from medvlp.grounding.ground import answer_within
from medvlp.grounding.heatmap import Heatmap
from medvlp.grounding.organ_masks import OrganMask, builtin_masks, label_map_masks
from medvlp.grounding.organ_sources import OrganSource, organ_labels
from medvlp.grounding.organs import WHOLE_SCAN, MaskSource, OrganFinding, OrganRow, OrganTable
from medvlp.grounding.regions import Region, neighbourhood, scan_geometry_of, scanned_region
from medvlp.grounding.scan_score import scan_score
from medvlp.grounding.similarity import Similarities, check_same_model, similarities
from medvlp.progress import Progress, ignore_progress

if TYPE_CHECKING:
    from medvlp.grounding.query import Query
    from medvlp.models.encoding import Encoding
    from medvlp.models.protocol import GroundingModel
    from medvlp.scan import Scan


def score_organs(
    model: GroundingModel,
    enc: Encoding,
    organs: OrganSource | None = "builtin",
    findings: Sequence[str] | None = None,
    *,
    scan: Scan | None = None,
    progress: Progress | None = None,
) -> OrganTable:
    """Score the findings of every organ.

    Parameters
    ----------
    model
        That made the encoding.
    enc
        Of the scan.
    organs
        Whose organ masks: ``"builtin"`` (the model's organ head), ``"totalsegmentator"`` (needs
        ``scan`` and the program), a label map (file, array on the scan's grid, or what
        :func:`~medvlp.grounding.organ_sources.organ_labels` found), or None: one row for the whole
        scan, without presence, volume or truncation.
    findings
        Texts to look for, in their host organs (anywhere, if they have none). None: those of the
        lexicon that the model saw examples of.
    scan
        The scan that was encoded; for TotalSegmentator, and for the warnings in the table.
    progress
        Called with a fraction and a message; may raise :class:`medvlp.Cancelled`.

    Raises
    ------
    LabelMapError
        If organ masks cannot be had.
    QueryError
        If one of ``findings`` cannot be used.
    ModelMismatchError
        If another model made the encoding.
    """
    check_same_model(model, enc)
    progress = progress or ignore_progress
    masks, source, note = _masks(model, enc, organs, scan, progress)
    wanted = _wanted(model, enc, findings, by_host=source != "none")
    answered = [w for w in wanted if not w.reason]
    similar = similarities(model, enc, [w.query for w in answered]) if answered else None
    scorer = _Scorer(model, enc, wanted, similar)
    rows = []
    for i, mask in enumerate(masks):
        progress(i / len(masks), f"Scoring {mask.organ.replace('_', ' ')}")
        rows.append(scorer.row(mask))
    if source == "none":
        rows = [scorer.whole_scan()]
    return OrganTable(
        rows=tuple(rows),
        source=source,
        note=note,
        scan=_scan_facts(enc, scan),
        model={"name": model.name, "sha256": model.sha256},
        device=model.device,
    )


@dataclass(frozen=True)
class _Wanted:
    """A finding to look for; ``hosts`` None: everywhere; ``reason``: why it is not answered."""

    name: str
    display: str
    query: Query
    hosts: tuple[str, ...] | None
    reason: str


def _wanted(
    model: GroundingModel, enc: Encoding, findings: Sequence[str] | None, *, by_host: bool
) -> list[_Wanted]:
    from medvlp.grounding.lexicon import load_lexicon
    from medvlp.grounding.query import parse_query

    if findings is None:
        concepts = [
            c
            for c in load_lexicon().concepts.values()
            if c.kind == "finding" and c.hosts and enc.modality in c.modalities
            if model.calibration.knows(c.name, enc.modality)
        ]
        named = [(c.name, c.display, parse_query(c.preferred), c.hosts) for c in concepts]
    else:
        named = []
        for query in map(parse_query, findings):
            concept = query.concept
            name = query.text if concept is None else concept.name
            named.append((name, query.text, query, () if concept is None else concept.hosts))
    return [
        _Wanted(
            name,
            display,
            query,
            hosts or None,
            reason_to_abstain(model.calibration, enc, query, check_organs=not by_host),
        )
        for name, display, query, hosts in named
    ]


def _masks(
    model: GroundingModel,
    enc: Encoding,
    organs: OrganSource | None,
    scan: Scan | None,
    progress: Progress,
) -> tuple[list[OrganMask], MaskSource, str]:
    if organs is None or (isinstance(organs, str) and organs == "none"):
        return [], "none", "No organ masks: the whole scan is scored as one."
    if isinstance(organs, str) and organs == "builtin":
        if not enc.organs:
            note = f"Model {model.name} has no organ head: the whole scan is scored as one."
            return [], "none", note
        note = "Organs as the model sees them, on its coarse grid: volumes are estimates."
        return builtin_masks(enc, model.calibration.organ_present), "builtin", note
    geometry = scan_geometry_of(enc)
    labels, source, note = organ_labels(organs, geometry, scan, progress)
    masks = label_map_masks(labels, enc.geometry, geometry)
    if not masks:
        raise LabelMapError("The label map is empty on this scan: every voxel is background.")
    return masks, source, note


class _Scorer:
    """Answers the wanted findings within regions of one encoding."""

    def __init__(
        self,
        model: GroundingModel,
        enc: Encoding,
        wanted: list[_Wanted],
        similar: Similarities | None,
    ) -> None:
        self._calibration, self._enc = model.calibration, enc
        self._scan = scan_geometry_of(enc)
        self._wanted = wanted
        rows = iter(range(len(wanted)))
        self._logits = {}
        self._anywhere = {}
        for i, finding in enumerate(wanted):
            if not finding.reason and similar is not None:
                row = next(rows)
                self._logits[i] = (similar.dense[row], float(similar.pooled[row]))
                self._anywhere[i] = self._score_anywhere(finding.query, *self._logits[i])
        self._allowed = np.zeros(enc.geometry.shape, dtype=np.float32)
        self._allowed[scanned_region(enc.geometry, self._scan).box] = 1.0

    def _score_anywhere(self, query: Query, dense: NDArray[np.float32], pooled: float) -> float:
        """Of the whole scan: what is in an organ is in the scan, so no organ's score is higher.

        On a film, where fewer cells stand for an organ than for all of it, one could be.
        """
        _, log_prior = finding_prior(query.concept, self._enc)
        weight = self._calibration.pooled_weight
        return scan_score(dense + log_prior, pooled, self._enc.geometry, weight)

    def row(self, mask: OrganMask) -> OrganRow:
        """Findings in and around an organ; none if it is absent."""
        region = neighbourhood(mask.cells, self._enc.geometry) if mask.present else None
        findings: tuple[OrganFinding, ...] = ()
        peak = None
        if region is not None:
            hosted = [
                i
                for i, w in enumerate(self._wanted)
                if w.hosts is None or overlap(mask.organ, w.hosts)
            ]
            findings = self._findings(hosted, region, restricted=True)
            weights = np.where(mask.cells, mask.weights, 0.0).astype(np.float32)
            peak = Heatmap(None, weights, self._enc.geometry, self._scan, 1.0).peak  # type: ignore[arg-type]
        return OrganRow(
            organ=mask.organ,
            display=_display(mask.organ),
            present=mask.present,
            truncated=mask.truncated,
            volume_ml=mask.volume_ml,
            findings=findings,
            peak=peak,
        )

    def whole_scan(self) -> OrganRow:
        """One row for everything: no mask was had."""
        region = scanned_region(self._enc.geometry, self._scan)
        findings = self._findings(list(range(len(self._wanted))), region, restricted=False)
        return OrganRow(WHOLE_SCAN, "whole scan", True, None, None, findings)

    def _findings(
        self, indices: list[int], region: Region, *, restricted: bool
    ) -> tuple[OrganFinding, ...]:
        found = [self._finding(i, region, restricted) for i in indices]
        return tuple(sorted(found, key=lambda f: 1.0 if f.probability is None else -f.probability))

    def _finding(self, i: int, region: Region, restricted: bool) -> OrganFinding:
        wanted = self._wanted[i]
        if wanted.reason:
            profile = np.zeros(1 if self._scan.ndim == 2 else self._scan.shape[0], np.float32)
            return OrganFinding(
                wanted.name, wanted.display, None, None, profile, reason=wanted.reason
            )
        dense, pooled = self._logits[i]
        geometry = region.geometry(self._enc.geometry)
        prior = region.inside * self._allowed[region.box]
        heat, score, probability = answer_within(
            self._calibration,
            wanted.query,
            self._enc,
            dense[region.box],
            pooled,
            prior,
            geometry,
            restricted=restricted,
            highest_score=self._anywhere[i],
        )
        heatmap = Heatmap(wanted.query, heat, geometry, self._scan, probability, score)
        return OrganFinding(
            finding=wanted.name,
            display=wanted.display,
            probability=probability,
            peak=heatmap.peak,
            profile=heatmap.slice_scores,
            texts=tuple(wanted.query.positives),
        )


def _display(organ: str) -> str:
    from medvlp.grounding.lexicon import load_lexicon

    concept = load_lexicon().concepts.get(organ)
    return concept.display if concept is not None else organ.replace("_", " ")


def _scan_facts(enc: Encoding, scan: Scan | None) -> dict[str, object]:
    spacing = scan_geometry_of(enc).spacing_mm
    warnings = () if scan is None else scan.warnings
    return {
        "modality": enc.modality,
        "shape": list(enc.scan_shape),
        "spacing_mm": None if spacing is None else [round(s, 6) for s in spacing],
        "warnings": [{"code": w.code, "message": w.message} for w in warnings],
    }
