"""What the controllers need of the inference process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from medvlp.worker import JobKind


class WorkerEvent(Protocol):
    """Progress or the end of a request; see :class:`medvlp.worker.Event`."""

    @property
    def request(self) -> int:
        """Number that :meth:`WorkerPort.submit` returned."""

    @property
    def kind(self) -> str:
        """``"progress"``, ``"result"``, ``"error"``, ``"cancelled"`` or ``"died"``."""

    @property
    def fraction(self) -> float:
        """Of a progress event."""

    @property
    def message(self) -> str:
        """For people."""

    @property
    def value(self) -> Any:
        """Of a result."""


class WorkerPort(Protocol):
    """The part of :class:`medvlp.worker.Worker` that the viewer uses. Nothing here blocks."""

    def start(self) -> None:
        """Start the process."""

    def submit(self, kind: JobKind, **arguments: Any) -> int:
        """Hand a request over; its number."""

    def poll(self) -> Sequence[WorkerEvent]:
        """Events since the last call."""

    def cancel(self, request: int) -> None:
        """Stop a request."""

    def close(self) -> None:
        """End the process."""
