"""Encodings on disk: a scan that a model has seen answers new questions without being encoded."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from contextlib import suppress
from pathlib import Path

from medvlp.errors import CacheError
from medvlp.models.encoding import Encoding
from medvlp.store.atomic import write_bytes_atomically

DEFAULT_MAX_BYTES = 4 * 1024**3
LEFTOVER_SECONDS = 3600
_LIMIT_FILE = "limit.json"

_log = logging.getLogger(__name__)


def default_folder() -> Path:
    """``$MEDVLP_CACHE``, or the user's cache folder."""
    override = os.environ.get("MEDVLP_CACHE")
    if override:
        return Path(override) / "encodings"
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("medvlp", appauthor=False)) / "encodings"


class EncodingStore:
    """Content-addressed cache of encodings.

    A file's name is a hash of the voxels and the model: no identifiers, and the same scan in
    another container is found again. Files are written under another name and renamed, so two
    processes can share a folder; at worst both write the same bytes. The least recently used
    files are removed once the folder exceeds ``max_bytes``.

    Parameters
    ----------
    folder
        Made when needed. None: ``$MEDVLP_CACHE/encodings``, or the user's cache folder.
    max_bytes
        Size limit of all encodings together. None: what :meth:`keep_limit` wrote, by default
        :data:`DEFAULT_MAX_BYTES`.
    """

    def __init__(self, folder: Path | str | None = None, max_bytes: int | None = None):
        self.folder = Path(folder) if folder is not None else default_folder()
        self.max_bytes = self._kept_limit() if max_bytes is None else int(max_bytes)

    def keep_limit(self, max_bytes: int) -> None:
        """Write the size limit beside the encodings: it holds for every process from then on.

        Raises
        ------
        OSError
            If the folder cannot be written.
        """
        self.max_bytes = int(max_bytes)
        text = json.dumps({"max_bytes": self.max_bytes})
        write_bytes_atomically(self.folder / _LIMIT_FILE, text.encode())

    def _kept_limit(self) -> int:
        try:
            kept = json.loads((self.folder / _LIMIT_FILE).read_text(encoding="utf-8"))
            return max(0, int(kept["max_bytes"]))
        except (OSError, ValueError, KeyError, TypeError):
            return DEFAULT_MAX_BYTES

    def path_for(self, scan_id: str, model_id: str) -> Path:
        """Where the encoding of a scan by a model lies, or would lie."""
        digest = hashlib.sha256(f"{scan_id} {model_id}".encode()).hexdigest()
        return self.folder / digest[:2] / f"{digest}.safetensors"

    def get(self, scan_id: str, model_id: str) -> Encoding | None:
        """The stored encoding; None if there is none, or if its file is damaged (it is removed)."""
        path = self.path_for(scan_id, model_id)
        if not path.is_file():
            return None
        try:
            encoding = Encoding.load(path)
            if (encoding.scan_id, encoding.model_id) != (scan_id, model_id):
                raise CacheError(f"{path} holds another scan or model than its name says.")
        except (CacheError, KeyError, ValueError, TypeError) as error:
            _log.warning("A cached encoding is unusable and is made again: %s", error)
            with suppress(OSError):
                path.unlink()
            return None
        with suppress(OSError):
            os.utime(path)  # used just now: last to be removed
        return encoding

    def put(self, encoding: Encoding) -> bool:
        """Store an encoding. A full or read-only disk is logged, never raised.

        Returns
        -------
        bool
            Whether it was stored.
        """
        path = self.path_for(encoding.scan_id, encoding.model_id)
        try:
            encoding.save(path)
        except OSError as error:
            _log.warning(
                "The encoding was not cached in %s (%s): the scan will be encoded again next "
                "time. Free some space, or set MEDVLP_CACHE to another folder.",
                self.folder,
                error.strerror or error,
            )
            return False
        self.prune(keep=path)
        return True

    def used_bytes(self) -> int:
        """What all encodings take on the disk."""
        used = 0
        for path in self.folder.glob("??/*.safetensors"):
            with suppress(OSError):  # another process may have removed it
                used += path.stat().st_size
        return used

    def prune(self, keep: Path | None = None) -> int:
        """Remove the least recently used encodings until the folder is within ``max_bytes``.

        Also removes what processes left half-written that ended more than an hour ago.

        Parameters
        ----------
        keep
            Never removed: what was written just now.

        Returns
        -------
        int
            Bytes that remain.
        """
        self._sweep_leftovers()
        entries = []
        for path in self.folder.glob("??/*.safetensors"):
            with suppress(OSError):  # another process may have removed it
                status = path.stat()
                entries.append((status.st_mtime_ns, status.st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries, key=lambda entry: entry[0]):
            if total <= self.max_bytes:
                break
            if path != keep:
                with suppress(OSError):
                    path.unlink()
                    total -= size
        return total

    def _sweep_leftovers(self) -> None:
        for path in self.folder.glob("??/.writing-*"):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > LEFTOVER_SECONDS:
                    path.unlink()
