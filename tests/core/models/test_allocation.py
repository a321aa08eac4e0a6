from __future__ import annotations

import subprocess
import sys

import pytest

FREED = """
import ctypes, re, sys
from pathlib import Path
from medvlp.models.allocation import keep_freed_memory

def resident():
    return int(re.search(r"VmRSS:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

if sys.argv[1] == "keep" and not keep_freed_memory():
    raise SystemExit(77)
library = ctypes.CDLL(None)
library.malloc.restype, library.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
before = resident()
for _ in range(3):
    block = library.malloc(24 << 20)
    ctypes.memset(block, 1, 24 << 20)
    library.free(block)
kept = resident() - before
print(kept)
"""


def kept_mib(how: str) -> float:
    done = subprocess.run([sys.executable, "-c", FREED, how], capture_output=True, text=True)
    if done.returncode == 77:
        pytest.skip("another C library")
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is of Linux")
def test_a_freed_tensor_stays_for_the_next_one():
    assert kept_mib("keep") > 20
