"""The samples that a configuration names."""

from __future__ import annotations

from medvlp_training.pretraining.config import DataConfig
from medvlp_training.pretraining.simulated import CaseFiles
from medvlp_training.pretraining.source import JoinedSources, Kind, SampleSource


def open_source(data: DataConfig) -> SampleSource:
    """Case files of the kinds that have a share.

    Raises
    ------
    MedVLPError
        If nothing is found where the configuration says.
    """
    patterns: list[tuple[str | None, Kind]] = [(data.ct, "CT"), (data.xr, "XR")]
    sources: list[SampleSource] = [
        CaseFiles(pattern, kind)
        for pattern, kind in patterns
        if pattern is not None and kind in data.shares
    ]
    return JoinedSources(tuple(sources))
