"""Lungs from intensities alone, for scans that come without organ masks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from medvlp_training.simulation.case import Mask, SimulationError

_AIR_HU = -400  # between lung (about -850) and soft tissue (about 40), low enough to skip fat
_TRACHEA_RADIUS_MM = 16.0


def _outside_air(air: Mask) -> Mask:
    """Air connected to the border of any axial slice in plane: the room, not the patient."""
    from scipy import ndimage

    outside = np.zeros_like(air)
    for k in range(air.shape[0]):
        labels, _ = ndimage.label(air[k])
        rim = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
        outside[k] = np.isin(labels, np.unique(rim[rim > 0]))
    return outside


def body_mask(volume: NDArray[np.int16]) -> Mask:
    """The patient without table and room, holes filled slice by slice."""
    from scipy import ndimage

    # Filled before it is opened: the chest wall of a thin patient would be opened away.
    filled = np.stack([ndimage.binary_fill_holes(dense) for dense in volume > -300])
    solid = ndimage.binary_opening(filled, iterations=2)
    labels, count = ndimage.label(solid)
    if count == 0:
        raise SimulationError("No body in the volume: no connected region is denser than -300 HU.")
    largest = np.argmax(np.bincount(labels.ravel())[1:]) + 1
    body = labels == largest
    for k in range(body.shape[0]):
        body[k] = ndimage.binary_fill_holes(ndimage.binary_closing(body[k], iterations=2))
    return body


def _without_trachea(air: Mask, spacing: tuple[float, float, float]) -> Mask:
    """Remove the airway: follow small round air regions down from the topmost one."""
    from scipy import ndimage

    area = spacing[1] * spacing[2]
    largest = np.pi * _TRACHEA_RADIUS_MM**2 / area
    airway = np.zeros_like(air)
    middle = air.shape[2] / 2
    previous: Mask | None = None
    for k in range(air.shape[0] - 1, -1, -1):
        labels, count = ndimage.label(air[k])
        if count == 0:
            continue
        sizes = np.bincount(labels.ravel(), minlength=count + 1)
        found = np.zeros_like(air[k])
        for label in range(1, count + 1):
            if not 20 / area <= sizes[label] <= largest:
                continue
            region = labels == label
            column = float(np.mean(np.nonzero(region)[1]))
            central = abs(column - middle) * spacing[2] < 45
            linked = previous is not None and bool((region & previous).any())
            if linked or (previous is None and central and sizes[label] * area > 60):
                found |= region
        if found.any():
            airway[k] = found
            previous = ndimage.binary_dilation(found, iterations=1)
        elif previous is not None:
            break
    return air & ~ndimage.binary_dilation(airway, iterations=1)


def _split(lungs: Mask, spacing: tuple[float, float, float]) -> tuple[Mask, Mask]:
    """``(right, left)``: grow both lungs from cores that an erosion has separated."""
    from scipy import ndimage

    for radius_mm in (0.0, 2.0, 4.0, 6.0, 9.0, 12.0):
        inside = ndimage.distance_transform_edt(lungs, sampling=spacing)
        labels, count = ndimage.label(inside > radius_mm)
        sizes = np.bincount(labels.ravel())[1:]
        order = np.argsort(sizes)[::-1]
        if count >= 2 and sizes[order[1]] > 0.25 * sizes[order[0]]:
            break
    else:
        return _split_at_midline(lungs)
    cores = np.zeros(lungs.shape, np.uint8)
    for value, label in enumerate(order[:2] + 1, start=1):
        cores[labels == label] = value
    nearest = ndimage.distance_transform_edt(
        cores == 0, sampling=spacing, return_distances=False, return_indices=True
    )
    grown = cores[tuple(nearest)] * lungs
    columns = [np.mean(np.nonzero(grown == v)[2]) for v in (1, 2)]
    right = 1 if columns[0] < columns[1] else 2
    return grown == right, (grown > 0) & (grown != right)


def _split_at_midline(lungs: Mask) -> tuple[Mask, Mask]:
    columns = np.nonzero(lungs.any(axis=(0, 1)))[0]
    middle = int((columns[0] + columns[-1]) // 2)
    right = lungs.copy()
    right[:, :, middle:] = False
    return right, lungs & ~right


def segment_lungs(
    volume: NDArray[np.int16], spacing: tuple[float, float, float]
) -> dict[str, Mask]:
    """Left and right lung by threshold, connected components and geometry.

    Parameters
    ----------
    volume
        HU, ``(S, P, L)``.
    spacing
        Millimetres along each axis.

    Returns
    -------
    dict
        ``"lung_left"`` and ``"lung_right"``, vessels included, trachea and main bronchi removed.

    Raises
    ------
    SimulationError
        If no air-filled region of at least 200 ml lies inside the body.
    """
    from scipy import ndimage

    smooth = ndimage.gaussian_filter(volume.astype(np.float32), 0.5)
    body = body_mask(volume)
    air = (smooth < _AIR_HU) & body & ~_outside_air(smooth < _AIR_HU)
    air = _without_trachea(air, spacing)
    air = ndimage.binary_opening(air)
    labels, count = ndimage.label(air)
    sizes_ml = np.bincount(labels.ravel(), minlength=count + 1)[1:] * np.prod(spacing) / 1000
    # Bowel gas and stomach bubbles are small, or much darker than lung.
    keep = []
    for label in np.flatnonzero(sizes_ml > 200) + 1:
        median = float(np.median(volume[labels == label]))
        if median > -960:
            keep.append(label)
    if not keep:
        raise SimulationError("No lungs found: no air-filled region of 200 ml inside the body.")
    lungs = np.isin(labels, keep)
    right, left = _split(lungs, spacing)
    return {"lung_left": _with_vessels(left), "lung_right": _with_vessels(right)}


def _with_vessels(lung: Mask) -> Mask:
    from scipy import ndimage

    padded = np.pad(lung, 4)
    closed = ndimage.binary_closing(padded, iterations=3)[4:-4, 4:-4, 4:-4]
    for k in range(closed.shape[0]):
        closed[k] = ndimage.binary_fill_holes(closed[k])
    return closed
