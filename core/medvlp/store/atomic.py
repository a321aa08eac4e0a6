"""Files appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def _umask() -> int:
    """The process's file mode mask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def name_failed_file(error: BaseException, path: Path, temporary: str) -> None:
    """Let an error of the system name the file that was meant, not a temporary one or none."""
    if isinstance(error, OSError) and error.errno and error.filename in (None, temporary):
        error.filename = str(path)


def write_bytes_atomically(path: Path, data: bytes) -> None:
    """Write through a temporary file in the same folder, then rename over ``path``.

    Raises
    ------
    OSError
        If the folder cannot be written or the disk is full; it names ``path``, which is then as it
        was before.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=".writing-", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException as error:
        with suppress(OSError):
            os.unlink(temporary)
        name_failed_file(error, path, temporary)
        raise
