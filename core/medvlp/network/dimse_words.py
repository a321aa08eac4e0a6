"""What a DICOM node says in codes, as sentences."""

from __future__ import annotations

import socket
from typing import Any

from medvlp.errors import ServerError
from medvlp.network.address import DimseAddress

_REASONS = {
    "Called AE title not recognised": "it does not go by the title it was called by",
    "Calling AE title not recognised": "it does not know this computer's title",
}


def status_in_words(code: int | None, table: dict[int, tuple[str, str]]) -> str:
    """A DIMSE status as the standard words it, with its code."""
    if code is None:
        return "no status was given"
    _, words = table.get(code, ("", ""))
    return f"{words or 'reason not known to DICOM'} (DICOM status 0x{code:04X})"


def why_no_association(
    association: Any, reached: bool, address: DimseAddress, aet: str, timeout: float
) -> ServerError:
    """The error about an association that did not come about."""
    titles = f"called as {address.aet!r}, calling as {aet!r}"
    if association.is_rejected:
        given = association.acceptor.primitive.reason_str
        reason = _REASONS.get(given, given.lower())
        return ServerError(
            f"{address} rejected the association ({titles}): {reason}. Check the title before the @, "
            "and have this computer's title entered at the server.",
            command_line="--aet sets that title.",
        )
    if association.rejected_contexts and not association.accepted_contexts:
        return ServerError(f"{address} answers, but does not offer this operation ({titles}).")
    if not reached:
        return ServerError(why_no_connection(address, timeout))
    return ServerError(
        f"{address} was reached, but gave no DICOM answer within {timeout:g} s or closed the "
        f"connection ({titles}). Check that the port is its DICOM port.",
        command_line="--timeout waits longer.",
    )


def why_no_connection(address: DimseAddress, timeout: float) -> str:
    """The network library does not tell: ask the operating system once more."""
    advice = "Check host and port, and whether a firewall lets this computer through."
    try:
        socket.create_connection((address.host, address.port), min(timeout, 5.0)).close()
    except socket.gaierror:
        return f"There is no host {address.host!r} that this computer could find. {advice}"
    except TimeoutError:
        return f"{address.host} port {address.port} does not answer within {timeout:g} s. {advice}"
    except OSError as error:
        reason = error.strerror or str(error)
        return f"{address.host} port {address.port} cannot be reached ({reason}). {advice}"
    return f"{address} could not be reached within {timeout:g} s. {advice}"
