"""The table of two sides: answers of both, and how far two models agree."""

from __future__ import annotations

from functools import partial

from medvlp.grounding.agreement import Agreement, agreement
from medvlp.grounding.heatmap import Heatmap
from medvlp_viewer.controllers.turns import Later, OncePerTurn
from medvlp_viewer.models.compare import CompareModel, comparison_rows
from medvlp_viewer.models.overlay import row_style
from medvlp_viewer.models.readout import scan_line
from medvlp_viewer.models.state import ViewerState
from medvlp_viewer.views.compare import CompareView

Pair = tuple[Heatmap, Heatmap, float]
"""Answer of the left and of the right, and the threshold of both."""


class CompareAnswers:
    """Fills the part of a :class:`CompareView` below the panes.

    ``view`` is set when it is made. The agreement of two models is computed beside the event loop,
    once for every pair of answers about one scan and every threshold.

    Parameters
    ----------
    model
        How the sides belong together.
    left, right
        Models of the two sides.
    later
        Runs a function once the present event was handled.
    """

    def __init__(
        self, model: CompareModel, left: ViewerState, right: ViewerState, later: Later
    ) -> None:
        self.view: CompareView | None = None
        self._model, self._left, self._right = model, left, right
        self._pairs: dict[str, Pair] = {}
        self._agreements: dict[str, Agreement] = {}
        self.show_rows = OncePerTurn(later, self._show_rows)
        self._measure_later = OncePerTurn(later, self._measure)
        model.changed.connect(self._show_captions)
        for side in (left, right):
            side.heats.changed.connect(self._measure_later)
            side.jobs.changed.connect(self._show_names)
            for changed in (side.queries.row_changed, side.queries.row_removed):
                changed.connect(lambda *_: self.show_rows())
        left.queries.row_added.connect(lambda *_: self.show_rows())
        left.queries.selection_changed.connect(lambda *_: self.show_rows())
        left.queries.row_changed.connect(lambda *_: self._measure_later())
        left.overlay.changed.connect(self._measure_later)
        self._names = ("", "")

    def show_titles(self) -> None:
        """Name the two scans, or the two models and their scan."""
        left, right = self._left.scan.scan, self._right.scan.scan
        if self.view is None or left is None or right is None:
            return
        if self._model.other_model:
            jobs = self._left.jobs, self._right.jobs
            names = [f"{side.model}, {side.device}" if side.device else side.model for side in jobs]
            self.view.set_titles(*names)
        else:
            self.view.set_titles(scan_line(left), scan_line(right))

    def show_progress(self) -> None:
        """What the second process is doing."""
        if self.view is not None:
            jobs = self._right.jobs
            words = jobs.jobs[0].title if jobs.jobs else ""
            self.view.set_progress(words, jobs.progress.fraction if words else None)

    def show_headings(self) -> None:
        """Name the columns of the table."""
        if self.view is None:
            return
        two = bool(self._model.other_model)
        left, right = self._names if two and all(self._names) else ("Left", "Right")
        self.view.set_headings(left, right, agreement=two)

    def _show_names(self) -> None:
        """Another model answers on one of the sides."""
        names = self._left.jobs.model, self._right.jobs.model
        if self._model.active and names != self._names:
            self._names = names
            self._show_captions()
            self.show_headings()
            self.show_titles()
            self.show_rows()

    def _show_captions(self) -> None:
        """Two models on one scan look alike: every pane says whose heat it shows."""
        for side in (self._left, self._right):
            name = side.jobs.model if self._model.other_model else ""
            side.display.set_caption(f"Model {name}" if name else "")

    def _show_rows(self) -> None:
        if self.view is None or not self._model.active:
            return
        names = self._left.jobs.model, self._right.jobs.model
        rows = comparison_rows(
            self._left.queries,
            self._right.queries,
            same_model=not all(names) or names[0] == names[1],
            agreements=self._agreements if self._model.other_model else None,
        )
        self.view.set_rows(rows, self._left.queries.selected)

    def _measure(self) -> None:
        """Compare what both have answered; forget what either has taken back."""
        pairs: dict[str, Pair] = {}
        for row in self._left.queries.rows if self._model.other_model else ():
            left, right = self._left.heats.get(row.key), self._right.heats.get(row.key)
            if left is not None and right is not None and _on_one_scan(left, right):
                pairs[row.key] = (left, right, row_style(row, self._left.overlay)[1])
        new = {k: pair for k, pair in pairs.items() if self._pairs.get(k) != pair}
        self._agreements = {
            k: found for k, found in self._agreements.items() if k in pairs and k not in new
        }
        self._pairs = pairs
        for key, pair in new.items():
            self._left.heats.background(partial(agreement, *pair), partial(self._keep, key, pair))

    def _keep(self, key: str, pair: Pair, found: Agreement) -> None:
        """Unless either side was answered again meanwhile, or the threshold moved on."""
        if self._pairs.get(key) == pair:
            self._agreements[key] = found
            self.show_rows()


def _on_one_scan(left: Heatmap, right: Heatmap) -> bool:
    """One side may still be about the scan before."""
    return left.scan_geometry.is_close(right.scan_geometry, tolerance_mm=1e-2)
