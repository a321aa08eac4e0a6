"""What the server controller knows of the panel on screen."""

from __future__ import annotations

from abc import ABC, abstractmethod

from psygnal import Signal


class ServerView(ABC):
    """The panel that shows a :class:`medvlp_viewer.models.server.ServerModel`.

    It selects studies and hides names in the model by itself.

    Events
    ------
    find_requested(object)
        A :class:`medvlp_viewer.models.server.ServerQuery`.
    series_requested(str)
        UID of a study, whose series are to be listed.
    open_requested(str, str)
        UIDs of a study and of one of its series; "" for all of them.
    cancel_requested()
        What is under way shall stop.
    """

    find_requested = Signal(object)
    series_requested = Signal(str)
    open_requested = Signal(str, str)
    cancel_requested = Signal()

    @abstractmethod
    def show(self, address: str, aet: str) -> None:
        """Put the panel on screen, with these where nothing was typed yet."""

    @abstractmethod
    def hide(self) -> None:
        """Take the panel off the screen; what was typed stays until the program ends."""
