"""The settings on disk: one JSON file in the user's configuration folder, written atomically."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from medvlp.store.atomic import write_bytes_atomically
from medvlp_viewer.models.settings import VERSION, Settings

_MOST_KEPT = 100


def default_path() -> Path:
    """``viewer.json`` in the configuration folder of the system (XDG Base Directory on Linux)."""
    from platformdirs import user_config_path

    return user_config_path("medvlp", appauthor=False) / "viewer.json"


class SettingsFile:
    """Reads and writes :class:`Settings`.

    Parameters
    ----------
    path
        Of the file; its folder is made when needed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> tuple[Settings, str]:
        """Settings, and a sentence if the file could not be used (the defaults hold then).

        A file that cannot be used is renamed, so that nothing the user chose is overwritten.
        """
        try:
            text = self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return Settings(), ""
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is no text"
            return Settings(), self._aside(f"could not be read ({reason})")
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            return Settings(), self._aside("is damaged: it is no JSON")
        version = content.get("version") if isinstance(content, dict) else None
        if version != VERSION:
            return Settings(), self._aside(
                f"has version {version!r}, and this program knows version {VERSION}"
            )
        try:
            return Settings.model_validate(content), ""
        except ValidationError as error:
            fields = ", ".join(sorted({str(e["loc"][0]) for e in error.errors() if e["loc"]}))
            return Settings(), self._aside(f"holds values that are not allowed ({fields})")

    def save(self, settings: Settings) -> None:
        """Write the file.

        Raises
        ------
        OSError
            If the folder cannot be written; the old file is then as it was.
        """
        text = json.dumps(settings.model_dump(), indent=2) + "\n"
        write_bytes_atomically(self.path, text.encode())

    def _aside(self, problem: str) -> str:
        """Rename the file; a sentence about it."""
        for number in range(1, _MOST_KEPT + 1):
            kept = self.path.with_name(f"{self.path.stem}.unused-{number}.json")
            if kept.exists():
                continue
            with suppress(OSError):
                self.path.rename(kept)
                return (
                    f"The settings file {problem}. The defaults are used; the file is kept as "
                    f"{kept.name}."
                )
            break
        return f"The settings file {problem}. The defaults are used."
