"""The scan that will be opened next, read while nothing else is to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medvlp.progress import Progress

if TYPE_CHECKING:
    from medvlp.scan import Scan


class ReadAhead:
    """Holds one scan at most: that of the last :meth:`read`."""

    def __init__(self) -> None:
        self._wanted: tuple[str, str | int | None] | None = None
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

        if self._wanted == (source, series):
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
        self._wanted, self._scan = (source, series), scan

    def take(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """Arguments of an opening, with the scan itself in place of its path if it was read."""
        plain = {"source", "series", "scan_id", "available_memory"}
        asked = (arguments.get("source"), arguments.get("series"))
        if self._scan is None or asked != self._wanted or set(arguments) - plain:
            return arguments
        scan, self._wanted, self._scan = self._scan, None, None
        return {**arguments, "source": scan, "series": None}
