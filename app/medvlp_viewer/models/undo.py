"""What can be taken back, and done again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from psygnal import Signal

LIMIT = 200


@dataclass(frozen=True)
class UndoStep:
    """One thing that the user did.

    Parameters
    ----------
    title
        What was done, such as ``"Question removed: lung mass"``.
    undo, redo
        Take it back, and do it again. They may be called many times, always alternating.
    of_scan
        Whether it means nothing on another scan.
    """

    title: str
    undo: Callable[[], object]
    redo: Callable[[], object]
    of_scan: bool = False


class UndoStack:
    """Steps in the order in which they were done; a new step forgets those taken back.

    Whoever changes something on the user's behalf changes it and then pushes a step. What ``undo``
    and ``redo`` do is not recorded again: pushes during them are ignored.

    Events
    ------
    changed
        Emitted after a step was pushed, taken back or done again.
    """

    changed = Signal()

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._done: list[UndoStep] = []
        self._undone: list[UndoStep] = []
        self._running = False

    def __bool__(self) -> bool:
        return True

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether a step was taken back that can be done again."""
        return bool(self._undone)

    def push(self, step: UndoStep) -> None:
        """Remember something that was just done."""
        if self._running:
            return
        self._done = [*self._done, step][-self._limit :]
        self._undone.clear()
        self.changed.emit()

    def undo(self) -> UndoStep | None:
        """Take the last step back; None if there is none."""
        return self._move(self._done, self._undone, lambda step: step.undo)

    def redo(self) -> UndoStep | None:
        """Do the step again that was taken back last; None if there is none."""
        return self._move(self._undone, self._done, lambda step: step.redo)

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()
        self.changed.emit()

    def forget_scan(self) -> None:
        """Another scan is shown: forget the steps that mean nothing on it."""
        self._done = [step for step in self._done if not step.of_scan]
        self._undone = [step for step in self._undone if not step.of_scan]
        self.changed.emit()

    def _move(
        self,
        source: list[UndoStep],
        target: list[UndoStep],
        action: Callable[[UndoStep], Callable[[], object]],
    ) -> UndoStep | None:
        if not source or self._running:
            return None
        step = source.pop()
        self._running = True
        try:
            action(step)()
        finally:
            self._running = False
        target.append(step)
        self.changed.emit()
        return step
