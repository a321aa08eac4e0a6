"""Real scans in the layout of the data folder to training cases.

    python -m medvlp_training.datasets.prepare --data DATA --out PREPARED

writes ``ct/*.safetensors`` and ``xr/*.safetensors``. Every patient is written; the split is made
where the cases are read.
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import typer
from numpy.typing import NDArray
from PIL import Image

from medvlp.io.nifti import read_nifti
from medvlp.models.preprocessing import CTPreprocessing, canonical, resample
from medvlp_training.datasets.case import CTCase, write_case
from medvlp_training.datasets.sources import CT_SOURCES, NIH_LABELS, OPACITIES, CTSource
from medvlp_training.datasets.xray import XRCase, write_xr

IMAGE_SIZE = 384


def _label_array(path: Path, shape: tuple[int, ...]) -> NDArray[np.uint8]:
    """Labels of a NIfTI, canonical axes, nearest to the working grid."""
    mask = read_nifti(path)
    array, _ = canonical(mask.array, mask.geometry)
    index = [
        np.clip(((np.arange(n) + 0.5) * m / n).astype(int), 0, m - 1)
        for n, m in zip(shape, array.shape, strict=True)
    ]
    return np.ascontiguousarray(array[np.ix_(*index)]).astype(np.uint8)


def _label_names(source: CTSource, data: Path) -> dict[int, str]:
    if source.labels is None:
        return {}
    table = json.loads((data / source.labels).read_text(encoding="utf-8"))
    return {int(label): name for label, name in table.items()}


def prepare_ct_source(source: CTSource, data: Path) -> CTCase:
    """One CT with its organ labels and real lesions, at the working spacing."""
    scan = read_nifti(data / source.volume)
    settings = CTPreprocessing()
    array, geometry = canonical(scan.array, scan.geometry)
    shape = tuple(
        max(1, round(n * s / settings.spacing_mm))
        for n, s in zip(geometry.shape, geometry.spacing, strict=True)
    )
    volume = resample(array, shape).round().astype(np.int16)  # type: ignore[arg-type]
    organs = np.zeros(shape, dtype=np.uint8)
    names: dict[int, str] = {}
    lesions = {}
    if source.mask is not None:
        organs = _label_array(data / source.mask, shape)
        names = _label_names(source, data)
        for label, finding in source.lesion_labels.items():
            lesions[finding] = organs == label
            organs[organs == label] = 0
        names = {
            k: v for k, v in names.items() if k not in source.lesion_labels and (organs == k).any()
        }
    annotated = frozenset(source.annotated or _label_names(source, data).values())
    if source.mask is None:
        annotated = frozenset()
    elif source.annotated is not None:
        names = {k: v for k, v in names.items() if v in annotated}
    return CTCase(source.patient, volume, organs, names, annotated, lesions, dict(source.sides))


def fit_square(
    image: NDArray[np.uint8], size: int = IMAGE_SIZE, nearest: bool = False
) -> NDArray[np.uint8]:
    """Longest side to ``size``, centred on black: what ``prepare_xr`` does, kept as uint8."""
    scale = size / max(image.shape)
    height, width = (max(1, min(size, round(n * scale))) for n in image.shape)
    method = Image.Resampling.NEAREST if nearest else Image.Resampling.BILINEAR
    small = np.asarray(Image.fromarray(image).resize((width, height), method))
    top, left = (size - height) // 2, (size - width) // 2
    out = np.zeros((size, size), dtype=np.uint8)
    out[top : top + height, left : left + width] = small
    return out


def _grey(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as image:
        return fit_square(np.asarray(image.convert("L")))


def _mask(path: Path) -> NDArray[np.bool_]:
    with Image.open(path) as image:
        return (
            fit_square((np.asarray(image.convert("L")) > 127).astype(np.uint8) * 255, nearest=True)
            > 127
        )


def _rows(path: Path) -> list[dict[str, str]]:
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def nih_cases(data: Path) -> Iterator[tuple[str, XRCase]]:
    """NIH ChestX-ray14: scan-level labels. Related opacities are unknown where one is named."""
    folder = data / "cxr_nih"
    for row in _rows(folder / "labels.csv"):
        named = {NIH_LABELS[n] for n in row["labels"].split("|") if n in NIH_LABELS}
        absent = set(NIH_LABELS.values()) - named
        if named & OPACITIES:
            absent -= OPACITIES
        image = _grey(folder / "images" / row["file"])
        yield (
            f"nih-{Path(row['file']).stem}",
            XRCase(
                patient=row["patient"],
                image=image,
                present=frozenset(named),
                absent=frozenset(absent),
                source=f"nih-{row['view']}",
            ),
        )


def jsrt_cases(data: Path) -> Iterator[tuple[str, XRCase]]:
    """JSRT: lungs, heart and clavicles by side; nodules as discs of their stated size."""
    folder = data / "cxr_jsrt_organs"
    boxes = {row["file"]: row for row in _rows(folder / "boxes_512.csv")}
    concepts = {
        "heart": "heart",
        "left_lung": "lung_left",
        "right_lung": "lung_right",
        "left_clavicle": "clavicula_left",
        "right_clavicle": "clavicula_right",
    }
    for row in _rows(folder / "labels.csv"):
        stem = Path(row["file"]).stem
        masks = {c: _mask(folder / "masks" / n / f"{stem}.png") for n, c in concepts.items()}
        box = boxes.get(row["file"])
        present = frozenset[str]()
        sides: dict[str, str | None] = {}
        if box is not None:
            scale = IMAGE_SIZE / 512
            radius = max(float(box["w"]) * scale / 2, 3.0)
            y, x = (float(box[a]) * scale + radius for a in ("y", "x"))
            grid = np.ogrid[:IMAGE_SIZE, :IMAGE_SIZE]
            masks["lung_nodule"] = (grid[0] - y) ** 2 + (grid[1] - x) ** 2 <= radius**2
            sides["lung_nodule"] = "left" if x > IMAGE_SIZE / 2 else "right"
            present = frozenset({"lung_nodule"})
        absent = frozenset({"pleural_effusion", "pneumothorax", "pneumonia", "consolidation"})
        absent |= {"pulmonary_edema", "lung_nodule"} | (frozenset() if present else {"lung_mass"})
        yield (
            f"jsrt-{stem}",
            XRCase(
                stem,
                _grey(folder / "images" / row["file"]),
                masks,
                sides,
                present,
                absent,
                "jsrt-PA",
            ),
        )


def covid_cases(data: Path) -> Iterator[tuple[str, XRCase]]:
    """Frontal X-rays of the COVID collection: lungs by side, pneumonia somewhere in them."""
    folder = data / "cxr_covid"
    for row in _rows(folder / "metadata.csv"):
        if row["view"] not in {"PA", "AP", "AP Supine"}:
            continue
        masks = {}
        if row["lung_mask"]:
            lungs = _mask(folder / "lung_masks" / row["lung_mask"])
            columns = np.arange(IMAGE_SIZE)
            middle = float((lungs.sum(0) * columns).sum() / max(lungs.sum(), 1))
            masks = {
                "lung_left": lungs & (columns > middle),
                "lung_right": lungs & (columns <= middle),
            }
        pneumonia = row["finding"] not in {"No Finding", "todo", ""}
        present = frozenset({"pneumonia"}) if pneumonia else frozenset()
        absent = frozenset({"pneumonia"}) if row["finding"] == "No Finding" else frozenset()
        yield (
            f"covid-{Path(row['file']).stem}",
            XRCase(
                row["patientid"],
                _grey(folder / "images" / row["file"]),
                masks,
                {},
                present,
                absent,
                f"covid-{row['view'].split()[0]}",
            ),
        )


def prepare(data: Path, out: Path) -> None:
    """Write every case."""
    for source in CT_SOURCES:
        case = prepare_ct_source(source, data)
        write_case(out / "ct" / f"{source.name}.safetensors", case)
        typer.echo(
            f"CT {source.name}: {case.volume.shape}, {len(case.names)} organs, {sorted(case.lesions)}"
        )
    for reader in (nih_cases, jsrt_cases, covid_cases):
        count = 0
        for name, xr in reader(data):
            write_xr(out / "xr" / f"{name}.safetensors", xr)
            count += 1
        typer.echo(f"XR {reader.__name__}: {count}")


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    prepare(arguments.data, arguments.out)


if __name__ == "__main__":
    main()
