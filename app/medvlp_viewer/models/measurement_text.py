"""A measurement in words, for the picture and for the list. Pure functions."""

from __future__ import annotations

from medvlp.scan import Scan
from medvlp_viewer.models.measurements import Measurement, MeasurementKind, RegionStatistics
from medvlp_viewer.models.measuring import angle_degrees, length

KIND_NAMES: dict[MeasurementKind, str] = {
    "distance": "Distance",
    "angle": "Angle",
    "rectangle": "Rectangle",
    "ellipse": "Ellipse",
}


def measurement_lines(
    scan: Scan, item: Measurement, statistics: RegionStatistics | None
) -> tuple[str, ...]:
    """What is written beside a measurement; statistics that are still computed are left out."""
    if not item.is_complete:
        return ()
    unit = "mm" if scan.geometry.units == "mm" else "px"
    if item.kind == "distance":
        return (f"{length(item):.1f} {unit}",)
    if item.kind == "angle":
        return (f"{angle_degrees(item):.1f}°",)
    if statistics is None:
        return ("…",)
    area = area_text(statistics.area, unit)
    if statistics.count == 0:
        return ("no pixel inside", area)
    mean, deviation, low, high = (
        value_text(scan, value)
        for value in (
            statistics.mean,
            statistics.deviation,
            statistics.minimum,
            statistics.maximum,
        )
    )
    symbol = " HU" if scan.intensity == "HU" else ""
    return (f"mean {mean}{symbol}  SD {deviation}", f"min {low}  max {high}", area)


def value_text(scan: Scan, value: float) -> str:
    """One decimal for HU, three for a normalised intensity, with a true minus sign."""
    text = f"{value:.1f}" if scan.intensity == "HU" else f"{value:.3f}"
    return text.removesuffix(".0").replace("-", "\N{MINUS SIGN}")


def area_text(area: float, unit: str) -> str:
    """``"34.0 mm²"``, ``"12.3 cm²"``, ``"400 px²"``."""
    if unit == "px":
        return f"{area:.0f} px²"
    return f"{area / 100:.1f} cm²" if area >= 100 else f"{area:.1f} mm²"
