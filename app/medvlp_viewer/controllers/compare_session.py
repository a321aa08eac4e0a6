"""What answers for the second of two scans."""

from __future__ import annotations

from medvlp_viewer.controllers.session import SessionController

# The second process needs about what the first one uses; a scan may be somewhat larger.
_RESERVE = 1.15


class SecondSession(SessionController):
    """Queries only: the organ table is that of the first scan."""

    def score(self) -> None:
        """Not for the second scan."""


def missing_memory(used: int | None, free: int | None, what: str) -> str:
    """Why there is no room for a second side; empty if there is, or if that is not known.

    ``used`` is what the first process takes and ``free`` what the computer has left, in bytes.
    ``what`` is the sentence that says what there is no room for.
    """
    if used is None or free is None or free >= used * _RESERVE:
        return ""
    return (
        f"{what}  About {used * _RESERVE / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free. "
        "Close other programs, then try again."
    )
