"""CT-RATE, from its corrected volumes, with TotalSegmentator's masks where they lie beside.

Layout: https://huggingface.co/datasets/ibrahimhamamci/CT-RATE (``dataset/train_fixed``,
``dataset/radiology_text_reports``, ``dataset/multi_abnormality_labels``, ``dataset/metadata``,
``dataset/ts_seg/ts_total``). The first release (``dataset/train``) lacks the rescale and the spacing
of its volumes and is not read. The part called valid is what results are reported on: it is test
here, and validation patients are taken from the training part by hash.

``train_12_a_2.nii.gz`` is reconstruction 2 of scan a of patient 12 of the training part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from medvlp.geometry import Geometry
from medvlp.grounding.label_maps import load_label_map
from medvlp_training.samples.errors import ExcludedError, SampleError
from medvlp_training.samples.images import read_ct
from medvlp_training.samples.label_set import load_label_set
from medvlp_training.samples.layout import Layout
from medvlp_training.samples.readers.reader import existing, report_fields, samples_of
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.skips import Skips
from medvlp_training.samples.splits import train_or_val

LAYOUT = Layout(
    "CT-RATE",
    """\
  dataset/train_fixed/train_1/train_1_a/train_1_a_1.nii.gz, dataset/valid_fixed/...
  dataset/radiology_text_reports/train_reports.csv, validation_reports.csv
                            VolumeName, Findings_EN, Impressions_EN
  dataset/multi_abnormality_labels/train_predicted_labels.csv, valid_predicted_labels.csv
                            VolumeName, Medical material, ..., Interlobular septal thickening
  dataset/metadata/no_chest_train.txt, no_chest_valid.txt    (if there)
  dataset/ts_seg/ts_total/train_fixed/train_1/train_1_a/train_1_a_1.nii.gz   (if there)""",
    "https://huggingface.co/datasets/ibrahimhamamci/CT-RATE",
)
_PARTS = (("train", "train"), ("valid", "validation"))
_NAME = re.compile(r"(?P<part>train|valid)_(?P<patient>\d+)_(?P<scan>[a-z]+)_\d+\.nii\.gz")
_NOT_GIVEN = re.compile(r"\bnot given\.?", re.IGNORECASE)


@dataclass(frozen=True)
class _Part:
    name: str
    reports: Path
    labels: dict[str, dict[str, str]]
    without_chest: frozenset[str]


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Volumes with report, 18 labels and, where there are masks, organs."""
    root = root / "dataset" if (root / "dataset").is_dir() else root
    LAYOUT.find(root, "train_fixed", "valid_fixed")
    parts = [
        _part(root, name, long_name)
        for name, long_name in _PARTS
        if (root / f"{name}_fixed").is_dir()
    ]
    return chain.from_iterable([_samples(root, part, skips) for part in parts])


def _part(root: Path, name: str, long_name: str) -> _Part:
    labels = LAYOUT.find(root, f"multi_abnormality_labels/*{name}_predicted_labels.csv")
    listed = LAYOUT.look_for(root, f"metadata/no_chest_{name}.txt")
    return _Part(
        name,
        LAYOUT.find(root, f"radiology_text_reports/*{long_name}_reports.csv"),
        {
            row["VolumeName"]: row
            for _, row in LAYOUT.rows(labels, ("VolumeName", *load_label_set("ct_rate").concepts))
        },
        frozenset(Path(line).name for line in listed.read_text(encoding="utf-8").split())
        if listed
        else frozenset(),
    )


def _samples(root: Path, part: _Part, skips: Skips) -> Iterator[ImageTextSample]:
    rows = LAYOUT.rows(part.reports, ("VolumeName", "Findings_EN", "Impressions_EN"))
    items = ((f"{part.reports.name}, row {n}", (f"row {n}", row)) for n, row in rows)
    return samples_of(items, lambda item: _sample(root, part, *item, skips), skips)


def _sample(
    root: Path, part: _Part, where: str, row: dict[str, str], skips: Skips
) -> ImageTextSample:
    name = row["VolumeName"]
    match = _NAME.fullmatch(name)
    if match is None or match["part"] != part.name:
        raise SampleError(f"{where}: VolumeName {name!r}; expected {part.name}_1_a_1.nii.gz.")
    if name in part.without_chest:
        raise ExcludedError(f"{where}: the collection lists {name} as showing no chest.")
    person = f"{part.name}_{match['patient']}"
    place = f"{part.name}_fixed/{person}/{person}_{match['scan']}/{name}"
    picture = read_ct(existing(root / place))
    labels = load_label_set("ct_rate").read_cells(part.labels.get(name, {}))
    patient = f"ct-rate/{person}"
    return ImageTextSample(
        identity=f"ct-rate/{name.removesuffix('.nii.gz')}",
        patient=patient,
        modality="CT",
        image=picture.image,
        affine=picture.affine,
        **report_fields(_text(row), "CT", labels, f"{part.name} reports, {where}", skips),
        **_organs(root / "ts_seg/ts_total" / place, picture.stored),
        source="ct-rate",
        split="test" if part.name == "valid" else train_or_val(patient),
    )


def _text(row: dict[str, str]) -> str:
    sections = {"FINDINGS": row["Findings_EN"], "IMPRESSION": row["Impressions_EN"]}
    cleaned = {name: _NOT_GIVEN.sub("", text).strip() for name, text in sections.items()}
    return "\n".join(f"{name}: {text}" for name, text in cleaned.items() if text)


def _organs(path: Path, geometry: Geometry) -> dict[str, Any]:
    if not path.is_file():
        return {}
    label_map = load_label_map(path, geometry, whole=True)
    present = np.unique(label_map.array)
    return {
        "organs": label_map.array.astype(np.uint8),
        "organ_names": {int(v): label_map.name(int(v)) for v in present if v},
    }
