"""What the user prefers: typed, versioned, observable."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from psygnal import Signal
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator

from medvlp.network.server import DEFAULT_AET
from medvlp.scan import Scan
from medvlp_viewer.models.window import CT_PRESETS, Window, first_window
from medvlp_widgets.colour.maps import colour_map_names
from medvlp_widgets.models.overlay import AUTOMATIC, BY_QUERY

VERSION: Literal[1] = 1
FROM_FILE = "file"
SYSTEM = "system"

ThemeChoice = Literal["dark", "light", "system"]
LanguageChoice = Literal["system", "en", "de", "es"]
DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]

COLOUR_MAPS: tuple[str, ...] = (AUTOMATIC, BY_QUERY, *colour_map_names())


def _known_colour_map(value: str) -> str:
    if value not in COLOUR_MAPS:
        raise ValueError(f"unknown colour map {value!r}; expected one of {COLOUR_MAPS}")
    return value


ColourMap = Annotated[str, AfterValidator(_known_colour_map)]
"""Name of a colour map, or one of the rules that choose one."""
WINDOWS: tuple[str, ...] = (FROM_FILE, *(preset.name for preset in CT_PRESETS))


class Settings(BaseModel):
    """Every preference with its default. Frozen: :class:`SettingsModel` changes them.

    Parameters
    ----------
    version
        Of this list of fields. A file of another version is not read.
    theme
        Dark, light, or as the system.
    language
        ISO 639-1 code, or as the system.
    drag_down_brightens
        Direction of the window drag.
    interpolate
        Interpolate between pixels.
    default_window
        Window of a CT when it is opened: a preset's name, or ``"file"`` for the file's own.
    colour_map, opacity, threshold
        Of the heat when the program starts. Opacity and threshold are in [0, 1].
    model
        Name or folder; empty for the built-in one.
    device
        Where the model runs.
    cache_gigabytes
        Limit of the encodings on disk, in 10^9 bytes.
    show_patient_names
        Show names of patients where files state them.
    remember_recent
        Keep a list of files opened before.
    server_address, server_aet
        Of the server that was used last, and the title that this computer called itself by.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    version: Literal[1] = VERSION
    theme: ThemeChoice = "dark"
    language: LanguageChoice = "system"
    drag_down_brightens: bool = False
    interpolate: bool = True
    default_window: str = FROM_FILE
    colour_map: ColourMap = AUTOMATIC
    opacity: float = Field(default=0.65, ge=0.0, le=1.0)
    threshold: float = Field(default=0.15, ge=0.0, le=1.0)
    model: str = ""
    device: DeviceChoice = "auto"
    cache_gigabytes: float = Field(default=4.0, ge=0.1, le=1000.0)
    show_patient_names: bool = False
    remember_recent: bool = True
    server_address: str = ""
    server_aet: str = DEFAULT_AET

    @field_validator("default_window")
    @classmethod
    def _known_window(cls, value: str) -> str:
        if value not in WINDOWS:
            raise ValueError(f"unknown window {value!r}; expected one of {WINDOWS}")
        return value

    @property
    def window(self) -> Window | None:
        """The default window of a CT, or None for the file's own."""
        return next((p.window for p in CT_PRESETS if p.name == self.default_window), None)

    def window_for(self, scan: Scan) -> Window:
        """The window that a scan is first shown with."""
        return (self.window if scan.intensity == "HU" else None) or first_window(scan)


class SettingsModel:
    """The settings in force.

    Events
    ------
    changed(object)
        Frozen set of the names of the fields that have other values now.
    """

    changed = Signal(object)

    def __init__(self, value: Settings | None = None) -> None:
        self._value = value or Settings()

    @property
    def value(self) -> Settings:
        """All fields."""
        return self._value

    def change(self, **fields: Any) -> None:
        """Set fields.

        Raises
        ------
        pydantic.ValidationError
            If a value is not allowed; nothing has changed then.
        """
        self.replace(Settings.model_validate(self._value.model_dump() | fields))

    def replace(self, value: Settings) -> None:
        """Set all fields at once, as when they are put back to their defaults."""
        old, self._value = self._value.model_dump(), value
        names = frozenset(name for name, new in value.model_dump().items() if old[name] != new)
        if names:
            self.changed.emit(names)
