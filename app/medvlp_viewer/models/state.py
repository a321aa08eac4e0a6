"""All models of one window, so that they travel together."""

from __future__ import annotations

from dataclasses import dataclass, field

from medvlp_viewer.models.crosshair import CrosshairModel
from medvlp_viewer.models.display import DisplayModel
from medvlp_viewer.models.heat_model import HeatModel
from medvlp_viewer.models.jobs import JobModel
from medvlp_viewer.models.measurements import MeasurementModel
from medvlp_viewer.models.model_picker import PickerModel
from medvlp_viewer.models.outline import OutlineModel
from medvlp_viewer.models.scan_model import ScanModel
from medvlp_viewer.models.server import ServerModel
from medvlp_viewer.models.settings import SettingsModel
from medvlp_viewer.models.study import StudyModel
from medvlp_viewer.models.undo import UndoStack
from medvlp_widgets.models.overlay import AUTOMATIC, OverlayModel
from medvlp_widgets.models.queries import QueryModel
from medvlp_widgets.models.worklist import WorklistModel


class Questions(QueryModel):
    """A model without rows is still a model: panels must not take it for a missing one."""

    def __bool__(self) -> bool:
        return True


def _overlay() -> OverlayModel:
    return OverlayModel(opacity=0.65, colour_map=AUTOMATIC)


@dataclass(frozen=True)
class ViewerState:
    """What one window shows."""

    scan: ScanModel = field(default_factory=ScanModel)
    display: DisplayModel = field(default_factory=DisplayModel)
    crosshair: CrosshairModel = field(default_factory=CrosshairModel)
    queries: QueryModel = field(default_factory=Questions)
    overlay: OverlayModel = field(default_factory=_overlay)
    heats: HeatModel = field(default_factory=HeatModel)
    outline: OutlineModel = field(default_factory=OutlineModel)
    measurements: MeasurementModel = field(default_factory=MeasurementModel)
    jobs: JobModel = field(default_factory=JobModel)
    settings: SettingsModel = field(default_factory=SettingsModel)
    undo: UndoStack = field(default_factory=UndoStack)
    worklist: WorklistModel = field(default_factory=WorklistModel)
    study: StudyModel = field(default_factory=StudyModel)
    picker: PickerModel = field(default_factory=PickerModel)
    server: ServerModel = field(default_factory=ServerModel)
