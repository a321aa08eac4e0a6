"""Liver, spleen, stomach, kidneys, gallbladder, muscle beside the spine, bowel."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.phantom.build import Build
from medvlp_training.simulation.phantom.cage import Cage
from medvlp_training.simulation.phantom.painter import Painter


def paint_abdomen(painter: Painter, cage: Cage, build: Build) -> None:
    """Everything below the diaphragm, back to front."""
    below = np.minimum(-cage.above_diaphragm(), cage.inside - 1)
    painter.paint(np.minimum(below, below + 40), -104 + 6 * painter.noise(10))
    sheet = np.minimum(2.0 - np.abs(cage.above_diaphragm()), cage.inside - 1)
    painter.paint(sheet.astype(np.float32), 45.0)
    room = np.minimum(below - 2.0, cage.inside - 3.0)
    _paint_bowel(painter, cage, build, room)
    _paint_psoas(painter, cage, room)
    _paint_kidneys(painter, cage, build, room)
    _paint_stomach(painter, cage, build, room)
    _paint_spleen(painter, cage, build, room)
    _paint_liver(painter, cage, build, room)


def _paint_liver(painter: Painter, cage: Cage, build: Build, room: Array) -> None:
    w, d = build.half_width, build.half_depth
    lumps = 3 * painter.noise(45)
    size = painter.rng.uniform(0.9, 1.1)
    right = painter.ellipsoid(
        (-52, 0.02 * d, -0.52 * w), (82 * size, 0.86 * d, 0.62 * w), None, lumps
    )
    left = painter.ellipsoid(
        (-34, -0.42 * d, 0.08 * w), (36 * size, 0.38 * d, 0.55 * w), None, lumps
    )
    liver = np.minimum(np.maximum(right, left), room)
    texture = build.liver + 2.5 * painter.noise(14)
    painter.paint(liver, texture, "liver")
    inside = painter.organ("liver")
    veins = 2.2 - 16 * np.maximum(np.abs(painter.noise(34)), np.abs(painter.noise(40)))
    lift = 10 if build.blood < 100 else 35
    painter.paint(
        np.minimum(veins, liver - 6),
        texture + (lift if build.blood > 100 else -10),
        "liver",
        within=inside,
    )
    gallbladder = painter.ellipsoid((-92, -0.45 * d, -0.36 * w), (26, 14, 14), (-0.8, -0.5, -0.2))
    painter.paint(np.minimum(gallbladder, room), 10.0, "gallbladder")


def _paint_spleen(painter: Painter, cage: Cage, build: Build, room: Array) -> None:
    w, d = build.half_width, build.half_depth
    z = build.left_dome - 52
    axis = (-0.75, -0.45, 0.3)
    spleen = painter.ellipsoid((z, 0.4 * d, 0.66 * w), (56, 34, 26), axis, 2 * painter.noise(30))
    hu = build.liver - 8 + (22 if build.blood > 100 else 0)
    painter.paint(np.minimum(spleen, room), hu + 2 * painter.noise(12), "spleen")


def _paint_stomach(painter: Painter, cage: Cage, build: Build, room: Array) -> None:
    w, d = build.half_width, build.half_depth
    z = build.left_dome - 44
    fundus = painter.ellipsoid(
        (z, -0.02 * d, 0.46 * w), (44, 40, 38), None, 2.5 * painter.noise(30)
    )
    body = painter.ellipsoid((z - 46, -0.4 * d, 0.24 * w), (58, 24, 27), (-0.8, -0.4, -0.5))
    stomach = np.minimum(np.maximum(fundus, body), room)
    painter.paint(stomach, 45.0, "stomach")
    content = 30 + 14 * painter.noise(7)
    painter.paint(stomach - 4, content, "stomach")
    # Supine, gas rises to the front and ends at a horizontal level.
    level = -0.62 * d + build.stomach_gas * 0.8 * d - painter.y
    painter.paint(np.minimum(stomach - 4, level).astype(np.float32), -960.0, "stomach")


def _paint_kidneys(painter: Painter, cage: Cage, build: Build, room: Array) -> None:
    for side, name, z in ((-1, "right", -128.0), (1, "left", -116.0)):
        z = z + painter.rng.uniform(-10, 10)
        y = float(cage.spine_y(z)) + 2
        x = side * painter.rng.uniform(56, 66)
        axis = (0.95, -0.2, side * -0.2)
        length = painter.rng.uniform(48, 58)
        lumps = 1.5 * painter.noise(18)
        kidney = painter.ellipsoid((z, y, x), (length, 27, 28), axis, lumps)
        kidney = np.minimum(kidney, room)
        fat = painter.ellipsoid((z, y, x), (length + 12, 38, 39), axis)
        painter.paint(np.minimum(fat, room), -105.0)
        painter.paint(kidney, build.kidney, f"kidney_{name}")
        sinus = painter.ellipsoid((z, y - 5, x - side * 14), (length * 0.48, 8, 13), axis)
        painter.paint(np.minimum(sinus, room), -60 + 30 * painter.noise(6), f"kidney_{name}")


def _paint_psoas(painter: Painter, cage: Cage, room: Array) -> None:
    for side, name in ((-1, "right"), (1, "left")):
        low = -painter.z - 95
        y, x = cage.spine_y(painter.z) + 6, side * (28 + 0.12 * np.clip(low, 0, 90))
        radius = 4 + 0.16 * np.clip(low, 0, 90)
        psoas = radius - np.sqrt((painter.y - y) ** 2 + (painter.x - x) ** 2)
        psoas = np.minimum(np.minimum(psoas, low + 0 * psoas), room)
        painter.paint(psoas.astype(np.float32), 55.0, f"iliopsoas_{name}")


def _paint_bowel(painter: Painter, cage: Cage, build: Build, room: Array) -> None:
    """Winding loops: fluid, gas and stool, in the front of the lower abdomen."""
    first, second = painter.noise(52), painter.noise(52)
    loops = 17 - 20 * np.sqrt(first**2 + second**2)
    zone = np.minimum(room - 6, -40 - painter.z)
    zone = np.minimum(zone, 0.38 * build.half_depth - painter.y)
    loops = np.minimum(loops, zone)
    lateral = np.abs(painter.x) > 0.45 * build.half_width
    content = 28 + 18 * painter.noise(8)
    painter.paint(np.where(lateral, -9, loops).astype(np.float32), content, "small_bowel")
    painter.paint(np.where(lateral, loops, -9).astype(np.float32), content - 20, "colon")
    gas = np.minimum(loops - 3, 9 * (painter.noise(30) - 0.9))
    gas = np.where(lateral, gas, gas - 6)
    for name, where in (("colon", lateral), ("small_bowel", ~lateral)):
        painter.paint(np.where(where, gas, -9).astype(np.float32), -900.0, name)
