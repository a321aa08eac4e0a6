"""A fake of the process that holds the model."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace


@dataclass
class FakeWorker:
    """Answers nothing by itself: tests say what comes back, when, and in which order."""

    submitted: list = field(default_factory=list)
    cancelled: list = field(default_factory=list)
    events: list = field(default_factory=list)
    closed: bool = False

    def start(self):
        pass

    def submit(self, kind, **arguments):
        self.submitted.append((kind, arguments))
        return len(self.submitted)

    def poll(self):
        events, self.events = self.events, []
        return events

    def cancel(self, request):
        self.cancelled.append(request)

    def close(self):
        self.closed = True

    def last(self, kind: str) -> int:
        """Number of the last request of a kind."""
        return max(n for n, (k, _) in enumerate(self.submitted, 1) if k == kind)

    def reply(self, request: int, kind: str = "result", value=None, message="", fraction=0.0):
        self.events.append(
            SimpleNamespace(
                request=request, kind=kind, value=value, message=message, fraction=fraction
            )
        )


def encoding_facts() -> SimpleNamespace:
    """What the worker reports after encoding."""
    model = SimpleNamespace(
        name="fake", sha256="fa" * 32, device="cpu (numpy)", model_id="fake@fafafafafafafafa"
    )
    return SimpleNamespace(model=model, seconds={}, in_domain=1.0, organs={}, geometry=None)
