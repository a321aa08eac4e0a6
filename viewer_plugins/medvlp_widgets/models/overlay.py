"""How every heatmap is drawn: one set of controls for all queries, which a row may overrule."""

from __future__ import annotations

from psygnal import Signal

from medvlp_widgets.colour.maps import DEFAULT_COLOUR_MAP

BY_QUERY = "one colour per query"
"""Colour map choice: each query keeps its own hue, so that several can lie on one picture."""
AUTOMATIC = "automatic"
"""Colour map choice: the default map for one query, :data:`BY_QUERY` as soon as there are more."""


class OverlayModel:
    """Opacity, threshold, colour map and visibility of the overlay.

    ``changed`` is emitted once per change, without arguments; hosts read the properties.
    """

    changed = Signal()

    def __init__(
        self,
        opacity: float = 0.6,
        threshold: float = 0.15,
        colour_map: str = BY_QUERY,
        visible: bool = True,
    ) -> None:
        self._opacity = _unit(opacity)
        self._threshold = _unit(threshold)
        self._colour_map = colour_map
        self._visible = visible

    @property
    def opacity(self) -> float:
        """Alpha of the hottest cell, in [0, 1]."""
        return self._opacity

    @opacity.setter
    def opacity(self, value: float) -> None:
        self._set("_opacity", _unit(value))

    @property
    def threshold(self) -> float:
        """Heat below this, in [0, 1], is not drawn."""
        return self._threshold

    @threshold.setter
    def threshold(self, value: float) -> None:
        self._set("_threshold", _unit(value))

    @property
    def colour_map(self) -> str:
        """A name of :func:`medvlp_widgets.colour.maps.colour_map_names`, or one of the two above."""
        return self._colour_map

    @colour_map.setter
    def colour_map(self, value: str) -> None:
        self._set("_colour_map", str(value))

    @property
    def visible(self) -> bool:
        """Whether any heat is drawn."""
        return self._visible

    @visible.setter
    def visible(self, value: bool) -> None:
        self._set("_visible", bool(value))

    def by_hue(self, drawn: int = 2) -> bool:
        """Whether ``drawn`` queries that lie on one picture each keep their own hue."""
        return self._colour_map == BY_QUERY or (self._colour_map == AUTOMATIC and drawn > 1)

    @property
    def map_name(self) -> str:
        """The colour map of a query that is not drawn in its hue."""
        return DEFAULT_COLOUR_MAP if self._colour_map in (BY_QUERY, AUTOMATIC) else self._colour_map

    def _set(self, name: str, value: object) -> None:
        if getattr(self, name) != value:
            setattr(self, name, value)
            self.changed.emit()


def _unit(value: float) -> float:
    return min(1.0, max(0.0, float(value)))
