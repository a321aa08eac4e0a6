"""What is proposed to a DICOM node: kinds of objects, each with the encodings it may come in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from medvlp.network.outbox import Kind

MOST_KINDS = 127
"""One of the 128 contexts of an association is for the operation itself."""

VERIFICATION = "1.2.840.10008.1.1"
FIND = "1.2.840.10008.5.1.4.1.2.2.1"
GET = "1.2.840.10008.5.1.4.1.2.2.3"

PLAIN = ("1.2.840.10008.1.2.1", "1.2.840.10008.1.2")
"""Explicit and implicit VR, little endian: either can be written as the other."""

_COMPRESSED = (
    # JPEG lossless, JPEG 2000, JPEG-LS, RLE, JPEG baseline and extended, deflated.
    ("1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.57"),
    ("1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91"),
    ("1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.81"),
    ("1.2.840.10008.1.2.5",),
    ("1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"),
    ("1.2.840.10008.1.2.1.99",),
)
_STORAGE = "1.2.840.10008.5.1.4.1.1."
_USUAL = tuple(
    _STORAGE + end
    for end in (
        # CT, enhanced CT, legacy converted CT, CR, DX, mammography, secondary capture (5),
        # MR, enhanced MR, PET, nuclear medicine, angiography, ultrasound.
        *("2", "2.1", "2.2", "1", "1.1", "1.2", "7", "7.1", "7.2", "7.3", "7.4"),
        *("4", "4.1", "128", "20", "12.1", "6.1"),
        # Segmentation.
        "66.4",
    )
)


def contexts_to_get(classes: Iterable[str]) -> list[Any]:
    """Contexts for images that a node sends, one encoding each where there is room for it.

    A receiver of a context with several encodings picks one of them, and has to convert every image
    that is not in it: where each has its own context, images travel as they are stored.

    Parameters
    ----------
    classes
        SOP classes of the images; the usual ones where that is not known.
    """
    from pynetdicom import build_context

    wanted = list(dict.fromkeys(classes)) or list(_USUAL)
    encodings: list[tuple[str, ...]] = [
        PLAIN,
        *((syntax,) for pair in _COMPRESSED for syntax in pair),
    ]
    if len(wanted) * len(encodings) > MOST_KINDS:
        encodings = [PLAIN, *_COMPRESSED]
    if len(wanted) * len(encodings) > MOST_KINDS:
        encodings = [PLAIN]
    pairs = [(c, e) for c in wanted for e in encodings][:MOST_KINDS]
    return [build_context(sop_class, list(encoding)) for sop_class, encoding in pairs]


def contexts_to_send(kinds: Iterable[Kind]) -> list[Any]:
    """One context per kind of file; what is not compressed may travel in either plain encoding.

    And one that every node accepts: without it, a node that takes none of the files would end the
    association, and the reason would be lost.
    """
    from pynetdicom import build_context

    return [
        build_context(VERIFICATION),
        *(build_context(kind.sop_class, [kind.syntax, *_others(kind.syntax)]) for kind in kinds),
    ]


def _others(syntax: str) -> list[str]:
    return [s for s in PLAIN if s != syntax] if syntax in PLAIN else []
