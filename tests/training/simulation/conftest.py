from __future__ import annotations

import numpy as np
import pytest

from medvlp_training.simulation.hosts import Host
from medvlp_training.simulation.phantom import phantom_host
from medvlp_training.simulation.phantom.build import Build


@pytest.fixture(scope="session")
def patient() -> Host:
    """A coarse procedural patient with thorax and upper abdomen; shared, so never written into."""
    rng = np.random.default_rng(4)
    host = phantom_host(rng, "test", (4.0, 4.0, 4.0), Build.draw(rng), below_mm=170.0)
    host.volume.setflags(write=False)
    for mask in host.organs.values():
        mask.setflags(write=False)
    return host
