"""Session factories for the worker's child process: ``Worker(fake_session_factory=...)``."""

from __future__ import annotations

import os

from fake_model import FakeModel

from medvlp.session import Session


def plain() -> Session:
    """Answers at once."""
    return Session(FakeModel())


def slow() -> Session:
    """Encodes for 20 seconds and can be cancelled at every report of progress."""
    return Session(FakeModel(delay=20.0))


def stubborn() -> Session:
    """Encodes for 20 seconds and reports nothing: only killing helps."""
    return Session(FakeModel(delay=20.0, stubborn=True))


def crashing() -> Session:
    """Its process ends during every encoding."""
    return Session(FakeModel(crash=True))


def crashing_once() -> Session:
    """Its process ends during the first encoding; ``$MEDVLP_TEST_MARK`` remembers that."""
    mark = os.environ["MEDVLP_TEST_MARK"]
    crash = not os.path.exists(mark)
    open(mark, "w").close()
    return Session(FakeModel(crash=crash))


def broken() -> Session:
    """Cannot be made."""
    raise RuntimeError("no session today")


def hungry() -> Session:
    """Runs out of memory when it encodes."""
    model = FakeModel()

    def encode(*_: object, **__: object) -> None:
        raise MemoryError

    model.encode = encode  # type: ignore[method-assign,assignment]
    return Session(model)


def ending() -> Session:
    """Ends its process while the session is made, before anything was answered."""
    os._exit(3)
