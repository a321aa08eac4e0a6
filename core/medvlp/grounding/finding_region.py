"""Where on a film a finding can be at all: around the organs that are seen.

Corners of films (air, letters, the edge of the plate) can be hotter than a faint nodule. In CT the hottest
spot of a finding was not seen to stray like that, so nothing is ruled out there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from medvlp.grounding.regions import INSIDE, scan_geometry_of, scanned_region, surroundings

if TYPE_CHECKING:
    from medvlp.grounding.lexicon import Concept
    from medvlp.models.encoding import Encoding

    Prior = tuple[NDArray[np.float32], NDArray[np.float32]]

_IMPOSSIBLE = 1e-30
_PRIORS: WeakKeyDictionary[Encoding, dict[tuple[str, ...], Prior]] = WeakKeyDictionary()


def finding_prior(concept: Concept | None, enc: Encoding) -> Prior:
    """What a scan leaves possible for a concept.

    Returns
    -------
    tuple
        ``(*token shape)``: 1 where the concept can be, 0 where it cannot or where the grid goes beyond
        the scan; and the logarithm. Shared by all queries: read-only.
    """
    organs = _organs_around(concept, enc)
    known = _PRIORS.setdefault(enc, {})
    if organs not in known:
        prior = np.zeros(enc.geometry.shape, dtype=np.float32)
        prior[scanned_region(enc.geometry, scan_geometry_of(enc)).box] = 1.0
        if organs:
            seen = np.any([enc.organs[organ] >= INSIDE for organ in organs], axis=0)
            box = surroundings(seen, enc.geometry)
            if box is not None:
                outside = np.ones(prior.shape, dtype=bool)
                outside[box] = False
                prior[outside] = 0.0
        known[organs] = prior, logarithm(prior)
        for shared in known[organs]:
            shared.setflags(write=False)
    return known[organs]


def logarithm(prior: NDArray[np.floating]) -> NDArray[np.float32]:
    """Of a prior: what has 0 gets a number below every logit, not infinity, which would spoil means."""
    return np.log(np.maximum(prior, _IMPOSSIBLE)).astype(np.float32)


def _organs_around(concept: Concept | None, enc: Encoding) -> tuple[str, ...]:
    """Organs of the organ head that bound where a finding is looked for; empty for no bound.

    All that are seen together, since on a film they project onto one another.
    """
    findable = concept is not None and concept.kind != "organ" and concept.hosts
    if concept is None or not findable or concept.whole_body or enc.modality != "XR":
        return ()
    return tuple(sorted(enc.organs))
