"""What answers for the second of two scans."""

from __future__ import annotations

from medvlp_viewer.controllers.session import SessionController
from medvlp_viewer.views.base import Message, MessageAction, Severity

# The second process needs about what the first one uses; a scan may be somewhat larger.
_RESERVE = 1.15


class SecondSession(SessionController):
    """Queries only: the organ table is that of the first scan."""

    def score(self) -> None:
        """Not for the second scan."""


def missing_memory(used: int | None, free: int | None, is_model: bool) -> str:
    """Why there is no room for a second scan or model; empty if there is, or if that is not known.

    ``used`` is what the first process takes and ``free`` what the computer has left, in bytes.
    """
    if used is None or free is None or free >= used * _RESERVE:
        return ""
    what = "There is not enough memory for a second scan."
    if is_model:
        what = "There is not enough memory for a second model."
    return (
        f"{what}  About {used * _RESERVE / 1e9:.1f} GB are needed and {free / 1e9:.1f} GB are free. "
        "Close other programs, then try again."
    )


def second_message(
    severity: Severity, text: str, is_model: bool, action: MessageAction | None = None
) -> Message:
    """Say whose trouble it is: of the second model, or of the second scan."""
    text = f"Second model:  {text}" if is_model else f"Second scan:  {text}"
    return Message(severity, text, action=action)
