"""The samples that a configuration names."""

from __future__ import annotations

from medvlp_training.pretraining.config import DataConfig
from medvlp_training.pretraining.simulated import CaseFiles
from medvlp_training.pretraining.source import JoinedSources, Kind, SampleSource
from medvlp_training.samples.shard_set import open_shards
from medvlp_training.samples.source import ShardSource


def open_source(data: DataConfig) -> SampleSource:
    """Sample shards, and case files of the kinds that have a share, one after the other.

    Raises
    ------
    MedVLPError
        If nothing is found where the configuration says.
    """
    sources: list[SampleSource] = []
    if data.shards:
        sources.append(ShardSource(open_shards(*data.shards)))
    patterns: list[tuple[str | None, Kind]] = [(data.ct, "CT"), (data.xr, "XR")]
    for pattern, kind in patterns:
        if pattern is not None and kind in data.shares:
            sources.append(CaseFiles(pattern, kind))
    return JoinedSources(tuple(sources))
