"""Host-neutral Qt panels: ask in words, read the answers, organs, a worklist, progress of a job.

Nothing here knows the standalone viewer or napari: panels show GUI-free models
(:mod:`medvlp_widgets.models`) and emit signals; a host connects both to its own views and jobs.
Qt is reached through ``qtpy`` only, and only when a panel is imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

# Public name -> module that defines it: models and colour maps stay usable without Qt.
_PUBLIC = {
    "BackgroundScoring": "medvlp_widgets.models.background_scoring",
    "HUES": "medvlp_widgets.colour.hues",
    "Hue": "medvlp_widgets.colour.hues",
    "OrganEntry": "medvlp_widgets.models.organs",
    "OrganTablePanel": "medvlp_widgets.organs.panel",
    "OverlayModel": "medvlp_widgets.models.overlay",
    "ProgressModel": "medvlp_widgets.models.progress",
    "ProgressPanel": "medvlp_widgets.progress.panel",
    "QueryModel": "medvlp_widgets.models.queries",
    "QueryPanel": "medvlp_widgets.query.panel",
    "QueryRow": "medvlp_widgets.models.queries",
    "ResearchNotice": "medvlp_widgets.notice",
    "WorklistModel": "medvlp_widgets.models.worklist",
    "WorklistPanel": "medvlp_widgets.worklist.panel",
    "WorklistRow": "medvlp_widgets.models.worklist_row",
    "colour_map": "medvlp_widgets.colour.maps",
    "colour_map_names": "medvlp_widgets.colour.maps",
    "hue_map": "medvlp_widgets.colour.maps",
    "overlay_lut": "medvlp_widgets.colour.maps",
}

__all__ = [
    "HUES",
    "BackgroundScoring",
    "Hue",
    "OrganEntry",
    "OrganTablePanel",
    "OverlayModel",
    "ProgressModel",
    "ProgressPanel",
    "QueryModel",
    "QueryPanel",
    "QueryRow",
    "ResearchNotice",
    "WorklistModel",
    "WorklistPanel",
    "WorklistRow",
    "colour_map",
    "colour_map_names",
    "hue_map",
    "overlay_lut",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'medvlp_widgets' has no attribute {name!r}")
    return getattr(import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return list(__all__)


if TYPE_CHECKING:
    from medvlp_widgets.colour.hues import HUES, Hue
    from medvlp_widgets.colour.maps import colour_map, colour_map_names, hue_map, overlay_lut
    from medvlp_widgets.models.background_scoring import BackgroundScoring
    from medvlp_widgets.models.organs import OrganEntry
    from medvlp_widgets.models.overlay import OverlayModel
    from medvlp_widgets.models.progress import ProgressModel
    from medvlp_widgets.models.queries import QueryModel, QueryRow
    from medvlp_widgets.models.worklist import WorklistModel
    from medvlp_widgets.models.worklist_row import WorklistRow
    from medvlp_widgets.notice import ResearchNotice
    from medvlp_widgets.organs.panel import OrganTablePanel
    from medvlp_widgets.progress.panel import ProgressPanel
    from medvlp_widgets.query.panel import QueryPanel
    from medvlp_widgets.worklist.panel import WorklistPanel
