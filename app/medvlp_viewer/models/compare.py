"""Two scans, or two models, side by side: how their millimetres belong together, what differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from psygnal import Signal

from medvlp.geometry import Geometry
from medvlp.grounding.agreement import Agreement
from medvlp_widgets.models.queries import QueryModel, QueryRow

NO_DIFFERENCE = "\N{EM DASH}"
_DROPPED = "Another scan was opened: the alignment was dropped."
_ONE_SCAN = (
    "One scan, two models. Difference: right minus left. Peaks apart: distance of the hottest "
    "points. Overlap: Dice of the heat above the threshold."
)
_OTHER_MODELS = "Answered by two different models: their probabilities cannot be compared."


class CompareModel:
    """Whether two scans are compared, and the step from one to the other.

    ``offset`` ``(3,)``: a point of the left scan lies at ``left + offset`` in the right one, in
    LPS millimetres. ``linked`` says whether the crosshairs follow each other. ``other_model`` is the
    name or folder of the model on the right where the scan is the same on both sides.

    Events
    ------
    changed
        Emitted after any of it changed.
    """

    changed = Signal()

    def __init__(self) -> None:
        self.active = False
        self.linked = False
        self.can_link = False
        self.by_centres = False
        self.other_model = ""
        self._aligned = self._dropped = False
        self._offset: NDArray[np.float64] = np.zeros(3)

    @property
    def can_align(self) -> bool:
        """Whether a step can be set: one scan lies where it lies."""
        return self.can_link and not self.other_model

    @property
    def offset(self) -> NDArray[np.float64]:
        """From the left scan to the right one."""
        return self._offset

    def begin(self, other_model: str = "") -> None:
        """The second scan is on its way, or the same one for another model."""
        self.active, self.other_model = True, other_model
        self.linked = self.can_link = self.by_centres = False
        self._aligned = self._dropped = False
        self._offset = np.zeros(3)
        self.changed.emit()

    def end(self) -> None:
        """One scan again."""
        self.active = self.linked = self.can_link = False
        self.other_model = ""
        self.changed.emit()

    def match(self, left: Geometry, right: Geometry) -> None:
        """Begin with what the files say: the same patient frame if the scans overlap in it.

        Otherwise their centres are put together. Scans that do not lie in millimetres, and a CT
        beside an X-ray, are not linked. A step that was set by hand belonged to the scans before.
        """
        self._aligned, self._dropped = False, self._aligned
        in_millimetres = left.units == right.units == "mm" and left.ndim == right.ndim
        self.can_link = in_millimetres or bool(self.other_model)
        self.by_centres = in_millimetres and not _overlap(left, right)
        self._offset = _centre(right) - _centre(left) if self.by_centres else np.zeros(3)
        self.linked = self.can_link
        self.changed.emit()

    def align(self, left: ArrayLike, right: ArrayLike) -> None:
        """From now on these two points belong together."""
        if self.can_align:
            self._offset = np.asarray(right, dtype=np.float64) - np.asarray(left, dtype=np.float64)
            self.by_centres, self.linked = False, True
            self._aligned, self._dropped = True, False
            self.changed.emit()

    @property
    def step(self) -> NDArray[np.float64] | None:
        """The offset, if it was set by hand for these scans."""
        return self._offset if self._aligned else None

    def restore(self, linked: bool, step: ArrayLike | None) -> None:
        """Link as before, with a step that was set by hand, if there was one."""
        if step is not None:
            self.align(np.zeros(3), step)
        self.link(linked)

    def link(self, linked: bool) -> None:
        """Let the crosshairs follow each other, or go apart."""
        linked = linked and self.can_link
        if linked != self.linked:
            self.linked = linked
            self.changed.emit()

    @property
    def words(self) -> str:
        """How the scans are matched, for people; each line is a sentence or two."""
        if not self.active:
            return ""
        if self.other_model:
            return _ONE_SCAN
        return f"{_DROPPED}\n{self._link_words}" if self._dropped else self._link_words

    @property
    def _link_words(self) -> str:
        if not self.can_link:
            return "Not linked: the two pictures have no common millimetres."
        if not self.linked:
            return "Not linked: scroll each side by itself, then align."
        if self.by_centres:
            return "Linked by the centres of the scans. Align at a landmark to be exact."
        if not np.any(self._offset):
            return "Linked by the positions in the files. Align at a landmark where they differ."
        steps = (f"{value:+.1f}".replace("-", "\N{MINUS SIGN}") for value in self._offset)
        return f"Linked with a step of {', '.join(steps)} mm (left, back, up)."


@dataclass(frozen=True)
class ComparisonRow:
    """One query on both sides, in words; ``note`` explains what is missing.

    ``apart`` and ``overlap`` are given for two models on one scan.
    """

    key: str
    number: int
    rgb: tuple[int, int, int]
    text: str
    left: str
    right: str
    difference: str
    note: str = ""
    apart: str = NO_DIFFERENCE
    overlap: str = NO_DIFFERENCE


def comparison_rows(
    left: QueryModel,
    right: QueryModel,
    *,
    same_model: bool = True,
    agreements: Mapping[str, Agreement] | None = None,
) -> tuple[ComparisonRow, ...]:
    """Every query of the left side with both answers.

    A difference is given in percentage points, right minus left, where both were answered by the
    same model; an abstention is no probability, so there is nothing to subtract. Of two models on
    one scan how far they agree is what is asked: ``agreements``, by query key, are those known.
    """
    answers = {row.key: row for row in right.rows}
    same = same_model or agreements is not None
    rows = (_row(row, answers.get(row.key), same) for row in left.rows)
    return tuple(_with_agreement(row, (agreements or {}).get(row.key)) for row in rows)


def _with_agreement(row: ComparisonRow, found: Agreement | None) -> ComparisonRow:
    if found is None:
        return row
    apart, overlap = found.peak_distance_mm, found.overlap
    return replace(
        row,
        apart=NO_DIFFERENCE if apart is None else f"{apart:.0f} mm",
        overlap=NO_DIFFERENCE if overlap is None else f"{overlap:.2f}",
    )


def _row(left: QueryRow, right: QueryRow | None, same_model: bool) -> ComparisonRow:
    notes = [f"Left: {left.reason}"] if left.reason and not left.pending else []
    if right is not None and right.reason and not right.pending:
        notes.append(f"Right: {right.reason}")
    difference = NO_DIFFERENCE
    probabilities = left.probability, right.probability if right is not None else None
    waits = left.pending or right is None or right.pending
    if not waits and probabilities[0] is not None and probabilities[1] is not None:
        if same_model:
            # Of the percentages as they are shown, so that the table adds up.
            points = round(100.0 * probabilities[1]) - round(100.0 * probabilities[0])
            difference = f"{points:+d} points".replace("-", "\N{MINUS SIGN}")
        else:
            notes.append(_OTHER_MODELS)
    return ComparisonRow(
        left.key,
        left.hue.number,
        left.hue.rgb,
        left.text,
        left.verdict,
        right.verdict if right is not None else "working…",
        difference,
        "\n".join(notes),
    )


def _centre(geometry: Geometry) -> NDArray[np.float64]:
    return geometry.index_to_world((np.asarray(geometry.shape) - 1) / 2)


def _overlap(left: Geometry, right: Geometry) -> bool:
    """Whether either centre lies in the other scan."""
    return right.contains(right.world_to_index(_centre(left))) or left.contains(
        left.world_to_index(_centre(right))
    )
