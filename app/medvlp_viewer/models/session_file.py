"""What a session file holds: where the scan is, and how it was looked at. No pixels, no names.

JSON of schema ``medvlp/viewer-session/1``. Paths are relative to the file, so that a folder with
both can be moved or shared.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    ValidationError,
    field_validator,
)

from medvlp.errors import MedVLPError
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.settings import COLOUR_MAPS
from medvlp_viewer.models.study import Origin

SCHEMA = "medvlp/viewer-session/1"
SUFFIX = ".medvlp.json"
_LARGEST_BYTES = 2**22

Fraction = Annotated[FiniteFloat, Field(ge=0.0, le=1.0)]
Channel = Annotated[int, Field(ge=0, le=255)]


class SessionError(MedVLPError):
    """A session file that cannot be used."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScanPart(_Part):
    """Where the scan is: ``paths`` relative to the session file, ``scan_id`` the hash of the scan."""

    paths: tuple[str, ...] = Field(min_length=1)
    series: str | int | None
    scan_id: str


class ModelPart(_Part):
    """Model that answered, to say so when another one is in use."""

    name: str
    sha256: str


class WindowPart(_Part):
    """Grey window in the units of the scan."""

    level: FiniteFloat
    width: Annotated[FiniteFloat, Field(gt=0)]


class CrosshairPart(_Part):
    """LPS position in millimetres (pixels for an image without a spacing)."""

    position: tuple[FiniteFloat, FiniteFloat, FiniteFloat]
    visible: bool


class PanePart(_Part):
    """Zoom of a pane, and the pixel in its middle."""

    zoom: Annotated[FiniteFloat, Field(gt=0)]
    row: FiniteFloat
    column: FiniteFloat


class LayoutPart(_Part):
    """Which pane has the keyboard, whether it stands alone, and the sizes of the splitters."""

    active: PlaneName
    maximised: bool
    study_shown: bool
    sizes: dict[str, list[int]]


class QueryPart(_Part):
    """One query: text, colour, and how its heat is drawn (None: as all)."""

    text: str = Field(min_length=1)
    number: Annotated[int, Field(ge=1)]
    colour_name: str
    colour: tuple[Channel, Channel, Channel]
    visible: bool
    opacity: Fraction | None
    threshold: Fraction | None


class OverlayPart(_Part):
    """How heat is drawn."""

    opacity: Fraction
    threshold: Fraction
    colour_map: str
    visible: bool

    @field_validator("colour_map")
    @classmethod
    def _known_colour_map(cls, value: str) -> str:
        if value not in COLOUR_MAPS:
            raise ValueError(f"unknown colour map {value!r}; expected one of {COLOUR_MAPS}")
        return value


class ViewerSession(_Part):
    """The whole file."""

    version: Literal["medvlp/viewer-session/1"] = Field(alias="schema")
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


def relative_paths(origin: Origin, folder: Path) -> tuple[str, ...]:
    """Paths of a scan as seen from a folder; absolute where there is no way (another drive)."""
    return tuple(_relative(path, folder) for path in origin.source)


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
