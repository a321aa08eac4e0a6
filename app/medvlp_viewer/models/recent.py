"""Files and folders opened before, newest first; kept in the user's configuration folder."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from psygnal import Signal
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from medvlp.store.atomic import write_bytes_atomically
from medvlp_viewer.models.background import Background, LatestContent, run_at_once

LONGEST = 8
SCHEMA = "medvlp/recent/1"
_FOR_THE_USER_ALONE = 0o600


class _Content(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: str = Field(alias="schema", pattern=f"^{SCHEMA}$")
    sources: list[list[str]]


def default_path() -> Path:
    """``recent.json`` in the configuration folder of the system."""
    from platformdirs import user_config_path

    return user_config_path("medvlp", appauthor=False) / "recent.json"


class RecentModel:
    """The list.

    A list that cannot be read or written costs the user nothing but the list, so that neither is
    an error.

    Parameters
    ----------
    path
        Of the file; None keeps the list in memory.
    background
        Runs the writing beside the event loop.

    Events
    ------
    changed
        Emitted after the list changed.
    """

    changed = Signal()

    def __init__(self, path: Path | None = None, background: Background = run_at_once) -> None:
        self._path = path
        self._file = LatestContent(self._save, background)
        self._sources = self._read()

    @property
    def sources(self) -> tuple[tuple[str, ...], ...]:
        """What was opened, the newest first; each may be several files."""
        return self._sources

    def add(self, source: Sequence[str]) -> None:
        """Put something first."""
        new = tuple(os.path.abspath(path) for path in source)
        others = (old for old in self._sources if old != new)
        self._set((new, *others)[:LONGEST])

    def remove(self, source: Sequence[str]) -> None:
        """Forget one entry, as when it no longer exists."""
        self._set(tuple(old for old in self._sources if old != tuple(source)))

    def clear(self) -> None:
        """Forget all of it, also on disk."""
        self._set(())

    def _set(self, sources: tuple[tuple[str, ...], ...]) -> None:
        if sources != self._sources:
            self._sources = sources
            self._write()
            self.changed.emit()

    def _read(self) -> tuple[tuple[str, ...], ...]:
        if self._path is None:
            return ()
        try:
            content = _Content.model_validate_json(self._path.read_bytes())
        except (OSError, ValidationError, ValueError):
            return ()
        return tuple(tuple(source) for source in content.sources if source)[:LONGEST]

    def _write(self) -> None:
        if self._path is not None:
            content = {"schema": SCHEMA, "sources": self._sources}
            self._file.put(json.dumps(content, indent=2).encode())

    def _save(self, content: bytes) -> None:
        assert self._path is not None
        write_bytes_atomically(self._path, content)
        self._path.chmod(_FOR_THE_USER_ALONE)


def short_name(source: Sequence[str]) -> str:
    """What an entry is called in the menu: its last two folders, so that scans can be told apart."""
    path = Path(source[0])
    name = "/".join(path.parts[-2:]) if len(path.parts) > 2 else str(path)
    return name if len(source) == 1 else f"{name} and {len(source) - 1} more"
