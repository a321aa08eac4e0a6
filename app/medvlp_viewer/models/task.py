"""How far work beside the event loop is, and whether anybody still waits for it."""

from __future__ import annotations

from threading import Event

from medvlp.errors import Cancelled


class Task:
    """Work that tells its progress and can be given up.

    Attributes
    ----------
    fraction, words
        How far it is; written by the thread that works, read by the one with the windows.
    """

    def __init__(self) -> None:
        self.fraction, self.words = 0.0, ""
        self._given_up = Event()

    def give_up(self) -> None:
        """Nobody waits for the result any more."""
        self._given_up.set()

    def progress(self, fraction: float, words: str) -> None:
        """Take note of the progress.

        Raises
        ------
        Cancelled
            If the work was given up.
        """
        self.check()
        self.fraction, self.words = fraction, words

    def check(self) -> None:
        """Stop here if the work was given up.

        Raises
        ------
        Cancelled
            If it was.
        """
        if self._given_up.is_set():
            raise Cancelled("The work was given up.")
