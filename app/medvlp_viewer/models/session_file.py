"""What a session file holds: where the scan is, and how it was looked at. No pixels, no names.

JSON of schema ``medvlp/viewer-session/2``; files of version 1, which knew neither measurements nor 3D view
nor comparison, are read as well. Paths are relative to the file, so that a folder with
both can be moved or shared.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError

from medvlp.errors import MedVLPError
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.session_parts import (
    ComparePart,
    CrosshairPart,
    LayoutPart,
    MeasurementPart,
    ModelPart,
    OverlayPart,
    PanePart,
    QueryPart,
    ScanPart,
    SessionPart,
    VolumePart,
    WindowPart,
)
from medvlp_viewer.models.study import Origin

SCHEMA = "medvlp/viewer-session/2"
SUFFIX = ".medvlp.json"
_FIRST_SCHEMA = "medvlp/viewer-session/1"
_NEW_SINCE_FIRST: dict[str, Any] = {
    "measurements": (),
    "chosen_measurement": 0,
    "volume": None,
    "compare": None,
}
_LARGEST_BYTES = 2**22


class SessionError(MedVLPError):
    """A session file that cannot be used."""


class ViewerSession(SessionPart):
    """The whole file."""

    version: Literal["medvlp/viewer-session/2"] = Field(alias="schema")
    scan: ScanPart
    model: ModelPart | None
    window: WindowPart
    interpolate: bool
    annotations: bool
    crosshair: CrosshairPart
    panes: dict[PlaneName, PanePart]
    layout: LayoutPart
    queries: tuple[QueryPart, ...]
    selected: str
    overlay: OverlayPart
    outlined_organ: str
    measurements: tuple[MeasurementPart, ...]
    chosen_measurement: int
    volume: VolumePart | None
    compare: ComparePart | None


def session_bytes(session: ViewerSession) -> bytes:
    """The file's content."""
    text = json.dumps(session.model_dump(mode="json", by_alias=True), indent=2)
    return (text + "\n").encode()


def read_session(path: Path) -> ViewerSession:
    """Read and check a session file.

    Raises
    ------
    SessionError
        If it cannot be read, is of another version, or holds values that are not allowed.
    """
    name = path.name
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise SessionError(
                f"{name}: this is no session file: it is too large. Open it as a scan."
            )
        content: Any = json.loads(path.read_bytes())
    except OSError as error:
        raise SessionError(f"{name}: the session could not be read ({error.strerror}).") from None
    except (ValueError, RecursionError):
        raise SessionError(f"{name}: this is no session file: expected JSON.") from None
    found = content.get("schema") if isinstance(content, dict) else None
    if found == _FIRST_SCHEMA:
        content, found = _NEW_SINCE_FIRST | content | {"schema": SCHEMA}, SCHEMA
    if found != SCHEMA:
        raise SessionError(
            f"{name}: expected a session of the version {SCHEMA}; found {found!r}. "
            "Save the session again with this version of the program."
        )
    try:
        return ViewerSession.model_validate(content)
    except ValidationError as error:
        places = sorted({".".join(str(p) for p in e["loc"]) for e in error.errors()})
        raise SessionError(
            f"{name}: the session holds values that are not allowed: {', '.join(places[:5])}. "
            "Save the session again."
        ) from None


def relative_paths(paths: Sequence[str], folder: Path) -> tuple[str, ...]:
    """Paths as seen from a folder; absolute where there is no way (another drive)."""
    return tuple(_relative(path, folder) for path in paths)


def found_origin(scan: ScanPart, file: Path) -> Origin:
    """Where the scan of a session is now.

    Raises
    ------
    SessionError
        If it is not there, or is a session file itself.
    """
    paths = tuple(os.path.normpath(file.parent / path) for path in scan.paths)
    for path, told in zip(paths, scan.paths, strict=True):
        if path.lower().endswith(SUFFIX):
            raise SessionError(
                f"{file.name}: the scan of this session is {told}, another session; expected the "
                "file or folder of a scan. Open the scan and save the session again."
            )
        if not os.path.exists(path):
            raise SessionError(
                f"{file.name}: the scan of this session is missing: expected {told} beside the "
                "session file. Put it back, or move the session file to where the scan is."
            )
    return Origin(paths, scan.series)


def _relative(path: str, folder: Path) -> str:
    try:
        return Path(os.path.relpath(os.path.abspath(path), folder.absolute())).as_posix()
    except ValueError:  # Windows: no relative path between drives
        return Path(os.path.abspath(path)).as_posix()
