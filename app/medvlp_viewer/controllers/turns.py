"""Work that waits for the next turn of the event loop."""

from __future__ import annotations

from collections.abc import Callable

Later = Callable[[Callable[[], None]], None]
"""``later(function)``: runs a function once the present event was handled."""


def run_now(function: Callable[[], None]) -> None:
    """Without an event loop there is no later."""
    function()


class OncePerTurn:
    """Calls a function in the next turn, however often it was asked for in this one.

    Parameters
    ----------
    later
        Runs a function in the next turn.
    function
        Takes no arguments.
    """

    def __init__(self, later: Later, function: Callable[[], None]) -> None:
        self._later, self._function = later, function
        self._waits = False

    def __call__(self) -> None:
        """Ask for it."""
        if not self._waits:
            self._waits = True
            self._later(self._run)

    def _run(self) -> None:
        self._waits = False
        self._function()
