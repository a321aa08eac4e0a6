"""What the tests of every reader ask."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from medvlp_training.samples.check import check_sample
from medvlp_training.samples.readers.reader import load_reader
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.skips import Skips


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., tuple[dict[str, ImageTextSample], Skips]]:
    """``read(name)``: samples by identity, each checked, and what was skipped."""

    def run(name: str, root: Path = tmp_path) -> tuple[dict[str, ImageTextSample], Skips]:
        skips = Skips()
        samples = list(load_reader(name)(root, skips))
        for sample in samples:
            check_sample(sample)
        found = {sample.identity: sample for sample in samples}
        assert len(found) == len(samples)
        return found, skips

    return run
