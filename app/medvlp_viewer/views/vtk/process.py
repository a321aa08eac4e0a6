"""The viewer's side of the renderer: every call returns at once. Does not import VTK."""

from __future__ import annotations

import multiprocessing
import threading
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue
from typing import Any

from medvlp_viewer.models.volume_scene import (
    Rendered,
    RendererEvent,
    RendererFailed,
    SceneUpdate,
)
from medvlp_viewer.views.vtk import child

NO_OPENGL = (
    "The 3D view needs OpenGL 3.2, and none could be started. Install a graphics driver or Mesa "
    "(Debian: 'apt-get install libegl1 libgl1-mesa-dri'), then try again. Slices, questions and "
    "scores work without it."
)
ENDED = "The process that draws the 3D view has ended unexpectedly. Try again."
_END_SECONDS = 1.0


class RenderProcess:
    """Draws in a child process. One thread feeds it, another listens to it: a CT and a picture
    may be on their way in opposite directions, and each waits until the other side reads.

    Parameters
    ----------
    target
        What the child runs; called with its end of the pipe.
    """

    def __init__(self, target: Any = child.run) -> None:
        self._target = target
        self._updates: SimpleQueue[SceneUpdate | None] = SimpleQueue()
        self._events: SimpleQueue[RendererEvent] = SimpleQueue()
        self._process: Any = None
        self._listener: threading.Thread | None = None
        self._closing = False
        self.process_id: int | None = None

    def start(self) -> None:
        """Start the child process."""
        if self._listener is None:
            self._listener = threading.Thread(
                target=self._listen, name="medvlp-renderer", daemon=True
            )
            self._listener.start()

    def show(self, update: SceneUpdate) -> None:
        """Draw this; updates that the process has not taken yet are merged."""
        self._updates.put(update)

    def poll(self) -> list[RendererEvent]:
        """Events since the last call, oldest first; of several pictures only the last."""
        events: list[RendererEvent] = []
        with suppress(Empty):
            while True:
                event = self._events.get_nowait()
                if events and isinstance(event, Rendered) and isinstance(events[-1], Rendered):
                    events.pop()
                events.append(event)
        return events

    def close(self) -> None:
        """End the child process. Safe to call twice."""
        self._closing = True
        self._updates.put(None)
        if self._listener is not None:
            self._listener.join(_END_SECONDS)
            if self._listener.is_alive() and self._process is not None:
                self._process.kill()
                self._listener.join()
            self._listener = None

    def _listen(self) -> None:
        """Start the process, pass its events on, and clear up after it."""
        spawn = multiprocessing.get_context("spawn")
        pipe, far_end = spawn.Pipe()
        self._process = spawn.Process(
            target=self._target, args=(far_end,), name="medvlp-renderer", daemon=True
        )
        self._process.start()
        self.process_id = self._process.pid
        far_end.close()
        feeder = threading.Thread(target=self._feed, args=(pipe,), daemon=True)
        feeder.start()
        last: RendererEvent | None = None
        with suppress(EOFError, OSError):
            while True:
                last = pipe.recv()
                self._events.put(last)
        if not self._closing and not isinstance(last, RendererFailed):
            self._events.put(RendererFailed(NO_OPENGL if last is None else ENDED))
        self._updates.put(None)
        feeder.join()
        pipe.close()
        self._process.join()
        self.process_id = None

    def _feed(self, pipe: Connection) -> None:
        """Send what is new until told to end; None ends the child as well."""
        with suppress(OSError):
            while True:
                update = self._updates.get()
                with suppress(Empty):
                    while update is not None:
                        later = self._updates.get_nowait()
                        update = None if later is None else update.followed_by(later)
                pipe.send(update)
                if update is None:
                    return
