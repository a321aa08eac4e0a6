"""``medvlp doctor``: is everything here that medvlp needs?"""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from medvlp import __version__
from medvlp.cli.output import JsonOption, show, stdout_kept_clean

if TYPE_CHECKING:
    from rich.table import Table

State = Literal["ok", "missing", "problem"]


@dataclass(frozen=True)
class Check:
    """One line of the report: what was looked at, how it is, what to do."""

    name: str
    state: State
    found: str
    remedy: str = ""


def doctor(as_json: JsonOption = None) -> None:
    """Check the installation; exit status 1 if something that medvlp needs is broken.

    The report holds no names of patients, users or computers: it can be pasted into an issue.
    """
    with stdout_kept_clean():
        checks = [entry for check in CHECKS for entry in check()]
    broken = any(entry.state == "problem" for entry in checks)
    report = {
        "schema": "medvlp/doctor/1",
        "medvlp": __version__,
        "ok": not broken,
        "checks": [asdict(entry) for entry in checks],
    }
    show(report, as_json, lambda: _table(report))
    if broken:
        raise typer.Exit(1)


def check_python() -> list[Check]:
    """Python, system, cores, memory."""
    found = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    machine = f"{os.cpu_count()} cores, {_memory()}"
    return [Check("python", "ok", found), Check("computer", "ok", machine)]


def check_torch() -> list[Check]:
    """The torch version, devices, and whether bf16 is used."""
    try:
        import torch

        from medvlp.models.device import available_devices, choose_device

        placement = choose_device("auto")
        devices = ", ".join(available_devices())
    except Exception as error:
        return [Check("torch", "problem", f"{type(error).__name__}: {error}", "pip install torch")]
    bf16 = "used" if placement.dtype == torch.bfloat16 else "not used: no faster here"
    return [
        Check("torch", "ok", f"{torch.__version__}, {torch.get_num_threads()} threads"),
        Check("device", "ok", f"{placement} of: {devices}"),
        Check("bf16", "ok", bf16),
    ]


def check_decoders() -> list[Check]:
    """Decoders of compressed DICOM pixels."""
    needed = {
        "gdcm": "python-gdcm",
        "jpeg_ls": "pyjpegls",
        "openjpeg": "pylibjpeg-openjpeg",
        "rle": "pylibjpeg-rle",
    }
    return [_package(f"decoder {module}", module, name) for module, name in needed.items()]


def check_viewer() -> list[Check]:
    """Qt, VTK and a display: for the viewer only."""
    checks = [
        _package("Qt", "PySide6", "medvlp[viewer]", "PySide6-Essentials", optional=True),
        _package("VTK", "vtk", "medvlp[viewer]", "vtk", optional=True),
        _package("napari", "napari", "medvlp[napari]", "napari", optional=True),
    ]
    system = sys.platform in ("win32", "darwin")
    shown = system or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    if shown:
        return [*checks, Check("display", "ok", "found")]
    remedy = "medvlp-viewer --screenshot FILE works without one"
    return [*checks, Check("display", "missing", "none", remedy)]


def check_training() -> list[Check]:
    """What ``medvlp train`` needs."""
    return [
        _package(name, name, "medvlp[train]", name, optional=True)
        for name in ("monai", "accelerate")
    ]


def check_pacs() -> list[Check]:
    """What ``medvlp pacs`` needs."""
    return [
        _package(name, name.replace("-", "_"), "medvlp[pacs]", name, optional=True)
        for name in ("pynetdicom", "dicomweb-client")
    ]


def check_models() -> list[Check]:
    """Every model's files against their hashes."""
    from medvlp.models.load import DEFAULT, list_models, verify_model

    checks = []
    for info in list_models():
        problems = verify_model(info.path)
        found = "; ".join(problems) or f"whole, {info.sha256[:16]}"
        state: State = "problem" if problems else "ok"
        checks.append(Check(f"model {info.name}", state, found, "Reinstall it." * bool(problems)))
    if not any(check.name == f"model {DEFAULT}" for check in checks):
        checks.append(
            Check(f"model {DEFAULT}", "problem", "not found", "Reinstall medvlp: it ships with it.")
        )
    return checks


def check_cache() -> list[Check]:
    """The folder of encodings: how full, and whether it can be written."""
    from medvlp.store.encodings import default_folder

    folder = default_folder()
    size = sum(f.stat().st_size for f in folder.rglob("*.safetensors")) if folder.is_dir() else 0
    held = f"{size / 1e6:.0f} MB in {_without_home(folder)}"
    existing = next(p for p in (folder, *folder.parents) if p.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return [Check("cache", "ok", f"{held}, {_free(existing)} free")]
    remedy = "Make it writable, or set MEDVLP_CACHE to another folder."
    return [Check("cache", "problem", f"{held}: not writable", remedy)]


CHECKS: tuple[Callable[[], list[Check]], ...] = (
    check_python,
    check_torch,
    check_decoders,
    check_models,
    check_cache,
    check_viewer,
    check_training,
    check_pacs,
)


def _package(
    label: str, module: str, install: str, distribution: str = "", optional: bool = False
) -> Check:
    from importlib.metadata import PackageNotFoundError, version

    if find_spec(module) is None:
        state: State = "missing" if optional else "problem"
        return Check(label, state, "not installed", f'pip install "{install}"')
    try:
        return Check(label, "ok", version(distribution or install))
    except PackageNotFoundError:
        return Check(label, "ok", "found")


def _memory() -> str:
    try:
        pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return "memory unknown"
    return f"{pages * size / 2**30:.1f} GiB memory"


def _free(folder: Path) -> str:
    from shutil import disk_usage

    return f"{disk_usage(folder).free / 1e9:.1f} GB"


def _without_home(folder: Path) -> str:
    """Home as ``~``: the user's name stays out of the report."""
    home = Path.home()
    return f"~/{folder.relative_to(home)}" if folder.is_relative_to(home) else str(folder)


def _table(report: dict[str, Any]) -> Table:
    from medvlp.export.table import plain_table

    rows = [(c["name"], c["state"], c["found"], c["remedy"]) for c in report["checks"]]
    return plain_table(("check", "state", "found", "remedy"), rows, f"medvlp {report['medvlp']}")
