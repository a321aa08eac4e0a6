"""Memory of one layer for the next.

glibc hands large blocks back to the system as soon as they are free, so that every layer pays again for
fresh pages: about a twentieth of an encoding. Kept in the process, they are used again.
"""

from __future__ import annotations

import ctypes
import logging
import sys

MIB = 2**20
KEPT = 256 * MIB
"""Free memory that the process may hold on to."""

# From malloc.h; 32 MiB is the largest threshold that glibc takes on 64-bit systems.
TRIM_THRESHOLD, TOP_PAD, MMAP_THRESHOLD = -1, -2, -3
SETTINGS = {MMAP_THRESHOLD: 32 * MIB, TRIM_THRESHOLD: KEPT, TOP_PAD: 64 * MIB}


def keep_freed_memory() -> bool:
    """Ask glibc to keep up to 256 MiB of freed memory; whether it will. Elsewhere nothing is done."""
    if not sys.platform.startswith("linux"):
        return False
    set_option = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_option is None:
        return False
    taken = all(set_option(option, value) == 1 for option, value in SETTINGS.items())
    if not taken:
        logging.getLogger(__name__).debug("The C library did not take the settings of its heap")
    return taken
