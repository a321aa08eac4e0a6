"""Organ masks by TotalSegmentator, a program of its own that runs as a child process."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from medvlp.errors import LabelMapError, RefusedScanError
from medvlp.grounding.label_maps import LabelMap, load_label_map
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import Scan

PROGRAM = "TotalSegmentator"
_POLL_SECONDS = 0.2
_TYPICAL_SECONDS = 180.0


def segment(scan: Scan, progress: Progress | None = None) -> LabelMap:
    """Run TotalSegmentator's fast "total" task on a CT.

    Raises
    ------
    RefusedScanError
        If the scan is no CT.
    LabelMapError
        If the program is not installed or fails.
    Cancelled
        If ``progress`` raises it; the program is then ended.
    """
    if scan.modality != "CT":
        raise RefusedScanError(
            "TotalSegmentator segments CT; this scan is an X-ray. Use --organs builtin."
        )
    program = shutil.which(PROGRAM)
    if program is None:
        raise LabelMapError(
            "TotalSegmentator is not installed: no program of that name was found. Install it with "
            "'pip install TotalSegmentator' (Apache-2.0; it downloads its weights at first use), "
            "or use --organs builtin."
        )
    with tempfile.TemporaryDirectory(prefix="medvlp-") as folder:
        source, target = Path(folder) / "scan.nii.gz", Path(folder) / "organs.nii.gz"
        _write_nifti(scan, source)
        command = [program, "-i", str(source), "-o", str(target), "--ml", "--fast"]
        _run(command, Path(folder) / "log.txt", progress or ignore_progress)
        return load_label_map(target, scan.geometry)


def _run(command: list[str], log: Path, progress: Progress) -> None:
    start = time.monotonic()
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            while process.poll() is None:
                spent = time.monotonic() - start
                progress(spent / (spent + _TYPICAL_SECONDS), "TotalSegmentator is running")
                time.sleep(_POLL_SECONDS)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        tail = log.read_text(errors="replace").strip().splitlines()[-3:]
        raise LabelMapError(
            f"TotalSegmentator failed (status {process.returncode}): {' / '.join(tail)[:400]}"
        )


def _write_nifti(scan: Scan, path: Path) -> None:
    """NIfTI is RAS with axes (i, j, k): ours reversed, x and y negated."""
    import nibabel as nib

    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ scan.geometry.affine[:, [2, 1, 0, 3]]
    nib.save(nib.Nifti1Image(np.asarray(scan.array).transpose(2, 1, 0), affine), path)
