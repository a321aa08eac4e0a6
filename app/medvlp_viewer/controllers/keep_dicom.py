"""Saving as DICOM, beside the images that the scan on screen was read from."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from medvlp.errors import MedVLPError
from medvlp.progress import Progress
from medvlp_viewer.controllers.file_writer import FileWriter
from medvlp_viewer.controllers.keep import KeepController
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import Message, WindowView
from medvlp_viewer.views.keep import FileKind

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from medvlp.export.dicom_source import DicomSource
    from medvlp.grounding.heatmap import Heatmap

DICOM = FileKind("DICOM", ".dcm")

Make = Callable[["DicomSource", Progress], "Dataset | None"]


class KeepDicomController:
    """Asks for a name, then has the source read again and the object made in the background.

    A scan itself keeps no identifiers: they are read from the files that it came from.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        session: SessionController,
        keep: KeepController,
        writer: FileWriter,
    ) -> None:
        self._state = state
        self._window = window
        self._session = session
        self._keep = keep
        self._writer = writer

    @property
    def available(self) -> bool:
        """Whether the scan on screen came from DICOM and is encoded."""
        scan = self._state.scan.scan
        is_dicom = scan is not None and scan.provenance.get("format") == "DICOM"
        return is_dicom and self._keep.facts is not None

    @property
    def has_heat(self) -> bool:
        """Whether there is heat to outline: of a query that is answered."""
        return self.available and any(self._state.heats.get(r.key) for r in self._state.queries)

    @property
    def has_organs(self) -> bool:
        """Whether organs were found."""
        table, facts = self._keep.table, self._keep.facts
        return self.available and table is not None and facts is not None and bool(facts.organs)

    @property
    def has_answers(self) -> bool:
        """Whether there is anything to report."""
        return self.available and self._keep.has_answers

    def save_heat(self) -> None:
        """What is drawn of the heat, as a Segmentation: one segment for each query that is shown."""
        shown, facts = self._shown(), self._keep.facts
        if facts is None:
            return
        if not shown:
            text = "No heat is shown. Show a query that has an answer, then save."
            self._window.show_message(Message("info", text))
            return
        maps = [heatmap for heatmap, _ in shown]
        colours = [rgb for _, rgb in shown]
        threshold, model = max(0.01, self._state.overlay.threshold), facts.model

        def make(source: DicomSource, progress: Progress) -> Dataset | None:
            from medvlp.export.dicom_seg import heat_segmentation

            return heat_segmentation(maps, source, model, threshold, colours, progress)

        self._save("Save heat as DICOM Segmentation", "medvlp-heat.seg.dcm", "Segmentation", make)

    def save_map(self) -> None:
        """The heat of the selected query, undivided by a threshold, as a Parametric Map."""
        selected, facts = self._state.queries.selected, self._keep.facts
        heatmap = self._state.heats.get(selected) if selected else None
        if facts is None:
            return
        if heatmap is None or heatmap.abstained:
            text = "The selected query has no heat. Select one that has an answer, then save."
            self._window.show_message(Message("info", text))
            return
        chosen = heatmap

        def make(source: DicomSource, progress: Progress) -> Dataset:
            from medvlp.export.dicom import parametric_map

            planes = source.placed_planes("Parametric Map")
            return parametric_map(chosen, planes, facts.model.name, progress)

        title = "Save heat as DICOM Parametric Map"
        self._save(title, "medvlp-heat.pm.dcm", "Parametric Map", make)

    def save_organs(self) -> None:
        """The organs of the table as a Segmentation."""
        scan, facts, table = self._state.scan.scan, self._keep.facts, self._keep.table
        if scan is None or facts is None or table is None:
            return
        present = [row.organ for row in table.rows if row.present]

        def make(source: DicomSource, progress: Progress) -> Dataset | None:
            from medvlp.export.dicom_seg import organ_segmentation
            from medvlp.export.organ_planes import GridOrgans

            organs = GridOrgans(facts.organs, present, facts.geometry, scan.geometry)
            return organ_segmentation(organs, source, facts.model, table.source, progress)

        title = "Save organs as DICOM Segmentation"
        self._save(title, "medvlp-organs.seg.dcm", "Segmentation", make)

    def save_report(self) -> None:
        """All answers as a structured report."""
        facts, table = self._keep.facts, self._keep.table
        if facts is None:
            return
        heats = [self._state.heats.get(row.key) for row in self._state.queries]
        maps = [heatmap for heatmap in heats if heatmap is not None]

        def make(source: DicomSource, progress: Progress) -> Dataset:
            from medvlp.export.dicom_answers import heat_answers, organ_answers
            from medvlp.export.dicom_sr import structured_report

            organs = [] if table is None else organ_answers(table)
            return structured_report([*heat_answers(maps), *organs], source, facts.model)

        title = "Save DICOM structured report"
        self._save(title, "medvlp-answers.sr.dcm", "structured report", make)

    def save_picture(self) -> None:
        """The panes as they are on screen, as a Secondary Capture."""
        facts = self._keep.facts
        if facts is None:
            return
        picture = self._window.keep.picture_of_panes()
        selected = self._state.queries.selected
        words = next((row.text for row in self._state.queries if row.key == selected), "picture")

        def make(source: DicomSource, progress: Progress) -> Dataset:
            from medvlp.export.dicom_sc import picture_of_png, secondary_capture

            return secondary_capture(picture_of_png(picture.png()), source, facts.model.name, words)

        title = "Save picture as DICOM Secondary Capture"
        self._save(title, "medvlp-panes.sc.dcm", "Secondary Capture", make)

    def _shown(self) -> list[tuple[Heatmap, tuple[int, int, int]]]:
        """Heat and colour of the queries that are answered and not hidden."""
        found = []
        for row in self._state.queries:
            heatmap = self._state.heats.get(row.key)
            if heatmap is not None and row.visible and not heatmap.abstained:
                found.append((heatmap, row.hue.rgb))
        return found

    def _save(self, title: str, suggestion: str, what: str, make: Make) -> None:
        """Ask for a name; then read the source, make the object and write it beside the loop."""
        scan, origin = self._state.scan.scan, self._session.origin
        if scan is None or origin is None:
            return
        target = self._window.keep.choose_target(title, suggestion, DICOM)
        if not target:
            return
        paths = [Path(path) for path in origin.source]

        def content(progress: Progress) -> bytes:
            from medvlp.export.dicom_source import read_images

            progress(0.01, "Reading the images")
            made = make(read_images(paths, scan, what), progress)
            if made is None:
                raise MedVLPError("Nothing is marked on the images: there is nothing to save.")
            return _bytes_of(made)

        self._writer.write_in_steps(target, content, "DICOM")


def _bytes_of(dataset: Dataset) -> bytes:
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return buffer.getvalue()
