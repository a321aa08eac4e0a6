"""The table of the series of one study; its first row stands for all of them."""

from __future__ import annotations

from medvlp.network.server import Series
from medvlp_viewer.models.server import ServerModel
from medvlp_viewer.views.qt.row_table import OpeningTable
from medvlp_widgets.translation import translate

_TITLES = ("Number", "Modality", "Description", "Images")
_DESCRIPTION = 2
_NUMBERS = (0, 3)


class SeriesTable(OpeningTable):
    """Shown while the series of the chosen study are listed."""

    def __init__(self) -> None:
        super().__init__(_TITLES, "Series of the study", _DESCRIPTION, _NUMBERS)
        self._shown: tuple[Series, ...] = ()
        self.hide()

    @property
    def chosen(self) -> str:
        """UID of the selected series; "" for the whole study."""
        row = self.currentRow() - 1
        return self._shown[row].uid if 0 <= row < len(self._shown) else ""

    def show_series(self, model: ServerModel, study: str) -> None:
        """Show the series if they are those of this study."""
        series = model.series if study and model.listed == study else ()
        if series != self._shown:
            self._shown = series
            whole = ("", "", translate("All series of the study"), "")
            self.fill([whole, *map(_cells, series)] if series else [], 0)
        self.setVisible(bool(series))


def _cells(series: Series) -> tuple[str, ...]:
    number, images = ("" if n is None else str(n) for n in (series.number, series.n_images))
    return number, series.modality, series.description, images
