"""Peak memory of opening and encoding a large CT, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.table import Row, report

SHAPE = (600, 512, 512)
MIB = 2**20
GOAL = "under 3 x the int16 volume plus 1 GiB"

# Writing the scan takes memory too: it must not be counted.
WRITE = """
import sys
from benchmarks.scans import bundled_chest, stretched
import SimpleITK as sitk
scan = stretched(bundled_chest(), {shape})
image = sitk.GetImageFromArray(scan.array)
image.SetSpacing(scan.geometry.spacing[::-1])
sitk.WriteImage(image, sys.argv[1])
"""

# VmHWM belongs to this program alone; ru_maxrss also counts what was there before exec.
ENCODE = """
import re, resource, sys
from pathlib import Path
import medvlp
scan = medvlp.open_scan(sys.argv[1])
medvlp.load_model().encode(scan, cache=False)
status = Path("/proc/self/status")
if status.exists():
    print(int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read_text())[1]) * 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def run(code: str, path: Path) -> str:
    """Standard output of a new Python that runs ``code`` on ``path``."""
    command = [sys.executable, "-c", code, str(path)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def measure() -> list[Row]:
    """One row."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "large.nii"
        run(WRITE.format(shape=SHAPE), path)
        peak = int(run(ENCODE, path).split()[-1])
    volume = 2 * SHAPE[0] * SHAPE[1] * SHAPE[2]
    limit = 3 * volume + 1024 * MIB
    return [
        Row(
            "open and encode 512 x 512 x 600, peak memory",
            f"{peak / MIB:.0f} MiB",
            f"the int16 volume: {volume / MIB:.0f} MiB",
            peak / volume,
            f"{GOAL}: {limit / MIB:.0f} MiB",
            peak < limit,
        )
    ]


if __name__ == "__main__":
    report(measure())
