"""Lungs, mediastinum, heart, great vessels and airway."""

from __future__ import annotations

import numpy as np

from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.phantom.build import Build
from medvlp_training.simulation.phantom.cage import Cage
from medvlp_training.simulation.phantom.painter import Painter, curve

_APEX_FALL = 80.0  # mm from the top of the lung to where it has its full width


def paint_lungs(painter: Painter, cage: Cage, build: Build) -> None:
    """Two lungs: what is inside the cage, above the diaphragm and beside the mediastinum."""
    room = np.minimum(cage.inside - 3.0, cage.above_diaphragm() - 1.5)
    across = (np.abs(painter.x) - 0.3 * build.half_width) / (0.3 * build.half_width)
    along = (painter.y - 0.3 * build.half_depth) / (0.75 * build.half_depth)
    off_axis = across**2 + along**2
    # The fall saturates: lower down the cage itself bounds the lung.
    apex = 0.985 * build.height - _APEX_FALL * off_axis / (off_axis + 1.6) - painter.z
    room = np.minimum(room, 0.8 * apex)
    beside = np.abs(painter.x - cage.spine_x(painter.z)) - _mediastinum(painter, cage, build)
    beside = beside + 1.5 * painter.noise(35)
    room = np.minimum(room, beside).astype(np.float32)
    depth = (painter.y - cage.middle) / build.half_depth
    parenchyma = build.lung + 45 * np.clip(depth + 0.2, 0, 1.2) + 14 * painter.noise(14)
    parenchyma = parenchyma + 14 * painter.noise(5)
    right = painter.x < cage.spine_x(painter.z)
    painter.paint(np.where(right, room, -50).astype(np.float32), parenchyma, "lung_right")
    painter.paint(np.where(right, -50, room).astype(np.float32), parenchyma, "lung_left")


def _mediastinum(painter: Painter, cage: Cage, build: Build) -> Array:
    """Half width of the tissue between the lungs: narrow behind the sternum, wide at the hila."""
    u = painter.z / build.height
    s = np.clip((painter.y - cage.middle + cage.depth) / (2 * cage.depth), 0, 1)
    middle = np.exp(-(((s - 0.52) / 0.28) ** 2))
    spine = np.clip((s - 0.6) / 0.2, 0, 1)
    upper = 26 + 9 * np.clip(u - 0.6, 0, 0.4)
    return (6 + (upper - 6) * middle * 0.95 + 15 * spine * (1 - middle)).astype(np.float32)


def paint_heart(painter: Painter, cage: Cage, build: Build) -> None:
    """Pericardial fat, myocardium, four chambers."""
    k = build.heart
    z0, y0 = 0.13 * build.height, -0.26 * build.half_depth
    axis = (-0.55, -0.52, 0.66)
    lumps = 1.5 * painter.noise(30)
    left = painter.ellipsoid((z0, y0, 24), (64 * k, 43 * k, 43 * k), axis, lumps)
    right = painter.ellipsoid((z0 + 10, y0 + 2, -20), (40 * k, 36 * k, 30 * k), None, lumps)
    base = painter.ellipsoid((z0 + 30, y0 + 20, 6), (28 * k, 26 * k, 40 * k), None, lumps)
    heart = np.maximum(np.maximum(left, right), base)
    floor = cage.above_diaphragm() + 14
    limit = np.minimum(cage.inside - 2, floor)
    fat = np.minimum(heart + 3 + 3 * np.clip(painter.noise(30), -1, 2), limit)
    painter.paint(fat, -95.0)
    wall = 48 + 0.35 * max(build.blood - 45, 0)
    painter.paint(np.minimum(heart, limit - 2), wall, "heart")
    blood = build.blood + 3 * painter.noise(20)
    chambers = [
        ((z0 - 12, y0 - 5, 38), (34, 17, 17), axis),
        ((z0 - 4, y0 - 22, 4), (36, 15, 22), (-0.5, -0.2, 0.8)),
        ((z0 + 32, y0 + 24, 8), (17, 16, 26), None),
        ((z0 + 14, y0 + 4, -28), (26, 22, 17), None),
    ]
    inside = painter.organ("heart")
    for centre, axes, direction in chambers:
        scaled = (axes[0] * k, axes[1] * k, axes[2] * k)
        painter.paint(painter.ellipsoid(centre, scaled, direction), blood, "heart", within=inside)


def paint_vessels(
    painter: Painter, cage: Cage, build: Build
) -> dict[str, tuple[float, float, float]]:
    """Aorta, caval veins, pulmonary trunk, arch branches; returns where the hila are."""
    h, d = build.height, build.half_depth
    carina = 0.52 * h
    spine = [float(cage.spine_y(z)) for z in (carina, 0.2 * h, 0.0, -90.0, -160.0)]
    aorta = curve(
        [
            (0.34 * h, -0.18 * d, 6), (0.48 * h, -0.3 * d, -16), (0.6 * h, -0.25 * d, -16),
            (carina + 38, -0.02 * d, 2), (carina + 34, 0.2 * d, 18), (carina + 8, spine[0] - 16, 26),
            (0.2 * h, spine[1] - 20, 24), (0, spine[2] - 26, 14), (-90, spine[3] - 28, 8),
            (-160, spine[4] - 28, 5),
        ],
        140,
    )  # fmt: skip
    radii = np.interp(np.linspace(0, 1, len(aorta)), [0, 0.25, 0.4, 1], [16, 15, 12.5, 9.5])
    radii = radii * painter.rng.uniform(0.9, 1.15)
    painter.tube(aorta, radii, build.blood, "aorta")
    veins = build.blood * 0.9 if build.blood < 200 else 90.0
    superior = curve(
        [(h * 0.86, -0.1 * d, -20), (0.6 * h, -0.12 * d, -27), (0.36 * h, -0.1 * d, -26)]
    )
    painter.tube(superior, np.full(len(superior), 9.0), build.blood, "superior_vena_cava")
    inferior = curve(
        [
            (0.2 * h, 0.02 * d, -22),
            (-8, 0.12 * d, -24),
            (-70, spine[3] - 34, -18),
            (-160, spine[4] - 28, -17),
        ]
    )
    painter.tube(inferior, np.full(len(inferior), 11.0), veins, "inferior_vena_cava")
    top = h + 40
    for x, start in ((-12, 0.0), (4, 2.0), (16, 12.0)):
        branch = curve(
            [(carina + 38, start, x * 0.6), (h * 0.85, 0.02 * d, x * 1.6), (top, 0.0, x * 2.6)]
        )
        painter.tube(branch, np.full(len(branch), 4.5), build.blood)
    for sign in (-1, 1):
        vein = curve(
            [
                (h * 0.84, -0.16 * d, -18),
                (h * 0.93, -0.2 * d, sign * 34),
                (top, -0.1 * d, sign * 60),
            ]
        )
        painter.tube(vein, np.full(len(vein), 6.0), veins)
    return _pulmonary_trunk(painter, build, carina)


def _pulmonary_trunk(
    painter: Painter, build: Build, carina: float
) -> dict[str, tuple[float, float, float]]:
    d = build.half_depth
    fork = (carina - 8, -0.06 * d, 20.0)
    hila = {"right": (carina - 16, 0.1 * d, -46.0), "left": (carina - 6, 0.16 * d, 50.0)}
    trunk = curve([(0.33 * build.height, -0.32 * d, 18), (carina - 22, -0.26 * d, 24), fork])
    painter.tube(trunk, np.full(len(trunk), 13.5), build.blood)
    right = curve([fork, (carina - 14, 0.0, -10), hila["right"]])
    left = curve([fork, (carina - 4, 0.06 * d, 36), hila["left"]])
    for path in (right, left):
        painter.tube(path, np.linspace(11, 9, len(path)), build.blood)
    for sign in (-1, 1):
        vein = curve(
            [
                (0.34 * build.height, -0.02 * d, 10 + 18 * sign),
                (0.36 * build.height, 0.08 * d, 52 * sign),
            ]
        )
        painter.tube(vein, np.full(len(vein), 6.0), build.blood)
    return hila


def paint_airway(
    painter: Painter, cage: Cage, build: Build, hila: dict[str, tuple[float, float, float]]
) -> None:
    """Trachea, main bronchi and gullet; air over a wall of soft tissue."""
    h, d = build.height, build.half_depth
    carina = 0.54 * h
    top = (h + 45, -0.02 * d, 0.0)
    fork = (carina, 0.2 * d, 3.0)
    trachea = curve([top, (0.8 * h, 0.06 * d, 1.0), fork])
    radius = painter.rng.uniform(7.5, 10)
    gullet = curve(
        [
            (h + 45, 0.14 * d, 4),
            (carina, 0.36 * d, 6),
            (0.15 * h, float(cage.spine_y(0.15 * h)) - 34, 14),
        ]
    )
    painter.tube(gullet, np.full(len(gullet), 6.5), 35.0, "esophagus")
    bronchi = [
        curve([fork, (carina - 14, 0.2 * d, -20), (hila["right"][0] + 2, 0.2 * d, -42)]),
        curve([fork, (carina - 14, 0.22 * d, 24), (hila["left"][0] - 8, 0.24 * d, 46)]),
    ]
    for path in bronchi:
        painter.tube(path, np.full(len(path), 7.5), 30.0)
    painter.tube(trachea, np.full(len(trachea), radius + 2), 40.0)
    for path in bronchi:
        painter.tube(path, np.linspace(6.0, 5.0, len(path)), -985.0, "trachea")
    painter.tube(trachea, np.full(len(trachea), radius), -990.0, "trachea")
