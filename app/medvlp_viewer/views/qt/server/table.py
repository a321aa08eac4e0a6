"""The table of studies: date, kinds, description, sizes, and patients where that is wanted."""

from __future__ import annotations

from medvlp.network.server import Study
from medvlp_viewer.models.server import ServerModel
from medvlp_viewer.views.qt.row_table import OpeningTable

_TITLES = ("Date", "Modalities", "Description", "Series", "Images", "Patient")
_DESCRIPTION, _PATIENT = 2, 5
_COUNTS = (3, 4)


class StudyTable(OpeningTable):
    """One row per study."""

    def __init__(self) -> None:
        super().__init__(_TITLES, "Studies on the server", _DESCRIPTION, _COUNTS)
        self._shown: tuple[tuple[Study, ...], bool] = ((), False)
        self.setColumnHidden(_PATIENT, True)

    @property
    def chosen(self) -> str:
        """UID of the selected study, or ""."""
        studies, row = self._shown[0], self.currentRow()
        return studies[row].uid if 0 <= row < len(studies) else ""

    def show_studies(self, model: ServerModel) -> None:
        """Show these studies; without their patients unless the model says so."""
        if (model.studies, model.names_shown) == self._shown:
            return
        same, row = model.studies == self._shown[0], self.currentRow()
        self._shown = (model.studies, model.names_shown)
        self.setColumnHidden(_PATIENT, not model.names_shown)
        cells = [_cells(study, model.names_shown) for study in model.studies]
        self.fill(cells, row if same and row >= 0 else 0)


def _cells(study: Study, names_shown: bool) -> tuple[str, ...]:
    counts = ("" if n is None else str(n) for n in (study.n_series, study.n_images))
    patient = study.patient if names_shown else ""
    return (study.date, " ".join(study.modalities), study.description, *counts, patient)
