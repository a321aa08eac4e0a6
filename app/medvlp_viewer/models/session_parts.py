"""The parts of a session file: scan, view of the slices, questions, measurements, 3D, comparison."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, field_validator, model_validator

from medvlp_viewer.models.measurements import Measurement, MeasurementKind
from medvlp_viewer.models.planes import PlaneName
from medvlp_viewer.models.settings import ColourMap
from medvlp_viewer.models.volume_presets import VOLUME_PRESETS

Fraction = Annotated[FiniteFloat, Field(ge=0.0, le=1.0)]
Channel = Annotated[int, Field(ge=0, le=255)]
Vector = tuple[FiniteFloat, FiniteFloat, FiniteFloat]
Positive = Annotated[FiniteFloat, Field(gt=0)]


class SessionPart(BaseModel):
    """Frozen, and without unknown fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ScanPart(SessionPart):
    """Where the scan is: ``paths`` relative to the session file, ``scan_id`` the hash of the scan."""

    paths: tuple[str, ...] = Field(min_length=1)
    series: str | int | None
    scan_id: str


class ModelPart(SessionPart):
    """Model that answered, to say so when another one is in use."""

    name: str
    sha256: str


class WindowPart(SessionPart):
    """Grey window in the units of the scan."""

    level: FiniteFloat
    width: Annotated[FiniteFloat, Field(gt=0)]


class CrosshairPart(SessionPart):
    """LPS position in millimetres (pixels for an image without a spacing)."""

    position: tuple[FiniteFloat, FiniteFloat, FiniteFloat]
    visible: bool


class PanePart(SessionPart):
    """Zoom of a pane, and the pixel in its middle."""

    zoom: Annotated[FiniteFloat, Field(gt=0)]
    row: FiniteFloat
    column: FiniteFloat


class LayoutPart(SessionPart):
    """Which pane has the keyboard, whether it stands alone, and the sizes of the splitters."""

    active: PlaneName
    maximised: bool
    study_shown: bool
    sizes: dict[str, list[int]]


class QueryPart(SessionPart):
    """One query: text, colour, and how its heat is drawn (None: as all)."""

    text: str = Field(min_length=1)
    number: Annotated[int, Field(ge=1)]
    colour_name: str
    colour: tuple[Channel, Channel, Channel]
    visible: bool
    opacity: Fraction | None
    threshold: Fraction | None


class OverlayPart(SessionPart):
    """How heat is drawn."""

    opacity: Fraction
    threshold: Fraction
    colour_map: ColourMap
    visible: bool


class MeasurementPart(SessionPart):
    """One measurement; see :class:`medvlp_viewer.models.measurements.Measurement`."""

    number: Annotated[int, Field(ge=1)]
    kind: MeasurementKind
    plane: PlaneName
    points: tuple[Vector, ...]

    @model_validator(mode="after")
    def _complete(self) -> MeasurementPart:
        if not self.measurement.is_complete:
            raise ValueError(f"{self.kind} with {len(self.points)} points")
        return self

    @property
    def measurement(self) -> Measurement:
        """The measurement itself."""
        return Measurement(self.number, self.kind, self.plane, self.points)


class CameraPart(SessionPart):
    """Parallel projection in LPS millimetres; see :class:`medvlp_viewer.models.camera.Camera`."""

    focus: Vector
    direction: Vector
    up: Vector
    half_height: Positive


class VolumePart(SessionPart):
    """The 3D pane: its preset, what is cut away, from where one looks, whether it stands alone."""

    preset: str
    cuts: dict[PlaneName, Literal[-1, 1]]
    camera: CameraPart
    alone: bool

    @field_validator("preset")
    @classmethod
    def _known_preset(cls, value: str) -> str:
        known = tuple(preset.name for preset in VOLUME_PRESETS)
        if value not in known:
            raise ValueError(f"unknown preset {value!r}; expected one of {known}")
        return value


class ComparePart(SessionPart):
    """The right side: another scan, or the same one for ``other_model``.

    ``linked`` says whether the crosshairs follow each other, ``step`` is the alignment that was set
    by hand, in millimetres from the left scan to the right one, or None.
    """

    scan: ScanPart
    other_model: str
    linked: bool
    step: Vector | None
    position: Vector
    window: WindowPart
    panes: dict[PlaneName, PanePart]
