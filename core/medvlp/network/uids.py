"""Unique identifiers that come from elsewhere, before they are put into queries and file names."""

from __future__ import annotations

import re

from medvlp.errors import ServerAddressError

_LONGEST = 64
_UID = re.compile(r"[0-9]+(\.[0-9]+)*", re.ASCII)


def is_uid(text: str) -> bool:
    """Whether a text is digits and single dots, at most 64 of them: safe as the name of a file.

    Leading zeros in a component are let through: the standard forbids them, scanners write them.
    """
    return len(text) <= _LONGEST and _UID.fullmatch(text) is not None


def checked_uid(text: str, what: str) -> str:
    """A UID that a user typed.

    Raises
    ------
    ServerAddressError
        If it is none.
    """
    text = text.strip()
    if not is_uid(text):
        raise ServerAddressError(
            f"The {what} is no DICOM UID: expected digits and single dots, at most {_LONGEST} "
            "characters.",
            command_line="`medvlp pacs find` lists them.",
        )
    return text
