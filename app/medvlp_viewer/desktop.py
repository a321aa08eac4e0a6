"""The viewer in the desktop's menu: entry, icon, metadata and file types, for one user.

Files go below ``$XDG_DATA_HOME`` (freedesktop.org: Desktop Entry 1.4, Icon Theme 0.13, Shared MIME
info 0.22, AppStream 1.0); all carry the same reverse-DNS id, which is also the window's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from importlib.resources import files
from pathlib import Path

from medvlp import __version__
from medvlp.errors import MedVLPError
from medvlp.store.atomic import write_bytes_atomically
from medvlp_viewer.platform import DESKTOP_ID

_FILES = {
    f"applications/{DESKTOP_ID}.desktop": f"desktop/{DESKTOP_ID}.desktop",
    f"metainfo/{DESKTOP_ID}.metainfo.xml": f"desktop/{DESKTOP_ID}.metainfo.xml",
    f"mime/packages/{DESKTOP_ID}.xml": f"desktop/{DESKTOP_ID}.mime.xml",
    f"icons/hicolor/scalable/apps/{DESKTOP_ID}.svg": f"icons/{DESKTOP_ID}.svg",
}
# Caches of the desktop; without these programs it finds the files at the next login.
_REFRESH = (
    ("update-desktop-database", "applications"),
    ("update-mime-database", "mime"),
)


def data_folder(environment: Mapping[str, str] | None = None) -> Path:
    """``$XDG_DATA_HOME``, by default ``~/.local/share``."""
    value = (os.environ if environment is None else environment).get("XDG_DATA_HOME", "")
    return Path(value) if os.path.isabs(value) else Path.home() / ".local" / "share"


def install(folder: Path | None = None) -> list[Path]:
    """Write the files; returns their paths.

    Raises
    ------
    MedVLPError
        If the folder cannot be written.
    """
    folder = folder or data_folder()
    written = []
    for target, source in _FILES.items():
        text = (files("medvlp_resources") / source).read_text(encoding="utf-8")
        text = text.replace("@EXEC@", _quoted(_program())).replace("@VERSION@", __version__)
        try:
            write_bytes_atomically(folder / target, text.encode())
        except OSError as error:
            raise MedVLPError(
                f"{folder / target} could not be written: {error.strerror}. "
                "Set XDG_DATA_HOME to a folder that can."
            ) from error
        (folder / target).chmod(0o644)
        written.append(folder / target)
    _refresh(folder)
    return written


def uninstall(folder: Path | None = None) -> list[Path]:
    """Remove the files; returns the paths of those that were there."""
    folder = folder or data_folder()
    there = [folder / target for target in _FILES if (folder / target).exists()]
    for path in there:
        path.unlink()
    _refresh(folder)
    return there


def _program() -> str:
    """How the desktop starts the viewer: by full path, since a menu does not know a venv."""
    return shutil.which("medvlp-viewer") or "medvlp-viewer"


def _quoted(program: str) -> str:
    """An ``Exec`` argument, quoted where it has to be (Desktop Entry, "The Exec key")."""
    if not any(c in program for c in " \t\n\"'\\><~|&;$*?#()`"):
        return program.replace("%", "%%")
    escaped = "".join(f"\\{c}" if c in '"`$\\' else c for c in program)
    return '"' + escaped.replace("\\", "\\\\").replace("%", "%%") + '"'


def _refresh(folder: Path) -> None:
    for program, below in _REFRESH:
        found = shutil.which(program)
        if found and (folder / below).is_dir():
            with suppress(OSError, subprocess.TimeoutExpired):
                subprocess.run(
                    [found, str(folder / below)], check=False, capture_output=True, timeout=30
                )
