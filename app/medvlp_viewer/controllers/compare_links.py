"""Keeps two scans in step: crosshair, window, queries, layout of the panes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from medvlp_viewer.controllers.panes import PanesController
from medvlp_viewer.models.compare import CompareModel
from medvlp_viewer.models.state import ViewerState
from medvlp_widgets.models.queries import QueryRow


class CompareLinks:
    """Passes on what changes on one side, without the echo.

    Parameters
    ----------
    model
        How the scans belong together.
    left, right
        Models of the two sides.
    ask, forget
        Ask or forget a query, by its key, on the right.
    """

    def __init__(
        self,
        model: CompareModel,
        left: ViewerState,
        right: ViewerState,
        ask: Callable[[str], None],
        forget: Callable[[str], None],
    ) -> None:
        self._model, self._left, self._right = model, left, right
        self._ask, self._forget = ask, forget
        self._passing = False
        self._ready = False
        # Before the panes of the right side hear of it, and start with a view of their own.
        right.scan.changed.connect(self._on_right_scan)
        left.crosshair.changed.connect(self._move_right)
        right.crosshair.changed.connect(self._move_left)
        left.display.window_changed.connect(lambda: self._window(left, right))
        right.display.window_changed.connect(lambda: self._window(right, left))
        left.display.options_changed.connect(self._options)
        left.queries.row_added.connect(self._on_row)
        left.queries.row_changed.connect(self._on_row)
        left.queries.row_removed.connect(self._on_removed)
        left.queries.selection_changed.connect(self._on_selected)

    @property
    def live(self) -> bool:
        """Whether there are two scans to keep in step."""
        both = self._left.scan.scan is not None and self._right.scan.scan is not None
        return self._model.active and self._ready and both

    def begin(self) -> None:
        """Either scan was opened: the right one takes over how the left one is shown."""
        self._ready = True
        self._window(self._left, self._right)
        self._options()
        self._move_right()

    def copy_queries(self) -> None:
        """The same queries, in the same colours, for the right scan."""
        for key in {row.key for row in self._right.queries} - {r.key for r in self._left.queries}:
            self._on_removed(key)
        for row in self._left.queries:
            self._on_row(row)
        self._on_selected(self._left.queries.selected)

    def tie(self, left: PanesController, right: PanesController) -> None:
        """The same pane has the keyboard's attention, or stands alone, on both sides."""

        def follow(source: PanesController, target: PanesController) -> None:
            with self._pass_on() as first:
                same = (source.active, source.maximised) == (target.active, target.maximised)
                if first and self.live and not same:
                    target.arrange(source.active, maximised=source.maximised)

        left.arranged.connect(lambda: follow(left, right))
        right.arranged.connect(lambda: follow(right, left))

    @contextmanager
    def _pass_on(self) -> Iterator[bool]:
        """True unless this change is itself the echo of one that is being passed on."""
        first, self._passing = not self._passing, True
        try:
            yield first
        finally:
            self._passing = not first

    def _move_right(self) -> None:
        with self._pass_on() as first:
            right = self._right.crosshair
            if first and self.live:
                right.show(self._left.crosshair.visible)
                if self._model.linked:
                    right.move_to(self._left.crosshair.world + self._model.offset)

    def _move_left(self) -> None:
        with self._pass_on() as first:
            if first and self.live and self._model.linked:
                self._left.crosshair.move_to(self._right.crosshair.world - self._model.offset)

    def _window(self, source: ViewerState, target: ViewerState) -> None:
        with self._pass_on() as first:
            scans = source.scan.scan, target.scan.scan
            same = scans[0] and scans[1] and scans[0].intensity == scans[1].intensity
            if first and self.live and same:
                target.display.set_window(source.display.window)

    def _on_right_scan(self) -> None:
        self._ready = False

    def _options(self) -> None:
        self._right.display.set_smooth(self._left.display.smooth)
        self._right.display.set_annotations(self._left.display.annotations)

    def _on_row(self, row: QueryRow) -> None:
        """A query is asked once; later changes of its look are copied."""
        if not self._model.active:
            return
        queries = self._right.queries
        if row.key not in queries:
            fresh: dict[str, Any] = {"pending": True, "probability": None, "abstained": False}
            fresh |= {"reason": "", "explanation": "", "peak": ""}
            queries.restore(replace(row, **fresh), len(queries))
            self._ask(row.key)
        queries.set_visible(row.key, row.visible)
        queries.set_hue(row.key, row.hue)
        queries.set_drawing(row.key, row.opacity, row.threshold)

    def _on_removed(self, key: str) -> None:
        self._right.queries.remove(key)
        self._forget(key)

    def _on_selected(self, key: str) -> None:
        if self._model.active:
            self._right.queries.select(key)
