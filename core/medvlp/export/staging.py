"""Output files appear whole or not at all, with the permissions the user's umask gives."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from medvlp.store.atomic import name_failed_file


@contextmanager
def staged(path: Path) -> Iterator[Path]:
    """Give a new, empty file beside ``path`` (same suffixes); rename it over ``path`` at the end.

    For writers that want a path instead of bytes. Missing folders are made.

    Raises
    ------
    OSError
        If the folder cannot be written or the disk is full; it names ``path``, which is then as it
        was before.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.parent / f".writing-{secrets.token_hex(8)}{''.join(path.suffixes)}"
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    try:
        yield temporary
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        name_failed_file(error, path, str(temporary))
        raise


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text through :func:`staged`."""
    with staged(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="")
