"""Memory in use by this program and its inference process, in words."""

from __future__ import annotations

import os
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096


def resident_bytes(process_id: int) -> int | None:
    """Resident memory of a process; None where the system does not tell without extra packages."""
    try:
        pages = int(Path(f"/proc/{process_id}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return None
    return pages * _PAGE


def memory_text(*process_ids: int | None) -> str:
    """``"Memory 1.2 GB"``, or empty where it is not known."""
    known = [resident_bytes(pid) for pid in process_ids if pid is not None]
    total = sum(size for size in known if size is not None)
    if total >= 1e9:
        return f"Memory {total / 1e9:.1f} GB"
    return f"Memory {total / 1e6:.0f} MB" if total else ""
