"""Whether a data set is all there: what parses files lets short ones pass."""

from __future__ import annotations

from typing import Any

from medvlp.io.dicom.keywords import PIXELS

_UNDEFINED = 0xFFFFFFFF


def ends_early(dataset: Any) -> bool:
    """Whether an image lacks its pixels, or an element has fewer bytes than it announces.

    Only elements that nobody has looked at yet can tell; elements left in the file say nothing.
    """
    from pydicom.dataelem import RawDataElement

    if "Rows" in dataset and not any(keyword in dataset for keyword in PIXELS):
        return True
    return any(
        isinstance(element, RawDataElement)
        and element.value is not None
        and element.length != _UNDEFINED
        and len(element.value) < element.length
        for element in dataset.values()
    )
