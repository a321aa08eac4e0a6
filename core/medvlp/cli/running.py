"""From a command's arguments to an open, encoded session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from medvlp.cli.arguments import Device, ModalityName

if TYPE_CHECKING:
    from medvlp.progress import Progress
    from medvlp.scan import Scan
    from medvlp.session import Session


@dataclass(frozen=True)
class Job:
    """Which scan, read how, by which model: what ``ground`` and ``score`` have in common."""

    path: Path
    model: str | None
    device: Device
    series: str | None
    modality: ModalityName | None
    strict: bool
    no_cache: bool

    def run(self, progress: Progress) -> tuple[Session, Scan]:
        """Open and encode in a session of its own.

        Raises
        ------
        ModelNotFoundError
            Before the scan is read, if the model was named and is not there.
        MedVLPError
            If the scan is refused or the model cannot be loaded.
        """
        session = start_session(self.model, self.device, cache=not self.no_cache)
        scan = self.open_in(session, progress)
        session.encode(progress)
        return session, scan

    def open_in(self, session: Session, progress: Progress) -> Scan:
        """Read the scan, with the options that only the command line has, into a session."""
        from medvlp.io.open import open_scan

        start = perf_counter()
        scan = open_scan(
            self.path,
            series=self.series,
            strict=self.strict,
            modality=None if self.modality is None else self.modality.value,
            progress=progress,
        )
        session.open(scan)
        session.timings["open"] = perf_counter() - start
        return scan


def start_session(model: str | None, device: Device, cache: bool = True) -> Session:
    """A session whose model is known to exist; it is loaded when first needed.

    Raises
    ------
    ModelNotFoundError
        If a model was named and is not there.
    """
    from medvlp.models.load import find_model
    from medvlp.session import Session

    if model is not None:
        find_model(model)
    return Session(model, device.value, cache)
