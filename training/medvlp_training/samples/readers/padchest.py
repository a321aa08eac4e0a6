"""PadChest.

Layout: https://bimcv.cipf.es/bimcv-projects/padchest/
(``PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv``; the archives ``0.zip`` to ``54.zip`` unpack
to folders of the same number, the table's ``ImageDir``). There is no official division: patients
are divided by hash.

The reports are Spanish, lower-cased and stemmed; the text towers here are English, so samples are
label-only. Labels are the collection's English terms; a term that is not listed is absent, unless
the list says nothing but that the study is unchanged. Studies that the collection marks as
``exclude`` are skipped.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from medvlp_training.samples.errors import ExcludedError, SampleError
from medvlp_training.samples.images import read_radiograph
from medvlp_training.samples.label_set import load_label_set
from medvlp_training.samples.layout import Layout
from medvlp_training.samples.readers.reader import existing, samples_of
from medvlp_training.samples.sample import ImageTextSample
from medvlp_training.samples.skips import Skips

LAYOUT = Layout(
    "PadChest",
    """\
  PADCHEST_chest_x_ray_images_labels_160K_01.02.19.csv   (or .csv.gz) ImageID, ImageDir, PatientID,
                                                         Projection, Labels, ...
  0/<ImageID>.png ... 54/<ImageID>.png""",
    "https://bimcv.cipf.es/bimcv-projects/padchest/",
)
_TABLE = "PADCHEST_chest_x_ray_images_labels_160K*.csv"
_SAYS_NOTHING = {"unchanged", "chronic changes", "suboptimal study"}


def read(root: Path, skips: Skips) -> Iterator[ImageTextSample]:
    """Images with labels."""
    table = LAYOUT.find(root, f"{_TABLE}.gz", _TABLE)
    columns = ("ImageID", "ImageDir", "PatientID", "Projection", "Labels")
    rows = LAYOUT.rows(table, columns)
    LAYOUT.find(root, "[0-9]", "[0-9][0-9]")
    items = ((f"{table.name}, row {number}", row) for number, row in rows)
    return samples_of(items, lambda row: _sample(root, row), skips)


def _sample(root: Path, row: dict[str, str]) -> ImageTextSample:
    listed = _listed(row["Labels"])
    if "exclude" in listed or row["Projection"] == "EXCLUDE":
        raise ExcludedError(f"{row['ImageID']} is marked as excluded by the collection.")
    picture = read_radiograph(existing(root / row["ImageDir"] / row["ImageID"]))
    labels: dict[str, int] = {}
    if set(listed) - _SAYS_NOTHING:
        labels = load_label_set("padchest").read_listed(listed)
    return ImageTextSample(
        identity=f"padchest/{Path(row['ImageID']).stem}",
        patient=f"padchest/{row['PatientID']}",
        modality="XR",
        image=picture.image,
        affine=picture.affine,
        labels=labels,
        source=f"padchest/{row['Projection'] or 'unknown'}",
    )


def _listed(cell: str) -> list[str]:
    """Terms of a cell such as ``['normal', 'nodule ']``; none of an empty one."""
    if cell.strip() in ("", "nan", "[nan]"):
        return []
    try:
        return [str(term).strip() for term in ast.literal_eval(cell) if str(term).strip()]
    except (ValueError, SyntaxError, TypeError):
        raise SampleError(f"Labels {cell[:60]!r}; expected a list such as ['normal'].") from None
