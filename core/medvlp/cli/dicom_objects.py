"""The DICOM objects that ``ground`` and ``score`` write."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from medvlp.cli.output import notice

if TYPE_CHECKING:
    from highdicom.seg import Segmentation

    from medvlp.export.dicom_equipment import NamedModel
    from medvlp.export.dicom_source import DicomSource
    from medvlp.export.organ_planes import OrganPlanes
    from medvlp.grounding.heatmap import Heatmap
    from medvlp.grounding.organs import OrganTable
    from medvlp.progress import Progress
    from medvlp.scan import Scan


class QueryObjects:
    """Objects of the answers to queries.

    Parameters
    ----------
    source
        What the scan was read from.
    scan
        That was asked about.
    model
        That answered.
    """

    def __init__(self, source: DicomSource, scan: Scan, model: NamedModel) -> None:
        self._source, self._scan, self._model = source, scan, model
        self._segmentations: list[Segmentation] = []

    def write_map(self, heatmap: Heatmap, target: Path) -> None:
        """A Parametric Map."""
        from medvlp.export.dicom import write_parametric_map

        write_parametric_map(heatmap, self._source.planes, target, self._model.name)

    def write_segmentation(self, heatmap: Heatmap, target: Path, threshold: float) -> bool:
        """A Segmentation; False, and a line on stderr, where nothing is that hot."""
        from medvlp.export.dicom_seg import heat_segmentation, write_segmentation

        made = heat_segmentation([heatmap], self._source, self._model, threshold)
        if made is None:
            notice(f"no heat of {threshold:g} for {heatmap.query.text!r}: no dicom-seg file.")
            return False
        write_segmentation(made, target)
        self._segmentations.append(made)
        return True

    def write_capture(self, heatmap: Heatmap, target: Path) -> None:
        """The overlay as a Secondary Capture."""
        import numpy as np

        from medvlp.export.dicom_sc import secondary_capture, write_secondary_capture
        from medvlp.export.images import overlay

        picture = np.asarray(overlay(heatmap, self._scan))
        text = heatmap.query.text
        capture = secondary_capture(picture, self._source, self._model.name, text)
        write_secondary_capture(capture, target)

    def write_report(self, heatmaps: Sequence[Heatmap], target: Path) -> None:
        """One structured report of all answers, which refers to the segmentations written before."""
        from medvlp.export.dicom_answers import heat_answers
        from medvlp.export.dicom_sr import structured_report, write_structured_report

        answers = heat_answers(heatmaps)
        report = structured_report(answers, self._source, self._model, self._segmentations)
        write_structured_report(report, target)


class TableObjects:
    """Objects of an organ table; the parameters are those of :class:`QueryObjects`."""

    def __init__(self, source: DicomSource, model: NamedModel) -> None:
        self._source, self._model = source, model
        self._segmentations: list[Segmentation] = []

    def write_segmentation(
        self, organs: OrganPlanes, table: OrganTable, target: Path, progress: Progress
    ) -> bool:
        """The organs; False, and a line on stderr, where there are none."""
        from medvlp.export.dicom_seg import organ_segmentation, write_segmentation

        made = organ_segmentation(organs, self._source, self._model, table.source, progress)
        if made is None:
            notice("no organ masks were had: no dicom-seg file.")
            return False
        write_segmentation(made, target)
        self._segmentations.append(made)
        return True

    def write_report(self, table: OrganTable, target: Path) -> None:
        """The findings, organ by organ."""
        from medvlp.export.dicom_answers import organ_answers
        from medvlp.export.dicom_sr import structured_report, write_structured_report

        answers = organ_answers(table)
        report = structured_report(answers, self._source, self._model, self._segmentations)
        write_structured_report(report, target)
