"""``medvlp info``: what is in this file or folder?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from medvlp.cli.arguments import ModalityOption, ScanPath, SeriesOption, StrictOption
from medvlp.cli.output import JsonOption, progress_bar, show, stdout_kept_clean

if TYPE_CHECKING:
    from rich.console import Group

    from medvlp.io.open import SeriesInfo
    from medvlp.scan import Scan


def info(
    path: ScanPath,
    series: SeriesOption = None,
    modality: ModalityOption = None,
    strict: StrictOption = False,
    as_json: JsonOption = None,
) -> None:
    """Show geometry, series found and warnings; no identifiers."""
    from medvlp.io.open import list_series, open_scan

    with stdout_kept_clean(), progress_bar() as progress:
        scan = open_scan(
            path,
            series=series,
            strict=strict,
            modality=None if modality is None else modality.value,
            progress=progress,
        )
        report = _report(scan, list_series(path))
    show(report, as_json, lambda: _tables(report))


def _report(scan: Scan, series: list[SeriesInfo]) -> dict[str, Any]:
    from medvlp.export.reports import scan_summary

    geometry = scan.geometry
    return {
        "schema": "medvlp/info/1",
        "scan": {
            **scan_summary(scan),
            "intensity": scan.intensity,
            "orientation": geometry.orientation,
            "obliqueness_degrees": round(geometry.obliqueness_degrees, 4),
            "origin_mm": geometry.affine[:3, 3].tolist() if geometry.units == "mm" else None,
            "affine": geometry.affine.tolist(),
            "window": None if scan.window is None else list(scan.window),
            "scan_id": scan.scan_id,
            "provenance": scan.provenance,
        },
        "series": [entry.to_dict() for entry in series],
    }


def _tables(report: dict[str, Any]) -> Group:
    from rich.console import Group

    from medvlp.export.table import plain_table

    scan = report["scan"]
    facts = [
        ("modality", scan["modality"]),
        ("shape", " x ".join(str(n) for n in scan["shape"])),
        ("spacing (mm)", _spacing(scan["spacing_mm"])),
        ("axes run to", scan["orientation"]),
        ("tilt (degrees)", f"{scan['obliqueness_degrees']:.2f}"),
        *((f"warning {w['code']}", w["message"]) for w in scan["warnings"]),
    ]
    rows = [
        (
            "" if s["number"] is None else s["number"],
            s["id"],
            s["description"],
            s["modality"],
            s["n_slices"],
            s["reason"] or "usable",
        )
        for s in report["series"]
    ]
    columns = ("number", "id", "description", "modality", "slices", "state")
    return Group(plain_table(("scan", ""), facts), plain_table(columns, rows, title="Series"))


def _spacing(spacing: list[float] | None) -> str:
    return "not stated" if spacing is None else " x ".join(f"{s:g}" for s in spacing)
