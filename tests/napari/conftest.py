"""Phantoms whose parts are known in millimetres, and a session on the model without torch."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from medvlp.geometry import Geometry
from medvlp.scan import Scan
from medvlp.session import Session

if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

KIDNEY_MM = (34.0, 21.0, -46.0)
"""LPS centre of the phantom's only kidney: on the left, at the back, low."""


def phantom(geometry: Geometry) -> Scan:
    """CT of air with a ball of kidney (120 HU, radius 14 mm) at :data:`KIDNEY_MM`."""
    grid = np.moveaxis(np.indices(geometry.shape), 0, -1)
    distance = np.linalg.norm(geometry.index_to_world(grid) - KIDNEY_MM, axis=-1)
    array = np.where(distance <= 14.0, 120, -1000).astype(np.int16)
    return Scan(array, geometry, "CT", "HU")


def rotated(degrees: float, axis: int) -> np.ndarray:
    """3 x 3 rotation about a patient axis."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    i, j = [a for a in range(3) if a != axis]
    matrix = np.eye(3)
    matrix[[i, i, j, j], [i, j, i, j]] = c, -s, s, c
    return matrix


def geometry_around_kidney(
    shape: tuple[int, int, int],
    spacing: tuple[float, float, float],
    axes: tuple[tuple[int, int], ...] = ((2, 1), (1, 1), (0, 1)),
    tilt: np.ndarray | None = None,
) -> Geometry:
    """Geometry whose field of view holds the kidney off centre, with these axes and signs."""
    affine = np.eye(4)
    for column, ((axis, sign), step) in enumerate(zip(axes, spacing, strict=True)):
        direction = np.zeros(3)
        direction[axis] = sign
        affine[:3, column] = step * (direction if tilt is None else tilt @ direction)
    centre = np.add(KIDNEY_MM, (-9.0, 6.0, 11.0))
    affine[:3, 3] = centre - affine[:3, :3] @ ((np.asarray(shape) - 1) / 2)
    return Geometry(shape, affine)


@pytest.fixture
def ct() -> Scan:
    """Anisotropic, S P L."""
    return phantom(geometry_around_kidney((22, 40, 36), (4.0, 2.0, 2.5)))


@pytest.fixture
def fake_session(fake_model) -> Session:
    return Session(fake_model, cache=False)


@pytest.fixture
def plugin(npe2pm) -> Iterator[Any]:
    """This plugin alone, registered from its manifest."""
    manifest = Path(__file__).resolve().parents[2] / "viewer_plugins/medvlp_napari/napari.yaml"
    with npe2pm.tmp_plugin(manifest=str(manifest)) as registered:
        yield registered


@pytest.fixture
def phantoms() -> SimpleNamespace:
    """The functions above, for tests that need their own geometry."""
    return SimpleNamespace(
        kidney_mm=np.asarray(KIDNEY_MM),
        make=phantom,
        geometry=geometry_around_kidney,
        rotated=rotated,
    )
