"""The error family: everything medvlp raises on purpose derives from :class:`MedVLPError`.

A message says what happened, to which input, what was expected, what was found, and what to do.
``exit_status`` is what the command line returns for the error.
"""

from __future__ import annotations


class MedVLPError(Exception):
    """Base of every error that medvlp raises on purpose.

    Parameters
    ----------
    message
        One or more sentences.
    command_line
        What else helps, in options and commands. The command line alone says it: the viewer has
        others.
    """

    exit_status = 3

    def __init__(self, message: str = "", *, command_line: str = "") -> None:
        super().__init__(message)
        self.command_line = command_line

    @property
    def at_the_prompt(self) -> str:
        """The message as the command line says it."""
        return f"{self} {self.command_line}".strip()


class UnreadableScanError(MedVLPError):
    """The path does not exist, or the bytes cannot be decoded as any supported format."""


class RefusedScanError(MedVLPError):
    """The input was read, but it is not something medvlp can interpret safely."""


class ScanTooLargeError(RefusedScanError):
    """The scan would need more memory than is free; it can be opened all the same."""


class GeometryError(MedVLPError):
    """Positions, spacings or orientations contradict each other."""


class ModelNotFoundError(MedVLPError):
    """No model of that name, folder or hub id."""

    exit_status = 4


class ModelMismatchError(MedVLPError):
    """A model folder is incomplete, altered, or does not fit the scan or encoding it is used with."""


class NotEnoughMemoryError(MedVLPError):
    """A model needs more memory than the machine or its GPU has left; the message has the figures."""


class LicenceError(MedVLPError):
    """A published model's licence has not been accepted yet."""


class QueryError(MedVLPError):
    """The query text cannot be used: empty, or far too long."""

    exit_status = 2


class LabelMapError(MedVLPError):
    """An organ label map cannot be read or does not lie on the scan."""


class CacheError(MedVLPError):
    """An encoding could not be written to, or read from, the store."""


class TableError(MedVLPError):
    """A CSV or Parquet file cannot be read as a table."""


class WorklistError(MedVLPError):
    """A list of scans to go through, or the file with its decisions, cannot be used."""


class ServerError(MedVLPError):
    """A PACS or DICOMweb server cannot be reached, refuses, or answers what cannot be used."""


class ServerAddressError(ServerError):
    """What was typed is no address, AE title, UID or date that a server could be asked with."""

    exit_status = 2


class WorkerError(MedVLPError):
    """The inference process ended, ran out of memory or did not answer.

    ``report`` tells about an unexpected error, without identifiers (:mod:`medvlp.crash_report`).
    """

    report = ""


class Cancelled(MedVLPError):
    """The user cancelled the job."""

    exit_status = 130
