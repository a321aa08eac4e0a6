"""The outline of the organ that is selected in the table."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal

from medvlp.geometry import Geometry
from medvlp.grounding.grid_to_scan import GridToScan, grid_to_scan

# An organ is where the model's organ head finds it more likely than not.
LEVEL = 0.5


class OutlineModel:
    """Organ probabilities on the token grid, and which organ is outlined.

    ``label`` is the organ's name for people; ``geometry`` is that of the grid, or None without organs.

    Events
    ------
    changed
        Emitted after another organ, or none, was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        self._organs: Mapping[str, NDArray[np.float16]] = {}
        self._grid: GridToScan | None = None
        self.geometry: Geometry | None = None
        self._chosen = ""
        self.label = ""

    @property
    def chosen(self) -> str:
        """Name of the outlined organ; empty for none."""
        return self._chosen

    def attach(
        self, organs: Mapping[str, NDArray[np.float16]], tokens: Geometry, scan: Geometry
    ) -> None:
        """Take over the organs of an encoding."""
        self._organs = organs
        self._grid = grid_to_scan(tokens, scan) if organs else None
        self.geometry = tokens if organs else None
        self.choose("")

    def clear(self) -> None:
        """Forget the organs, as when another scan is opened."""
        self._organs, self._grid, self.geometry = {}, None, None
        self.choose("")

    def choose(self, organ: str, display: str = "") -> None:
        """Outline an organ, labelled ``display``; one without a mask has no outline."""
        chosen = organ if organ in self._organs else ""
        if chosen != self._chosen:
            self._chosen = chosen
            self.label = display or chosen.replace("_", " ")
            self.changed.emit()

    @property
    def shown(self) -> tuple[NDArray[np.float32], GridToScan] | None:
        """Values in [0, 1] of the chosen organ, and their grid."""
        if not self._chosen or self._grid is None:
            return None
        return self._organs[self._chosen].astype(np.float32), self._grid
