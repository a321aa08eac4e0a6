"""What a DICOMweb server's answer says about a file that was sent to it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from medvlp.network.dicomweb_http import Reply
from medvlp.network.server import Sent

_FAILED, _STORED = "00081198", "00081199"
_FAILURE_REASON, _WARNING_REASON = "00081197", "00081196"
_ALL_STORED = 200
_WORDS = {
    0x0110: "the server failed while storing it",
    0x0111: "the server has an image with this UID already",
    0x0117: "the server takes its UID for invalid",
    0x0122: "the server does not accept this kind of object",
    0x0124: "the server does not allow it",
    0xA700: "the server is out of space",
    0xA900: "it is not what its SOP class says",
    0xC122: "the server does not accept its encoding",
    0xC000: "the server cannot understand it",
    0xB000: "the server changed some attributes",
    0xB006: "the server dropped some attributes",
    0xB007: "it is not quite what its SOP class says",
}
_HTTP = {
    409: "the server refused it without a reason",
    413: "it is too large for the server",
    415: "the server does not accept its encoding",
}


def outcome(path: Path, reply: Reply) -> Sent:
    """What became of the one file of a request."""
    failed = _first_code(reply.report, _FAILED, _FAILURE_REASON)
    if failed is not None:
        return Sent(path, False, _in_words(failed))
    if reply.status == _ALL_STORED or _items(reply.report, _STORED):
        warning = _first_code(reply.report, _STORED, _WARNING_REASON)
        return Sent(path, True, "" if warning is None else _in_words(warning))
    words = _HTTP.get(reply.status, "the server did not store it")
    return Sent(path, False, f"{words} (HTTP {reply.status})")


def _in_words(code: int) -> str:
    return f"{_WORDS.get(code, 'reason not known to DICOM')} (DICOM status 0x{code:04X})"


def _items(report: Any, sequence: str) -> list[Any]:
    if isinstance(report, list):
        report = report[0] if report else None
    element = report.get(sequence) if isinstance(report, dict) else None
    value = element.get("Value") if isinstance(element, dict) else None
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _first_code(report: Any, sequence: str, attribute: str) -> int | None:
    """The reason in the first item; 0xC000, "cannot understand", for an item without one."""
    items = _items(report, sequence)
    if not items:
        return None
    element = items[0].get(attribute)
    value = element.get("Value") if isinstance(element, dict) else None
    if isinstance(value, list) and value and isinstance(value[0], int):
        return value[0]
    return None if sequence == _STORED else 0xC000
