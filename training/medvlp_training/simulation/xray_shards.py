"""Simulated X-rays: ``python -m medvlp_training.simulation.xray_shards --data D --hosts H --out O``.

``paint_<number>`` are findings painted on real films, ``project_<number>`` are projections of CT
hosts (``--hosts``: the folder ``hosts`` of the CT shards) with findings placed in an upright
patient, ``base_<number>`` are the films as they are. Films are those of JSRT and of the COVID collection, whose
lungs are outlined, or with ``--lungs-by MODEL`` those of NIH without a finding. Files are safetensors: ``image`` uint8,
``organ.<name>`` and ``lesion.<finding>[.<side>]`` uint8 (255 is fully inside).
"""

from __future__ import annotations

import argparse
import json
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import medvlp
from medvlp.store.atomic import write_bytes_atomically
from medvlp_training.simulation.case import Mask, Request, SimulationError
from medvlp_training.simulation.fields import Array
from medvlp_training.simulation.hosts import DEVICES
from medvlp_training.simulation.patient import is_chest
from medvlp_training.simulation.radiograph.bases import (
    SIZE,
    Base,
    covid_bases,
    jsrt_bases,
    nih_bases,
)
from medvlp_training.simulation.radiograph.paint import PAINTERS, paint
from medvlp_training.simulation.radiograph.project import project
from medvlp_training.simulation.radiograph.view import ORGANS, collimate, heavy_parts, whole_lungs
from medvlp_training.simulation.shard_file import (
    FILM_CONFOUNDS,
    GENERATOR,
    known_absent,
    read_host,
    require_one_origin,
)
from medvlp_training.simulation.simulate import simulate

_LOG = logging.getLogger(__name__)
PROJECTED = (
    "pleural_effusion", "pneumothorax", "lung_nodule", "lung_mass", "consolidation",
    "atelectasis", "cardiomegaly", "ground_glass_opacity", *DEVICES,
)  # fmt: skip


def _bytes(values: Array | Mask) -> NDArray[np.uint8]:
    return np.ascontiguousarray(
        np.clip(np.round(values.astype(np.float32) * 255), 0, 255), np.uint8
    )


def _write(path: Path, tensors: dict[str, NDArray[np.uint8]], meta: dict[str, Any]) -> None:
    from safetensors.numpy import save

    meta = {"generator": GENERATOR, "axes": "rows to the feet, columns to the left", **meta}
    write_bytes_atomically(path, save(tensors, {"medvlp": json.dumps(meta)}))


def write_base(path: Path, base: Base) -> None:
    """The film without painted findings."""
    _write(path, _base_tensors(base.image, base, base.lung_left, base.lung_right, base.heart), {
        **_base_meta(base), "findings": [], "report": "", "absent": list(base.absent),
    })  # fmt: skip


def _base_tensors(
    image: Array, base: Base, left: Mask, right: Mask, heart: Mask | None
) -> dict[str, NDArray[np.uint8]]:
    tensors = {
        "image": _bytes(image),
        "organ.lung_left": _bytes(left),
        "organ.lung_right": _bytes(right),
    }
    if heart is not None:
        tensors["organ.heart"] = _bytes(heart)
    return tensors | {f"organ.{n}": _bytes(m) for n, m in base.others.items()}


def _base_meta(base: Base) -> dict[str, Any]:
    return {
        "kind": "painted", "base": base.name, "source": base.source, "patient": base.patient,
        "view": base.view, "content": list(base.content), "base_present": list(base.present),
    }  # fmt: skip


def write_painted(
    path: Path, base: Base, number: int, seed: int, findings: Sequence[str] = ()
) -> bool:
    """Paint one or two findings, the first taken in turn; False if they do not fit on this film."""
    rng = np.random.default_rng([seed, 21, number])
    possible = [n for n in PAINTERS if base.heart is not None or n != "cardiomegaly"]
    first = [name for name in findings if name in possible] or possible
    chosen = [first[number % len(first)]]
    if rng.random() < 0.3:
        chosen.append(str(rng.choice([n for n in possible if n not in chosen])))
    requests = [Request(name) for name in chosen]
    if chosen[0] == "pleural_effusion" and rng.random() < 0.3:
        requests = [Request(chosen[0], "left"), Request(chosen[0], "right"), *requests[1:]]
    try:
        film = paint(base.image, base.lung_left, base.lung_right, base.heart, rng, requests)
    except SimulationError:
        return False
    tensors = _base_tensors(film.image, base, film.lung_left, film.lung_right, film.heart)
    for item in film.painted:
        key = f"lesion.{item.finding}" + (f".{item.side}" if item.side else "")
        tensors[key] = np.maximum(tensors.get(key, np.uint8(0)), _bytes(item.mask))
    unknown = {n for name in chosen for n in (name, *FILM_CONFOUNDS.get(name, ()))}
    placed = [
        {
            "finding": p.finding, "side": p.side, "severity": round(p.severity, 4),
            "sentence": p.sentence,
        }
        for p in film.painted
    ]  # fmt: skip
    report = " ".join(p.sentence for p in film.painted)
    _write(path, tensors, {
        **_base_meta(base), "findings": placed, "report": report,
        "absent": [n for n in base.absent if n not in unknown],
    })  # fmt: skip
    return True


def write_projected(path: Path, host_file: Path, number: int, seed: int) -> bool:
    """Project a host with an upright finding (every sixth without); False if it has no room."""
    rng = np.random.default_rng([seed, 22, number])
    host = read_host(host_file)
    names = [] if number % 6 == 5 else [PROJECTED[number % len(PROJECTED)]]
    if names and rng.random() < 0.25:
        names.append(str(rng.choice([n for n in PROJECTED if n not in names])))
    if set(names) & set(host.present):
        return False
    absent = known_absent(host, tuple(names), FILM_CONFOUNDS)
    try:
        case = simulate(
            host.volume, host.organs, host.spacing, names, rng, absent, posture="upright"
        )
    except SimulationError:
        return False
    organs = {n: case.organs[n] for n in ORGANS if n in case.organs} | whole_lungs(case.organs)
    masks = {f"organ.{n}": m for n, m in organs.items()}
    for lesion in case.placed:
        key = f"lesion.{lesion.finding}" + (f".{lesion.side}" if lesion.side else "")
        masks[key] = lesion.mask
    cone = bool(rng.random() < 0.8)
    film = project(case.volume, host.spacing, masks, cone, heavy=heavy_parts(host.volume, case))
    lungs = np.maximum(film.masks["organ.lung_left"], film.masks["organ.lung_right"])
    window = collimate(lungs, film.spacing_mm, rng)
    box, image = _square(film.image[window])
    image = np.clip(image + rng.uniform(0.002, 0.02) * rng.standard_normal(image.shape), 0, 1)
    tensors = {"image": _bytes(image)} | {
        n: _bytes(_square(m[window])[1]) for n, m in film.masks.items()
    }
    findings = [
        {
            "finding": p.finding, "side": p.side, "severity": round(p.severity, 4),
            "sentence": p.sentence,
        }
        for p in case.placed
    ]  # fmt: skip
    _write(path, tensors, {
        "kind": "projected", "base": host.name, "source": "ct", "patient": host.patient,
        "view": "PA", "content": list(box), "base_present": list(host.present),
        "findings": findings, "report": case.report, "absent": absent,
        "synthetic": host.synthetic,
    })  # fmt: skip
    return True


def _square(values: Array) -> tuple[tuple[int, int, int, int], Array]:
    from PIL import Image

    scale = SIZE / max(values.shape)
    height, width = (max(1, round(n * scale)) for n in values.shape)
    picture = Image.fromarray(values.astype(np.float32)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    top, left = (SIZE - height) // 2, (SIZE - width) // 2
    out = np.zeros((SIZE, SIZE), np.float32)
    out[top : top + height, left : left + width] = np.clip(np.asarray(picture), 0, 1)
    return (top, top + height, left, left + width), out


def _usable(host_file: Path) -> bool:
    """Whether the host shows most of both lungs: an abdomen is no chest film."""
    return is_chest(read_host(host_file))


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(prog="python -m medvlp_training.simulation.xray_shards")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--hosts", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--painted", type=int, default=1000)
    parser.add_argument("--projected", type=int, default=450)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--findings", nargs="+", default=[], choices=tuple(PAINTERS),
                        metavar="FINDING", help="painted in turn; all if left out")  # fmt: skip
    parser.add_argument(
        "--lungs-by",
        metavar="MODEL",
        help="paint on NIH films, whose lungs this model finds, instead",
    )
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    require_one_origin(options.out, options.seed)
    bases = jsrt_bases(options.data) + covid_bases(options.data)
    if options.lungs_by:
        bases = nih_bases(options.data, medvlp.load_model(options.lungs_by))
    for number, base in enumerate(bases):
        write_base(options.out / f"base_{number:05d}.safetensors", base)
    rng = np.random.default_rng([options.seed, 20])
    done = 0
    # Films with a known heart and no other disease are worth more: they are drawn three times as often.
    weights = np.array([3.0 if b.source == "jsrt" else 1.0 for b in bases])
    for number in range(options.painted):
        base = bases[int(rng.choice(len(bases), p=weights / weights.sum()))]
        path = options.out / f"paint_{number:05d}.safetensors"
        done += path.is_file() or write_painted(path, base, number, options.seed, options.findings)
    hosts = [p for p in sorted(options.hosts.glob("*.safetensors")) if _usable(p)]
    for number in range(options.projected if hosts else 0):
        path = options.out / f"project_{number:05d}.safetensors"
        host = hosts[int(rng.integers(len(hosts)))]
        done += path.is_file() or write_projected(path, host, number, options.seed)
    (options.out / "DONE").write_text(f"{done} simulated, {len(bases)} bases\n")
    _LOG.info("%d simulated films and %d bases in %s", done, len(bases), options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
