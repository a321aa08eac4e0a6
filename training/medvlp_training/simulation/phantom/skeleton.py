"""Spine, ribs with cartilage, sternum, clavicles and shoulder blades."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.phantom.build import Build
from medvlp_training.simulation.phantom.cage import Cage
from medvlp_training.simulation.phantom.painter import Painter, curve

_T1_HEIGHT = 1.0  # of the lung's height
_LEVELS = [*(f"T{k}" for k in range(1, 13)), *(f"L{k}" for k in range(1, 6))]


def level_heights(build: Build) -> list[float]:
    """Middle of each vertebra from T1 down; vertebrae get taller toward the pelvis."""
    pitch = build.height / 10.2
    heights, z = [], _T1_HEIGHT * build.height
    for k in range(len(_LEVELS)):
        heights.append(z)
        z -= pitch * (0.86 + 0.028 * k)
    return heights


def paint_skeleton(painter: Painter, cage: Cage, build: Build) -> None:
    """All bones, from the back to the front."""
    heights = level_heights(build)
    _paint_spine(painter, cage, build, heights)
    for k in range(12):
        _paint_rib(painter, cage, build, k, heights[k])
    _paint_sternum(painter, cage, build)
    _paint_shoulders(painter, cage, build)


def _bone(
    painter: Painter, signed: Array, build: Build, name: str, cortex: float, marrow: float
) -> None:
    """A cortical shell around marrow."""
    painter.paint(signed, cortex * build.bone, name)
    painter.paint(signed - 2.0, marrow * build.bone, name)


def _paint_spine(whole: Painter, cage: Cage, build: Build, heights: list[float]) -> None:
    painter, _ = whole.window((-1e3, 0.2 * build.half_depth, -55), (1e3, 1e3, 55))
    z = painter.z
    centre_y, centre_x = cage.spine_y(z), cage.spine_x(z)
    y, x = painter.y - centre_y, painter.x - centre_x
    down = np.clip((build.height - z) / (build.height + 150), 0, 1)
    size = 12.5 + 8 * down
    back = np.where(y > 0, 1.25, 0.95)
    body = size - np.sqrt((x / 1.12) ** 2 + (y * back) ** 2)
    painter.paint(body.astype(np.float32), 85.0)
    arch = 13.5 - np.sqrt(x**2 + (y - size - 7) ** 2)
    canal = 8.0 - np.sqrt((x / 1.1) ** 2 + (y - size - 6) ** 2)
    for k, (name, middle) in enumerate(zip(_LEVELS, heights, strict=True)):
        pitch = heights[k] - heights[k + 1] if k + 1 < len(heights) else heights[k - 1] - heights[k]
        if middle < painter.origin[0] - pitch:
            break
        tall = pitch * 0.41 - np.abs(z - middle)
        bone = f"vertebrae_{name}"
        waist = body - 1.6 * (1 - (np.abs(z - middle) / (pitch * 0.42)) ** 2)
        _bone(painter, np.minimum(waist, tall).astype(np.float32), build, bone, 420, 170)
        lamina = np.minimum(arch, pitch * 0.36 - np.abs(z - middle + 2))
        spinous = np.minimum(3.2 - np.abs(x), 5.5 - np.abs(z - middle + 7 + 0.45 * (y - size - 18)))
        spinous = np.minimum(spinous, np.minimum(y - size - 12, size + 36 - y))
        wing = np.minimum(4.5 - np.abs(z - middle), 4.5 - np.abs(y - size - 6 - 0.25 * np.abs(x)))
        wing = np.minimum(wing, 32 - np.abs(x))
        rear = np.maximum(np.maximum(lamina, spinous), wing) + 0 * body
        _bone(painter, rear.astype(np.float32), build, bone, 460, 260)
    painter.paint((canal + 0 * body).astype(np.float32), 15.0)
    cord = 5.2 - np.sqrt((x / 1.15) ** 2 + (y - size - 6) ** 2)
    painter.paint((cord + 0 * body).astype(np.float32), 38.0, "spinal_cord")


def _paint_rib(whole: Painter, frame: Cage, build: Build, k: int, start: float) -> None:
    """A band on the cage that falls from the vertebra to the front; cartilage ends it."""
    painter, box = whole.window(
        (start - 1.1 * build.half_depth * 2, -1e3, -1e3), (start + 25, 1e3, 1e3)
    )
    cage = frame.window(box)
    floating = k >= 10
    fall = build.slope * (0.5 + 0.06 * min(k, 6))
    behind = cage.spine_y(start) + 10 - painter.y
    height = start + 4 - fall * np.clip(behind, 0, None) + 0.0009 * np.clip(behind, 0, None) ** 2
    thick = 4.0 - np.abs(cage.inside + 3.2)
    wide = (5.0 if k else 6.5) - np.abs(painter.z - height)
    lateral = np.abs(painter.x - cage.spine_x(start))
    rib = np.minimum(np.minimum(thick, wide), lateral - 16)
    front = -0.62 * build.half_depth + 4.0 * max(k - 5, 0)
    end = np.where(painter.y - cage.middle < 0, lateral - 0.42 * cage.width, 50.0)
    if floating:
        rib = np.minimum(rib, painter.y - cage.middle - (20 if k == 11 else -25))
    bony = np.minimum(rib, np.maximum(end, painter.y - cage.middle - front))
    for side, name in ((-1, "right"), (1, "left")):
        own = np.minimum(bony, side * (painter.x - cage.spine_x(start)) + 0 * bony)
        painter.paint(own.astype(np.float32), 650 * build.bone, f"rib_{name}_{k + 1}")
        painter.paint((own - 2.2).astype(np.float32), 190 * build.bone, f"rib_{name}_{k + 1}")
    if not floating:
        cartilage = np.minimum(rib, -np.maximum(end, painter.y - cage.middle - front))
        painter.paint((cartilage + 0.8).astype(np.float32), 95.0, "costal_cartilages")


def _paint_sternum(whole: Painter, frame: Cage, build: Build) -> None:
    painter, box = whole.window((0, -1e3, -30), (1e3, 0, 30))
    cage = frame.window(box)
    u = painter.z / build.height
    front = painter.y - (cage.middle - cage.depth)
    thick = 5.0 - np.abs(front + 4)
    wide = 15 + 9 * np.clip((u - 0.68) / 0.15, 0, 1) - np.abs(painter.x)
    tall = 0.27 * build.height - np.abs(painter.z - 0.55 * build.height)
    plate = np.minimum(np.minimum(thick, wide), tall)
    _bone(painter, plate.astype(np.float32), build, "sternum", 330, 130)


def _paint_shoulders(painter: Painter, cage: Cage, build: Build) -> None:
    h = build.height
    for side, name in ((-1, "right"), (1, "left")):
        top = 0.88 * h
        front = float(np.interp(top, painter.z.ravel(), (cage.middle - cage.depth).ravel()))
        wide = build.half_width
        clavicle = curve(
            [
                (0.84 * h, front - 4, side * 20),
                (0.93 * h, front - 6, side * 0.5 * wide),
                (1.02 * h, front + 28, side * 1.02 * wide),
            ]
        )
        painter.tube(clavicle, np.full(len(clavicle), 5.5), 420 * build.bone, f"clavicula_{name}")
        # The blade lies on the cage behind, between the second and seventh rib.
        gap = 2.6 - np.abs(cage.inside + 13)
        x, y = side * painter.x, painter.y - cage.middle
        reach = np.minimum(x - 0.5 * cage.width, 1.22 * cage.width - x)
        plate = np.minimum(
            np.minimum(gap, reach), np.minimum(painter.z - 0.38 * h, 0.98 * h - painter.z)
        )
        plate = np.minimum(plate, y - 0.15 * cage.depth)
        taper = 0.55 * cage.width + 0.25 * cage.width * np.clip(
            (0.55 * h - painter.z) / (0.17 * h), 0, 1
        )
        plate = np.minimum(plate, x - taper)
        painter.paint((plate + 0.6).astype(np.float32), 420 * build.bone, f"scapula_{name}")
