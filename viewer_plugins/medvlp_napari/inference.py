"""The layer that is asked about, as it is in the inference process: sent and encoded when needed."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any

from psygnal import Signal

from medvlp_napari.background import Background
from medvlp_napari.jobs import JobQueue, Request
from medvlp_napari.layer_scan import scan_from_layer, world_affine

if TYPE_CHECKING:
    from napari.layers import Image

    from medvlp.scan import Scan
    from medvlp.worker import EncodingFacts


class Inference:
    """Submits jobs about layers; before the first one the layer is read, sent and encoded.

    Parameters
    ----------
    jobs
        Of the inference process.
    background
        Reads voxels without blocking the window.

    Signals
    -------
    scan_ready(Scan)
        A layer was read.
    refused(Request, str)
        A job was not submitted, and why.
    """

    scan_ready = Signal(object)
    refused = Signal(object, str)

    def __init__(self, jobs: JobQueue, background: Background) -> None:
        self._jobs, self._background = jobs, background
        self._sent: Hashable = None
        self._encoding = False
        self._waiting: dict[Hashable, list[tuple[Request, dict[str, Any]]]] = {}
        self.orientation = "SPL"
        self.scan: Scan | None = None
        self.facts: EncodingFacts | None = None

    def submit(self, request: Request, **arguments: Any) -> None:
        """Start a job about ``request.source``, now or as soon as the layer was read."""
        source = request.source
        assert source is not None
        state = self._state(source)
        if state == self._sent:
            self._submit(request, arguments)
            return
        reading = state in self._waiting
        self._waiting.setdefault(state, []).append((request, arguments))
        if not reading:
            orientation = self.orientation
            self._background.run(
                "Reading the layer",
                lambda _progress: scan_from_layer(source, orientation=orientation),
                lambda scan: self._on_scan(state, source, scan),
                lambda message: self._on_refused(state, message),
            )

    def forget_scan(self) -> None:
        """The process does not have it, or not whole: send it again next time."""
        self._sent, self._encoding, self.facts = None, False, None

    def forget_encoding(self) -> None:
        """Another model: the scan is encoded anew when next asked about."""
        self._encoding, self.facts = False, None

    def drop(self, source: Image) -> None:
        """Nobody waits for this layer any more."""
        for waiting in self._waiting.values():
            waiting[:] = [item for item in waiting if item[0].source is not source]

    def _state(self, source: Image) -> Hashable:
        """What has to be the same for the scan in the process to be this layer."""
        transform = world_affine(source).tobytes()
        return (source.unique_id, id(source.data), transform, self.orientation)

    def _on_scan(self, state: Hashable, source: Image, scan: Scan) -> None:
        waiting = self._waiting.pop(state, [])
        if not waiting:
            return
        self.scan = scan
        self.forget_scan()
        self._sent = state
        self.scan_ready.emit(scan)
        self._jobs.submit(Request("open", source), source=scan)
        for request, arguments in waiting:
            self._submit(request, arguments)

    def _on_refused(self, state: Hashable, message: str) -> None:
        for request, _ in self._waiting.pop(state, []):
            self.refused.emit(request, message)

    def _submit(self, request: Request, arguments: dict[str, Any]) -> None:
        if not self._encoding:
            self._encoding = True
            self._jobs.submit(Request("encode", request.source))
        self._jobs.submit(request, **arguments)
