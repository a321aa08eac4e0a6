"""The JSON objects that ``medvlp ground`` and ``medvlp score`` print: versioned, schema-checked.

Schemas: ``medvlp_resources/schemas/ground.json`` and ``score.json`` (JSON Schema 2020-12).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from medvlp.models.protocol import GroundingModel
from medvlp.scan import Scan

if TYPE_CHECKING:
    from medvlp.grounding.heatmap import Heatmap
    from medvlp.grounding.organs import OrganTable

GROUND_SCHEMA = "medvlp/ground/1"
SCORE_SCHEMA = "medvlp/score/1"


def ground_report(
    scan: Scan,
    model: GroundingModel,
    heatmaps: Sequence[Heatmap],
    files: Sequence[Mapping[str, str]],
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    """The answers to all queries; ``files[i]`` maps a format to the file of ``heatmaps[i]``."""
    return {
        "schema": GROUND_SCHEMA,
        **_header(scan, model),
        "results": [_result(m, f) for m, f in zip(heatmaps, files, strict=True)],
        "seconds": {k: round(seconds.get(k, 0.0), 4) for k in ("open", "encode", "query")},
    }


def score_report(
    scan: Scan,
    model: GroundingModel,
    table: OrganTable,
    files: Mapping[str, str],
    seconds: Mapping[str, float],
) -> dict[str, Any]:
    """The organ table of a scan."""
    return {
        **table.to_dict(),
        "schema": SCORE_SCHEMA,
        **_header(scan, model),
        "files": dict(files),
        "seconds": {k: round(seconds.get(k, 0.0), 4) for k in ("open", "encode", "score")},
    }


def scan_summary(scan: Scan) -> dict[str, Any]:
    """Modality, shape, spacing and warnings; spacing is None where the file states none."""
    spacing = scan.geometry.spacing_mm
    return {
        "modality": scan.modality,
        "shape": list(scan.geometry.shape),
        "spacing_mm": None if spacing is None else [round(s, 6) for s in spacing],
        "warnings": [{"code": w.code, "message": w.message} for w in scan.warnings],
    }


def _header(scan: Scan, model: GroundingModel) -> dict[str, Any]:
    return {
        "scan": scan_summary(scan),
        "model": {"name": model.name, "sha256": model.sha256},
        "device": model.device,
    }


def _result(heatmap: Heatmap, files: Mapping[str, str]) -> dict[str, Any]:
    peak = heatmap.peak
    probability = heatmap.probability
    return {
        "query": heatmap.query.text,
        "probability": None if probability is None else round(float(probability), 6),
        "abstained": heatmap.abstained,
        "reason": heatmap.reason,
        "peak": {"index": None, "mm": None} if peak is None else peak.to_dict(),
        "slice_scores": [round(float(s), 4) for s in heatmap.slice_scores],
        "files": dict(files),
    }
