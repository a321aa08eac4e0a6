"""A table of any private collection, CSV or Parquet: one row for each image.

The columns are documented in ``docs/how-to/train-on-your-data.md``. Rows are numbered as a
spreadsheet numbers them: the header is row 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from medvlp.errors import TableError
from medvlp.io.table_file import Row, read_table
from medvlp_training.samples.check import check_concepts
from medvlp_training.samples.errors import ManifestError, SampleError
from medvlp_training.samples.splits import SPLITS

REQUIRED = ("image", "modality", "patient")
OPTIONAL = ("identity", "report", "report_path", "split", "organs", "source")
LABEL, LESION = "label:", "lesion:"


@dataclass(frozen=True)
class Manifest:
    """A table whose columns and splits are in order.

    Parameters
    ----------
    path
        Of the table; paths in it start from its folder.
    columns
        As written.
    rows
        Number and cells of each.
    """

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def concepts(self, prefix: str) -> tuple[str, ...]:
        """Findings that have a column with the prefix."""
        return tuple(c.removeprefix(prefix) for c in self.columns if c.startswith(prefix))


def read_manifest(path: Path | str) -> Manifest:
    """Read a table and check what concerns all of it.

    Raises
    ------
    ManifestError
        If it cannot be read, is empty, lacks a column, has an unknown one, or puts a patient into
        two splits.
    """
    path = Path(path)
    if not path.is_file():
        raise ManifestError(f"There is no manifest {path}. Give a .csv or .parquet file.")
    columns, rows = _table(path)
    _check_columns(path, columns)
    if not rows:
        raise ManifestError(f"{path.name} is empty: it has a header and no row.")
    _check_splits(path, rows)
    return Manifest(path, tuple(columns), tuple(rows))


def _table(path: Path) -> tuple[list[str], list[Row]]:
    try:
        table = read_table(path)
    except TableError as error:
        raise ManifestError(str(error)) from None
    return list(table.columns), list(table.rows)


def _check_columns(path: Path, columns: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise ManifestError(
            f"{path.name} has no column {', '.join(missing)}; found {', '.join(columns) or 'none'}."
        )
    repeated = sorted({name for name in columns if columns.count(name) > 1})
    if repeated:
        raise ManifestError(f"{path.name}: the column {', '.join(repeated)} is there twice.")
    for name in columns:
        if name.startswith((LABEL, LESION)):
            try:
                check_concepts([name.split(":", 1)[1]], f"{path.name}, column {name}")
            except SampleError as error:
                raise ManifestError(str(error)) from None
        elif name not in (*REQUIRED, *OPTIONAL):
            raise ManifestError(
                f"{path.name}: unknown column {name!r}; expected {', '.join(REQUIRED)}, and any of "
                f"{', '.join(OPTIONAL)}, {LABEL}<finding>, {LESION}<finding>."
            )


def _check_splits(path: Path, rows: list[Row]) -> None:
    """Refuse a table whose held-out patients would be trained on."""
    first: dict[str, tuple[int, str]] = {}
    for number, row in rows:
        split = row.get("split", "")
        if split and split not in SPLITS:
            raise ManifestError(
                f"{path.name}, row {number}: split {split!r}; expected one of {', '.join(SPLITS)}, "
                "or empty."
            )
        other_number, other = first.setdefault(row["patient"], (number, split))
        if other != split:
            raise ManifestError(
                f"{path.name}: rows {other_number} and {number} put one patient into two splits, "
                f"{other or 'none given'} and {split or 'none given'}. Give all rows of a patient "
                "the same."
            )
