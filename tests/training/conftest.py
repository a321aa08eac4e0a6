"""What every test of training starts from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from accelerate.state import AcceleratorState


@pytest.fixture(autouse=True)
def own_accelerator() -> Iterator[None]:
    """accelerate keeps one state per process: the next test may want another precision."""
    yield
    AcceleratorState._reset_state(reset_partial_state=True)
