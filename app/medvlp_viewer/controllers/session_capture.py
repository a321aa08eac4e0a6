"""How a scan is looked at, as the parts of a session file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from medvlp_viewer.controllers.compare import CompareController
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.controllers.volume import VolumeController
from medvlp_viewer.models.measurements import Measurement
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.session_file import relative_paths
from medvlp_viewer.models.session_parts import (
    CameraPart,
    ComparePart,
    MeasurementPart,
    PanePart,
    QueryPart,
    ScanPart,
    Vector,
    VolumePart,
    WindowPart,
)
from medvlp_viewer.models.window import Window
from medvlp_widgets.models.queries import QueryRow


def pane_parts(panes: PanesController, planes: Iterable[PlaneName]) -> dict[PlaneName, PanePart]:
    """Zoom and position of some panes."""
    points = {plane: panes.panes[plane].view.viewpoint for plane in planes}
    return {
        plane: PanePart(zoom=point.zoom, row=point.row, column=point.column)
        for plane, point in points.items()
    }


def window_part(window: Window) -> WindowPart:
    """The grey window."""
    return WindowPart(level=window.level, width=window.width)


def query_part(row: QueryRow) -> QueryPart:
    """A question, without its answer."""
    return QueryPart(
        text=row.text,
        number=row.hue.number,
        colour_name=row.hue.name,
        colour=row.hue.rgb,
        visible=row.visible,
        opacity=row.opacity,
        threshold=row.threshold,
    )


def measurement_parts(items: Iterable[Measurement]) -> tuple[MeasurementPart, ...]:
    """What was measured; not what is still being drawn."""
    return tuple(
        MeasurementPart(number=item.number, kind=item.kind, plane=item.plane, points=item.points)
        for item in items
        if item.is_complete
    )


def volume_part(volume: VolumeController) -> VolumePart | None:
    """The 3D pane; None while it is closed."""
    model = volume.model
    if not model.shown or model.camera is None:
        return None
    camera = CameraPart(
        focus=vector(model.camera.focus),
        direction=vector(model.camera.direction),
        up=vector(model.camera.up),
        half_height=model.camera.half_height,
    )
    cuts = {plane: -1 if side < 0 else 1 for plane, side in model.cuts.items()}
    return VolumePart.model_validate(
        {"preset": model.preset.name, "cuts": cuts, "camera": camera, "alone": volume.maximised}
    )


def compare_part(compare: CompareController, folder: Path) -> ComparePart | None:
    """The right side; None without one, or while its scan is being read."""
    model, right, origin = compare.model, compare.right, compare.origin
    scan, panes = right.scan.scan, compare.panes
    if not model.active or scan is None or origin is None or panes is None:
        return None
    return ComparePart(
        scan=ScanPart(
            paths=relative_paths(origin.source, folder), series=origin.series, scan_id=scan.scan_id
        ),
        other_model=model_name(model.other_model, folder),
        linked=model.linked,
        step=None if model.step is None else vector(model.step),
        position=vector(right.crosshair.world),
        window=window_part(right.display.window),
        panes=pane_parts(panes, right.scan.frames),
    )


def model_name(name: str, folder: Path) -> str:
    """A model by its name; one in a folder, by its path as seen from the session file."""
    return f"./{relative_paths((name,), folder)[0]}" if Path(name).is_absolute() else name


def vector(values: ArrayLike) -> Vector:
    """Three plain numbers."""
    x, y, z = (float(value) for value in np.asarray(values))
    return x, y, z
