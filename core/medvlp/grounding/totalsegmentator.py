"""Organ masks by TotalSegmentator, a program of its own that runs as a child process."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import numpy as np

from medvlp.errors import LabelMapError, RefusedScanError
from medvlp.grounding.label_maps import LabelMap, load_label_map
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import Scan

PROGRAM = "TotalSegmentator"
TIME_LIMIT_SECONDS = 3600.0
"""Longer than its fast task takes on a slow processor; a program that hangs ends here."""
_POLL_SECONDS = 0.2
_TYPICAL_SECONDS = 180.0
_COMMAND_LINE = "--organs builtin uses the built-in ones."
_REASONS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("requires a license", "invalid license", "license number"),
        "TotalSegmentator asks for a licence. Get one as its documentation says, set it with "
        "'totalseg_set_license -l NUMBER', and try again; or use the built-in organ masks.",
    ),
    (
        ("urlopen error", "connectionerror", "max retries exceeded", "newconnectionerror",
         "name resolution", "getaddrinfo failed", "network is unreachable", "read timed out"),
        "TotalSegmentator has no weights yet and could not download them. Run "
        "'totalseg_download_weights -t total_fast' on a computer with a network, and copy its folder "
        "~/.totalsegmentator here.",
    ),
    (
        ("checkpoint_final.pth", "plans.json", "pytorchstreamreader failed"),
        "The weights of TotalSegmentator are not whole: a file of its folder nnunet/results is missing or cut "
        "short. Remove that folder and download the weights again, or copy all of it.",
    ),
    (
        ("operator torchvision::", "modulenotfounderror", "importerror"),
        "TotalSegmentator is installed and cannot start: its packages do not fit each other. Install it into an "
        "environment of its own, and put its program on the search path.",
    ),
    (
        ("out of memory", "memoryerror", "unable to allocate"),
        "TotalSegmentator ran out of memory. Close other programs, or use the built-in organ masks.",
    ),
)  # fmt: skip
"""Words of its log, in lower case, and what they mean for the user."""


def segment(
    scan: Scan, progress: Progress | None = None, time_limit: float = TIME_LIMIT_SECONDS
) -> LabelMap:
    """Run TotalSegmentator's fast "total" task on a CT.

    Parameters
    ----------
    progress
        Called several times a second.
    time_limit
        Seconds after which the program is ended.

    Raises
    ------
    RefusedScanError
        If the scan is no CT.
    LabelMapError
        If the program is not installed, has no weights or licence, fails or takes too long.
    Cancelled
        If ``progress`` raises it; the program is then ended.
    """
    if scan.modality != "CT":
        raise RefusedScanError(
            "TotalSegmentator segments CT; this scan is an X-ray. Use the built-in organ masks.",
            command_line=_COMMAND_LINE,
        )
    program = shutil.which(PROGRAM)
    if program is None:
        raise LabelMapError(
            "TotalSegmentator is not installed: no program of that name was found. Install it with "
            "'pip install TotalSegmentator' (Apache-2.0; it downloads its weights at first use), "
            "or use the built-in organ masks.",
            command_line=_COMMAND_LINE,
        )
    with tempfile.TemporaryDirectory(prefix="medvlp-") as folder:
        source, target = Path(folder) / "scan.nii.gz", Path(folder) / "organs.nii.gz"
        log = Path(folder) / "log.txt"
        _write_nifti(scan, source)
        command = [program, "-i", str(source), "-o", str(target), "--ml", "--fast"]
        status = _run(command, log, progress or ignore_progress, time_limit)
        if status != 0 or not target.is_file():
            raise _failure(status, log.read_text(errors="replace"))
        return load_label_map(target, scan.geometry)


def _run(command: list[str], log: Path, progress: Progress, time_limit: float) -> int:
    """Exit status of a program that writes what it says to ``log``."""
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
                if spent > time_limit:
                    raise LabelMapError(
                        f"TotalSegmentator took longer than {time_limit:.0f} seconds and was ended. Use "
                        "a computer with a GPU, a smaller scan, or the built-in organ masks.",
                        command_line=_COMMAND_LINE,
                    )
                progress(spent / (spent + _TYPICAL_SECONDS), "TotalSegmentator is running")
                time.sleep(_POLL_SECONDS)
        except BaseException:
            _end(process)
            raise
    return process.returncode


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and those that it started; the latter where psutil is installed."""
    children = []
    with suppress(Exception):  # not installed, or the program has ended by itself
        import psutil

        children = psutil.Process(process.pid).children(recursive=True)
    for running in (process, *children):
        with suppress(Exception):  # ended meanwhile
            running.kill()


def _failure(status: int, said: str) -> LabelMapError:
    words = said.lower()
    for signs, sentence in _REASONS:
        if any(sign in words for sign in signs):
            return LabelMapError(sentence, command_line=_COMMAND_LINE)
    tail = " / ".join(said.strip().splitlines()[-3:])[:400] or "it said nothing"
    if status == 0:
        return LabelMapError(f"TotalSegmentator ended without writing a label map: {tail}")
    return LabelMapError(f"TotalSegmentator failed (status {status}): {tail}")


def _write_nifti(scan: Scan, path: Path) -> None:
    """NIfTI is RAS with axes (i, j, k): ours reversed, x and y negated."""
    import nibabel as nib

    affine = np.diag([-1.0, -1.0, 1.0, 1.0]) @ scan.geometry.affine[:, [2, 1, 0, 3]]
    nib.save(nib.Nifti1Image(np.asarray(scan.array).transpose(2, 1, 0), affine), path)
