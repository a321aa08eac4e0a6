"""What the values of a label map mean: a table beside the file, or what the file itself says."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from medvlp.errors import LabelMapError, TableError
from medvlp.grounding.organ_names import Side, find_organ

ENDINGS = (".nii.gz", ".nii", ".seg.nrrd", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm")
_TABLES = ("_labels.json", ".labels.json", ".json", "_labels.csv", ".labels.csv", ".csv")
_MASK_WORDS = frozenset(
    ("seg", "segs", "segmentation", "segmentations", "label", "labels", "labelmap", "organs", "mask", "masks",
     "totalseg", "totalsegmentator", "rtstruct", "rs")
)  # fmt: skip
_VALUE_COLUMNS = ("value", "label", "id", "index", "labelvalue", "label_id", "number")
_NAME_COLUMNS = ("name", "organ", "structure", "segment", "class", "label_name", "class_name")
_CARET = re.compile(
    r'<Label\s+Key="(\d+)"[^>]*>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</Label>', re.DOTALL
)
_SIDES: dict[str, Side] = {"24028007": "right", "7771000": "left"}
"""SNOMED CT: the sides as modifiers of a structure (DICOM PS3.16 CID 244)."""


@dataclass(frozen=True)
class Label:
    """One value of a label map as a file names it.

    Parameters
    ----------
    name
        As written.
    code
        SNOMED CT code of the structure; empty if there is none.
    side_code
        SNOMED CT code of a modifier; empty if there is none.
    """

    name: str
    code: str = ""
    side_code: str = ""

    @property
    def organ(self) -> str:
        """Name of the lexicon's organ, by the name or else by the code; else the name as written."""
        side = _SIDES.get(self.side_code)
        said = [self.name, *code_meanings(self.code)]
        organs = (find_organ(words, side) for words in said)
        return next((organ for organ in organs if organ), self.name.strip())


@lru_cache(maxsize=1)
def _meanings() -> dict[str, list[str]]:
    from pydicom.sr.codedict import codes

    found: dict[str, list[str]] = {}
    for code in codes.SCT.concepts.values():
        found.setdefault(code.value, []).append(code.meaning)
    return found


def code_meanings(code: str) -> list[str]:
    """What a SNOMED CT code is called in DICOM's own tables, as pydicom has them."""
    return _meanings().get(code, []) if code else []


def names_masks(name: str) -> bool:
    """Whether a file is called as label maps are: ``organs.nii.gz``, ``ct_seg.nrrd``, ``RS.1.2.dcm``."""
    lower = name.lower()
    if lower.endswith(".seg.nrrd"):
        return True
    ending = next((e for e in ENDINGS if lower.endswith(e)), None)
    words = re.split(r"[\W_]+", lower.removesuffix(ending)) if ending else []
    return not _MASK_WORDS.isdisjoint(words)


def table_beside(path: Path) -> Path | None:
    """The table of names that belongs to a label map's file, if there is one."""
    endings = (e for e in ENDINGS if path.name.lower().endswith(e))
    stem = next((path.name[: -len(ending)] for ending in endings), path.stem)
    tables = (path.with_name(stem + ending) for ending in _TABLES)
    return next((table for table in tables if table.is_file()), None)


def read_names(table: Path) -> dict[int, str]:
    """Names of a JSON object (name to value, or value to name) or of a CSV table.

    Raises
    ------
    LabelMapError
        If it is neither; the message names the row.
    """
    return _from_csv(table) if table.suffix.lower() == ".csv" else _from_json(table)


def _from_json(table: Path) -> dict[int, str]:
    try:
        data = json.loads(table.read_text(encoding="utf-8"))
        data = data.get("names", data)
        pairs = [(k, v) if str(k).lstrip("-").isdigit() else (v, k) for k, v in data.items()]
        return {int(label): str(name) for label, name in pairs}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise LabelMapError(
            f"{table.name} is not a table of labels: expected a JSON object such as "
            f'{{"liver": 5}}; {error}'
        ) from error


def _from_csv(table: Path) -> dict[int, str]:
    from medvlp.io.table_file import read_table

    try:
        content = read_table(table)
    except TableError as error:
        raise LabelMapError(f"{table.name} is not a table of labels. {error}") from error
    value = _column(table, content.columns, _VALUE_COLUMNS, "value")
    name = _column(table, content.columns, _NAME_COLUMNS, "name")
    names: dict[int, str] = {}
    for number, row in content.rows:
        if not row[value].isdigit() or not row[name]:
            raise LabelMapError(
                f"{table.name}, row {number}: expected a whole number under {value!r} and a name "
                f"under {name!r}; found {row[value]!r} and {row[name]!r}."
            )
        names[int(row[value])] = row[name]
    return names


def _column(table: Path, columns: Sequence[str], known: Sequence[str], what: str) -> str:
    found = next((c for k in known for c in columns if c.lower().strip() == k), None)
    if found is None:
        raise LabelMapError(
            f"{table.name} is not a table of labels: it has no column {what!r} (found "
            f"{', '.join(columns) or 'none'})."
        )
    return found


def nifti_labels(path: Path) -> dict[int, Label]:
    """Names in the extended header that TotalSegmentator and Connectome Workbench write."""
    import nibabel as nib

    found: dict[int, Label] = {}
    for extension in nib.load(path).header.extensions:  # type: ignore[attr-defined]
        content = extension.get_content()
        text = content.decode("utf-8", "replace") if isinstance(content, bytes) else str(content)
        found |= {int(value): Label(name) for value, name in _CARET.findall(text)}
    return {value: label for value, label in found.items() if value}


def slicer_labels(path: Path) -> dict[int, Label]:
    """Names and terminology that 3D Slicer writes into the header of a segmentation (.seg.nrrd)."""
    import SimpleITK as sitk

    reader = sitk.ImageFileReader()
    reader.SetFileName(str(path))
    reader.ReadImageInformation()
    header = {key: reader.GetMetaData(key) for key in reader.GetMetaDataKeys()}
    segments = (
        key.removesuffix("_Name") for key in header if re.fullmatch(r"Segment\d+_Name", key)
    )
    return {
        int(header.get(f"{segment}_LabelValue", segment.removeprefix("Segment"))): _slicer_label(
            header, segment
        )
        for segment in segments
    }


def _slicer_label(header: Mapping[str, str], segment: str) -> Label:
    """``TerminologyEntry:CONTEXT~CATEGORY~TYPE~MODIFIER~...``, each ``SCHEME^CODE^MEANING``."""
    tags = dict(
        part.split(":", 1) for part in header.get(f"{segment}_Tags", "").split("|") if ":" in part
    )
    parts = tags.get("TerminologyEntry", "").split("~")
    structure, modifier = (_sct(parts[n] if n < len(parts) else "") for n in (2, 3))
    return Label(header[f"{segment}_Name"], structure, modifier)


def _sct(entry: str) -> str:
    scheme, _, rest = entry.partition("^")
    return rest.partition("^")[0] if scheme == "SCT" else ""
