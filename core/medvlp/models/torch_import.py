"""torch imported in less time: most of a short program's life goes into it."""

from __future__ import annotations

import atexit
import ctypes
import gc
import os
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

LIBRARIES = (("libtorch_global_deps.so", os.RTLD_GLOBAL), ("libtorch_cpu.so", os.RTLD_LOCAL))
"""In the order and with the visibility that torch loads them with."""


def load_libraries_beside() -> threading.Thread | None:
    """Let a thread load torch's largest library, so that ``import torch`` finds it in place.

    To link half a gigabyte takes a while and needs no Python. The loader takes one library at a
    time: what is imported meanwhile should have no compiled modules that are not there yet.

    Returns
    -------
    threading.Thread or None
        None where it is not done: torch is there already, or not installed, or this is not Linux.
    """
    torch = find_spec("torch") if "torch" not in sys.modules else None
    if torch is None or torch.origin is None or not sys.platform.startswith("linux"):
        return None
    thread = threading.Thread(target=_load, args=(Path(torch.origin).parent / "lib",), daemon=True)
    thread.start()
    return thread


def _load(folder: Path) -> None:
    """By the C library's own function: ctypes gives it Python's lock free, its own loader does not.

    A library that cannot be loaded so is left to torch, which says what is wrong with it.
    """
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for name, visibility in LIBRARIES:
        dlopen(os.fsencode(folder / name), os.RTLD_NOW | visibility)


def import_torch() -> None:
    """Import torch, unless it is there, with Python's collector of reference cycles at rest.

    The import makes over a hundred thousand objects that stay until the end. The collector would go through
    them several times while they are made and soon after, since they are new to it, and again at exit. So
    they are taken for old at once, and at exit it is told to leave out what is there. Until then nothing is
    kept from it: this may be someone else's program.
    """
    if "torch" in sys.modules:
        return
    collecting = gc.isenabled()
    gc.disable()
    try:
        import torch  # noqa: F401
    finally:
        _take_for_old()
        if collecting:
            gc.enable()
    atexit.register(gc.freeze)


def _take_for_old() -> None:
    """Put every object into the collector's oldest generation, without going through them."""
    if not gc.get_freeze_count():  # what a program has frozen itself stays so
        gc.freeze()
        gc.unfreeze()
