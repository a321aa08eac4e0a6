"""Saving: pictures, scores, report. What takes long is made and written beside the event loop."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import cast

from medvlp.export.answers import answers_csv, answers_report
from medvlp.grounding.heatmap import Heatmap
from medvlp.grounding.organs import OrganTable
from medvlp.models.protocol import GroundingModel
from medvlp.progress import Progress
from medvlp.scan import Scan
from medvlp.worker import EncodingFacts
from medvlp_viewer.controllers.file_writer import FileWriter
from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.models.readout import window_lines
from medvlp_viewer.models.report import report_of
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.base import WindowView
from medvlp_viewer.views.keep import FileKind, KeepView, Picture

PNG = FileKind("PNG picture", ".png")
CSV = FileKind("CSV table", ".csv")
JSON = FileKind("JSON", ".json")
PDF = FileKind("PDF document", ".pdf")


class KeepController:
    """Asks for a name, makes the content in the background, says where it is.

    ``facts`` and ``table`` are of the scan on screen, or None.
    """

    def __init__(
        self,
        state: ViewerState,
        window: WindowView,
        session: SessionController,
        panes: PanesController,
        writer: FileWriter,
    ) -> None:
        self._state = state
        self._window = window
        self._panes = panes
        self._writer = writer
        self.facts: EncodingFacts | None = None
        self.table: OrganTable | None = None
        session.opened.connect(self._on_opened)
        session.encoded.connect(self._on_encoded)
        session.answered.connect(lambda keys: window.refresh_commands())
        session.scored.connect(self._on_scored)

    @property
    def _view(self) -> KeepView:
        return self._window.keep

    @property
    def has_answers(self) -> bool:
        """Whether there is anything to save about the scan on screen."""
        answered = any(self._state.heats.get(row.key) for row in self._state.queries)
        return self.facts is not None and (answered or self.table is not None)

    def save_panes(self) -> None:
        """All panes as PNG."""
        take = self._view.picture_of_panes
        self.save_picture("Save picture of the panes", "medvlp-panes.png", take)

    def save_pane(self) -> None:
        """The pane that has the keyboard, as PNG."""
        plane = self._panes.active
        take = partial(self._view.picture_of_pane, plane)
        self.save_picture("Save picture of this pane", f"medvlp-{plane}.png", take)

    def save_picture(self, title: str, suggestion: str, take: Callable[[], Picture]) -> None:
        """A picture as PNG, taken once a name was chosen."""
        target = self._view.choose_target(title, suggestion, PNG)
        if target:
            self._writer.write(target, take().png, "Picture")

    def save_window(self) -> None:
        """The whole window as PNG."""
        target = self._view.choose_target("Save picture of the window", "medvlp.png", PNG)
        if target:
            picture = self._window.picture()
            self._writer.write(target, lambda: picture, "Picture")

    def save_csv(self) -> None:
        """Scores as CSV."""
        target = self._view.choose_target("Save scores as CSV", "medvlp-scores.csv", CSV)
        answers = self._answers()
        if target and answers is not None:
            self._writer.write(target, lambda: answers_csv(answers()).encode(), "Scores")

    def save_json(self) -> None:
        """Scores as JSON."""
        target = self._view.choose_target("Save scores as JSON", "medvlp-scores.json", JSON)
        answers = self._answers()
        if target and answers is not None:
            self._writer.write(
                target, lambda: (json.dumps(answers(), indent=2) + "\n").encode(), "Scores"
            )

    def save_report(self) -> None:
        """Pictures, answers and organs as PDF."""
        target = self._view.choose_target("Save PDF report", "medvlp-report.pdf", PDF)
        answers = self._answers()
        if target and answers is not None:
            pictures: list[Picture] = [self._view.picture_of_panes()]
            facts, render = self._view_facts(), self._view.report

            def make(progress: Progress) -> bytes:
                return render(report_of(answers(), facts), pictures, progress)

            self._writer.write_in_steps(target, make, "Report")

    def _answers(self) -> Callable[[], dict[str, object]] | None:
        """Makes the answers in another thread, from values that nothing changes any more."""
        scan = self._state.scan.scan
        if scan is None or self.facts is None:
            return None
        heats = [self._state.heats.get(row.key) for row in self._state.queries]
        maps: list[Heatmap] = [heatmap for heatmap in heats if heatmap is not None]
        # The report reads name, hash and device, which the facts have in common with the model.
        model = cast(GroundingModel, self.facts.model)
        return partial(answers_report, scan, model, maps, self.table)

    def _view_facts(self) -> tuple[tuple[str, str], ...]:
        """What the pictures show."""
        scan, state = self._state.scan.scan, self._state
        assert scan is not None
        window = "  ".join(window_lines(scan, state.display.window))
        overlay = state.overlay
        heat = f"threshold {overlay.threshold:.2f}, opacity {overlay.opacity:.2f}"
        return ("Window", window), ("Heat", heat if overlay.visible else "hidden")

    def _on_opened(self, scan: Scan) -> None:
        self.facts = self.table = None

    def _on_encoded(self, facts: EncodingFacts) -> None:
        self.facts = facts

    def _on_scored(self, table: OrganTable | None) -> None:
        self.table = table
        self._window.refresh_commands()
