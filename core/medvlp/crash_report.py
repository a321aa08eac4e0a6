"""What went wrong, without identifiers: no message of the error, no path outside the packages.

The text of an exception may hold a patient's name or a folder, so only its type is reported; of
every frame the file inside its package, the line and the function.
"""

from __future__ import annotations

import platform
import sys
import time
import traceback
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from medvlp.store.atomic import write_bytes_atomically

KEPT = 20
_PACKAGES = ("medvlp", "torch", "numpy", "PySide6-Essentials", "qtpy", "vtk", "pydicom")
_OUTSIDE = "(another file)"


def public_name(file: str) -> str:
    """Path of a source file from its package on; what lies in no package stays unnamed."""
    path = Path(file)
    roots = sorted(
        (Path(entry) for entry in sys.path if entry and entry != "."), key=lambda p: -len(p.parts)
    )
    for root in roots:
        with suppress(ValueError):
            inside = path.relative_to(root)
            if (root / inside.parts[0] / "__init__.py").exists() or "lib" in root.parts:
                return inside.as_posix()
    return _OUTSIDE


def traceback_text(error: BaseException) -> str:
    """Type and frames of an exception and of those that led to it, the first cause first."""
    parts = []
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and cause is not error:
        parts += [traceback_text(cause), "which led to", ""]
    for frame, line in traceback.walk_tb(error.__traceback__):
        code = frame.f_code
        parts.append(f"  {public_name(code.co_filename)}:{line} in {code.co_name}")
    kind = type(error)
    parts.append(f"{kind.__module__}.{kind.__qualname__}")
    return "\n".join(parts) + "\n"


def report_text(where: str, what: str, facts: Mapping[str, str]) -> str:
    """A whole report.

    Parameters
    ----------
    where
        Process that failed, such as ``"window"``.
    what
        :func:`traceback_text`, or a sentence.
    facts
        Further lines, such as the device; they must hold no identifiers.
    """
    versions = {name: _version(name) for name in _PACKAGES}
    lines = {
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "where": where,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version for name, version in versions.items() if version},
        **facts,
    }
    head = "\n".join(f"{name}: {value}" for name, value in lines.items())
    return f"medvlp crash report\n\n{head}\n\n{what.rstrip()}\n"


def write_report(folder: Path, text: str) -> Path:
    """Write a report and remove the oldest beyond :data:`KEPT`; its path.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    now = time.time_ns()
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now / 1e9))
    path = folder / f"crash-{stamp}-{now % 10**9:09d}.txt"
    write_bytes_atomically(path, text.encode())
    reports = sorted(folder.glob("crash-*.txt"), key=lambda p: p.stat().st_mtime_ns)
    for old in reports[:-KEPT]:
        with suppress(OSError):
            old.unlink()
    return path


def _version(name: str) -> str:
    from importlib import metadata

    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
