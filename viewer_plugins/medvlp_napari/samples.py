"""File > Open Sample: scans with a known finding that ship with medvlp, no download."""

from __future__ import annotations

from typing import Any

from medvlp_napari.reader import LayerData


def effusion_ct() -> list[LayerData]:
    """Simulated chest CT with a pleural effusion."""
    return _sample("effusion-ct")


def effusion_xray() -> list[LayerData]:
    """X-ray projection of the simulated chest CT."""
    return _sample("effusion-xray")


def _sample(name: str) -> list[LayerData]:
    from medvlp.io.open import open_scan
    from medvlp.io.samples import available_samples, get_sample
    from medvlp_napari.reading import layer_data

    sample = next(s for s in available_samples() if s.name == name)
    data, arguments, kind = layer_data(open_scan(get_sample(name)), sample.title)
    notes: dict[str, Any] = arguments["metadata"]
    notes["medvlp"] |= {"example_query": sample.query}
    return [(data, arguments, kind)]
