"""What there is to go through: the scans of a folder, a manifest or a list of search hits."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from medvlp.errors import WorklistError
from medvlp.io.table_file import SUFFIXES, read_table
from medvlp.progress import Progress, ignore_progress

PATH_COLUMNS = ("image", "path", "source", "file")
"""Names of the column, or the field of a hit, that holds the path; the first that is there counts."""

_SCORE_FIELDS = ("probability", "score")
_EXPECTED = "a folder, a .csv or .parquet manifest, or a .json list of search hits"


@dataclass(frozen=True)
class WorklistItem:
    """One scan of a worklist, or something that stands there in its place.

    Parameters
    ----------
    key
        Names it within the worklist: its path from there, and the series where a path holds several.
    path
        What to open.
    series
        Which one of that path; None for the only, or the largest one.
    title
        Description of the series without identifiers, or "".
    modality
        "CT" or "XR" where that is known before opening, else "".
    signature
        Of the files' names, sizes and times: another one, another content.
    problem
        Why it cannot be opened; "" if that is not known to be so.
    score
        Of a search hit, in [0, 1].
    """

    key: str
    path: str
    series: str | None = None
    title: str = ""
    modality: str = ""
    signature: str = ""
    problem: str = ""
    score: float | None = None


@dataclass(frozen=True)
class Worklist:
    """Scans to go through.

    Parameters
    ----------
    source
        Folder or file that lists them.
    items
        In the order of the source, each with a key of its own.
    query
        What a list of search hits was searched for, else "".
    ignored
        How many files of a folder are of other kinds (tables, texts).
    """

    source: str
    items: tuple[WorklistItem, ...]
    query: str = ""
    ignored: int = 0


def list_worklist(source: str | os.PathLike[str], progress: Progress | None = None) -> Worklist:
    """Find the scans that a worklist names.

    What cannot be opened stays in the list, with the reason.

    Parameters
    ----------
    source
        Folder: every file, and every DICOM series, in it and below. CSV or Parquet: one row for
        each scan, with a column ``image`` or ``path``, and where a path holds several series a
        column ``series``. JSON: a list of paths, or of objects with ``path`` and ``score`` or
        ``probability``, or an object with such a list as ``hits``. Paths start from the file's
        folder.
    progress
        Called with a fraction and a sentence; may raise :class:`medvlp.Cancelled`.

    Raises
    ------
    WorklistError
        If the source does not exist, is of another kind, or lists nothing.
    TableError
        If a manifest cannot be read.
    """
    path = Path(source)
    report = progress or ignore_progress
    if path.is_dir():
        from medvlp.io.worklist_folder import folder_items

        items, ignored = folder_items(path, report)
        found = Worklist(str(path), items, ignored=ignored)
    elif not path.is_file():
        raise WorklistError(f"There is no worklist {path}: expected {_EXPECTED}.")
    elif path.suffix.lower() in SUFFIXES:
        found = Worklist(str(path), _manifest_items(path, report))
    elif path.suffix.lower() == ".json":
        found = _hits(path, report)
    else:
        raise WorklistError(f"{path.name} is no worklist: expected {_EXPECTED}.")
    if not found.items:
        raise WorklistError(f"{path.name} lists no scan. Choose another folder or file.")
    return found


def signature_of(files: Iterable[Path]) -> str:
    """16 hexadecimal digits for the names, sizes and times of files; they are not read."""
    digest = hashlib.sha256()
    for file in sorted(files):
        try:
            status = file.stat()
        except OSError:
            continue
        digest.update(f"{file.name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]


def _manifest_items(path: Path, progress: Progress) -> tuple[WorklistItem, ...]:
    table = read_table(path)
    column = next((name for name in PATH_COLUMNS if name in table.columns), None)
    if column is None:
        raise WorklistError(
            f"{path.name} has no column of paths: expected one of {', '.join(PATH_COLUMNS)}; "
            f"found {', '.join(table.columns) or 'none'}."
        )
    items: dict[str, WorklistItem] = {}
    for done, (number, row) in enumerate(table.rows):
        progress(done / len(table.rows), "Reading the manifest")
        item = _named(path.parent, row[column], row.get("series", ""))
        if not row[column] or item.key in items:
            reason = (
                "names no file" if not row[column] else "names the same scan as a row before it"
            )
            item = replace(item, key=f"{item.key} (row {number})".strip())
            item = replace(item, problem=f"{path.name}, row {number}: it {reason}.")
        modality = row.get("modality", "").upper()
        items[item.key] = replace(item, modality=modality if modality in ("CT", "XR") else "")
    return tuple(items.values())


def _hits(path: Path, progress: Progress) -> Worklist:
    """A list of hits; of several hits in one scan the best counts."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise WorklistError(f"{path.name} is no JSON ({error}).") from None
    hits = content.get("hits") if isinstance(content, dict) else content
    query = content.get("query", "") if isinstance(content, dict) else ""
    if not isinstance(hits, list):
        raise WorklistError(f"{path.name}: expected a list of paths or hits; found none.")
    items: dict[str, WorklistItem] = {}
    for number, hit in enumerate(hits):
        progress(number / len(hits), "Reading the list of hits")
        item = _hit_item(path, number + 1, hit)
        known = items.get(item.key)
        if known is None or (item.score or 0.0) > (known.score or 0.0):
            items[item.key] = item
    return Worklist(str(path), tuple(items.values()), query=query if isinstance(query, str) else "")


def _hit_item(path: Path, number: int, hit: Any) -> WorklistItem:
    fields: Mapping[str, Any] = hit if isinstance(hit, dict) else {"path": hit}
    cells = (fields.get(name) for name in PATH_COLUMNS)
    cell = next((c for c in cells if isinstance(c, str) and c and not _is_encoding(c)), "")
    if not cell:
        named = str(fields.get("scan_id") or fields.get("file") or "")[:16]
        return WorklistItem(
            key=f"hit {number} {named}".strip(),
            path="",
            problem=f"{path.name}, hit {number} names no image. Expected one of the fields "
            f"{', '.join(PATH_COLUMNS)}; an encoding alone cannot be shown.",
            score=_score(fields),
        )
    item = _named(path.parent, cell, str(fields.get("series") or ""))
    return replace(item, score=_score(fields))


def _is_encoding(cell: str) -> bool:
    return cell.lower().endswith(".safetensors")


def _score(fields: Mapping[str, Any]) -> float | None:
    value = next((fields[name] for name in _SCORE_FIELDS if fields.get(name) is not None), None)
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
    return float(value) if known else None  # type: ignore[arg-type]  # checked one line above


def _named(folder: Path, cell: str, series: str) -> WorklistItem:
    """Item of a path that a file names."""
    path = folder / cell
    key = Path(os.path.normpath(cell)).as_posix() if cell else ""
    if cell and not path.exists():
        problem = f"There is no file or folder {cell!r} from the folder of the list."
        return WorklistItem(key, str(path), series or None, problem=problem)
    files = [f for f in path.rglob("*") if f.is_file()] if path.is_dir() else [path]
    return WorklistItem(
        key=f"{key}#{series}" if series else key,
        path=str(path),
        series=series or None,
        signature=signature_of(files),
    )
