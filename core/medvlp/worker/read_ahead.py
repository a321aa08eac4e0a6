"""The scan that will be opened next, read while nothing else is to be done."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.progress import Progress

if TYPE_CHECKING:
    from medvlp.scan import Scan


class ReadAhead:
    """Holds one scan at most: that of the last :meth:`read`."""

    def __init__(self) -> None:
        self._wanted: tuple[str, str | int | None] | None = None
        self._signature = ""
        self._scan: Scan | None = None

    def read(
        self,
        source: str,
        series: str | int | None,
        available_memory: int | None,
        progress: Progress,
    ) -> None:
        """Read a scan; one that cannot be read, or does not fit, is left to the opening to explain."""
        from medvlp.errors import Cancelled, MedVLPError
        from medvlp.session import Session

        signature = _signature(source)
        if self._wanted == (source, series) and self._signature == signature:
            return
        self._wanted, self._scan = None, None
        try:
            scan = Session().open(
                source, series, available_memory=available_memory, progress=progress
            )
        except Cancelled:
            raise
        except MedVLPError:
            return
        scan.scan_id  # noqa: B018  (hashing a large volume takes a second: done here)
        self._wanted, self._scan, self._signature = (source, series), scan, signature

    def take(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Arguments of an opening, with the scan itself in place of its path if it was read.

        A scan whose files have changed since, or that is not the one to open, is dropped.
        """
        scan, wanted = self._scan, self._wanted
        self._wanted, self._scan = None, None
        plain = {"source", "series", "scan_id", "available_memory"}
        asked = (arguments.get("source"), arguments.get("series"))
        if scan is None or asked != wanted or set(arguments) - plain:
            return arguments
        if _signature(arguments["source"]) != self._signature:
            return arguments
        return {**arguments, "source": scan, "series": None}


def _signature(source: str) -> str:
    """Another one where files were changed, added or removed."""
    from medvlp.io.worklist import signature_of

    path = Path(source)
    return signature_of((f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path])
