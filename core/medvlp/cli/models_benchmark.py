"""``medvlp models benchmark``: what models cost on this machine."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from medvlp.errors import MedVLPError
from medvlp.progress import Progress

if TYPE_CHECKING:
    from rich.table import Table

MEBIBYTE = 1024**2


def measure(
    names: list[str] | None, scan: Path | None, device: str, progress: Progress
) -> dict[str, Any]:
    """Load each model and encode once, in a process of its own: peaks of memory are its own.

    A model that cannot be measured says why.
    """
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    from medvlp.models.load import find_model, list_models

    chosen = names or [info.name for info in list_models()]
    for name in chosen:
        find_model(name)
    results = []
    for number, name in enumerate(chosen):
        progress(number / len(chosen), f"Measuring {name}")
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            results += pool.submit(measure_one, name, scan, device).result()
    return {"schema": "medvlp/benchmark/1", "results": results}


def measure_one(name: str, scan: Path | None, device: str) -> list[dict[str, Any]]:
    """One row per scan that the model takes, run in a fresh process."""
    from medvlp.session import Session

    session = Session(name, device, cache=False)
    try:
        model = session.model
        paths = [scan] if scan is not None else _bundled(model.modalities)
        return [_row(session, path) for path in paths]
    except MedVLPError as error:
        return [{"model": name, "problem": error.at_the_prompt}]


def _bundled(modalities: tuple[str, ...]) -> list[Path]:
    from medvlp.io.samples import available_samples

    found = {s.modality: s.path for s in available_samples() if s.path is not None}
    return [found[m] for m in modalities if m in found]


def _row(session: Any, path: Path) -> dict[str, Any]:
    import numpy as np

    session.open(path)
    encoding = session.encode()
    session.ask("pleural effusion")
    spacing = encoding.geometry.spacing_mm
    return {
        "model": session.model.name,
        "problem": "",
        "device": session.model.device,
        "modality": encoding.modality,
        "scan_shape": list(encoding.scan_shape),
        "grid": list(encoding.geometry.shape),
        "cell_mm": None if spacing is None else [round(float(s), 2) for s in spacing],
        "width": int(encoding.grid.shape[-1]),
        "encoding_mb": round(float(np.asarray(encoding.grid).nbytes) / 1e6, 2),
        "peak_mib": _peak_mib(),
        "seconds": {
            key: round(session.timings[key], 3) for key in ("load_model", "encode", "query")
        },
    }


def _peak_mib() -> float | None:
    """Largest memory of this process so far; None where the system does not say."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (MEBIBYTE if sys.platform == "darwin" else 1024), 1)


def measurement_table(report: dict[str, Any]) -> Table:
    """Rows for people."""
    from medvlp.export.table import plain_table

    rows = []
    for r in report["results"]:
        if r["problem"]:
            rows.append((r["model"], r["problem"], "", "", "", "", ""))
            continue
        seconds = r["seconds"]
        rows.append(
            (
                r["model"],
                f"{r['modality']} {' x '.join(map(str, r['scan_shape']))}",
                r["device"],
                " x ".join(map(str, r["grid"])),
                f"{seconds['load_model']:.1f} s",
                f"{seconds['encode']:.2f} s",
                "" if r["peak_mib"] is None else f"{r['peak_mib']:.0f} MiB",
            )
        )
    return plain_table(("model", "scan", "device", "grid", "load", "encode", "peak memory"), rows)
