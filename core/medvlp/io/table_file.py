"""A table of scans, CSV or Parquet.

Rows are numbered as a spreadsheet numbers them: the header is row 1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from medvlp.errors import TableError

Row = tuple[int, dict[str, str]]
"""Number of a row, and its cells by column; an empty cell is ``""``."""

SUFFIXES = (".csv", ".parquet")


@dataclass(frozen=True)
class Table:
    """Columns as written, and the rows that are not empty."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path) -> Table:
    """Read a CSV file in UTF-8, or a Parquet file; all cells become text.

    Raises
    ------
    TableError
        If it is neither, or a row has another number of cells than the header.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise TableError(f"{path.name}: expected a .csv or .parquet file.")
    columns, rows = _parquet(path) if suffix == ".parquet" else _csv(path)
    return Table(tuple(columns), tuple(rows))


def _csv(path: Path) -> tuple[list[str], list[Row]]:
    try:
        with open(path, newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file)
            columns = [name.strip() for name in next(reader, [])]
            rows = list(_numbered(path, columns, enumerate(reader, 2)))
    except (UnicodeDecodeError, csv.Error) as error:
        raise TableError(f"{path.name} is no CSV table in UTF-8 ({error}).") from None
    except OSError as error:
        raise TableError(f"{path.name} cannot be read ({error.strerror or error}).") from None
    return columns, rows


def _numbered(
    path: Path, columns: list[str], rows: Iterable[tuple[int, list[str]]]
) -> Iterator[Row]:
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            raise TableError(
                f"{path.name}, row {number}: {len(cells)} cells where the header has "
                f"{len(columns)}. Put text with commas or line breaks into quotation marks."
            )
        yield number, {k: cell.strip() for k, cell in zip(columns, cells, strict=True)}


def _parquet(path: Path) -> tuple[list[str], list[Row]]:
    try:
        from pyarrow import ArrowException, parquet
    except ModuleNotFoundError:
        raise TableError(
            f"{path.name}: Parquet is read with pyarrow, which is not installed. Install it with "
            "'pip install pyarrow', or save the table as CSV."
        ) from None
    try:
        table = parquet.read_table(path)
    except (ArrowException, OSError) as error:
        raise TableError(f"{path.name} is no Parquet table ({error}).") from None
    rows = [
        (n, {k: "" if v is None else str(v).strip() for k, v in row.items()})
        for n, row in enumerate(table.to_pylist(), 2)
    ]
    return list(table.column_names), rows
