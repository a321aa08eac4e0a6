"""medvlp: ask a CT or a chest X-ray in words, and see where.

Research use only. Not for clinical decisions.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

RESEARCH_NOTICE = "Research use only. Not for clinical decisions."

# Public name -> module that defines it. Imported on first use, so that `import medvlp` stays cheap.
_PUBLIC = {
    "Cancelled": "medvlp.errors",
    "Encoding": "medvlp.models.encoding",
    "Geometry": "medvlp.geometry",
    "GeometryError": "medvlp.errors",
    "Heatmap": "medvlp.grounding.heatmap",
    "LabelMapError": "medvlp.errors",
    "LicenceError": "medvlp.errors",
    "MedVLPError": "medvlp.errors",
    "ModelMismatchError": "medvlp.errors",
    "ModelNotFoundError": "medvlp.errors",
    "NotEnoughMemoryError": "medvlp.errors",
    "OrganTable": "medvlp.grounding.organs",
    "Query": "medvlp.grounding.query",
    "QueryError": "medvlp.errors",
    "RefusedScanError": "medvlp.errors",
    "Scan": "medvlp.scan",
    "ScanWarning": "medvlp.scan",
    "ServerAddressError": "medvlp.errors",
    "ServerError": "medvlp.errors",
    "Session": "medvlp.session",
    "UnreadableScanError": "medvlp.errors",
    "ground": "medvlp.grounding.ground",
    "load_model": "medvlp.models.load",
    "open_scan": "medvlp.io.open",
    "score_organs": "medvlp.grounding.scores",
}

__all__ = ["RESEARCH_NOTICE", "__version__", *sorted(_PUBLIC)]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'medvlp' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return list(__all__)


if TYPE_CHECKING:
    from medvlp.errors import (
        Cancelled,
        GeometryError,
        LabelMapError,
        LicenceError,
        MedVLPError,
        ModelMismatchError,
        ModelNotFoundError,
        NotEnoughMemoryError,
        QueryError,
        RefusedScanError,
        ServerAddressError,
        ServerError,
        UnreadableScanError,
    )
    from medvlp.geometry import Geometry
    from medvlp.grounding.ground import ground
    from medvlp.grounding.heatmap import Heatmap
    from medvlp.grounding.organs import OrganTable
    from medvlp.grounding.query import Query
    from medvlp.grounding.scores import score_organs
    from medvlp.io.open import open_scan
    from medvlp.models.encoding import Encoding
    from medvlp.models.load import load_model
    from medvlp.scan import Scan, ScanWarning
    from medvlp.session import Session
