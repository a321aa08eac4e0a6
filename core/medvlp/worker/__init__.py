"""A session in a child process: killable, cancellable, and it cannot freeze a window."""

from medvlp.worker.messages import EncodingFacts, Event, JobKind, ModelFacts
from medvlp.worker.worker import Worker

__all__ = ["EncodingFacts", "Event", "JobKind", "ModelFacts", "Worker"]
