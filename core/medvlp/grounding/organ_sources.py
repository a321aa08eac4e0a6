"""Organ masks of somebody else: had from where the user says, and put to use in an encoding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from medvlp.errors import LabelMapError
from medvlp.geometry import Geometry
from medvlp.grounding.anatomy import leaves
from medvlp.grounding.label_maps import LabelMap, label_map_of, load_label_map
from medvlp.grounding.organ_masks import label_map_masks
from medvlp.grounding.organs import MaskSource
from medvlp.grounding.regions import scan_geometry_of
from medvlp.models.encoding import Encoding
from medvlp.progress import Progress, ignore_progress
from medvlp.scan import Scan


class FoundOrgans(NamedTuple):
    """Masks that were had already: a label map on the scan's grid, where from, a sentence about it."""

    labels: LabelMap
    source: MaskSource
    note: str


OrganSource = str | Path | NDArray[np.integer] | FoundOrgans


def organ_labels(
    organs: OrganSource,
    geometry: Geometry,
    scan: Scan | None = None,
    progress: Progress | None = None,
) -> FoundOrgans:
    """Label map on the scan's grid, where it came from, and a sentence about it for people.

    Parameters
    ----------
    organs
        ``"totalsegmentator"`` (needs ``scan`` and the program), a file, an array on the scan's grid, or
        what this function returned before.
    geometry
        Of the scan.
    progress
        Of TotalSegmentator, and of the filling of contours.

    Raises
    ------
    LabelMapError
        If the masks cannot be had, or are of another scan.
    Cancelled
        If ``progress`` raises it.
    """
    if isinstance(organs, FoundOrgans):
        return organs
    if isinstance(organs, np.ndarray):
        labels = label_map_of(organs, geometry)
        note = f"Organs from the given array; names {labels.names_from}."
        return FoundOrgans(labels, "label map", note)
    if isinstance(organs, str) and organs == "totalsegmentator":
        from medvlp.grounding.totalsegmentator import segment

        if scan is None:
            raise LabelMapError("TotalSegmentator needs the scan itself: pass scan=... as well.")
        labels = segment(scan, progress or ignore_progress)
        return FoundOrgans(labels, "totalsegmentator", "Organs by TotalSegmentator (fast).")
    frame = "" if scan is None else str(scan.provenance.get("frame_of_reference", ""))
    labels = load_label_map(Path(organs), geometry, frame, progress=progress)
    note = f"Organs from {Path(organs).name}; names {labels.names_from}."
    return FoundOrgans(labels, "label map", note)


def with_organs(encoding: Encoding, labels: LabelMap) -> Encoding:
    """The encoding with these masks in place of the organ head's, for the organs that they hold.

    Questions that name a place ("nodule in the right lung") are then looked for in the mask. An organ
    that the map holds in parts (lungs in lobes) is their union, if all its parts are there.

    Raises
    ------
    LabelMapError
        If the map is empty on this scan.
    """
    masks = label_map_masks(labels, encoding.geometry, scan_geometry_of(encoding))
    if not masks:
        raise LabelMapError("The label map is empty on this scan: every voxel is background.")
    given = {mask.organ: mask.cells.astype(np.float16) for mask in masks}
    for organ in encoding.organs:
        parts = [name for name in given if leaves(name) <= leaves(organ)]
        whole = frozenset[str]().union(*(leaves(part) for part in parts))
        if organ not in given and whole == leaves(organ):
            given[organ] = np.max([given[part] for part in parts], axis=0)
    return replace(encoding, organs={**encoding.organs, **given})
