"""What a user types for a server: ``AET@host:port`` (DIMSE) or an http(s) URL (DICOMweb)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from medvlp.errors import ServerAddressError

EXPECTED = "expected AET@host:port (DIMSE) or https://host/path (DICOMweb)"
_DIMSE = re.compile(
    r"(?P<aet>[^@]+)@(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<host>[^@:/\s\[\]]+)):(?P<port>\d+)"
)
_LONGEST_AET = 16
_LARGEST_PORT = 65535
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class DimseAddress:
    """A DICOM node.

    Parameters
    ----------
    aet
        The title that it is called by.
    host, port
        Where it listens.
    """

    aet: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.aet}@{host}:{self.port}"


@dataclass(frozen=True)
class WebAddress:
    """The root of a DICOMweb service, without a slash at its end."""

    url: str

    @property
    def is_private(self) -> bool:
        """Whether nobody on the way can read what is sent there."""
        parts = urlsplit(self.url)
        return parts.scheme == "https" or (parts.hostname or "") in _LOOPBACK

    def __str__(self) -> str:
        return self.url


def parse_address(text: str) -> DimseAddress | WebAddress:
    """Tell the two kinds of address apart.

    Raises
    ------
    ServerAddressError
        If it is neither; the message says what is missing.
    """
    text = text.strip()
    if re.match(r"https?://", text, re.IGNORECASE):
        return _web(text)
    match = _DIMSE.fullmatch(text)
    if match is None:
        raise ServerAddressError(f"{_shown(text)!r} is no address of a server: {EXPECTED}.")
    port = int(match["port"])
    if not 0 < port <= _LARGEST_PORT:
        raise ServerAddressError(f"Port {port} does not exist: expected 1 to {_LARGEST_PORT}.")
    return DimseAddress(checked_aet(match["aet"]), match["six"] or match["host"], port)


def checked_aet(title: str) -> str:
    """An application entity title as DICOM allows it.

    Raises
    ------
    ServerAddressError
        If it is empty, too long, or holds anything but printable ASCII.
    """
    title = title.strip()
    plain = title.isascii() and title.isprintable() and "\\" not in title
    if not title or len(title) > _LONGEST_AET or not plain:
        raise ServerAddressError(
            f"{title!r} is no AE title: expected 1 to {_LONGEST_AET} ASCII characters without a "
            "backslash."
        )
    return title


def _web(text: str) -> WebAddress:
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, None
    if parts is None or not host:
        raise ServerAddressError(f"{_shown(text)!r} is no URL of a server: {EXPECTED}.")
    if parts.username is not None or parts.password is not None:
        raise ServerAddressError(
            "The URL holds a user or a password, which logs and the shell's history would keep. "
            "Put them into MEDVLP_DICOMWEB_USER and MEDVLP_DICOMWEB_PASSWORD instead."
        )
    if parts.query or parts.fragment:
        raise ServerAddressError(
            "The URL of a DICOMweb server ends with its path: leave out what follows ? or #."
        )
    return WebAddress(text.rstrip("/"))


def _shown(text: str) -> str:
    """The text without what may be a password in it."""
    return re.sub(r"//[^/]*@", "//...@", text)
