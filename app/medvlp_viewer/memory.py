"""Memory that is free, and memory in use by this program and its inference process."""

from __future__ import annotations


def available_bytes() -> int:
    """Memory that can be had without other programs being swapped out."""
    import psutil

    return int(psutil.virtual_memory().available)


def resident_bytes(process_id: int) -> int | None:
    """Resident memory of a process; None if it has ended."""
    import psutil

    try:
        return int(psutil.Process(process_id).memory_info().rss)
    except psutil.Error:
        return None


def used_bytes(process_id: int | None) -> int | None:
    """Resident memory of a process that may not be there."""
    return None if process_id is None else resident_bytes(process_id)


def memory_text(*process_ids: int | None) -> str:
    """``"Memory 1.2 GB"``, or empty where it is not known."""
    known = [resident_bytes(pid) for pid in process_ids if pid is not None]
    total = sum(size for size in known if size is not None)
    if total >= 1e9:
        return f"Memory {total / 1e9:.1f} GB"
    return f"Memory {total / 1e6:.0f} MB" if total else ""
