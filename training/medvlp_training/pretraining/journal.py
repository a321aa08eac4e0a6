"""What a run writes down: a JSON line per step, and TensorBoard curves."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from medvlp.store.atomic import write_bytes_atomically

LOG = "log.jsonl"


class Journal:
    """Log of a run, continued after ``step``: what an interrupted run wrote later is dropped.

    Parameters
    ----------
    folder
        Of the run.
    step
        Steps that count as done.
    tensorboard
        Whether to write event files under ``tensorboard/``, too.
    """

    def __init__(self, folder: Path, step: int, tensorboard: bool) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / LOG
        kept = [entry for entry in read_log(folder) if entry["step"] <= step]
        text = "".join(json.dumps(entry) + "\n" for entry in kept)
        write_bytes_atomically(path, text.encode())
        self._file = path.open("a", encoding="utf-8")
        self._curves: Any = None
        if tensorboard:
            from torch.utils.tensorboard import SummaryWriter

            self._curves = SummaryWriter(str(folder / "tensorboard"), purge_step=step + 1)

    def write(self, step: int, event: str, values: Mapping[str, Any]) -> None:
        """Write an event; its numbers become curves ``event/name``."""
        self._file.write(json.dumps({"step": step, "event": event, **values}) + "\n")
        self._file.flush()
        if self._curves is not None:
            for name, value in values.items():
                if isinstance(value, int | float):
                    self._curves.add_scalar(f"{event}/{name}", value, step)

    def close(self) -> None:
        """Finish all files."""
        self._file.close()
        if self._curves is not None:
            self._curves.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.close()


def read_log(folder: Path) -> list[dict[str, Any]]:
    """Entries of a run's log; a last line that was cut off in writing is left out."""
    path = folder / LOG
    if not path.is_file():
        return []
    entries = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            entries.append(json.loads(line))
        except ValueError:
            break
    return entries
