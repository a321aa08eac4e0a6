"""A session whose model needs no torch and whose grids are about as fine as the real one's."""

from __future__ import annotations

import fake_model

from medvlp.models.encoding import Encoding
from medvlp.scan import Scan
from medvlp.session import Session

_CELLS = 48


class Model(fake_model.FakeModel):
    """Cells of as many voxels as give 48 of them along the longest side."""

    def encode(self, scan: Scan, **options: object) -> Encoding:
        fake_model.CELL_VOXELS = max(2, max(scan.array.shape) // _CELLS)
        return super().encode(scan, **options)  # type: ignore[arg-type]


def make() -> Session:
    """Answers at once."""
    return Session(Model())
