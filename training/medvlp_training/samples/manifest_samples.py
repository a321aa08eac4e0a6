"""Rows of a manifest to samples."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from medvlp.errors import MedVLPError
from medvlp_training.samples.errors import ManifestError, MissingImageError
from medvlp_training.samples.images import read_ct, read_radiograph
from medvlp_training.samples.label_set import parse_label
from medvlp_training.samples.manifest import LABEL, LESION, Manifest, read_manifest
from medvlp_training.samples.masks import read_lesion, read_organs
from medvlp_training.samples.readers.reader import report_fields, samples_of
from medvlp_training.samples.sample import PRESENT, ImageTextSample
from medvlp_training.samples.skips import Skips


def manifest_samples(path: Path | str, skips: Skips) -> Iterator[ImageTextSample]:
    """Samples of a manifest's rows, one at a time; the table is checked before the first.

    A row that cannot be used is counted (``skips.strict``: raised, with its number).

    Raises
    ------
    ManifestError
        As :func:`medvlp_training.samples.manifest.read_manifest`.
    """
    return samples_of_manifest(read_manifest(path), skips)


def samples_of_manifest(manifest: Manifest, skips: Skips) -> Iterator[ImageTextSample]:
    """As :func:`manifest_samples`, of a table that was read before."""
    items = ((f"{manifest.path.name}, row {n}", (n, row)) for n, row in manifest.rows)
    return samples_of(items, lambda item: _named(manifest, *item, skips), skips)


def _named(manifest: Manifest, number: int, row: dict[str, str], skips: Skips) -> ImageTextSample:
    """Sample of a row; what goes wrong names the row."""
    try:
        return _sample(manifest, number, row, skips)
    except MedVLPError as error:
        raise type(error)(f"{manifest.path.name}, row {number}: {error}") from error


def _sample(manifest: Manifest, number: int, row: dict[str, str], skips: Skips) -> ImageTextSample:
    if not row["patient"]:
        raise ManifestError("patient is empty; splits go by it.")
    if row["modality"] not in ("CT", "XR"):
        raise ManifestError(f"modality {row['modality']!r}; expected CT or XR.")
    is_ct = row["modality"] == "CT"
    labels = {
        name: parse_label(row[LABEL + name], name)
        for name in manifest.concepts(LABEL)
        if row[LABEL + name]
    }
    image = _file(manifest, row["image"], "image")
    picture = (read_ct if is_ct else read_radiograph)(image)
    lesions = {
        name: read_lesion(_file(manifest, row[LESION + name], LESION + name), picture)
        for name in manifest.concepts(LESION)
        if row[LESION + name]
    }
    fields: dict[str, Any] = {"labels": labels}
    text = _report(manifest, row)
    if text is not None:
        where = f"{manifest.path.name}, row {number}"
        fields = report_fields(text, "CT" if is_ct else "XR", labels, where, skips)
    fields["labels"] = {**fields["labels"], **{k: PRESENT for k, m in lesions.items() if m.any()}}
    if row.get("organs"):
        fields["organs"], fields["organ_names"] = read_organs(
            _file(manifest, row["organs"], "organs"), picture
        )
    return ImageTextSample(
        identity=row.get("identity") or f"{manifest.path.stem}/{number:06d}",
        patient=row["patient"],
        modality="CT" if is_ct else "XR",
        image=picture.image,
        affine=picture.affine,
        lesions=lesions,
        source=row.get("source") or manifest.path.stem,
        split=row.get("split", ""),  # type: ignore[arg-type]
        **fields,
    )


def _file(manifest: Manifest, cell: str, column: str) -> Path:
    """A path of a cell; an image may be a folder of DICOM files."""
    path = manifest.path.parent / cell
    if not cell or not path.exists():
        kind = MissingImageError if column == "image" else ManifestError
        raise kind(f"column {column}: there is no file {cell!r} from {manifest.path.parent}.")
    return path


def _report(manifest: Manifest, row: dict[str, str]) -> str | None:
    """Text of the report; None where the row has none."""
    if row.get("report"):
        return row["report"]
    if not row.get("report_path"):
        return None
    path = _file(manifest, row["report_path"], "report_path")
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(
            f"column report_path: {path.name} is no UTF-8 text ({error})."
        ) from None
